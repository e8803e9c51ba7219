#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# no_library.sh NM PROGRAM: fails if the program needs a vmwright library.
set -eu
if ldd "$2" | grep -i vmwright; then
    echo "links a vmwright library"
    exit 1
fi
if "$1" --demangle --undefined-only "$2" | grep 'vmwright::'; then
    echo "leaves vmwright's symbols undefined"
    exit 1
fi
"$1" --demangle --defined-only "$2" | grep -q 'vmwright::.*library_version' || {
    echo "does not hold the library"
    exit 1
}
