#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: run.sh [KERNEL [NAME...]]
#
# The end-to-end cases of `cases`, all or those with a NAME, in virtual machines on the kernel built in KERNEL: prints
# TAP, then totals. Environment: KCOVREPORT (the program), KERNEL, O (build directory). 77: no case could be run.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
root=$(cd "$here/../.." && pwd)
O=$(realpath "${O:-$root/build}")
export KCOVREPORT=${KCOVREPORT:-$O/kcovreport}
KERNEL=${1:-${KERNEL:-$("$root/kernel/build.sh" --print-dir)}}
[ $# -eq 0 ] || shift
results=$O/e2e/results programs=$O/e2e/programs

[ -f "$KERNEL/vmlinux" ] || {
	echo "1..0 # SKIP no kernel in '$KERNEL': make kernel"
	exit 77
}
[ -x "$KCOVREPORT" ] || {
	echo "no program '$KCOVREPORT': make" >&2
	exit 99
}

# kinds: the programs that the list names, with their kind (births.32).
kinds()
{
	echo births exec.static
	grep -v "^#" "$here/cases" | cut -d "|" -f 6- |
		grep -oE "(^|[ =])(births|confined|exec|first|storm|alike)(\.(static|32|32static))?( |$)" | tr -d " ="
}

rm -rf "$results"
mkdir -p "$results" "$programs"
# shellcheck disable=SC2046 # words
make -s -f "$root/testdata/programs/Makefile" -j"$(nproc)" DIR="$programs" \
	PROGRAMS="$(echo $(kinds | sort -u))" >&2 || exit 99

# boots [NAME...]: those that have a wanted case, in the order of the list: the longest first.
boots()
{
	local boot name

	while IFS='| ' read -r boot _ name _; do
		[ $# -gt 0 ] && [[ " $* " != *" $name "* ]] || echo "$boot"
	done < <(grep -E '^[a-z]' "$here/cases") | awk '!seen[$0]++'
}

# run_boot BOOT [NAME...]
run_boot()
{
	local boot=$1
	shift
	"$O/vm/vm.sh" --kernel "$KERNEL" --root --share "$O/e2e" --console "$results/$boot.console" -- \
		"$here/guest.sh" "$boot" "$here/cases" "$results" "$programs" "$@" \
		</dev/null >"$results/$boot.log" 2>&1 ||
		{ echo "# boot '$boot' ended with status $?:" && sed 's/^/# /' "$results/$boot.log"; }
}

# One after the other: emulated processors that wait for each other's locks burn real ones, so that two
# machines at a time take longer than one after the other.
for boot in $(boots "$@"); do
	run_boot "$boot" "$@"
done
python3 "$here/check.py" "$here/cases" "$results" "$here" "$KERNEL/vmlinux" "$KCOVREPORT" "$@"
