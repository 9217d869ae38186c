#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel selftests, each run once plain and once under 'kcovreport collect', in one virtual machine: both
# runs must give the same result. Prints TAP.
#
# Environment: KCOVREPORT=PROGRAM (build/kcovreport), KERNEL=BUILD_DIR (kernel/build.sh builds it), O=DIR
# for results (build), ONLY=WORDS: only programs whose path contains one of them.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
top=$(cd "$here/../.." && pwd) || exit 99
O=${O:-$top/build}
KCOVREPORT=$(realpath "${KCOVREPORT:-$O/kcovreport}") || exit 99
kernel=${KERNEL:-$("$top/kernel/build.sh")} || exit 99
tests=$("$top/kernel/selftests.sh" "$kernel") || exit 99
mkdir -p "$O" || exit 99
results=$(realpath "$O")/selftests

# A line of the list is "run PROGRAM [ARGS]".
selected()
{
	local program rest pattern

	while read -r _ program rest; do
		[ $# -gt 0 ] || printf '%s\n' "$program $rest"
		for pattern in "$@"; do
			case $program in
			*$pattern*) printf '%s\n' "$program $rest" && break ;;
			esac
		done
	done <"$tests/list"
}

# verdict FILE: the status and result lines of a run. Numbers are removed: they are process ids, times
# and addresses, or follow from the result words. Lines are sorted: which of two processes writes first
# is chance.
verdict()
{
	cat "$1.status" 2>/dev/null || echo 'was not run'
	grep -aE '^[[:space:]#]*(not )?ok\b|^Bail out|^# Totals|\[OK\]|PASS|FAIL|SKIP' "$1" 2>/dev/null |
		grep -av '^kcovreport: ' | sed -E 's/0x[0-9a-f]+/N/g; s/[0-9]+(\.[0-9]+)?/N/g' | sort
}

passed=0
failed=0
number=0

# result STATUS NAME [FILE]: prints one line of TAP, and the file as its explanation.
result()
{
	number=$((number + 1))
	printf '%s %d - %s\n' "$1" $number "$2"
	[ -z "${3:-}" ] || sed 's/^/# /' "$3"
	if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# compare INDEX PROGRAM
compare()
{
	local plain=$results/$1.plain collected=$results/$1.collect status diff=$results/$1.diff

	verdict "$plain" >"$plain.verdict"
	verdict "$collected" >"$collected.verdict"
	status=$(head -n 1 "$plain.verdict")
	if ! diff -u --label plain --label 'under collect' \
		"$plain.verdict" "$collected.verdict" >"$diff"; then
		tail -n 15 "$collected" >>"$diff"
		result 'not ok' "$2" "$diff"
	elif [ "$status" != 'exit 0' ]; then
		# A test that fails without collect shows nothing: it does not belong in the list.
		{ echo "plain run: $status" && tail -n 15 "$plain"; } >"$diff"
		result 'not ok' "$2" "$diff"
	elif ! [ -s "$results/$1.kcov" ]; then
		tail -n 15 "$collected" >"$diff"
		result 'not ok' "$2: no run file" "$diff"
	else
		result ok "$2 ($(cat "$collected.ms") ms, plain $(cat "$plain.ms") ms)"
		sed -n 's/^kcovreport: /# /p' "$collected"
	fi
}

rm -rf "$results"
mkdir -p "$results" || exit 99
# shellcheck disable=SC2086 # words
selected ${ONLY:-} >"$results/list"
count=$(wc -l <"$results/list")
[ "$count" -gt 0 ] || {
	echo 'Bail out! no selftest is selected'
	exit 99
}
echo "1..$count"
vm=${KCOVREPORT%/*}/vm/vm.sh
[ -x "$vm" ] || vm=$top/kernel/vm/vm.sh
"$vm" --kernel "$kernel" --cpus 1 --root --share "$results" -- \
	"$here/guest.sh" "$KCOVREPORT" "$tests" "$results" </dev/null >"$results/log" 2>&1 || {
	status=$?
	# Tests that did not run are shown as failed below.
	echo "# the virtual machine ended with status $status:"
	tail -n 25 "$results/log" | sed 's/^/# /'
}
index=0
while read -r program arguments; do
	index=$((index + 1))
	compare $index "$program${arguments:+ $arguments}"
done <"$results/list"
echo "selftests: $passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
