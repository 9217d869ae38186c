#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# demo.sh [TARGET/PROGRAM]: the whole job, from nothing to a report. Builds what is missing, runs one kernel selftest
# (clone3/clone3; kernel/selftests.list names others) in a virtual machine, and leaves its coverage in demo/. 'make
# demo' first installs packages and builds kcovreport.

set -u

top=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
cd "$top" || exit 1
program=${1:-clone3/clone3}
kcovreport=${KCOVREPORT:-${O:-build}/kcovreport}
demo=demo

fail()
{
	printf 'demo: %s\n' "$1" >&2
	exit 1
}

# show COMMAND...: prints it as a user would type it.
show()
{
	local shown

	printf -v shown ' %q' "$@"
	printf '\n$%s\n' "$shown"
}

run()
{
	show "$@"
	"$@"
}

# The makefiles of kernel and selftests have an O of their own, and -j is of no use to the demo.
unset MAKEFLAGS MFLAGS MAKELEVEL

if [ ! -x "$kcovreport" ]; then
	make "O=$(dirname "$kcovreport")" || exit 1
fi
kernel=$(kernel/build.sh) || exit 1
tests=$(kernel/selftests.sh "$kernel") || exit 1
[ -x "$tests/$program" ] || fail "there is no selftest '$program', see kernel/selftests.list"
mkdir -p "$demo" || exit 1
# Remove only what an earlier demo left.
rm -rf "$demo/html" "$demo/kcov.data" "$demo/coverage.info" "$demo/coverage.json"

# The test may fail: it may need more than this machine allows.
run "$kcovreport" collect --vm="$kernel" -o "$demo/kcov.data" -- "$tests/$program" </dev/null
status=$?
[ -s "$demo/kcov.data" ] || fail "collecting failed with status $status"
[ $status = 0 ] || printf "\n'%s' itself ended with status %d; that is covered too.\n" "$program" $status

run "$kcovreport" report --vmlinux "$kernel/vmlinux" --modules "$kernel/modules" --format lcov,json,html \
	-o "$demo" "$demo/kcov.data" || exit 1

cat <<END

The report of '$program':
  $top/$demo/html/index.html    open it in a browser: xdg-open $demo/html/index.html
  $top/$demo/coverage.info      lcov tracefile: CI dashboards and editors read it; for genhtml's report:
                                genhtml --branch-coverage -o genhtml $demo/coverage.info
  $top/$demo/coverage.json      the same and more, for programs (docs/coverage.schema.json)
  $top/$demo/kcov.data          the run itself: kcovreport dump $demo/kcov.data
END
