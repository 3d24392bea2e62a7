#!/bin/sh
# Prints where tests keep their stores: in memory where there is room, as every commit waits for the disk.
set -u
free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
if [ "${free:-0}" -gt 4000000 ] && [ -w /dev/shm ]; then
    echo /dev/shm
else
    echo "${TMPDIR:-/tmp}"
fi
