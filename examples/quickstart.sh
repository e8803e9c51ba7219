#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# quickstart.sh [FILE.xml]: installs what is missing, builds, and runs a VM from libvirt's XML: a small Linux, or FILE.xml.
set -eu
document=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
. tests/packages.sh
# shellcheck disable=SC2086  # the packages are words
install_packages $build_packages $run_packages

export CMAKE_GENERATOR=Ninja
# A build folder that is there keeps its options.
[ -e build/CMakeCache.txt ] || options="-DVMWRIGHT_TESTS=OFF"
# shellcheck disable=SC2086  # the options are words
cmake -B build --log-level=WARNING ${options:-}
cmake --build build --target quickstart

if [ -z "$document" ]; then
    examples/guest/build.sh build/guest
    document=build/guest/guest.xml
fi
exec build/examples/quickstart "$document"
