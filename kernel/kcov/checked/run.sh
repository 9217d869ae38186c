#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: run.sh KERNEL_DIR memory|races|rt [NAME...]
#
# Puts our kernel side under stress on a kernel that was built in KERNEL_DIR with KCOV=ours and FRAGMENT=memory.config,
# races.config or rt.config, in the machine of kernel/vm/vm.sh: the conformance suite, the end-to-end cases with work in the background,
# and kcov_checked (main.c); with NAMEs only the cases of the last whose names contain one. Prints TAP, then totals.
# Fails if a case does, or if the kernel's log has a complaint.
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

# Such a kernel needs more memory, and some minutes for what takes seconds elsewhere. Who asked for memory is kept where
# it is looked at (leak_cases.c).
export O KCOV_SLOWNESS=${KCOV_SLOWNESS:-8}
export VM_OPTIONS='--memory 3072 --timeout 600 --boot-timeout 600'
append=${KCOVREPORT_VM_APPEND:-}
[ "$kind" != memory ] || append+=' slab_debug=U,kmalloc-*'
# One access of 4000 is looked at by default: too few for storms of seconds in an emulated machine.
[ "$kind" != races ] || append+=' kcsan.skip_watch=200'

# Those of the end-to-end cases with work in the background that need no debug information; remote-nested shows that
# 6.12 has no sections in sections, and we have. What they expect of tasks is what ptrace tells. remote-two counts PCs: with
# PREEMPT_RT the ends of interrupts are among them (../selftest.c).
remote()
{
	local names status but=remote-nested

	[ "$kind" != rt ] || but+='|remote-two'
	names=$(sed -n 's/^remote *| *\(cover\|text\) *| *\([^ ]*\).*/\2/p' "$root/testdata/e2e/cases" |
		grep -vxE "$but")
	# shellcheck disable=SC2086 # words
	SLOWNESS=$((2 * KCOV_SLOWNESS)) COLLECT_OPTIONS='--follow ptrace' "$root/testdata/e2e/run.sh" "$kernel" $names
	status=$?
	"$here/../conformance/complaints.sh" "$kernel" "$O/e2e/results/remote.console" || [ $status -ne 0 ] || status=1
	return $status
}

storm()
{
	local status

	"$here/build.sh" "$O/checked" || return 99
	"$root/kernel/kmod/build.sh" "$kernel" "$results/kmod" || return 99
	nm "$kernel"/kernel/kcov/*.o | awk '$2 ~ /^[tT]$/ { print $3 }' | sort -u >"$results/functions"
	# The C library's rseq is a page that the kernel writes to when a task comes back to user space. If there is no
	# memory to do that, it kills the task.
	# shellcheck disable=SC2086 # words
	KCOVREPORT_VM_APPEND=$append "$O/vm/vm.sh" --kernel "$kernel" --cpus 2 --root --console "$results/console" \
		$VM_OPTIONS -- env GLIBC_TUNABLES=glibc.pthread.rseq=0 "$O/checked/kcov_checked" "$kind" --module "$results/kmod/kcovreport_remote.ko" \
		--functions "$results/functions" --seconds "${SECONDS_EACH:-20}" "$@" </dev/null
	status=$?
	"$here/../conformance/complaints.sh" "$kernel" "$results/console" || [ $status -ne 0 ] || status=1
	return $status
}

# part COMMAND...: what ended without totals, or had complaints, is a failure also if no case was.
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
fi
part storm "$@"
skipped=$(count '^ok .*# SKIP') failed=$(count '^not ok ')
echo "checked ($kind): $(($(count '^ok ') - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
