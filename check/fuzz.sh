#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/fuzz.sh BUILD_DIR SECONDS [NAME...]
#
# Runs the fuzz entries that were built in BUILD_DIR with libFuzzer (all, or those whose path contains a NAME), SECONDS
# each, from their corpus and what earlier runs found. Prints one line an entry: executions, edges, and what ended it,
# if anything did; that input is then in BUILD_DIR/found/ENTRY. Fails if there is any.
set -u
cd "$(dirname "$0")/.." || exit 99

build=$1 seconds=$2
shift 2
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
failed=0

wanted()
{
	local name
	[ $# -gt 1 ] || return 0
	for name in "${@:2}"; do
		case $1 in *"$name"*) return 0 ;; esac
	done
	return 1
}

for source in $(find base run collect symbolize render kcovreport -path '*/tests/fuzz_*.c' | sort); do
	wanted "$source" "$@" || continue
	entry=$(basename "$source" .c)
	work=$build/fuzzing/$entry
	mkdir -p "$work/inputs" "$build/found/$entry" && rm -rf "$work/corpus" &&
		check/corpus.sh "$entry" "$work/corpus" >"$work/log" 2>&1 || { echo "$entry: no corpus: $(tail -n 1 "$work/log")"; failed=1; continue; }
	"$build/tests/${source%.c}" -max_total_time="$seconds" -print_final_stats=1 -timeout=20 -rss_limit_mb=4096 \
		-artifact_prefix="$build/found/$entry/" "$work/inputs" "$work/corpus" >"$work/log" 2>&1
	status=$?
	executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
	edges=$(grep -oE 'cov: [0-9]+' "$work/log" | tail -n 1)
	echo "$entry: ${executions:-0} executions, ${edges#cov: } edges$([ $status -eq 0 ] || echo ", ended by: $(grep -m 1 -E 'ERROR|runtime error' "$work/log")")"
	[ $status -eq 0 ] || { failed=1; echo "  whole log: $work/log, input: $build/found/$entry/"; }
done
exit $failed
