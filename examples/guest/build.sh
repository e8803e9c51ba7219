#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# build.sh FOLDER: makes FOLDER/vmlinuz and FOLDER/initrd, a Linux that boots in seconds, of Debian's cloud kernel and
# busybox, and FOLDER/guest.xml, which describes a VM of them. The packages are unpacked there, not installed.
# What is there and newer than its source is kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/packages.sh
. "$here/../../tests/packages.sh"
# shellcheck disable=SC2086  # the packages are words
install_packages $guest_packages

mkdir -p "$1"
cd "$1"
# The folder's name as text in XML, in the replacement part of sed's s|||.
folder=$(pwd | sed 's/&/\&amp;/g; s/</\&lt;/g; s/[&|\\]/\\&/g')
sed "s|@FOLDER@|$folder|" "$here/guest.xml" >guest.xml

if [ -e vmlinuz ] && [ -n "$(find initrd -newer "$here/init" 2>/dev/null)" ]; then
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
# Without package lists, or with old ones, the first attempt fails.
if ! fetch >packages/log 2>&1 && ! { as_root apt-get -q update && fetch; } >packages/log 2>&1; then
    cat packages/log >&2
    exit 1
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
/sbin/modprobe -d unpacked -S "$release" -a --show-depends $modules |
    sed -n 's|^insmod .*/\([^/]*\.ko\) *$|\1|p' | awk '!seen[$0]++' >root/modules/order
while read -r module; do
    find unpacked/lib/modules -name "$module" -exec cp {} root/modules/ \;
done <root/modules/order

cp "unpacked/boot/vmlinuz-$release" vmlinuz
(cd root && find . | cpio --quiet -o -H newc -R 0:0) >initrd.new
mv initrd.new initrd
rm -rf packages unpacked root
