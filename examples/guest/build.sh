#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# build.sh FOLDER: makes FOLDER/vmlinuz and FOLDER/initrd, a Linux that boots in seconds, of Debian's cloud kernel and
# busybox. The packages are unpacked there, not installed. Does nothing when both files are there and newer than init.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../tests/packages.sh"
# shellcheck disable=SC2086  # the packages are words
install_packages $guest_packages

mkdir -p "$1"
cd "$1"
if [ -e vmlinuz ] && [ initrd -nt "$here/init" ]; then
    exit 0
fi
echo "making the guest from Debian's cloud kernel and busybox"
modules="virtio_pci virtio_blk virtio_net virtio-rng virtio_balloon virtio_console button evdev"

fetch() {
    kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p')
    [ -n "$kernel" ] && (cd packages && apt-get -q -o APT::Sandbox::User=root download "$kernel" busybox-static)
}
rm -rf packages unpacked root
mkdir packages unpacked root
if ! fetch >packages/log 2>&1; then
    # The package lists are missing or older than the archive.
    as_root apt-get -q update >packages/log 2>&1 && fetch >>packages/log 2>&1 || {
        cat packages/log >&2
        exit 1
    }
fi
for package in packages/*.deb; do
    dpkg-deb -x "$package" unpacked
done
release=$(ls unpacked/lib/modules)

mkdir -p root/bin root/modules
cp unpacked/bin/busybox root/bin/
cp "$here/init" root/init
chmod +x root/init
/sbin/depmod -b unpacked "$release"
# shellcheck disable=SC2086  # the modules are words
/sbin/modprobe -d unpacked -S "$release" -a --show-depends $modules | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
    while read -r module; do
        cp "$module" root/modules/
        basename "$module"
    done >root/modules.order
mv root/modules.order root/modules/order

cp "unpacked/boot/vmlinuz-$release" vmlinuz
(cd root && find . | cpio --quiet -o -H newc -R 0:0) >initrd.new
mv initrd.new initrd
rm -rf packages unpacked root
