#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test `kcovreport reach` with a "kernel" and a module that are compiled here: each kind of place, the agreement with `report`,
# and what is refused. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/reach_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd) || exit 99
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out" "$tmp/err")
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
unset XDG_CACHE_HOME

# reach STATUS [ARG...]: run it and keep its output; fails if it exits with another status
reach()
{
	local expected=$1 status
	shift
	"$kcovreport" reach "$@" >"$tmp/out" 2>"$tmp/err"
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
	reach 1 "$@" && [ "$(grep -cv '^kcovreport: warning' "$tmp/err")" -eq 1 ] &&
		grep -qE "^kcovreport: error: $pattern" "$tmp/err" && [ ! -s "$tmp/out" ]
	verdict $? "$description"
}

# reaching: "NAME:COUNT:LINES ..." of the runs that reach it, in the JSON of $tmp/out; NAME? if it cannot be told
reaching()
{
	jq -r '[.runs[] | if .reached == null then "\(.name)?" elif .reached then "\(.name):\(.count):\(.lines // .points)" else empty end] | join(" ")' "$tmp/out"
}

# says WHAT WANTED WHERE RUN...: the runs that reach it
says()
{
	local what=$1 wanted=$2
	shift 2
	reach 0 --json "$@" && [ "$(reaching)" = "$wanted" ]
	local ok=$?
	[ $ok -eq 0 ] || printf '%s\n%s\n' "$(reaching)" "$wanted" >>"$tmp/err"
	verdict $ok "$what"
}

src=$tmp/src
mkdir -p "$src/drivers" "$tmp/runs" || exit 99
. "$here/small_kernel.sh"
cat >"$src/drivers/mod.c" <<'END1'
int probe(int x);

int probe(int x)
{
	if (x)
		return 3;
	return x;
}

int mod_remove(int x);

int mod_remove(int x)
{
	return x + 1;
}
END1
touch -d '-1 hour' "$src"/*/*.[ch]

compile()
{
	local flags='-g -O1 -fno-optimize-sibling-calls'
	local points=-fsanitize-coverage=trace-pc

	# shellcheck disable=SC2086 # flags
	gcc $flags -c "$src/kernel/start.c" -o "$tmp/start.o" && gcc $flags $points -fno-inline -c "$src/fs/work.c" -o "$tmp/work.o" &&
		gcc $flags $points -c "$src/mm/other.c" -o "$tmp/other.o" && gcc $flags $points -c "$src/mm/work.c" -o "$tmp/work2.o" &&
		gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp"/{start,work,other,work2}.o -o "$src/vmlinux" &&
		gcc $flags $points -c "$src/drivers/mod.c" -o "$tmp/mod.o" && ld -r --build-id "$tmp/mod.o" -o "$src/drivers/a-mod.ko"
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
all="$runs/small $runs/big $runs/header $runs/tasks $runs/none"
# shellcheck disable=SC2206 # no blanks in these
all=($all)

# -- places

says 'a line' 'big:1:1 tasks:1:1' fs/work.c:8 "${all[@]}"
says 'a line, by the last component of its file' 'big:2:1 header:1:1 tasks:2:1' inline.h:1 "${all[@]}"
says 'a line that the run executed or not: it cannot be told' 'big?' fs/work.c:12 "$runs/small" "$runs/big" "$runs/none"
says 'lines, and how many of them' 'small:1:4 big:1:5 tasks:2:5' fs/work.c:3-9 "${all[@]}"
says 'a function' 'small:1:9 big:1:11 tasks:2:8' work "${all[@]}"
says 'a function of a file' 'none:1:4' fs/work.c:use_work "${all[@]}"
says 'an inlined function' 'big:2:4 header:1:4 tasks:2:3' helper "${all[@]}"
says 'a source' 'big:1:6 header:1:6 tasks:1:4' mm/other.c "${all[@]}"
says 'its absolute path' 'big:1:6 header:1:6 tasks:1:4' "$src/mm/other.c" "${all[@]}"
says 'a path below the source tree is that file' '' mm/work.c "${all[@]}"
says 'a path that begins with ./' '' ./mm/work.c "${all[@]}"
says 'the points of vmlinux' 'small:1:2 big:1:9 header:1:3 tasks:2:3 none:1:1' module:vmlinux "${all[@]}"

# -- agreement with report

# hits FILE: "LINE:HIT ..." of a tracefile
hits()
{
	awk -F'[:,]' -v file="$1" '/^SF:/ { inside = substr($0, 4) == file } inside && /^DA:/ { printf "%s%d:%d", s, $2, ($3 > 0); s = " " }' "$tmp/rep/coverage.info"
}
agree()
{
	local file run ok=0
	for run in small big header tasks none; do
		"$kcovreport" report "$@" -o "$tmp/rep" "$runs/$run" >"$tmp/out" 2>"$tmp/err" || return
		for file in fs/work.c fs/inline.h mm/other.c mm/work.c; do
			reach 0 --json "$@" "$src/$file" "$runs/$run" || return
			# Lines that this report does not know are lines with code, too.
			[ "$(jq -r '[.lines[] | select(.runs == 1) | "\(.line):1"] | join(" ")' "$tmp/out")" = \
				"$(hits "$src/$file" | tr ' ' '\n' | grep :1 | tr '\n' ' ' | sed 's/ $//')" ] || return
			for line in $(hits "$src/$file"); do
				reach 0 --json "$@" "$src/$file:${line%:*}" "$runs/$run" || return
				[ "$(jq -c '.runs[0].reached' "$tmp/out")" = "$([ "${line#*:}" = 1 ] && echo true || echo false)" ] || ok=1
				[ $ok -eq 0 ] || { echo "$run $file $line" >>"$tmp/err"; return 1; }
			done
		done
	done
}
agree
verdict $? 'of each line of each run the same is said as by report'
agree --no-sources
verdict $? 'and without sources'

# -- text

reach 0 fs/work.c:8 "${all[@]}" && [ ! -s "$tmp/err" ] && sed "s,$tmp,TMP," "$tmp/out" >"$tmp/shown" && diff "$tmp/shown" - >"$tmp/out" <<END1
fs/work.c:8: 1 of 1 line with code reached, by 2 of 5 runs

     COUNT     LINES  RUN
       >=1       1/1  big (TMP/runs/big)
       >=1       1/1    text TMP/task0
       >=1       1/1  tasks (TMP/runs/tasks)
       >=1       1/1    text TMP/task1
END1
verdict $? 'runs, and the tasks in them'
reach 0 fs/work.c:8 "$runs/none" && grep -q '0 of 1 line with code reached, by 0 of 1 run' "$tmp/out" && [ ! -s "$tmp/err" ]
verdict $? 'nothing reaches it: said, not an error'
(cd "$runs" && cp small kcov.data && reach 0 --json -k "$src/vmlinux" work && [ "$(reaching)" = small:1:9 ])
verdict $? './kcov.data without a RUN'
rm "$runs/kcov.data"

# -- smallest

smallest()
{
	jq -r '.smallest | map(split("/") | last) | join(" ")' "$tmp/out"
}
reach 0 --json --smallest fs/work.c "${all[@]}" && [ "$(smallest)" = 'big none tasks' ]
verdict $? '--smallest: what others have is not run again, and the order is that of the gain'
reach 0 --json --smallest fs/work.c "$runs/small" "$runs/tasks" "$runs/small" && [ "$(smallest)" = 'small tasks' ]
verdict $? '--smallest: of equal runs the first one'
reach 0 --smallest work "${all[@]}" && [ "$(grep -c "($runs" "$tmp/out")" -eq 2 ] && grep -q 'greedily' "$tmp/out"
verdict $? '--smallest in text: chosen runs only, and it is said how'
reach 0 --smallest work "$runs/big" && tail -n 1 "$tmp/out" | grep -qx 'This run reaches all [0-9]* lines with code that any run reaches'
verdict $? '--smallest: a single run has no order, and fewer cannot do'
reach 0 --json --smallest mm/work.c "${all[@]}" && [ "$(smallest)" = '' ]
verdict $? '--smallest of nothing'

# -- a diff

diff -u /dev/null fs/work.c | sed 's,+++ fs,+++ b/fs,' >"$tmp/diff"
reach 0 --json - "${all[@]}" <"$tmp/diff" && [ "$(reaching)" = 'small:1:9 big:1:11 tasks:2:8 none:1:4' ]
verdict $? 'the lines that a diff adds'
printf -- '--- a/fs/work.c\n+++ b/fs/work.c\n@@ -7 +7,2 @@\n \tif (x > 3)\n+\t\ty = helper(x);\n' >"$tmp/diff"
reach 0 --json - "${all[@]}" <"$tmp/diff" && [ "$(reaching)" = 'big:1:1 tasks:1:1' ]
verdict $? 'not its context'
printf -- '--- a/fs/work.c\n+++ b/fs/work.c\n@@ -7 +7,2 @@\n \tif (x > 3)\n+\t\ty = helper(x + 1);\n' >"$tmp/diff"
refused 'a run in place of a diff' "'standard input' is not a diff" - "${all[@]}" <"$runs/small"
refused 'a diff of another tree' "'fs/work.c:8' is not what the diff has" - "${all[@]}" <"$tmp/diff"
printf -- '--- a/README\n+++ b/README\n@@ -0,0 +1 @@\n+words\n' >"$tmp/diff"
echo words >README
reach 0 - "${all[@]}" <"$tmp/diff" && grep -q 'adds no line with code' "$tmp/err"
verdict $? 'a diff that adds no code: said, not an error'
reach 0 - "${all[@]}" </dev/null && grep -q 'adds no line with code' "$tmp/err"
verdict $? 'an empty diff'

# -- modules, at another address in each run

text=$(objdump -d --no-show-raw-insn drivers/a-mod.ko | awk '/^[0-9a-f]+ <.*>:/ { f = substr($2, 2, length($2) - 3) }
	/call / { n[f]++; getline; sub(":", "", $1); print f, n[f], $1 }')
# module_run NAME BASE FUNCTION...
module_run()
{
	local name=$1 base=$2
	shift 2
	for f; do
		echo "$text" | awk -v f="$f" '$1 == f { print $3 }' | while read -r offset; do
			printf '%x\n' $((base + 0x$offset))
		done
	done >"$tmp/pcs"
	"$kcovreport" import --build-id "$id" --module "a_mod=$(printf '%x' "$base")" --name "$name" -o "$runs/$name" "$tmp/pcs" || exit 99
}
module_run one 0xffffffffc0100000 probe
module_run two 0xffffffffc0200000 mod_remove
modules=("$runs/one" "$runs/two" "$runs/big")
reach 0 --json --force drivers/mod.c:12-16 "${modules[@]}" && [ "$(reaching)" = two:1:4 ]
verdict $? 'a line of a module that was at another address in each run'
reach 0 --json --force a-mod.ko "${modules[@]}" && [ "$(reaching)" = 'one:1:1 two:1:1' ]
verdict $? 'the points of a module'
reach 0 --json --force module:a_mod "${modules[@]}" && [ "$(reaching)" = 'one:1:1 two:1:1' ]
verdict $? 'module:NAME'
module_run three 0xffffffffc0300000 mod_remove probe
"$kcovreport" report --force -o "$tmp/rep" --subtract "$runs/one" "$runs/three" >"$tmp/out" 2>"$tmp/err" &&
	[ "$(jq -c '[.images[] | [.name, .points.hit]]' "$tmp/rep/coverage.json")" = '[["vmlinux",0],["a_mod",1]]' ]
verdict $? 'report --subtract: a module that was at another address'
mv drivers/a-mod.ko "$tmp/a-mod.ko"
refused 'a file of a module that is not there' "no instrumented code belongs to 'drivers/mod.c'" --force drivers/mod.c:12 "${modules[@]}"
grep -q "warning: 'a_mod' is not looked at: no file 'a_mod.ko' found" "$tmp/err"
verdict $? 'and the module is named'
mv "$tmp/a-mod.ko" drivers/a-mod.ko
refused 'a module that no run had' "no run had a module 'b_mod'" --force module:b_mod "${modules[@]}"

# -- what is imported

grep -E '^work [12] ' "$tmp/points" | while read -r _ _ pc; do printf '%x\n' $((0x$pc - 5)); done >"$tmp/pcs"
"$kcovreport" import --build-id "$id" --name calls -o "$runs/calls" "$tmp/pcs"
reach 0 --json fs/work.c:8 "$runs/calls" && [ "$(reaching)" = calls:1:1 ] && grep -q 'taken for addresses of calls' "$tmp/err"
verdict $? 'addresses of calls, of an import that does not say so'
head -c 100000 "$runs/big" | reach 0 --json -k vmlinux fs/work.c:8 /dev/stdin && [ "$(reaching)" = big:1:1 ]
verdict $? 'a run that comes from a pipe'
head -c -10 "$runs/big" >"$runs/cut"
reach 0 --json fs/work.c:8 "$runs/cut" && [ "$(reaching)" = big:1:1 ] && grep -q "warning: '$runs/cut':" "$tmp/err"
verdict $? 'a damaged run: said'

# -- what is refused

refused 'a directory in place of a run' ".*'fs'.*directory" fs/work.c:8 fs
refused 'no such run' ".*'absent'" fs/work.c:8 absent
refused 'no run at all' ".*'kcov.data'" fs/work.c:8
refused 'what is no run' "'$src/fs/work.c' is not a run" work "$src/fs/work.c"
"$kcovreport" import --build-id 00112233 -o "$runs/alien" "$tmp/pcs"
refused 'runs of two kernels' "'$runs/alien' is of another kernel: build id 00112233, not $id as '$runs/big'" work "$runs/big" "$runs/alien"
refused 'a file that matches several' "'work.c' matches 2 files: $src/fs/work.c, $src/mm/work.c" work.c:8 "${all[@]}"
refused 'a function that is there twice' "there are 2 functions 'twin': $src/fs/work.c:18, $src/mm/other.c:3" twin "${all[@]}"
refused 'no such file' "no instrumented code belongs to 'fs/absent.c'" fs/absent.c:3 "${all[@]}"
refused 'no such function' "no instrumented function 'absent'" absent "${all[@]}"
refused 'no such function in the file' "no instrumented function 'other' in 'fs/work.c'" fs/work.c:other "${all[@]}"
refused 'a line without code' "'fs/work.c:2' has no instrumented code" fs/work.c:2 "${all[@]}"
refused 'a line beyond the end' "'fs/work.c:9999' has no instrumented code" fs/work.c:9999 "${all[@]}"
refused 'a source that is not instrumented' "'kernel/start.c:8' has no instrumented code" kernel/start.c:8 "${all[@]}"
for where in fs/work.c:0 fs/work.c:9-3 fs/work.c:3- fs/work.c: :3 fs/work.c:4294967296 '' module: .ko; do
	reach 2 "$where" "${all[@]}" && grep -q 'names no place' "$tmp/err"
	verdict $? "'$where' is wrong use"
done
reach 2 && grep -q 'no place is given' "$tmp/err"
verdict $? 'nothing is wrong use'

echo "1..$n"
exit $failed
