#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# run.sh FUZZER SECONDS: seeds are our own documents and, where VMWRIGHT_CORPUS names them, those of the corpus.
set -eu
fuzzer=$1
seconds=$2
data=$(cd "$(dirname "$0")/../data" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir "$work/found"
set -- "$work/found" "$data" "$data/argv"
if [ -n "${VMWRIGHT_CORPUS:-}" ]; then
    set -- "$@" "$VMWRIGHT_CORPUS/accept" "$VMWRIGHT_CORPUS/reject"
fi
"$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=20000 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="$work/" "$@" || {
    status=$?
    for finding in "$work"/crash-* "$work"/timeout-* "$work"/oom-* "$work"/leak-*; do
        [ ! -e "$finding" ] || cp "$finding" .
    done
    exit $status
}
