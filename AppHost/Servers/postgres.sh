#!/bin/bash
# PostgreSQL on 127.0.0.1:$PGPORT with its data in the folder $1 (or, where its user cannot enter that, $2), from Debian's or Ubuntu's programs. The password of user postgres is $PASSWORD.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
. "$here/server.sh"
as_user postgres "$@"
# Data are of a version; new ones are made by the newest server that is here (a folder may hold only clients).
bin=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
bin=$(dirname "$bin")
if [ -e "$folder/PG_VERSION" ] && [ -x "/usr/lib/postgresql/$(<"$folder/PG_VERSION")/bin/postgres" ]; then
    bin=/usr/lib/postgresql/$(<"$folder/PG_VERSION")/bin
fi

if [ ! -e "$folder/PG_VERSION" ]; then
    # Made beside and moved: an interrupted initdb must not leave what looks like a whole data folder.
    rm -rf "$folder.new"
    install -d -m 700 "$folder.new"
    [ ${#as[@]} -eq 0 ] || chown --reference="$folder" "$folder.new"
    # The password goes through a pipe: a command line can be read by everybody.
    "${as[@]}" bash -c '"$0" -D "$1" -U postgres --pwfile <(echo "$PASSWORD") --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null' "$bin/initdb" "$folder.new"
    rmdir "$folder"
    mv "$folder.new" "$folder"
fi

# After a kill -9 the server's children still notice; a moment later what they share is free.
for _ in $(seq 300); do
    held=
    for process in /proc/[0-9]*/cwd; do [ "$(readlink "$process" 2>/dev/null || true)" != "$folder" ] || held=yes; done
    [ -n "$held" ] || break
    sleep 0.1
done

unset PASSWORD
cd "$folder"
settings=()
for setting in $(<"$here/postgres.settings") ${MORE_SETTINGS:-}; do settings+=(-c "$setting"); done
# No Unix socket: its usual folder belongs to the system's own server.
"${as[@]}" "$bin/postgres" -D "$folder" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c lc_messages=C "${settings[@]}" &
# TERM would wait for the clients to go; INT disconnects them. Both write the data. HUP, when a terminal is gone, would let the server run on.
trap 'kill -INT $! 2>/dev/null || true' TERM INT HUP
ended $!
exit "$code"
