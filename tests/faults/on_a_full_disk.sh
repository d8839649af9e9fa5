#!/bin/sh
# Runs a command on a copy of a site that lies on a small file system of its own, filled to the last byte.
# Called by faults_panic.py as: unshare -rm sh on_a_full_disk.sh SITE MOUNTPOINT TAKEN_OUT COMMAND...
set -eu
site=$1 mountpoint=$2 out=$3
shift 3
mount -t tmpfs -o size=24m tmpfs "$mountpoint"
cp -a "$site" "$mountpoint/var"
dd if=/dev/zero of="$mountpoint/fill" bs=4096 2>/dev/null && { echo "the disk did not fill"; exit 90; }
dd if=/dev/zero of="$mountpoint/more" bs=1 count=1 2>/dev/null && { echo "the disk is not full"; exit 91; }
rm -f "$mountpoint/more"
code=0
TOCSIN_SITE="$mountpoint/var/site.toml" "$@" || code=$?
cp -a "$mountpoint/var" "$out"
exit "$code"
