#!/bin/bash
# Puts a base backup, the folder $3, where PostgreSQL keeps its data: the folder $1 (or, where its user cannot enter that, $2), which holds nothing yet.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/server.sh"
as_user postgres "$1" "$2"
# Copied beside and moved: half of a store must not look like a whole one.
rm -rf "$folder.new"
install -d -m 700 "$folder.new"
cp -a "$3/." "$folder.new/"
chmod 700 "$folder.new"
[ ${#as[@]} -eq 0 ] || chown -R --reference="$folder" "$folder.new"
sync -f "$folder.new"
rmdir "$folder"
mv "$folder.new" "$folder"
