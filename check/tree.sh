#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every file of the tree must name its licence, and no source may be longer than 500 lines. Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 99

failed=0

# verdict NUMBER NAME OFFENDERS
verdict()
{
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		failed=$((failed + 1))
		echo "not ok $1 - $2"
		echo "$3" | sed 's/^/# /'
	fi
}

tracked=$(git ls-files 2>/dev/null) || tracked=$(find . -type f -not -path './.git/*' -not -path './build/*')
unlicensed=$(for f in $tracked; do
	case $f in LICENSE | *.png | *.hex | testdata/*.expected | testdata/*.txt) continue ;; esac
	[ -f "$f" ] && { head -n 12 "$f" | grep -q 'SPDX-License-Identifier:' || echo "$f"; }
done)
verdict 1 "every file has an SPDX line" "$unlicensed"

long=$(for f in $tracked; do
	case $f in *.c | *.h | *.sh | *.py | *.js | *.css | *.html) ;; *) continue ;; esac
	[ -f "$f" ] && [ "$(wc -l <"$f")" -gt 500 ] && echo "$f"
done)
verdict 2 "no source is longer than 500 lines" "$long"

echo "1..2"
echo "tree: $((2 - failed)) passed, $failed failed"
[ $failed = 0 ]
