#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/all.sh TARGET...
#
# Make each of the targets, whatever becomes of the others, and end with the sum of their totals:
# the last line "NAME: N passed, N failed[, N skipped]" of each counts. A target that fails without
# totals (it did not build) counts as one failure.
set -u
cd "$(dirname "$0")/.." || exit 99

log=$(mktemp) || exit 99
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0 summary=
pattern='^[^:]*: ([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?'

for target; do
	echo "=== make $target"
	start=$SECONDS
	${MAKE:-make} --no-print-directory "$target" 2>&1 </dev/null | tee "$log"
	status=${PIPESTATUS[0]}
	bad=0 line=
	while read -r line; do
		[[ $line =~ $pattern ]] || continue
		passed=$((passed + BASH_REMATCH[1])) bad=$((bad + BASH_REMATCH[2]))
		skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
	done < <(grep -E '^(layers|headers|tree|unit|vm|build|checked)[^:]*: [0-9]+ passed' "$log")
	[ "$status" -eq 0 ] || [ $bad -gt 0 ] || bad=1
	failed=$((failed + bad))
	summary+=$(printf '%-14s %s, %d s' "$target" "$([ $bad -eq 0 ] && echo ok || echo FAILED)" $((SECONDS - start)))$'\n'
done
printf '\n%s\n' "$summary"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
