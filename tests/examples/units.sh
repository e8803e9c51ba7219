#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# units.sh DIRECTORY: systemd finds no fault in the example units.
set -eu
if ! command -v systemd-analyze >/dev/null; then
    echo "SKIPPED: systemd-analyze is not installed"
    exit 77
fi
for unit in "$1"/*.service; do
    found=$(systemd-analyze verify "$unit" 2>&1) || { echo "$found"; exit 1; }
    [ -z "$found" ] || { echo "$found"; exit 1; }
    echo "$unit"
done
