#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The summary, coverage.json and lcov --summary count the same branches. The "kernel" is compiled here,
# and the run recorded all of its points. The run is a set, without counts, so that the flow of control
# does not determine all outcomes. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/branches_test.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0
export KCOVREPORT_CACHE="$tmp/cache" LC_ALL=C

# verdict STATUS DESCRIPTION: print a TAP line; on failure print $tmp/out too
verdict()
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
		sed 's/^/# /' "$tmp/out"
	fi
}

command -v lcov >/dev/null && /usr/bin/python3 -c 'import jsonschema' 2>/dev/null || {
	echo "ok 1 - # SKIP no lcov or no python3-jsonschema"
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

void _start(void)
{
	while (step(state) < 50)
		;
}
END_OF_C
echo 'void __sanitizer_cov_trace_pc(void) {}' >"$tmp/callback.c"
gcc -g -O2 -fsanitize-coverage=trace-pc -c "$tmp/kernel.c" -o "$tmp/kernel.o" &&
	gcc -g -O2 -c "$tmp/callback.c" -o "$tmp/callback.o" &&
	gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/kernel.o" "$tmp/callback.o" -o "$tmp/vmlinux" || exit 99

"$kcovreport" points --vmlinux "$tmp/vmlinux" | cut -d' ' -f1 >"$tmp/pcs" &&
	"$kcovreport" import -o "$tmp/all.data" "$tmp/pcs" 2>"$tmp/out" &&
	"$kcovreport" report --vmlinux "$tmp/vmlinux" -o "$tmp/report" "$tmp/all.data" >"$tmp/summary" 2>>"$tmp/out"
verdict $? "a report of all points"

grep -qE '\[[0-9]+,([0-9]+,)?null' "$tmp/report/coverage.json"
verdict $? "some outcomes are not known"

# check_report.sh compares JSON with the tracefile, outcome by outcome, and with lcov --summary.
"$here/../../render/tests/check_report.sh" "$tmp/report" >"$tmp/out" 2>&1
verdict $? "JSON, tracefile and lcov --summary agree"

counted=$(sed -n 's/.* branches \([0-9]*\/[0-9]*\) .*/\1/p' "$tmp/out")
summary=$(awk '$1 == "total" { gsub("/ *", "/"); print $6 }' "$tmp/summary")
echo "the summary says '$summary', the report '$counted'" >"$tmp/out"
[ -n "$counted" ] && [ "$counted" = "$summary" ] && [ "${counted#*/}" -gt "${counted%/*}" ]
verdict $? "and so does the summary"

echo "1..$n"
exit $failed
