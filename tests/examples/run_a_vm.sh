#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# run_a_vm.sh PROGRAM GUEST: the README's program runs the guest to its own power-off, and leaves no domain behind.
set -eu
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
begin=$(date +%s)
"$1" "$root" "$2/vmlinuz" "$2/initrd"
seconds=$(($(date +%s) - begin))

# After two minutes the program would have pulled the plug.
[ "$seconds" -lt 120 ] || { echo "the guest did not power off by itself"; exit 1; }
find "$root" -path '*/run/demo*' -o -name 'demo.xml' | grep . && { echo "left behind"; exit 1; }
echo "the guest lived for $seconds s"
