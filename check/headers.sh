#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every header must compile alone, with $CC and the given flags. Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 99

n=0 failed=0
for header in $(find base run collect symbolize render kcovreport -name '*.h' | sort); do
	n=$((n + 1))
	if errors=$("${CC:-gcc}" "$@" -fsyntax-only -x c "$header" 2>&1); then
		echo "ok $n - $header"
	else
		failed=$((failed + 1))
		echo "not ok $n - $header"
		echo "$errors" | sed 's/^/# /'
	fi
done
echo "1..$n"
echo "headers: $((n - failed)) passed, $failed failed"
[ $failed = 0 ]
