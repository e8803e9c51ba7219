#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# run.sh FUZZER SECONDS [SEED]: starts from our own documents and, where VMWRIGHT_CORPUS names them, those of the corpus.
# SEED makes two runs of one program the same; without it every run tries something else.
set -eu
fuzzer=$1
seconds=$2
seed=${3:-0}
data=$(cd "$(dirname "$0")/../data" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir "$work/found"
set -- "$work/found" "$data" "$data/argv"
if [ -n "${VMWRIGHT_CORPUS:-}" ]; then
    set -- "$@" "$VMWRIGHT_CORPUS/accept" "$VMWRIGHT_CORPUS/reject"
fi
"$fuzzer" -max_total_time="$seconds" -seed="$seed" -timeout=10 -rss_limit_mb=1024 -max_len=20000 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="$work/" "$@" || {
    status=$?
    for finding in "$work"/crash-* "$work"/timeout-* "$work"/oom-* "$work"/leak-*; do
        [ -e "$finding" ] || continue
        cp "$finding" .
        echo "${finding##*/}, in base64:"
        base64 "$finding"
    done
    exit $status
}
