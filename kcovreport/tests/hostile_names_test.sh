#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Names of functions, files and tasks that a terminal or a reader of text would act on: no command prints them as they
# are, in no format. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/hostile_names_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
shown=("$tmp/why")

# plain DESCRIPTION [json|csv]: what is in $tmp/out is not empty, and has no character that is acted on
plain()
{
	python3 - "$tmp/out" "${2-}" >"$tmp/why" 2>&1 <<'END'
import json, re, sys
data = open(sys.argv[1], 'rb').read()
text = data.decode()  # valid UTF-8
if sys.argv[2] == 'csv':
    text = text.replace('\r\n', '\n')
bad = re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]',
                text)
assert text, 'nothing was written'
assert not bad, ('not plain', text[max(0, bad.start() - 40):bad.end() + 20])
assert not re.search('^INJECT', text, re.M), 'a name begins a line'
if sys.argv[2] == 'json':
    json.loads(text)
END
	verdict $? "$1"
}

# try DESCRIPTION STATUS COMMAND...
try()
{
	local description=$1 expected=$2 status
	shift 2
	"$kcovreport" "$@" >"$tmp/json" 2>"$tmp/out"
	status=$?
	cat "$tmp/json" >>"$tmp/out"
	[ $status -eq "$expected" ] || echo "exit status $status" >>"$tmp/out"
	plain "$description"
	case $description in
	*', JSON')
		mv "$tmp/json" "$tmp/out"
		plain "$description, standard output" json
		;;
	esac
	[ $status -eq "$expected" ] || verdict 1 "$description: exit status $expected"
}

mkdir "$tmp/src" "$tmp/work"
"$here/../../testdata/symbolize/hostile_names.sh" "$tmp/src" || exit 99
cd "$tmp/work" || exit 99
bad=$(printf 'k\033[2J\nINJECTED\302\233\377\342\200\256\342\200\213\363\240\201\201')
line=${bad/$'\n'/}
cp ../src/vmlinux "$bad"
"$kcovreport" points ../src/vmlinux | cut -d' ' -f1 >"$bad.txt"
"$kcovreport" import -o run "$bad.txt" || exit 99

try 'collect: a build directory of --vm' 125 collect --vm="$bad" true
try 'points' 0 points "$bad"
try 'points, JSON' 0 points --json "$bad"
# shellcheck disable=SC2046 # PCs
try 'symbolize' 0 symbolize -k "$bad" $(cat "$bad.txt")
# shellcheck disable=SC2046 # PCs
try 'symbolize, JSON' 0 symbolize --json -k "$bad" $(cat "$bad.txt")
try 'report: summary' 0 report --vmlinux "$bad" -o out run
cp out/coverage.info "$tmp/out"
plain 'report: lcov'
[ "$(grep -c '^SF:' out/coverage.info)" = "$(grep -c '^end_of_record$' out/coverage.info)" ] &&
	! grep -qvE '^(TN|SF|FN|FNDA|FNF|FNH|BRDA|BRF|BRH|DA|LF|LH):|^end_of_record$' out/coverage.info
verdict $? 'report: each record of the tracefile is one line'
# Every format that there is, with subsystems of hostile titles.
cat >../src/MAINTAINERS <<END
$line <b>&"| \`x\` [l](javascript:1) {{=1+1}}
M:	$line <e@example.org>
F:	*

=CMD|x,"y"
F:	whole.c
END
formats=$("$kcovreport" report --format none 2>&1 | sed -n 's/.*known formats: //p' | tr -d ' ')
try 'report: every format' 0 report --vmlinux "$bad" --by subsystem --format "$formats" -o all run
for format in $(echo "$formats" | tr , ' '); do
	case $format in
	lcov) files=coverage.info ;;
	json | jsonl | csv) files=coverage.$format ;;
	html) files='html/index.html html/data/*.js' ;;
	cobertura) files=coverage.xml ;;
	markdown) files=coverage.md ;;
	summary) files=summary.json ;;
	text) continue ;;
	*) files=unknown ;; # a format that is not tried here
	esac
	# shellcheck disable=SC2086 # patterns
	for file in $(cd all && echo $files); do
		cp "all/$file" "$tmp/out" || : >"$tmp/out"
		plain "report: $file" "$(case $file in *.json) echo json ;; *.csv) echo csv ;; esac)"
	done
done
printf 'X\nN:\t[%s\n' "$bad" >../src/MAINTAINERS
try 'report: a broken MAINTAINERS' 1 report --vmlinux "$bad" --by subsystem -o all run
rm ../src/MAINTAINERS
try 'report: only the summary' 0 report --vmlinux "$bad" --format text run
mkdir "$bad.d"
try 'report: an include that matches nothing' 1 report --vmlinux "$bad" --include "$bad" run
try 'report: a directory that cannot be used' 1 report --vmlinux "$bad" -o "$bad/x" run
try 'report --explain' 0 report --vmlinux "$bad" --explain whole.c run
try 'show' 0 show whole.c --vmlinux "$bad" run
try 'show: no such function' 1 show "whole.c:$bad" --vmlinux "$bad" run
try 'html' 0 html --vmlinux "$bad" run
try 'html: a directory that cannot be used' 1 html --vmlinux "$bad" -o "$bad/x" run
try 'reach: a source' 0 reach --vmlinux "$bad" whole.c run
try 'reach: a source, JSON' 0 reach --vmlinux "$bad" --json whole.c run
hostile=$(printf 'a\033[2J\r\nINJECTED\177')
try 'reach: a hostile function' 0 reach --vmlinux "$bad" "$hostile" run
try 'reach: a hostile function, JSON' 0 reach --vmlinux "$bad" --json "$hostile" run
try 'reach: no such place' 1 reach --vmlinux "$bad" "$bad" run
head -n 1 "$bad.txt" >"$bad.one"
"$kcovreport" import -o one "$bad.one" || exit 99
try 'diff' 0 diff --vmlinux "$bad" one run
try 'diff, JSON' 0 diff --vmlinux "$bad" --json one run
try 'diff: a page' 0 diff --vmlinux "$bad" -o page one run
# The tree has the hostile line that the diff adds.
echo "// $line" >>../src/whole.c
printf -- '--- a/%s\n+++ b/whole.c\n@@ -1,3 +1,4 @@\n' "$line" >"$bad.diff"
sed -e 's/^/ /' -e '$s/^ /+/' ../src/whole.c >>"$bad.diff"
for form in '' --json --mail --markdown; do
	try "patch${form:+, ${form/--json/JSON}}" 0 patch --force --vmlinux "$bad" $form --run run "$bad.diff"
done
try 'patch: no such diff' 1 patch --vmlinux "$bad" --run run "$bad.none"
try 'patch: not a diff' 1 patch --vmlinux "$bad" --run run "$bad"
try 'patch: not a revision' 1 patch --vmlinux "$bad" --run run --git "$bad"
try 'dump' 0 dump --pcs run
cp run "$bad.run"
try 'dump of such a file' 0 dump "$bad.run"
head -c 100 run >"$bad.cut"
try 'report of such a file' 1 report --vmlinux "$bad" "$bad.cut"
try 'no such run' 1 dump "$bad.none"
try 'no such image' 1 points "$bad.none"
try 'not an image' 1 points "$bad.txt"
try 'not text' 1 import -o x "$bad"
try 'cache' 0 cache list
try 'doctor' 1 doctor --vmlinux "$bad"
# Usage errors: what argp, getopt and our own checks quote. In some, the line that argp adds is in what the user gave.
for command in $("$kcovreport" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	try "$command: an unknown option" 2 "$command" "--$bad"
done
try 'an unknown option of one letter' 2 report "-$(printf '\n')INJECTED"
try 'an unknown option with advice' 2 report "--$bad$(printf "\nTry \`INJECTED' ...")"
try 'a value with advice' 2 report --jobs "$(printf "\nTry \`x\nINJECTED' ...")"
try 'an option whose value is refused' 2 report --jobs "$bad"
try 'an option that takes no value' 2 points "--json=$bad"
try 'a value that is no kind' 2 export --pc-kind "$bad"
try 'not a PC' 2 symbolize "$bad"
try 'no such command' 2 "$bad"

[ "$(grep -c '^SF:.*?' out/coverage.info)" -eq 7 ]
verdict $? 'the seven hostile files are in the report'

echo "1..$n"
exit $failed
