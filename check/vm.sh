#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/vm.sh BUILD_DIR
#
# The end-to-end suites on a real KCOV kernel in QEMU, and the suite of KCOV's user interface on that kernel and on the
# one with our kernel side. If the kernels are missing, builds them first. Runs one suite per processor at a time
# (LANES=N: N suites). Each prints its output when it has ended.
#
# LOAD=N: runs beside N busy processes, with longer time limits, and only the suites whose cases depend on time. If a
# case fails then, it expects more than the interface promises, or the tested code does.
set -u
cd "$(dirname "$0")/.." || exit 99

O=$(cd "$1" && pwd) || exit 99
export O KCOVREPORT=$O/kcovreport
KERNEL=$(kernel/build.sh) && OURS=$(KCOV=ours kernel/build.sh) &&
	PATCHED=$(PATCH=testdata/patched/pidfd-o-path.patch kernel/build.sh) &&
	[ -f "$KERNEL/vmlinux" ] && [ -f "$OURS/vmlinux" ] && [ -f "$PATCHED/vmlinux" ] || { echo "vm: 0 passed, 1 failed: no kernel"; exit 1; }
export KERNEL
# Three things that make an emulated boot slow are switched off. It spends two seconds on 256 pairs of BSD terminals,
# which devpts replaced; two on names of constants in the formats of trace events; and three on ACPI's code that says
# which device has which interrupt. An emulator also translates code again for each process if its addresses are random,
# and mitigations against speculation cost a detour at each call. So both are switched off, except for the race suite,
# which runs with the defaults.
short_boot='pty.legacy_count=0 initcall_blacklist=trace_eval_init acpi=noirq'
lanes=${LANES:-$(nproc)}
load=${LOAD:-0} name=vm
logs=$O/vm-logs
if [ "$load" -gt 0 ]; then
	name="vm (load $load)" logs=$O/vm-load-logs
	# On one processor the guest gets a share of 1 in LOAD + 1. Allow twice that time.
	export SLOWNESS=$((8 * (load + 1))) KCOV_SLOWNESS=$((2 * (load + 1)))
	for ((i = 0; i < load; i++)); do
		while :; do :; done &
	done
	# shellcheck disable=SC2064 # the jobs of now
	trap "kill $(jobs -p | tr '\n' ' ')" EXIT
	busy=$(jobs -rp | wc -l)
else
	busy=0
fi
rm -rf "$logs"
mkdir -p "$logs" || exit 99

# suite NAME COMMAND...: runs it with its output in a log, and prints the log at its end.
suite()
{
	local log=$logs/$1.log status times TIMEFORMAT='%R s, %U s of processor'
	shift
	# Cases send signals, but ^C is ignored in the background of a script, and a hangup under nohup.
	times=$({ time env --default-signal "$@" >"$log" 2>&1 </dev/null; } 2>&1)
	status=$?
	[ $status -eq 0 ] || grep -qE '^not ok ' "$log" || echo "not ok - $1 ended with status $status" >>"$log"
	grep -qE '^(not )?ok ' "$log" || echo "not ok - $1 ran no test" >>"$log"
	{
		flock 9
		echo "== $(sed "s|$KERNEL|KERNEL|; s|$OURS|OURS|; s|$PATCHED|PATCHED|" <<<"$*"): $times"
		cat "$log"
	} 9>"$logs/lock"
}

# start NAME COMMAND...: starts it when a lane is free.
start()
{
	while [ $(($(jobs -rp | wc -l) - busy)) -ge "$lanes" ]; do
		wait -n
	done
	suite "$@" &
	started+=($!)
}

# Beside a machine with two processors run only what needs no machine: with another machine beside it, it takes twice as
# long. After that, the long ones come first.
export KCOVREPORT_VM_APPEND=$short_boot
suites=6 started=()
suite e2e-race testdata/e2e/run.sh "$KERNEL" race
suite kcov-ours kernel/kcov/conformance/run.sh "$OURS" ours
KCOVREPORT_VM_APPEND+=' norandmaps mitigations=off'
start e2e-faults testdata/e2e/run.sh "$KERNEL" faults remote
start e2e-follow testdata/e2e/run.sh "$KERNEL" follow alike
if [ "$load" -eq 0 ]; then
	suites=12
	start selftests testdata/selftests/run.sh
	start vm-test kernel/vm/tests/vm_test.sh
	start kunit testdata/kunit/run.sh "$KERNEL" "$OURS"
	start patched env "KERNEL=$PATCHED" testdata/patched/run.sh
	start collect-vm testdata/e2e/collect_vm.sh "$KERNEL"
	start oracle symbolize/tests/oracle.sh "$KERNEL"
fi
start e2e-set testdata/e2e/run.sh "$OURS" set contexts
VM_OPTIONS="--cpus 1" start kcov-stock kernel/kcov/conformance/run.sh "$KERNEL" stock
wait "${started[@]}"

count()
{
	cat "$logs"/*.log | grep -cE "$1"
}
skipped=$(count '^ok .*# SKIP') failed=$(count '^not ok ')
passed=$(($(count '^ok ') - skipped))
# A suite that left no log must not pass.
[ "$(ls "$logs"/*.log 2>/dev/null | wc -l)" -eq $suites ] || failed=$((failed + 1))
echo "$name: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
