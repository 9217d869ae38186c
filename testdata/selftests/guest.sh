#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# guest.sh KCOVREPORT TESTS RESULTS: runs in the guest, as root. Runs each line of RESULTS/list
# plain and under collect, and stores output, status and time of the Nth in RESULTS/N.plain and
# RESULTS/N.collect. An emulated machine starts processes slowly, so this starts as few as possible.

kcovreport=$1
tests=$2
results=$3
# Much longer than they take: it only ends a test that hangs.
limit=60

# Its leak check uses ptrace, as collect does, and fails if it cannot.
export ASAN_OPTIONS=detect_leaks=0

milliseconds()
{
	read -r up _ </proc/uptime
	seconds=${up%.*}
	now=$((seconds * 1000 + 1${up#*.} * 10 - 1000))
}

# run NAME COMMAND...
run()
{
	output=$results/$1
	shift
	milliseconds
	start=$now
	timeout -k 5 $limit "$@" </dev/null >"$output" 2>&1
	status=$?
	milliseconds
	case $status in
	124 | 137) echo "exit $status, or no end within $limit s" ;;
	*) echo "exit $status" ;;
	esac >"$output.status"
	echo $((now - start)) >"$output.ms"
}

index=0
while read -r program arguments; do
	index=$((index + 1))
	cd "$tests/${program%/*}" || exit
	program=./${program##*/}
	# shellcheck disable=SC2086 # words
	run $index.plain "$program" $arguments
	# shellcheck disable=SC2086
	run $index.collect "$kcovreport" collect -o "$results/$index.kcov" -- "$program" $arguments
done <"$results/list"
exit 0
