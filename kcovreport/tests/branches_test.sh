#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The summary, coverage.json and lcov --summary count the same branches, and lcov -a adds up those that
# are the same. The "kernel" is compiled here, and the runs recorded some of its points. They are sets,
# without counts, so that the flow of control does not determine all outcomes. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/branches_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out")
export KCOVREPORT_CACHE="$tmp/cache" LC_ALL=C

command -v lcov >/dev/null && command -v jq >/dev/null && /usr/bin/python3 -c 'import jsonschema' 2>/dev/null || {
	echo "ok 1 - # SKIP no lcov, no jq or no python3-jsonschema"
	exit 0
}

cat >"$tmp/kernel.c" <<'END_OF_C'
volatile int state;

static int step(int n)
{
	switch (n) {
	case 1:
		state = 3;
		break;
	case 2:
		state = 7;
		break;
	case 4:
		state = 11;
		break;
	case 9:
		state += 2;
		break;
	default:
		state--;
	}
	if (n > 3 && state < 100)
		state++;
	return state;
}

/* Each copy has a jump on the same line; whether it went past the store is known if the store was not reached. */
static inline __attribute__((always_inline)) void tick(int n)
{
	if (state & n)
		state = n;
}

void _start(void)
{
	tick(1);
	tick(2);
	tick(4);
	tick(8);
	while (step(state) < 50)
		;
}
END_OF_C
echo 'void __sanitizer_cov_trace_pc(void) {}' >"$tmp/callback.c"
gcc -g -O2 -fsanitize-coverage=trace-pc -c "$tmp/kernel.c" -o "$tmp/kernel.o" &&
	gcc -g -O2 -c "$tmp/callback.c" -o "$tmp/callback.o" &&
	gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/kernel.o" "$tmp/callback.o" -o "$tmp/vmlinux" || exit 99

"$kcovreport" points --vmlinux "$tmp/vmlinux" | cut -d' ' -f1 >"$tmp/pcs" || exit 99

# report NAME: of the points on standard input
report()
{
	"$kcovreport" import -o "$tmp/$1.data" 2>"$tmp/out" &&
		"$kcovreport" report --vmlinux "$tmp/vmlinux" -o "$tmp/$1" "$tmp/$1.data" \
			>"$tmp/$1.summary" 2>>"$tmp/out"
}

report all <"$tmp/pcs"
verdict $? "a report of all points"

grep -qE '\[[0-9]+,([0-9]+,)?null' "$tmp/all/coverage.json"
verdict $? "some outcomes are not known"

# check_report.sh compares JSON with the tracefile, outcome by outcome, and with lcov --summary.
"$here/../../render/tests/check_report.sh" "$tmp/all" >"$tmp/out" 2>&1
verdict $? "JSON, tracefile and lcov --summary agree"

counted=$(sed -n 's/.* branches \([0-9]*\/[0-9]*\) .*/\1/p' "$tmp/out")
summary=$(awk '$1 == "total" { gsub("/ *", "/"); print $6 }' "$tmp/all.summary")
echo "the summary says '$summary', the report '$counted'" >"$tmp/out"
[ -n "$counted" ] && [ "$counted" = "$summary" ]
verdict $? "and so does the summary"

unknown=$(jq .totals.branches_unknown "$tmp/all/coverage.json")
grep -E '[1-9][0-9]* branch(es)? not counted' "$tmp/all.summary" >"$tmp/out" && [ "$unknown" = "$(cut -d' ' -f1 "$tmp/out")" ]
verdict $? "branches that are not counted are named"

# Which outcomes are not known depends on the run. The jumps of a line keep their numbers.
keys()
{
	sed -n 's/^BRDA:\(.*\),.*/\1/p' "$1" | sort
}
n_gaps=0
for part in 1 2 3 4 5 6 7 8; do
	awk -v part=$part '(NR * NR + NR * part) % 7 < 4' "$tmp/pcs" | report "part$part" || exit 99
	keys "$tmp/part$part/coverage.info" >"$tmp/keys$part"
	cmp -s "$tmp/keys$part" "$tmp/keys1" || n_gaps=$((n_gaps + 1))
done
echo "all have the same branches" >"$tmp/out"
[ $n_gaps -gt 0 ]
verdict $? "runs differ in what is known"

# 2.x stops at a line that was executed in one run only, if no branch of it is known there: the sum has those of the
# other run, none evaluated.
case $(lcov --version) in
*"version 1."*) options='--rc lcov_branch_coverage=1' ;;
*) options='--rc branch_coverage=1 --rc derive_function_end_line=0 --ignore-errors inconsistent,inconsistent' ;;
esac
wrong=
for a in 1 2 3 4 5 6 7 8; do
	for b in all part1 part5; do
		# shellcheck disable=SC2086 # words
		lcov -q $options -a "$tmp/part$a/coverage.info" -a "$tmp/$b/coverage.info" -o "$tmp/sum.info" \
			>"$tmp/out" 2>&1 ||
			wrong="$wrong part$a+$b:$(tail -n 2 "$tmp/out" | tr '\n' ' ')"
		# Found: in either. Hit: taken in either.
		want=$(sed -n 's/^BRDA://p' "$tmp/part$a/coverage.info" "$tmp/$b/coverage.info" | awk -F, '
			{ found[$1, $2, $3] = 1 } $4 > 0 { hit[$1, $2, $3] = 1 }
			END { print length(hit) "/" length(found) }')
		got=$(awk -F: '/^BRF/ { f += $2 } /^BRH/ { h += $2 } END { print h "/" f }' "$tmp/sum.info")
		[ "$got" = "$want" ] || wrong="$wrong part$a+$b: $got instead of $want"
	done
done
echo "$wrong" >"$tmp/out"
[ -z "$wrong" ]
verdict $? "lcov -a adds up the branches that are the same"

echo "1..$n"
exit $failed
