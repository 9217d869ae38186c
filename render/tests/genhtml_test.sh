#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# genhtml, lcov and a JSON Schema validator accept a report of the fixture (fixture.h). The checker
# itself is tested too: it must find each way of breaking that report. TAP on stdout.
#
#	O=BUILD render/tests/genhtml_test.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
fixture=${O:-build}/tests/render/tests/fixture_test
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0

for tool in genhtml lcov; do
	command -v $tool >/dev/null || { echo "ok 1 - # SKIP no $tool"; exit 0; }
done
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || {
	echo "ok 1 - # SKIP no python3-jsonschema"
	exit 0
}
[ -x "$fixture" ] || { echo "Bail out! no $fixture: make tests"; exit 99; }

# report STATUS DESCRIPTION [DIAGNOSTICS]
report() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
		[ ! -s "${3:-}" ] || sed 's/^/# /' "$3"
	fi
}

# accepted DESCRIPTION DIR EXPECTED-TOTALS
accepted() {
	"$here/check_report.sh" "$2" >"$tmp/out" 2>&1 && [ "$(cat "$tmp/out")" = "$3" ]
	report $? "$1" "$tmp/out"
}

# refused FILE SED-SCRIPT EXPECTED-TEXT: the checker refuses the report with FILE edited, and prints the text
refused() {
	rm -rf "$tmp/broken"
	cp -r "$tmp/report" "$tmp/broken"
	sed -i "$2" "$tmp/broken/$1"
	if cmp -s "$tmp/report/$1" "$tmp/broken/$1"; then
		echo "the script '$2' changes nothing" >"$tmp/out"
		report 1 "$3" "$tmp/out"
		return
	fi
	! "$here/check_report.sh" "$tmp/broken" >"$tmp/out" 2>&1 && grep -q "$3" "$tmp/out"
	report $? "refused: $3" "$tmp/out"
}

"$fixture" "$tmp/linux" "$tmp/report" || { echo "Bail out! no fixture"; exit 99; }
"$fixture" "$tmp/gone" "$tmp/sourceless" none || { echo "Bail out! no fixture"; exit 99; }

accepted "sources there: no warning" "$tmp/report" \
	"lines 15/25 functions 11/16 branches 1/4 files 6 missing 0"
accepted "sources missing: only those warnings" "$tmp/sourceless" \
	"lines 15/25 functions 11/16 branches 1/4 files 6 missing 6"

# check_report.sh has compared the totals of both files with those of lcov --summary; these are the totals of our own summary.
awk '$1 == "total" { gsub("/ *", "/"); print "lines", $2, "functions", $4, "branches", $6 }' "$tmp/report/summary.txt" >"$tmp/out"
[ "$(cat "$tmp/out")" = "lines 15/25 functions 11/16 branches 1/4" ]
report $? "the summary has the same totals" "$tmp/out"

# The examples of docs/json.md: blocks of code that begin with jq. The fixture has an answer for each.
if command -v jq >/dev/null; then
	awk -v dir="$tmp" '/^    jq / { n++ } /^    / { print > (dir "/example" n) }' "$here/../../docs/json.md"
	for example in "$tmp"/example*; do
		(cd "$tmp/report" && sh -e "$example") >"$tmp/out" 2>"$tmp/err" && [ -s "$tmp/out" ] && [ ! -s "$tmp/err" ]
		report $? "docs/json.md: $(head -c 60 "$example" | head -n 1)" "$tmp/err"
	done
else
	report 0 "docs/json.md # SKIP no jq"
fi

refused coverage.info 's/^BRDA:12,/BRDA:13,/' "branch without a line"
refused coverage.info 's/^BRDA:12,\(.*\),[12]$/BRDA:12,\1,-/;s/^\(BRDA:.*\),0$/\1,-/' "line and branches disagree"
refused coverage.info 's/^TN:.*/TN:a,b/' "bad test name"
refused coverage.info 's/^FN:30,kernel_clone/FN:30,39,kernel_clone/' "unexpected 'FN:30,39"
refused coverage.info '/^DA:30,9/d' "no line for function kernel_clone"
refused coverage.info 's/^FNDA:9,/FNDA:0,/' "function and lines disagree"
refused coverage.info 's/twice_15/twice/' "function name comes twice"
refused coverage.info 's/^DA:31,7/DA:61,7/' "line 61 of 60"
refused coverage.info 's/^LH:4/LH:3/' "totals"
refused coverage.info 's/^DA:12,2/DA:12,3/' "lines differ from JSON"
refused coverage.info 's/^BRDA:12,100000,0,2/BRDA:12,100000,0,5/' "branches differ from JSON"
refused coverage.json 's/\[12,2,0\]/[12,0,0]/' "branch totals"
refused coverage.info 's/^DA:2,6/DA:0,6/' "line 0"
refused coverage.info 's/^SF:.*fork.c/SF:kernel\/fork.c/' "not absolute"
refused coverage.info '$d' "last section has no end"
refused coverage.json 's/\[12,2,2,1,1\]/[12,2,2,1,2]/' "2 is not one of"
refused coverage.json 's/\[12,2,2,1,1\]/[12,2,2,1,1,7]/' "Expected at most 5 items"
refused coverage.json 's/\[12,1,null\]/[12,1,"?"]/' "not valid under any"
refused coverage.json 's/\[14,0,1\]/[9,0,1]/' "JSON lines do not ascend"
refused coverage.json 's/\[12,1,null\]/[13,1,null]/' "JSON branch without a line"
refused coverage.json 's/"has_body"/"has_a_body"/' "has_a_body"
refused coverage.json 's/"version": 2/"version": 1/' "2 was expected"
refused coverage.json 's/"pcs":17/"pcs":-1/' "minimum"
refused coverage.json 's/"count":7,"class"/"count":"7","class"/' "not of type 'integer'"
refused coverage.json 's/"hit":15,"found":25/"hit":16,"found":25/' "files sum up to 15"

echo "1..$n"
exit $failed
