#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# All formats of one view have the same numbers, and their readers accept them: xmllint with the
# elements of Cobertura, Python's csv, jq. Prints TAP.
#
#	O=build render/tests/formats_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
fixture=$(realpath "${O:-build}/tests/render/tests/fixture_test") || exit 99
schema=$here/../../docs/summary.schema.json
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out")
export LC_ALL=C.UTF-8

/usr/bin/python3 -c 'import jsonschema' 2>/dev/null && command -v xmllint >/dev/null && command -v jq >/dev/null || {
	echo "ok 1 - # SKIP no python3-jsonschema, xmllint or jq"
	exit 0
}

check()
{
	# The distribution's Python has jsonschema; another one that comes first in PATH may not.
	/usr/bin/python3 "$here/check_formats.py" "$1" "$schema"
}

# refused FILE SED-SCRIPT: the checker refuses the report with FILE edited
refused()
{
	rm -rf "$tmp/broken"
	cp -r "$tmp/all" "$tmp/broken"
	sed -i "$2" "$tmp/broken/$1"
	printf '%s in %s\n' "$2" "$1" >"$tmp/out"
	! cmp -s "$tmp/all/$1" "$tmp/broken/$1" && ! check "$tmp/broken" >>"$tmp/out" 2>&1
	verdict $? "refused: $1 after $2"
}

for view in all touched relative; do
	"$fixture" "$tmp/linux" "$tmp/$view" sources $view || exit 99
	check "$tmp/$view" >"$tmp/out" 2>&1
	verdict $? "$view: all formats have the same numbers"
	xmllint --noout --nonet --dtdvalid "$here/cobertura.dtd" "$tmp/$view/coverage.xml" >"$tmp/out" 2>&1
	verdict $? "$view: Cobertura's elements and attributes"
	jq -e . "$tmp/$view/summary.json" >"$tmp/out" 2>&1 && jq -e -n '[inputs] | length > 0' "$tmp/$view/coverage.jsonl" >>"$tmp/out" 2>&1
	verdict $? "$view: jq reads summary.json and coverage.jsonl"
done

paths()
{
	sed -n 's/^SF://p' "$1/coverage.info"
}
paths "$tmp/relative" >"$tmp/out"
grep -qx 'kernel/fork.c' "$tmp/out" && [ "$(grep -c '^/' "$tmp/out")" = 1 ] &&
	jq -e '[.files[].path] | index("kernel/fork.c")' "$tmp/relative/coverage.json" >/dev/null &&
	grep -q '^file,kernel/fork.c,' "$tmp/relative/coverage.csv"
verdict $? "relative: paths below the root are relative in every format"
xmllint --nonet --xpath 'string(/coverage/sources/source[1])' "$tmp/relative/coverage.xml" >"$tmp/out" 2>/dev/null
[ "$(cat "$tmp/out")" = "$(realpath "$tmp/linux")" ]
verdict $? "relative: it is the first source of Cobertura"
paths "$tmp/all" | grep -v '^/' >"$tmp/out"
[ ! -s "$tmp/out" ]
verdict $? "without it all are absolute"

refused coverage.xml 's/lines-covered="15"/lines-covered="16"/'
refused coverage.xml 's/<line number="12" hits="2"/<line number="12" hits="0"/'
refused coverage.xml 's,(1/4),(2/4),'
refused coverage.xml 's,\(<package name="[^"]*\)kernel",\1mm",'
refused coverage.csv s/copy_process,10,3/copy_process,10,4/
refused coverage.csv 's/.$//'
refused coverage.md 's,15 / 25,16 / 25,'
refused summary.json 's/"hit":15/"hit":14/'
refused summary.json 's/"saturations"/"saturation"/'
refused coverage.jsonl 's/"sl":10/"sl":11/'
refused coverage.jsonl '1d;2d;3d'

echo "1..$n"
exit $failed
