#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: run.sh KERNEL_DIR memory|races|rt [NAME...]
#
# Stress-tests our kernel side on a kernel that was built in KERNEL_DIR with KCOV=ours and FRAGMENT=memory.config,
# races.config or rt.config, in the machine of kernel/vm/vm.sh. Runs the conformance suite, the end-to-end cases with
# background work and contexts, and kcov_checked (main.c). With NAMEs it runs only the cases of kcov_checked whose names
# contain one. Prints TAP, then totals. Fails if a case fails or the kernel's log has a complaint.
# Environment: O (build directory, where make has built vm/), KCOV_SLOWNESS (8), SECONDS_EACH (how long a storm lasts, 20).
set -u

[[ $# -ge 2 && $2 =~ ^(memory|races|rt)$ ]] || {
	sed -n '4p' "$0" | sed 's/^# //' >&2
	exit 2
}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
root=$(cd "$here/../../.." && pwd)
O=$(realpath "${O:-$root/build}")
kernel=$1 kind=$2
shift 2
results=$O/checked/$kind
mkdir -p "$results" || exit 99
rm -f "$results"/tap*

# Such a kernel needs more memory, and minutes for what takes seconds elsewhere. slab_debug=U records which function
# allocated memory, in the caches that leak_cases.c reads.
export O KCOV_SLOWNESS=${KCOV_SLOWNESS:-8}
export VM_OPTIONS='--memory 3072 --timeout 600 --boot-timeout 600'
append=${KCOVREPORT_VM_APPEND:-}
[ "$kind" != memory ] || append+=' slab_debug=U,kmalloc-*'
# By default KCSAN watches one access in 4000: too few for storms of seconds in an emulated machine.
[ "$kind" != races ] || append+=' kcsan.skip_watch=200'

# e2e BOOT [NAME]...: the end-to-end cases of this boot that need no debug information, without those with a NAME.
e2e()
{
	local boot=$1 names status
	shift

	names=$(sed -n "s/^$boot *| *\(cover\|text\) *| *\([^ ]*\).*/\2/p" "$root/testdata/e2e/cases" |
		grep -vxF "$(printf '%s\n' "$@")")
	# shellcheck disable=SC2086 # words
	SLOWNESS=$((2 * KCOV_SLOWNESS)) "$root/testdata/e2e/run.sh" "$kernel" $names
	status=$?
	"$here/../conformance/complaints.sh" "$kernel" "$O/e2e/results/$boot.console" || [ $status -ne 0 ] || status=1
	return $status
}

# Background work with handles. The cases expect the tasks as ptrace reports them. Not remote-nested, which shows that
# 6.12 cannot nest sections; ours can. Not remote-two on PREEMPT_RT: it counts PCs, and there the ends of interrupts are
# among them (../selftest.c).
remote()
{
	local but=(remote-nested)

	[ "$kind" != rt ] || but+=(remote-two)
	COLLECT_OPTIONS='--follow ptrace' e2e remote "${but[@]}"
}

# What the kernel does for a task elsewhere. Contexts need set mode, so no ptrace. PREEMPT_RT needs no exception: a task
# runs the softirqs that it raised when it enables softirqs, and what ksoftirqd and the threads of RCU run is found by
# what queued it. There an interrupt runs no softirq on top of a task, but no case needs one.
contexts()
{
	e2e contexts
}

storm()
{
	local status

	"$here/build.sh" "$O/checked" || return 99
	"$root/kernel/kmod/build.sh" "$kernel" "$results/kmod" || return 99
	nm "$kernel"/kernel/kcov/*.o | awk '$2 ~ /^[tT]$/ { print $3 }' | sort -u >"$results/functions"
	"$here/../conformance/symbols.sh" "$kernel" "$results/kmod/kcovreport_remote.ko" >"$results/symbols"
	# The C library registers rseq, a page that the kernel writes when a task returns to user space. If the kernel
	# has no memory for that write, it kills the task.
	# shellcheck disable=SC2086 # words
	KCOVREPORT_VM_APPEND=$append "$O/vm/vm.sh" --kernel "$kernel" --cpus 2 --root --console "$results/console" \
		$VM_OPTIONS -- env GLIBC_TUNABLES=glibc.pthread.rseq=0 "$O/checked/kcov_checked" "$kind" --module "$results/kmod/kcovreport_remote.ko" \
		--functions "$results/functions" --symbols "$results/symbols" --seconds "${SECONDS_EACH:-20}" "$@" </dev/null
	status=$?
	"$here/../conformance/complaints.sh" "$kernel" "$results/console" || [ $status -ne 0 ] || status=1
	return $status
}

# part COMMAND...: if it ends without totals, or the kernel complained, this is a failure even if no case failed.
part()
{
	local status

	"$@" | tee "$results/tap"
	status=${PIPESTATUS[0]}
	if ! grep -q '^not ok ' "$results/tap"; then
		grep -qE '^[0-9]+ passed, [0-9]+ failed' "$results/tap" || status=99
		[ "$status" -eq 0 ] || echo "not ok - the kernel complained, or there was no end: ${1##*/}, status $status" |
			tee -a "$results/tap"
	fi
	cat "$results/tap" >>"$results/tap.all"
}

count()
{
	grep -cE "$1" "$results/tap.all"
}

if [ $# -eq 0 ]; then
	part "$here/../conformance/run.sh" "$kernel" ours
	part remote
	part contexts
fi
part storm "$@"
skipped=$(count '^ok .*# SKIP') failed=$(count '^not ok ')
echo "checked ($kind): $(($(count '^ok ') - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
