#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/fuzz.sh BUILD_DIR SECONDS[cpu] [NAME...]
#
# Runs the fuzz entries that were built in BUILD_DIR with libFuzzer (all, or those whose path contains a NAME), SECONDS
# each, from their corpus and what earlier runs found; with "cpu" it is the processor time that is limited. Runs JOBS
# entries at a time, by default one. Prints one line an entry: executions, processor time, edges, executions and
# processor time of all its runs, and what ended it, if anything did; that input is then in BUILD_DIR/found/ENTRY.
# BUILD_DIR/fuzzing/ENTRY has what is kept for the next run. Fails if anything ended an entry, if one ran nothing, or not
# even its corpus, and if no entry has such a NAME.
set -u
cd "$(dirname "$0")/.." || exit 99

build=$1 seconds=${2%cpu} of_processor=0
[ "$seconds" = "$2" ] || of_processor=1
shift 2
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
entries=0

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

# limit_processor_time PID SECONDS: the entry ends after the input that it runs then, as after -max_total_time.
limit_processor_time()
{
	local stat ticks fields
	ticks=$(getconf CLK_TCK)
	while sleep 1 && stat=$(cat "/proc/$1/stat" 2>/dev/null); do
		read -ra fields <<<"${stat##*) }" # from the third one, proc(5)
		[ "${fields[0]}" != Z ] || break
		[ $((fields[11] + fields[12])) -lt $(($2 * ticks)) ] || kill -USR1 "$1" || break
	done
}

# run_entry SOURCE: in $work; its output goes to $log
run_entry()
{
	local limits=(-max_total_time="$seconds") pid
	[ $of_processor -eq 0 ] || limits=(-handle_usr1=1)
	"$build/tests/${1%.c}" "${limits[@]}" -print_final_stats=1 -timeout=20 -rss_limit_mb=4096 \
		-artifact_prefix="$build/found/$entry/" "$work/inputs" "$work/corpus" >"$log" 2>&1 &
	pid=$!
	[ $of_processor -eq 0 ] || limit_processor_time $pid "$seconds"
	wait $pid
}

# add_totals SECONDS EXECUTIONS: to those of all runs of an entry, which begin anew if its inputs were removed.
add_totals()
{
	local seconds=0 executions=0
	[ ! -s "$work/totals" ] || read -r seconds executions <"$work/totals"
	total_executions=$((executions + $2))
	total_seconds=$(awk "BEGIN { print $seconds + $1 }")
	echo "$total_seconds $total_executions" >"$work/totals"
}

# fuzz SOURCE: one entry. Fails if something is wrong.
fuzz()
{
	local entry status used executions edges why total_seconds total_executions
	entry=$(basename "$1" .c)
	local work=$build/fuzzing/$entry log=$build/fuzzing/$entry/log
	[ -d "$work/inputs" ] || rm -f "$work/totals"
	mkdir -p "$work/inputs" "$build/found/$entry" && rm -rf "$work/corpus" || return 1
	if ! check/corpus.sh "$entry" "$work/corpus" >"$log" 2>&1; then
		echo "$entry: no corpus: $(tail -n 1 "$log")"
		return 1
	fi
	TIMEFORMAT='%U %S'
	{ time run_entry "$1"; } 2>"$work/time"
	status=$?
	used=$(awk 'NF == 2 { print $1 + $2 }' "$work/time")
	executions=$(statistic number_of_executed_units "$log")
	edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1)
	edges=${edges#cov: }
	add_totals "$used" "$executions"
	why=$(why $status "$executions" "${edges:-0}" "$(find "$work/corpus" -type f -size +0c | wc -l)" "$log")
	printf '%s: %d executions in %.0f s of processor time, %d edges; in all %d in %.0f s%s\n' "$entry" "$executions" \
		"$used" "${edges:-0}" "$total_executions" "$total_seconds" "${why:+, $why
  whole log: $log, input: $build/found/$entry/}"
	[ -z "$why" ]
}

failures=$(mktemp) || exit 99
trap 'rm -f "$failures"' EXIT
for source in $(find base run collect symbolize render kcovreport kernel/vm -path '*/tests/fuzz_*.c' | sort); do
	wanted "$source" "$@" || continue
	entries=$((entries + 1))
	while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-1}" ]; do
		wait -n
	done
	{ fuzz "$source" || echo "$source" >>"$failures"; } &
done
wait
[ $entries -gt 0 ] || { echo "no entry has this in its name: $*"; exit 1; }
[ ! -s "$failures" ]
