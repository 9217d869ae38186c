#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: run.sh [KERNEL [NAME...]]
#
# Runs the end-to-end cases of `cases`, all or those with a NAME or of a boot with a NAME, in a virtual machine on the
# kernel built in KERNEL. The cases of the boot `race` get a machine of their own. Prints TAP, then totals. Environment:
# KCOVREPORT (the program), KERNEL, O (build directory), VM_OPTIONS (more options for vm.sh), SLOWNESS (4: multiplies
# the seconds of the list), COLLECT_OPTIONS (put before those of the list), PLAIN (1: see `cases`). 77: no case could be
# run. Several may run at a time if their cases differ.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
root=$(cd "$here/../.." && pwd)
O=$(realpath "${O:-$root/build}")
export KCOVREPORT=${KCOVREPORT:-$O/kcovreport}
KERNEL=${1:-${KERNEL:-$("$root/kernel/build.sh" --print-dir)}}
[ $# -eq 0 ] || shift
results=$O/e2e/results programs=$O/e2e/programs
export KCOVREPORT_MODULE=$O/e2e/kmod/kcovreport_remote.ko

[ -f "$KERNEL/vmlinux" ] || {
	echo "1..0 # SKIP no kernel in '$KERNEL': make kernel"
	exit 77
}
[ -x "$KCOVREPORT" ] || {
	echo "no program '$KCOVREPORT': make" >&2
	exit 99
}

# kinds: prints the programs that the list names, with their kind (births.32).
kinds()
{
	echo births exec.static old-kernel.static remote.static sockets.static
	grep -v "^#" "$here/cases" | cut -d "|" -f 6- |
		grep -oE "(^|[ =])(births|confined|exec|first|hostile|storm|alike|remote|sockets|usb|vhost|old-kernel)(\.(static|32|32static))?( |$)" | tr -d " ="
}

# wanted [NAME...]: prints "BOOT NAME" of the cases.
wanted()
{
	local boot name

	while IFS='| ' read -r boot _ name _; do
		[[ $# -eq 0 || " $* " == *" $name "* || " $* " == *" $boot "* ]] && echo "$boot $name"
	done < <(grep -E '^[a-z]' "$here/cases")
}

# run_boot CPUS BOOT NAME...: the log is named after the first of the boots.
run_boot()
{
	local cpus=$1 boot=$2
	shift 2
	[ $# -gt 0 ] || return 0
	# shellcheck disable=SC2086 # words
	"$O/vm/vm.sh" --kernel "$KERNEL" --cpus $cpus --root --share "$results" --console "$results/$boot.console" \
		${VM_OPTIONS:-} -- \
		"$here/guest.py" "$here/cases" "$results/$boot.tar" "$programs" "$@" \
		</dev/null >"$results/$boot.log" 2>&1 ||
		{ echo "# boot '$boot' ended with status $?:" && sed 's/^/# /' "$results/$boot.log"; }
	tar -C "$results" -xf "$results/$boot.tar" && rm "$results/$boot.tar"
	grep -aE 'WARNING:|BUG:|Oops|general protection' "$results/$boot.console" | sed "s/^/# boot '$boot': /"
}

mapfile -t list < <(wanted "$@")
[ ${#list[@]} -gt 0 ] || {
	echo "no such case" >&2
	exit 99
}
# Stock kernels have no sets.
if ! grep -q ' kcov_set_create$' "$KERNEL/System.map"; then
	mapfile -t list < <(printf '%s\n' "${list[@]}" | grep -v '^set ')
	[ ${#list[@]} -gt 0 ] || {
		echo "1..0 # SKIP no sets in '$KERNEL': make kernel KCOV=ours"
		exit 77
	}
fi
if ! grep -q ' kcov_context_add$' "$KERNEL/System.map"; then
	mapfile -t list < <(printf '%s\n' "${list[@]}" | grep -v '^contexts ')
	[ ${#list[@]} -gt 0 ] || {
		echo "1..0 # SKIP no contexts in '$KERNEL': make kernel KCOV=ours"
		exit 77
	}
fi
names=("${list[@]#* }")
mkdir -p "$results" "$programs"
(cd "$results" && rm -rf "${names[@]}")
# shellcheck disable=SC2046 # words
flock "$O/e2e" make -s -f "$root/testdata/programs/Makefile" -j"$(nproc)" DIR="$programs" \
	PROGRAMS="$(echo $(kinds | sort -u))" >&2 || exit 99

# Build it only if a case uses it.
[[ " ${list[*]% *} " != *" remote "* && " ${list[*]% *} " != *" contexts "* &&
	" ${names[*]} " != *" set-failing "* ]] ||
	"$root/kernel/kmod/build.sh" "$KERNEL" "${KCOVREPORT_MODULE%/*}" || exit 99

# While emulated processors wait for each other's locks, they keep real ones busy: use two only for cases that need
# them.
mapfile -t others < <(printf '%s\n' "${list[@]}" | grep -v '^race ')
# shellcheck disable=SC2046 # words
run_boot 2 race $(printf '%s\n' "${list[@]}" | sed -n 's/^race //p')
[ ${#others[@]} -eq 0 ] || run_boot 1 "${others[0]%% *}" "${others[@]#* }"
python3 -B "$here/check.py" "$here/cases" "$results" "$here" "$KERNEL/vmlinux" "$KCOVREPORT" "$KCOVREPORT_MODULE" "${names[@]}"
