#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test `kcovreport diff` with a "kernel" that is compiled here: what only one side executed, where they part, sides of several
# runs, and what is refused. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/diff_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd) || exit 99
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out" "$tmp/err")
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
unset XDG_CACHE_HOME

# compare STATUS [ARG...]: run it and keep its output; fails if it exits with another status
compare()
{
	local expected=$1 status
	shift
	"$kcovreport" diff "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq "$expected" ] && return
	echo "exit status $status, expected $expected" >>"$tmp/err"
	return 1
}

# refused DESCRIPTION PATTERN [ARG...]: it fails with one line that matches, and prints nothing
refused()
{
	local description=$1 pattern=$2
	shift 2
	compare 1 "$@" && [ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qE "^kcovreport: error: $pattern" "$tmp/err" && [ ! -s "$tmp/out" ]
	verdict $? "$description"
}

# says WHAT RUN...: the text is that on standard input
says()
{
	local what=$1
	shift
	cat >"$tmp/wanted"
	compare 0 "$@" && [ ! -s "$tmp/err" ] && cp "$tmp/out" "$tmp/shown" && diff "$tmp/shown" "$tmp/wanted" >"$tmp/out"
	verdict $? "$what"
}

src=$tmp/src
mkdir -p "$tmp/runs" || exit 99
. "$here/small_kernel.sh"
touch -d '-1 hour' "$src"/*/*.[ch]

compile()
{
	local flags='-g -O1 -fno-optimize-sibling-calls'
	local points=-fsanitize-coverage=trace-pc

	# shellcheck disable=SC2086 # flags
	gcc $flags -c "$src/kernel/start.c" -o "$tmp/start.o" && gcc $flags $points -fno-inline -c "$src/fs/work.c" -o "$tmp/work.o" &&
		gcc $flags $points -c "$src/mm/other.c" -o "$tmp/other.o" && gcc $flags $points -c "$src/mm/work.c" -o "$tmp/work2.o" &&
		gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp"/{start,work,other,work2}.o -o "$src/vmlinux"
}
compile || exit 99
cd "$src" || exit 99
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')
# "FUNCTION NUMBER RETURN-ADDRESS" of each point, in the order of each function.
objdump -d --no-show-raw-insn vmlinux | awk '/^[0-9a-f]+ <.*>:/ { f = substr($2, 2, length($2) - 3) }
	/call .*<__sanitizer_cov_trace_pc>/ { n[f]++; getline; sub(":", "", $1); print f, n[f], $1 }' >"$tmp/points"

# run NAME POINT...: a run with a name, where POINT is FUNCTION.NUMBER or FUNCTION; "," begins another task
run()
{
	local name=$1 t=0
	local -a texts=()
	shift
	rm -f "$tmp"/task*
	: >"$tmp/task0"
	texts=("$tmp/task0")
	for point; do
		if [ "$point" = , ]; then
			t=$((t + 1))
			: >"$tmp/task$t"
			texts+=("$tmp/task$t")
			continue
		fi
		awk -v f="${point%.*}" -v n="${point#*.}" '$1 == f && (f == n || $2 == n) { print $3 }' "$tmp/points" >>"$tmp/task$t"
	done
	"$kcovreport" import --build-id "$id" --name "$name" -o "$tmp/runs/$name" "${texts[@]}" || exit 99
}
runs=$tmp/runs
run small work.1 work.3
run big work other
run header other
run tasks work.1 , work.1 work.2 , other.1
run none use_work
cd "$runs" || exit 99
kernel=$src/vmlinux

# -- what differs

says 'lines and functions of each side' -k "$kernel" small big <<END1
A: small
B: big

fs/inline.h
  helper, line 1: only B executed it
    only B: 1-5

fs/work.c
  work, line 3; they part at line 8
    only B: 8-10

mm/other.c
  twin, line 3: only B executed it
    only B: 3-5
  other, line 8: only B executed it
    only B: 8-11

only A: 0 functions, 0 lines
only B: 3 functions, 12 lines
END1
says 'sides of several runs' -k "$kernel" small none -- none small <<END1
A: small, none
B: none, small

A and B executed the same functions and lines
END1
compare 0 -k "$kernel" --json small none -- big && [ "$(jq -c '[.a, .b, [.files[] | [(.path | split("/") | last), [.functions[] | [.name, .executed_a, .executed_b]]]]]' "$tmp/out")" = \
	'[["small","none"],["big"],[["inline.h",[["helper",false,true]]],["work.c",[["work",true,true],["use_work",true,false]]],["other.c",[["twin",false,true],["other",false,true]]]]]' ]
verdict $? '--json, and several runs on one side'
[ "$(jq -c '[.totals, ([.files[].functions[].only_a[].lines] | add), ([.files[].functions[].only_b[].lines] | add), (.files[1].functions[0].divergence | .line)]' "$tmp/out")" = \
	'[{"functions_only_a":1,"functions_only_b":3,"lines_only_a":4,"lines_only_b":12,"lines_unknown":0},4,12,8]' ]
verdict $? 'totals are those of the lines'
says 'nothing: said, not an error' -k "$kernel" small small <<END1
A: small
B: small

A and B executed the same functions and lines
END1
compare 0 -k "$kernel" --json small small && [ "$(jq -c '.files' "$tmp/out")" = '[]' ]
verdict $? 'nothing, in JSON'

compare 0 -k "$kernel" -o "$tmp/page" small big && [ ! -s "$tmp/out" ] && grep -q '"compared":true' "$tmp/page/html/data/index.js" &&
	grep -q '"names":\[\["small"\],\["big"\]\]' "$tmp/page/html/data/compare.js" && grep -q '^\["fs/work.c"' "$tmp/page/html/data/compare.js"
verdict $? '-o: a page with the differences, nothing is printed'
"$kcovreport" html -k "$kernel" -o "$tmp/page" big >"$tmp/out" 2>"$tmp/err" && grep -q '"compared":false' "$tmp/page/html/data/index.js" &&
	[ ! -e "$tmp/page/html/data/compare.js" ]
verdict $? 'html: a report in its place compares nothing'

# -- report --subtract, --intersect

# left WANTED DESCRIPTION [ARG...]: points and lines of fs/work.c that a report has as executed
left()
{
	local wanted=$1 description=$2 got
	shift 2
	rm -rf "$tmp/rep"
	"$kcovreport" report -k "$kernel" -o "$tmp/rep" "$@" >"$tmp/out" 2>"$tmp/err" &&
		got=$(jq -r '.totals.points.hit' "$tmp/rep/coverage.json")$(awk -F'[:,]' '/^SF:/ { inside = /fs.work.c$/ } inside && /^DA:/ && $3 { printf " %d", $2 }' "$tmp/rep/coverage.info") &&
		[ "$got" = "$wanted" ]
	local ok=$?
	[ $ok -eq 0 ] || echo "$got, not $wanted" >>"$tmp/err"
	verdict $ok "$description"
}
left '9 3 4 5 7 8 10 11 13 14 15 16' 'report alone' big
# Line 12 has no point: that line 13 is left out does not mean that line 12 was executed.
left '7 3 8 10 11 15 16' '--subtract: the points that are left decide lines' --subtract small big
left '2 3 4 5 7 13 14' '--intersect' --intersect small big
left '2 3 8' 'several, in their order' --subtract small --intersect tasks big
grep -q "what 'small' executed too is left out" "$tmp/rep/coverage.json"
verdict $? 'the report says what was left out'
left 0 'nothing is left: said, not an error' --subtract big small
grep -q 'no point is left' "$tmp/err"
verdict $? 'and it was said'
"$kcovreport" report -k "$kernel" --explain fs/work.c:8 --subtract small big >"$tmp/out" 2>"$tmp/err" && grep -q 'work.c:8: hit' "$tmp/out"
verdict $? '--explain of what is left'

# -- a source that cannot be read

mv "$src/fs/work.c" "$tmp/work.c" && mkdir "$src/fs/work.c"
compare 0 -k "$kernel" small big && [ "$(grep -c 'source file' "$tmp/err")" -eq 2 ] &&
	grep -q '^kcovreport: warning: A: 1 source file not readable: lines by the machine code alone$' "$tmp/err"
verdict $? 'a source that cannot be read: both sides say so'
rmdir "$src/fs/work.c" && mv "$tmp/work.c" "$src/fs/work.c"

# -- what is refused

refused 'a directory in place of a run' ".*'$src'.*directory" -k "$kernel" small "$src"
refused 'no such run' ".*'absent'" -k "$kernel" small absent
"$kcovreport" import --build-id 00112233 -o alien "$tmp/task0"
refused 'runs of two kernels' "'alien' is of another kernel: build id 00112233, not $id as 'small'" -k "$kernel" small alien
for option in --subtract --intersect; do
	"$kcovreport" report -k "$kernel" "$option" alien small >"$tmp/out" 2>"$tmp/err"
	[ $? -eq 1 ] && grep -q "'alien' is of another kernel: build id 00112233, not $id as 'small'" "$tmp/err"
	verdict $? "$option of another kernel"
done
refused 'runs of two kernels, on one side' "'alien' is of another kernel: build id 00112233, not $id as 'small'" -k "$kernel" small alien -- big
for runs in '' small 'small big none' '-- small big' 'small --'; do
	# shellcheck disable=SC2086 # none or several
	compare 2 $runs && grep -q 'two run files are compared' "$tmp/err"
	verdict $? "'$runs' is wrong use"
done
compare 2 --json -o both small big && [ ! -e both ] && grep -q 'only one of --json and --output' "$tmp/err"
verdict $? "--json and --output are wrong use together"

echo "1..$n"
exit $failed
