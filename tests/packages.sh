# SPDX-License-Identifier: BSL-1.0
# shellcheck shell=sh disable=SC2034  # the lists are read by other scripts
# What the scripts need of Debian 12, and the function that installs what is missing; other scripts read this file.

build_packages="g++ cmake ninja-build pkg-config libboost1.81-dev libboost-json1.81-dev libfmt-dev libpugixml-dev
    libcli11-dev"
run_packages="qemu-system-x86 qemu-utils seabios ovmf"
guest_packages="cpio kmod"
test_packages="catch2 clang-14 libclang-rt-14-dev libxml2-utils python3 swtpm swtpm-tools passt"

# as_root COMMAND…: runs it as root, with sudo where we are not.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "this needs root or sudo: $*" >&2
        return 1
    fi
}

# install_packages PACKAGE…: asks apt only for what dpkg does not have, and says nothing unless that fails.
install_packages() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0

    echo "installing$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086  # the packages are words
    if as_root apt-get -q update >"$log" 2>&1 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing >>"$log" 2>&1; then
        rm "$log"
    else
        cat "$log" >&2
        rm "$log"
        return 1
    fi
}
