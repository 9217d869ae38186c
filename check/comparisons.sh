#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/comparisons.sh BUILD_DIR
#
# The suite of KCOV's user interface on kernels with comparisons, with the kernel's own KCOV and with ours, in QEMU. If
# the kernels are missing, builds them first, which takes a quarter of an hour.
set -u
cd "$(dirname "$0")/.." || exit 99

O=$(cd "$1" && pwd) || exit 99
export O FRAGMENT=$PWD/kernel/kcov/comparisons.config
# The same as in check/vm.sh.
export KCOVREPORT_VM_APPEND='pty.legacy_count=0 initcall_blacklist=trace_eval_init acpi=noirq norandmaps mitigations=off'
log=$O/comparisons.log
: >"$log" || exit 99

# conform stock|ours
conform()
{
	local kernel

	kernel=$(KCOV=$1 kernel/build.sh | tail -n 1)
	[ -f "$kernel/vmlinux" ] || { echo "not ok - no kernel ($1)" && return; }
	kernel/kcov/conformance/run.sh "$kernel" "$1" ||
		echo "not ok - the suite failed, or the kernel complained ($1)"
}

for kcov in stock ours; do
	conform $kcov | tee -a "$log"
done
count()
{
	grep -cE "$1" "$log"
}
skipped=$(count '^ok .*# SKIP') failed=$(count '^not ok ')
echo "checked (comparisons): $(($(count '^ok ') - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
