#!/bin/bash
# Runs a command with ConnectionStrings__postgres, ConnectionStrings__bus and ConnectionStrings__bus_management of servers that exist as long as it runs.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
. "$here/server.sh"
temporary=${TMPDIR:-/tmp}
data=$(mktemp -d "${temporary%/}/volunteerbook-servers-XXXXXX")
# The servers' users must be able to enter; their own folders inside are closed to others.
chmod 711 "$data"

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A base of ports that nobody else has, taken as tests/Testing/Ports.cs takes them: by a locked file.
taken=${temporary%/}/volunteerbook-ports-$(id -un)
mkdir -p -m 700 "$taken"
# Others can write beside it: in a folder of theirs, what is opened below may be a link to anything.
[ -O "$taken" ] && [ ! -L "$taken" ] || { echo "$taken is another user's: remove it, or set TMPDIR to another folder." >&2; exit 1; }
found=
for base in $(seq 10000 200 29800 | shuf); do
    exec 9>>"$taken/$base"
    if flock -n 9 && ! listens "$base" && ! listens $((base + 1)) && ! listens $((base + 2)) && ! listens $((base + 3)) && ! listens $((base + 4)); then
        found=yes
        break
    fi
done
[ -n "$found" ] || { echo "No free ports were found between 10000 and 30000." >&2; exit 1; }

PASSWORD=$(od -An -tx1 -N20 /dev/urandom | tr -d ' \n')
export PASSWORD
# These data have nothing to survive.
PGPORT=$base MORE_SETTINGS='fsync=off full_page_writes=off' setsid "$here/postgres.sh" "$data/postgres" >"$data/postgres.log" 2>&1 9>&- &
postgres=$!
RABBITMQ_NODE_PORT=$((base + 1)) RABBITMQ_DIST_PORT=$((base + 2)) MANAGEMENT_PORT=$((base + 3)) ERL_EPMD_PORT=$((base + 4)) \
    setsid "$here/rabbitmq.sh" "$data/rabbitmq" >"$data/rabbitmq.log" 2>&1 9>&- &
broker=$!
# Whatever becomes of this script, also a kill -9, the servers end with it. Nobody will read these data again: no reason to end in good order.
env -u PASSWORD setsid bash -c 'while kill -0 "$1"; do sleep 0.2; done; kill -KILL -- "-$2" "-$3"; until rm -rf "$4"; do sleep 0.2; done' end "$$" "$postgres" "$broker" "$data" >/dev/null 2>&1 9>&- &
end=$!
disown "$postgres" "$broker" "$end"
trap 'exit 143' TERM
trap 'exit 130' INT

ready() { grep -q 'ready to accept connections' "$data/postgres.log" && listens $((base + 1)) && listens $((base + 3)); }
for _ in $(seq 900); do
    if ready || ! kill -0 "$postgres" 2>/dev/null || ! kill -0 "$broker" 2>/dev/null; then break; fi
    sleep 0.2
done
if ! ready; then
    echo "PostgreSQL and RabbitMQ could not be started:" >&2
    cat "$data/postgres.log" "$data/rabbitmq.log" >&2
    exit 1
fi

export ConnectionStrings__postgres="Host=127.0.0.1;Port=$base;Username=postgres;Password=$PASSWORD;Database=postgres" \
    ConnectionStrings__bus="amqp://volunteerbook:$PASSWORD@127.0.0.1:$((base + 1))" \
    ConnectionStrings__bus_management="http://volunteerbook:$PASSWORD@127.0.0.1:$((base + 3))"
unset PASSWORD
# A background job would read nothing and ignore what a terminal's Ctrl-C sends.
env --default-signal=INT,QUIT "$@" 9>&- <&0 &
command=$!
trap 'kill -TERM "$command" 2>/dev/null' TERM
trap 'kill -INT "$command" 2>/dev/null' INT
ended "$command"
exit "$code"
