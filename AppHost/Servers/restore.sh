#!/bin/bash
# Puts a base backup, the folder $3, where PostgreSQL keeps its data: the folder $1 (or, where its user cannot enter that, $2), which holds nothing yet.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/server.sh"
as_user postgres "$1" "$2"
cp -a "$3/." "$folder/"
[ ${#as[@]} -eq 0 ] || chown -R --reference="$folder" "$folder"
