#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# units.sh DIRECTORY: systemd finds no fault in the example units.
set -eu
if ! command -v systemd-analyze >/dev/null; then
    echo "SKIPPED: systemd-analyze is not installed"
    exit 77
fi
copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT
for unit in "$1"/*.service; do
    # vmsh need not be installed here.
    copy=$copies/$(basename "$unit")
    sed 's|^ExecStart=/usr/bin/vmsh|ExecStart=/usr/bin/env vmsh|' "$unit" >"$copy"
    found=$(systemd-analyze verify --man=no "$copy" 2>&1) || { echo "$found"; exit 1; }
    [ -z "$found" ] || { echo "$found"; exit 1; }
    echo "$unit"
done
