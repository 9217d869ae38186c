#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: run.sh KERNEL_DIR stock|ours [NAME...]
#
# Runs the conformance suite of KCOV's user interface on a kernel that was built in KERNEL_DIR, in the machine of
# kernel/vm/vm.sh: all cases, or those whose name contains a NAME. Prints TAP, then totals. Fails if a case fails or the
# kernel's log has a complaint that is not listed here. Environment: O (build directory, where make has built vm/),
# VM_OPTIONS (more options for vm.sh), KCOV_SLOWNESS (N: multiplies time limits by N).
set -u

[[ $# -ge 2 && ( $2 == stock || $2 == ours ) ]] || {
	sed -n '4,5s/^# //p' "$0" >&2
	exit 2
}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
root=$(cd "$here/../../.." && pwd)
O=$(realpath "${O:-$root/build}")
kernel=$1 expected=$2
shift 2
out=$O/conformance
results=$out/$expected.$$
mkdir -p "$results" || exit 99
trap 'rm -rf "$results"' EXIT

# 6.12 warns of a section inside a section, and one case shows that. No other complaint is allowed.
allowed='^$'
[ "$expected" = ours ] || allowed='WARNING:.*kernel/kcov\.c:[0-9]+ kcov_remote_start'

"$here/build.sh" "$out" || exit 99
"$root/kernel/kmod/build.sh" "$kernel" "$results/kmod" || exit 99

"$here/symbols.sh" "$kernel" "$results/kmod/kcovreport_remote.ko" >"$results/symbols"

# shellcheck disable=SC2086 # words
"$O/vm/vm.sh" --kernel "$kernel" --cpus 2 --root --console "$results/console" ${VM_OPTIONS:-} -- \
	"$out/kcov_conformance" --expect "$expected" --module "$results/kmod/kcovreport_remote.ko" \
	--symbols "$results/symbols" "$@" </dev/null | tee "$results/tap"
status=${PIPESTATUS[0]}
tail -n 1 "$results/tap" | grep -qE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' || {
	echo "# the suite did not come to its end: status $status"
	tail -n 30 "$results/console" | sed 's/^/# /'
	exit 1
}
"$here/complaints.sh" "$kernel" "$results/console" "$allowed" || [ "$status" -ne 0 ] || status=1
exit "$status"
