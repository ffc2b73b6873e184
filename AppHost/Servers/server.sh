# What the servers' scripts share.

holds() { [ -n "$(ls -A "$1" 2>/dev/null)" ]; }

# as_user ACCOUNT FOLDER [ELSEWHERE]: servers do not run as root, and PostgreSQL refuses to. Where the account cannot reach the folder (a clone in /root), ELSEWHERE takes its place.
# Sets folder, and as: what runs a program as the server's user.
as_user() {
    local account=$1 elsewhere=${3:-} parent closed
    folder=$(realpath -m "$2") as=()
    [ "$(id -u)" -eq 0 ] || { install -d -m 700 "$folder"; return; }
    id "$account" >/dev/null 2>&1 || account=nobody
    as=(setpriv "--reuid=$account" "--regid=$(id -g "$account")" --init-groups --)
    parent=$(dirname "$folder")
    # Whatever the umask: its user has to enter.
    [ -d "$parent" ] || install -d -m 711 "$parent"
    # Data stay where they are (StateFolder.DataOf says the same): a server that did not find them would make new ones.
    if holds "$folder"; then
        "${as[@]}" test -x "$parent" || { echo "User $account cannot enter $parent, where the data are: chmod o+x it and the folders above it." >&2; exit 1; }
    elif [ -n "$elsewhere" ] && holds "$elsewhere"; then
        folder=$elsewhere
    elif ! "${as[@]}" test -x "$parent"; then
        [ -n "$elsewhere" ] || { echo "User $account cannot enter $parent." >&2; exit 1; }
        closed=$parent folder=$elsewhere
        parent=$(dirname "$folder")
        install -d -m 711 "$(dirname "$parent")" "$parent"
        echo "The data are in $folder: user $account cannot enter $closed."
    fi
    install -d -m 700 "$folder"
    chown -R "$account:" "$folder"
}

# ended PROCESS: waits for its end, through the signals that this script gets meanwhile and passes on; sets code.
ended() {
    while :; do
        code=0
        wait "$1" || code=$?
        kill -0 "$1" 2>/dev/null || return 0
    done
}
