#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Installs what is missing, builds everything and runs all tests: with g++, with clang, and under sanitizers.
set -eu
cd "$(dirname "$0")/.."
. tests/packages.sh
# shellcheck disable=SC2086  # the packages are words
install_packages $build_packages $run_packages $guest_packages $test_packages
export CMAKE_GENERATOR=Ninja CTEST_OUTPUT_ON_FAILURE=1

echo "== g++: the library, the examples and the tests"
cmake -B build -DVMWRIGHT_TESTS=ON -DVMWRIGHT_EXAMPLES=ON -DVMWRIGHT_BENCHMARKS=ON
cmake --build build

echo "== clang: the library, each header alone, and the fuzzers"
cmake -B build-clang -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DVMWRIGHT_TESTS=OFF \
    -DVMWRIGHT_EXAMPLES=OFF -DVMWRIGHT_FUZZERS=ON
cmake --build build-clang --target all all_verify_interface_header_sets

echo "== fuzzers: a minute each"
ctest --test-dir build-clang -L fuzz

echo "== address and undefined-behaviour sanitizers: the unit tests"
cmake -B build-sanitize -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DVMWRIGHT_SANITIZE=ON -DVMWRIGHT_EXAMPLES=OFF
cmake --build build-sanitize --target unit_tests
ctest --test-dir build-sanitize -L unit

echo "== all tests"
status=0
ctest --test-dir build --output-log build/tests.log || status=$?
# ctest does not show why a test skipped something, so that is said here, and its summary again after it.
if grep -h '^SKIPPED: ' build/Testing/Temporary/LastTest.log; then
    sed -n '/tests passed/,$p' build/tests.log
fi
exit $status
