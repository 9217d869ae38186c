#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lines of 50 random functions, compared with gcov and llvm-cov (bench/differential). Fails if a difference is
# of a class that docs/accuracy.md does not explain, or if recall, precision or equal counts are lower than
# bench/differential/classes.py expects. Prints TAP.
#
#	KCOVREPORT=build/kcovreport symbolize/tests/differential_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
bench=$(cd "$(dirname "$0")/../../bench/differential" && pwd) || exit 99
KCOVREPORT=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
export KCOVREPORT WORK=$tmp/work KCOVREPORT_CACHE=$tmp/cache BUILDS="gcc-O2 clang-O2" CHECK=1 PYTHONDONTWRITEBYTECODE=1
shown=("$tmp/out")

# The classes and figures are those of these compilers.
case $(gcc -dumpversion):$(clang -dumpversion) in
12*:14.*) ;;
*)
	echo "ok 1 - # SKIP the figures are known for gcc 12 and clang 14"
	exit 0
	;;
esac

SOURCES=0 "$bench/run.sh" 1 50 >"$tmp/out" 2>&1
verdict $? "lines of random functions by the machine code alone agree with gcov and llvm-cov"

"$bench/run.sh" 1 50 >"$tmp/out" 2>&1
verdict $? "lines with the statements of the sources agree with gcov and llvm-cov"

# notices PROGRAM FIGURE: change what was recorded with awk; then the figure must be reported as too low
notices()
{
	local d=$WORK/gcc-O2 id

	id=$(readelf -n "$d/program" | sed -n 's/.*Build ID: //p')
	awk "$1" "$d/counts" | python3 "$bench/make_run.py" "$d/run" "$id" &&
		"$KCOVREPORT" report --include '*' --vmlinux "$d/program" -o "$d/report" "$d/run" >"$tmp/out" 2>&1 &&
		"$KCOVREPORT" report --include '*' --vmlinux "$d/program" --explain '' "$d/run" >"$d/evidence" 2>>"$tmp/out" ||
		return 99
	python3 "$bench/compare.py" --check "$WORK" gcc-O2 >"$tmp/out" 2>&1
	[ $? -eq 1 ] && grep -q "gcc-O2: $2 is " "$tmp/out"
}

notices 'NR % 8' recall
verdict $? "lost PCs are noticed"

notices '{ print $1, NR % 4 ? $2 : $2 + 1 }' counts
verdict $? "wrong counts are noticed"

echo "1..$n"
exit $failed
