#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# selftests.sh REMAINDER: the kernel selftests with an odd (1) or even (0) number in the list.

number=0
while read -r _ program arguments; do
	number=$((number + 1))
	[ $((number % 2)) = "$1" ] || continue
	cd "$TESTS/${program%/*}" || exit
	echo "# $program"
	# shellcheck disable=SC2086 # words
	timeout -k 1 60 "./${program##*/}" $arguments </dev/null
done <"$TESTS/list"
exit 0
