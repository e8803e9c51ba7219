#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# build.sh COMPILER PKG_CONFIG_DIR OUTPUT_DIR: builds and runs the consumer with what pkg-config says.
set -eu
export PKG_CONFIG_PATH="$2"
# shellcheck disable=SC2046  # the flags are words
"$1" -std=c++20 "$(dirname "$0")/../main.cpp" $(pkg-config --cflags --libs 'vmwright >= 0.1') -o "$3/pkg_config_consumer"
"$3/pkg_config_consumer"
