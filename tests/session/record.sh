#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Writes transcript.txt anew with this machine's virsh and QEMU. Needs root, for namespaces of its own.
set -e
cd "$(dirname "$0")"
./private_libvirt.py ./session.py --record virsh qemu:///session > transcript.new
mv transcript.new transcript.txt
