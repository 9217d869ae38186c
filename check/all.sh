#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/all.sh TARGET...
#
# Make each target, even if others fail, and print the sum of their totals at the end: all lines
# "NAME: N passed, N failed[, N skipped]" of the suites are added up. A target that fails without
# totals (it did not build) counts as one failure. A+B makes both at the same time, each with one
# job (JOBS=1); A has a lower priority, so it gets the processor time that B does not use.
#
# Targets run with a PATH that contains only what deps.sh installs (check/programs.sh). With
# SKIP_DEPS=1 they run with the caller's PATH.
set -u
cd "$(dirname "$0")/.." || exit 99

logs=$(mktemp -d) || exit 99
trap 'rm -rf "$logs"' EXIT
if [ "${SKIP_DEPS:-}" != 1 ]; then
	# Tests switch to other users, who must be able to search this directory.
	chmod 755 "$logs" && check/programs.sh "$logs/programs" || exit 99
	PATH=$logs/programs
fi
passed=0 failed=0 skipped=0 summary=
pattern='^[^:]*: ([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?'

# target NAME [VARIABLE=VALUE]: make it; write its status and seconds to a file next to its log.
target()
{
	local start=$SECONDS

	echo "=== make $1"
	$priority ${MAKE:-make} --no-print-directory "$@" 2>&1 </dev/null
	echo "$? $((SECONDS - start))" >"$logs/$1.end"
}

# add NAME: add its totals to the sums, and a line to the summary.
add()
{
	local bad=0 line status=99 seconds=0

	read -r status seconds <"$logs/$1.end"
	while read -r line; do
		[[ $line =~ $pattern ]] || continue
		passed=$((passed + BASH_REMATCH[1])) bad=$((bad + BASH_REMATCH[2]))
		skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
	done < <(grep -E '^(layers|headers|tree|unit|vm|build|checked)[^:]*: [0-9]+ passed' "$logs/$1")
	[ "$status" -eq 0 ] || [ $bad -gt 0 ] || bad=1
	failed=$((failed + bad))
	summary+=$(printf '%-14s %s, %d s' "$1" "$([ $bad -eq 0 ] && echo ok || echo FAILED)" "$seconds")$'\n'
}

for group; do
	first=${group%%+*} options=() priority=
	[ "$group" = "$first" ] || options=(JOBS=1)
	for name in ${group//+/ }; do
		[ "$name" = "$first" ] || target "$name" "${options[@]}" >"$logs/$name" &
	done
	[ "$group" = "$first" ] || priority='nice -n 15'
	target "$first" "${options[@]}" | tee "$logs/$first"
	wait
	for name in ${group//+/ }; do
		[ "$name" = "$first" ] || cat "$logs/$name"
		add "$name"
	done
done
printf '\n%s\n' "$summary"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
