#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/fuzz.sh BUILD_DIR SECONDS [NAME...]
#
# Runs the fuzz entries that were built in BUILD_DIR with libFuzzer (all, or those whose path contains a NAME), SECONDS
# each, from their corpus and what earlier runs found. Prints one line an entry: executions, processor time, edges, and
# what ended it, if anything did; that input is then in BUILD_DIR/found/ENTRY. Fails if there is any, if an entry ran
# nothing, or not even its corpus, and if no entry has such a NAME.
set -u
cd "$(dirname "$0")/.." || exit 99

build=$1 seconds=$2
shift 2
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
failed=0 entries=0

wanted()
{
	local name
	[ $# -gt 1 ] || return 0
	for name in "${@:2}"; do
		case $1 in *"$name"*) return 0 ;; esac
	done
	return 1
}

# statistic NAME LOG: of -print_final_stats=1; 0 if it is not there
statistic()
{
	local value
	value=$(sed -n "s/^stat::$1: *//p" "$2" | tail -n 1)
	echo "${value:-0}"
}

# why STATUS EXECUTIONS EDGES FILES LOG: what is wrong with a run, or nothing
why()
{
	local error
	error=$(grep -m 1 -E 'ERROR: |runtime error: |SUMMARY: ' "$5")
	if [ "$1" -ne 0 ] || [ -n "$error" ]; then
		echo "ended by: ${error:-status $1: $(tail -n 1 "$5")}"
	elif [ "$3" -eq 0 ]; then
		echo "reached no code"
	elif [ "$2" -lt "$4" ]; then
		echo "had no time for the $4 files of its corpus"
	fi
}

for source in $(find base run collect symbolize render kcovreport kernel/vm -path '*/tests/fuzz_*.c' | sort); do
	wanted "$source" "$@" || continue
	entries=$((entries + 1))
	entry=$(basename "$source" .c)
	work=$build/fuzzing/$entry log=$build/fuzzing/$entry/log
	mkdir -p "$work/inputs" "$build/found/$entry" && rm -rf "$work/corpus" &&
		check/corpus.sh "$entry" "$work/corpus" >"$log" 2>&1 || { echo "$entry: no corpus: $(tail -n 1 "$log")"; failed=1; continue; }
	TIMEFORMAT='%U %S'
	{
		time "$build/tests/${source%.c}" -max_total_time="$seconds" -print_final_stats=1 -timeout=20 \
			-rss_limit_mb=4096 -artifact_prefix="$build/found/$entry/" "$work/inputs" "$work/corpus" >"$log" 2>&1
	} 2>"$work/time"
	status=$?
	used=$(awk '{ printf "%.0f", $1 + $2 }' "$work/time")
	executions=$(statistic number_of_executed_units "$log")
	edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1)
	edges=${edges#cov: }
	why=$(why $status "$executions" "${edges:-0}" "$(find "$work/corpus" -type f -size +0c | wc -l)" "$log")
	echo "$entry: $executions executions in $used s of processor time, ${edges:-0} edges${why:+, $why}"
	[ -z "$why" ] || { failed=1; echo "  whole log: $log, input: $build/found/$entry/"; }
done
[ $entries -gt 0 ] || { echo "no entry has this in its name: $*"; failed=1; }
exit $failed
