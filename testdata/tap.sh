# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For shell suites to source: cases as TAP on standard output. A suite ends with `echo "1..$n"; exit $failed`.
n=0 failed=0
# Files that tell why a case failed.
shown=()

# verdict STATUS DESCRIPTION: the case passed if STATUS is 0.
verdict()
{
	local file

	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
		return
	fi
	failed=1
	echo "not ok $n - $2"
	for file in "${shown[@]}"; do
		[ ! -s "$file" ] || head -n 100 "$file" | cat -v | sed "s/^/# ${file##*/}: /"
	done
}
