#!/bin/bash
# RabbitMQ on 127.0.0.1:$RABBITMQ_NODE_PORT with its data in the folder $1 (or, where its user cannot enter that, $2), from Debian's or Ubuntu's programs; user volunteerbook, password $PASSWORD.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
. "$here/server.sh"
as_user rabbitmq "$@"

umask 077
echo "[rabbitmq_management]." >"$folder/enabled_plugins"
{
    printf '%s\n' "listeners.tcp.default = 127.0.0.1:$RABBITMQ_NODE_PORT" "management.tcp.ip = 127.0.0.1" "management.tcp.port = $MANAGEMENT_PORT" \
        "default_user = volunteerbook" "default_pass = $PASSWORD" "log.console = true" "log.console.level = warning" "log.file.level = info"
    cat "$here/rabbitmq.settings"
} >"$folder/rabbitmq.conf"
[ ${#as[@]} -eq 0 ] || chown --reference="$folder" "$folder/enabled_plugins" "$folder/rabbitmq.conf"
unset PASSWORD RABBITMQ_NODE_PORT

cd "$folder"
# The host's name may change; a broker's data belong to its node's name. Under systemd's name the script becomes the virtual machine instead of standing in front of it.
export HOME=$folder RABBITMQ_NODENAME=volunteerbook@localhost RABBITMQ_CONFIG_FILE=$folder/rabbitmq RABBITMQ_ADVANCED_CONFIG_FILE=$folder/advanced.config \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_ENABLED_PLUGINS_FILE=$folder/enabled_plugins RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder/log \
    RABBITMQ_PID_FILE=$folder/pid RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" RABBITMQ_LOG=-color \
    ERL_EPMD_ADDRESS=127.0.0.1 RUNNING_UNDER_SYSTEMD=true

# Erlang starts a port mapper as a daemon when there is none, and that would stay for ever: so one of our own is there first.
"${as[@]}" epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 &
mapper=$! patience=
trap 'kill -KILL "$mapper" $patience 2>/dev/null || true' EXIT
for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$ERL_EPMD_PORT") 2>/dev/null; then break; fi
    sleep 0.05
done

# Not /usr/sbin/rabbitmq-server: that one insists on the system's own user and folders.
hurry() { exec env -u VOLUNTEERBOOK_STATE bash -c 'sleep 4; kill -KILL "$1" 2>/dev/null' hurry "$server"; }
"${as[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server &
server=$!
# Whoever runs this waits six seconds. What the broker confirmed is on the disk, however it ends.
trap 'kill "$server" 2>/dev/null || true; hurry & patience="$patience $!"' TERM INT HUP
ended "$server"
exit "$code"
