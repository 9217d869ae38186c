#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test `kcovreport report --least` with a "kernel" of a few functions that is compiled here: which functions are listed,
# in which order, and with which callers. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/least_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
make_run=$(dirname "$kcovreport")/tests/kcovreport/tests/find_module_test
[ -x "$make_run" ] || { echo "no $make_run: make tests" >&2; exit 99; }
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out" "$tmp/err")
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
unset XDG_CACHE_HOME

# report STATUS [OPTION...]: run it and keep its output; fails if it exits with another status
report()
{
	local expected=$1 status
	shift
	"$kcovreport" report "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq "$expected" ] && return
	echo "exit status $status, expected $expected" >>"$tmp/err"
	return 1
}

# listed WHICH: names of the functions below the heading that begins with WHICH
listed()
{
	awk -v which="$1" '
		/^[A-Z]/ { inside = index($0, which) == 1; next }
		inside && /^ +[0-9]+ .*:[0-9]+$/ { printf "%s%s", separator, $(NF - 1); separator = " " }' "$tmp/out"
}

# has WHICH NAMES DESCRIPTION
has()
{
	[ "$(listed "$1")" = "$2" ]
	verdict $? "$3"
}

mkdir -p "$tmp"/src/{fs,kernel,mm,lib} "$tmp/work" || exit 99
cat >"$tmp/src/kernel/start.c" <<'END'
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {}
int reach(int x);
volatile int sink;

void _start(void)
{
	sink = reach(2);
}
END
cat >"$tmp/src/fs/open.c" <<'END'
int often(int x);
int once(int x);
int rare(int x);
int rare_with_loop(int x);
int jumps(int x);

static inline __attribute__((always_inline)) int only_inlined(int x)
{
	return rare(x) + 1;
}

int second(int x)
{
	if (x > 100)
		return rare(x) + 2;
	return x;
}

int reach(int x)
{
	if (x > 100)
		return rare(x) + rare_with_loop(x) + 2;
	if (x < -200)
		return only_inlined(x) + 3;
	return often(x) + once(x) + second(x) + jumps(x);
}
END
cat >"$tmp/src/kernel/pid.c" <<'END'
__attribute__((noinline)) int jumped_to(int x)
{
	return x / 11;
}

int jumps(int x)
{
	return jumped_to(x + 1);
}
END
cat >"$tmp/src/mm/mmap.c" <<'END'
int rare(int x)
{
	return x / 3;
}

int rare_with_loop(int x)
{
	int sum = 0;

	for (int i = 0; i < x; i++)
		if (i % 3)
			sum += i * x;
	return sum;
}
END
cat >"$tmp/src/kernel/sys.c" <<'END'
int often(int x)
{
	return x / 5;
}

int once(int x)
{
	return x / 7;
}
END
cat >"$tmp/src/lib/vsprintf.c" <<'END'
__attribute__((noinline)) int deep(int x)
{
	return x / 9;
}

static int by_pointer(int x)
{
	return deep(x) + 1;
}

int (*pointers[])(int) = { by_pointer };
END
objects=()
for name in fs/open mm/mmap kernel/sys lib/vsprintf kernel/pid; do
	object=$tmp/$(basename "$name").o
	flag=-fno-optimize-sibling-calls
	[ "$name" != kernel/pid ] || flag=-foptimize-sibling-calls
	gcc -g -O1 -fsanitize-coverage=trace-pc $flag -c "$tmp/src/$name.c" -o "$object" || exit 99
	objects+=("$object")
done
cd "$tmp/work" || exit 99
gcc -g -O1 -c "$tmp/src/kernel/start.c" -o "$tmp/start.o" &&
	gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/start.o" "${objects[@]}" -o vmlinux || exit 99
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')

# entry FUNCTION TIMES: the PC of its first point, that often
entry()
{
	objdump -d --no-show-raw-insn "--disassemble=$1" vmlinux |
		awk -v times="$2" '/call .*<__sanitizer_cov_trace_pc>/ {
			getline; sub(":", "", $1); while (times--) print $1; exit }'
}
{ entry reach 5; entry second 4; entry often 5; entry jumps 4; entry once 1; } >"$tmp/pcs"
"$make_run" kcov.data "$id" "$tmp/pcs" && "$kcovreport" import --build-id "$id" -o text.data "$tmp/pcs" || exit 99

report 0 --least && [ ! -s "$tmp/err" ] && [ ! -e coverage ]
verdict $? "prints, and writes no report"
has "Never reached, but" "rare_with_loop jumped_to rare" "never reached, with a reached caller: the one with more code first"
has "Barely reached" "once" "barely reached"
has "Never reached, nor" "by_pointer deep" "never reached, and neither was a caller"
grep -qx 'Never reached, but called by a function that was: 3 functions' "$tmp/out" &&
	grep -qx 'Barely reached, at most 3 times: 1 function' "$tmp/out" &&
	grep -qx 'Never reached, nor was a function that calls it: 2 functions' "$tmp/out" &&
	grep -qx '  1 of them is called by name nowhere' "$tmp/out"
verdict $? "numbers of functions"
grep -A1 ' rare_with_loop  mm/mmap.c:6$' "$tmp/out" | grep -qx ' *called by reach (5 times) at fs/open.c:22'
verdict $? "place of a function, and of its call"
grep -A1 ' rare  mm/mmap.c:1$' "$tmp/out" |
	grep -qx ' *called by reach (5 times) at fs/open.c:22, and by 1 other that was reached'
verdict $? "several callers: the one that was executed most"
grep -A1 ' jumped_to ' "$tmp/out" | grep -qx ' *called by jumps (4 times) at kernel/pid.c:8'
verdict $? "a tail call"
grep -A1 ' deep ' "$tmp/out" | grep -q 'called by'
[ $? -ne 0 ]
verdict $? "a caller that was not reached is not shown"
grep -qx '1 more that was never reached exists only as inlined copies' "$tmp/out"
verdict $? "functions that are only inlined are counted"

report 0 --least=1 && [ "$(listed "Never reached, but")" = rare_with_loop ] && [ "$(grep -x '  \.\.\. and . more' "$tmp/out" | tr -dc 0-9)" = 21 ]
verdict $? "a limit, and how many are left out"
report 0 --least --include 'mm/' && [ "$(listed "Never reached, but")" = "rare_with_loop rare" ] &&
	[ -z "$(listed Barely)$(listed "Never reached, nor")" ] && grep -q 'called by reach (5 times) at fs/open.c:22' "$tmp/out"
verdict $? "--include: of these files, with callers in others"
report 0 --least --exclude 'mm/' && [ "$(listed "Never reached, but")" = jumped_to ] && [ "$(listed Barely)" = once ]
verdict $? "--exclude"
printf 'LIBRARY\nF:\tlib/\n\nTHE REST\nF:\t*/\n' >"$tmp/src/MAINTAINERS"
report 0 --least --maintainer library && [ -z "$(listed "Never reached, but")" ] &&
	[ "$(listed "Never reached, nor")" = "by_pointer deep" ]
verdict $? "--maintainer"
report 0 --least text.data && grep -q '^Barely reached: not known, since counts of a set or of imported text' "$tmp/out" &&
	[ "$(listed "Never reached, but")" = "rare_with_loop jumped_to rare" ]
verdict $? "counts that are lower bounds"
report 0 --least --touched && [ "$(listed "Never reached, nor")" = "by_pointer deep" ]
verdict $? "--touched leaves nothing out"
report 1 --least --include 'nowhere' && tail -n 1 "$tmp/err" | grep -q 'leave no source file$'
verdict $? "no file is left"
for option in --least=0 --least=x '--least --explain=fs/open.c' '--least --fail-under lines=1' '--explain=fs/open.c --fail-under lines=1' \
	'--least --format html' '--format lcov --explain=fs/open.c' '--least -o least' '-o explained --explain=fs/open.c'; do
	# shellcheck disable=SC2086 # words
	report 2 $option
	verdict $? "$option is wrong use"
done

echo "1..$n"
exit $failed
