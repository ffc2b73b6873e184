# What the servers' scripts share. Sourced, with the folder of the data as $1; sets folder, and as: what runs a program as the server's user.

# as_user ACCOUNT: servers do not run as root, and PostgreSQL refuses to. A folder that the account cannot reach (a clone in /root) is replaced by one in /var/lib.
as_user() {
    folder=$(realpath -m "$1") as=()
    [ "$(id -u)" -eq 0 ] || { install -d -m 700 "$folder"; return; }
    local account=$2 parent
    id "$account" >/dev/null 2>&1 || account=nobody
    as=(setpriv "--reuid=$account" "--regid=$(id -g "$account")" --init-groups --)
    parent=$(dirname "$folder")
    mkdir -p "$parent"
    if ! "${as[@]}" test -x "$parent"; then
        folder=/var/lib/volunteerbook/$(printf %s "$parent" | sha256sum | cut -c1-12)/$(basename "$folder")
        mkdir -p "$(dirname "$folder")"
        echo "The data are in $folder: user $account cannot enter $parent."
    fi
    install -d -m 700 "$folder"
    chown -R "$account:" "$folder"
}
