#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/vm.sh BUILD_DIR
#
# The end-to-end suites, on a real KCOV kernel in QEMU. Builds the kernel first if it is not there.
set -u
# Cases send ^C: where we were started with it ignored (in the background of a script), they could not.
[ -n "${SIGNALS_ARE_DEFAULT:-}" ] ||
	SIGNALS_ARE_DEFAULT=1 exec env --default-signal=INT,QUIT "$0" "$@"
cd "$(dirname "$0")/.." || exit 99

O=$(cd "$1" && pwd) || exit 99
export O KCOVREPORT=$O/kcovreport
KERNEL=$(kernel/build.sh | tail -n 1)
[ -f "$KERNEL/vmlinux" ] || { echo "vm: 0 passed, 1 failed: no kernel"; exit 1; }
export KERNEL

passed=0 failed=0 skipped=0
for suite in kernel/tests/vm_test.sh testdata/e2e/run.sh testdata/selftests/run.sh symbolize/tests/oracle.sh; do
	echo "== $suite"
	log=$O/$(basename "$(dirname "$suite")")-$(basename "$suite" .sh).log
	"$suite" "$KERNEL" 2>&1 </dev/null | tee "$log"
	status=${PIPESTATUS[0]}
	skip=$(grep -cE '^ok .*# SKIP' "$log")
	ok=$(($(grep -cE '^ok ' "$log") - skip))
	bad=$(grep -cE '^not ok ' "$log")
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || { bad=1; echo "not ok - $suite ended with status $status"; }
	[ $((ok + bad)) -gt 0 ] || { bad=1; echo "not ok - $suite ran no test"; }
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
done
echo "vm: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
