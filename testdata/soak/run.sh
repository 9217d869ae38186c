#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: run.sh [KERNEL [SECONDS]]
#
# Runs stress-ng under `kcovreport collect` for SECONDS (300), in a virtual machine on the kernel built in KERNEL: half
# of the time in short collections, half in a long one. Then checks that no memory grew, that every run file can be
# read and says what was lost, that the report has the functions that the stressors reach, and that the kernel did not
# complain (check.py). With our kernel side the kernel follows, else ptrace. Emulated, less than 300 seconds are too
# few for each stressor to do something. Prints TAP; all that was seen is in $O/soak/NAME of the kernel. Environment: KCOVREPORT, KERNEL, O (build directory), VM_OPTIONS (more
# options for vm.sh).
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
root=$(cd "$here/../.." && pwd)
O=$(realpath "${O:-$root/build}")
kcovreport=${KCOVREPORT:-$O/kcovreport}
kernel=${1:-${KERNEL:-$("$root/kernel/build.sh" --print-dir)}}
seconds=${2:-300}
[ -f "$kernel/vmlinux" ] || {
	echo "1..0 # SKIP no kernel in '$kernel': make kernel"
	exit 77
}
stress_ng=$(command -v stress-ng) || {
	echo "no stress-ng: make deps" >&2
	exit 99
}
follow=ptrace
! grep -q ' kcov_set_create$' "$kernel/System.map" || follow=kernel
results=$O/soak/$(basename "$kernel")
rm -rf "$results"
mkdir -p "$results" || exit 99

# check/vm.sh says why. A busy host stops the guest's processors for longer than the kernel's limit for stalls.
export KCOVREPORT_VM_APPEND='pty.legacy_count=0 initcall_blacklist=trace_eval_init acpi=noirq norandmaps mitigations=off
	rcupdate.rcu_cpu_stall_timeout=300'
KCOVREPORT_VM_APPEND=${KCOVREPORT_VM_APPEND//[$'\n\t']/ }
# shellcheck disable=SC2086 # words
"$O/vm/vm.sh" --kernel "$kernel" --cpus 2 --memory 4096 --root --timeout 600 --boot-timeout 1200 --share "$results" \
	--console "$results/console" ${VM_OPTIONS:-} -- \
	"$here/guest.py" "$kcovreport" "$stress_ng" "$here/stressors" "$results" "$seconds" $follow \
	</dev/null >"$results/guest.log" 2>&1 ||
	{ echo "# the machine ended with status $?:" && tail -n 30 "$results/guest.log" | sed 's/^/# /'; }
"$root/kernel/kcov/conformance/complaints.sh" "$kernel" "$results/console" >"$results/complaints" || :
exec "$here/check.py" "$kcovreport" "$kernel/vmlinux" "$here/stressors" "$results"
