#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: collect_vm.sh [KERNEL]
#
# `kcovreport collect --vm` on a real machine: options that hold in it, what stays of what the command writes, the lock of
# the run file, and the report; and what is left after a panic. Two boots. Prints TAP. Environment: KCOVREPORT, KERNEL, O (build directory).
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh" || exit 99
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
O=$(realpath "${O:-$root/build}")
kcovreport=$(realpath "${KCOVREPORT:-$O/kcovreport}") || exit 99
kernel=${1:-${KERNEL:-$("$root/kernel/build.sh" --print-dir)}}
[ -f "$kernel/vmlinux" ] || {
	echo "1..0 # SKIP no kernel in '$kernel': make kernel"
	exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/collect_vm.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work"/{here,runs,shared,lost} && chmod 777 "$work" "$work"/* && cd "$work/here" || exit 99
shown=("$work/out" "$work/err" "$work/second")

# The vmlinux must be found in the build directory, not in the cache.
export XDG_CACHE_HOME=$work/cache
mkdir "$work/cache"
"$kcovreport" collect --vm="$kernel" --user=12345:54321 --share=../shared -o ../runs/run --report=../report -- \
	sh -c 'id -u; id -g; echo mine >file; echo lost >../lost/file; echo shared >../shared/file; echo beside >../runs/file
		echo >started; until [ -e ended ]; do sleep 0.1; done; exit 7' >"$work/out" 2>"$work/err" </dev/null &
first=$!
for ((i = 0; i < 3000; i++)); do
	[ ! -e started ] || break
	kill -0 $first 2>/dev/null || break
	sleep 0.1
done
"$kcovreport" collect --vm="$kernel" -o ../runs/run -- true >"$work/second" 2>&1 </dev/null
[ $? -eq 125 ] && grep -q "another collect is writing '../runs/run': process $first (" "$work/second"
verdict $? "a second collection into the file is refused"
: >ended
wait $first
[ $? -eq 7 ]
verdict $? "the first one ends with the status of its command"
[ "$(head -n 2 "$work/out" | tr '\n' ' ')" = "12345 54321 " ]
verdict $? "--user holds in the machine"
[ "$(cat file ../runs/file ../shared/file 2>/dev/null | tr '\n' ' ')" = "mine beside shared " ]
verdict $? "what was written in the current directory, beside the run file and in --share stays"
[ ! -e ../lost/file ]
verdict $? "what was written elsewhere does not"
"$kcovreport" dump ../runs/run >"$work/dump" && head -n 1 "$work/dump" | grep -q ' finished$'
verdict $? "the run file is whole"
[ -s ../report/coverage.info ] && grep -q '^SF:.*kernel/fork.c$' ../report/coverage.info
verdict $? "the report is made with the vmlinux of the machine's kernel"
"$kcovreport" report --vmlinux "$kernel/vmlinux" --explain fork.c ../runs/run >"$work/out" 2>"$work/err" &&
	grep -qE '^  statements: (if|return|goto), executed [0-9]+ times?; .*line [0-9]+' "$work/out"
verdict $? "... and lines are explained by the statements of the sources"
"$kcovreport" report --no-sources --vmlinux "$kernel/vmlinux" --explain fork.c ../runs/run >"$work/out" 2>"$work/err" &&
	! grep -q '^  statements: ' "$work/out"
verdict $? "... or not"

# What was recorded until a second before is in the file.
"$kcovreport" collect --vm="$kernel" --user=0:0 -o ../runs/panic -- \
	sh -c 'cat /proc/version; sleep 5; echo c >/proc/sysrq-trigger; sleep 600' >"$work/out" 2>"$work/err" </dev/null
[ $? -eq 125 ] && grep -q 'Kernel panic - not syncing: sysrq' "$work/err"
verdict $? "a kernel panic ends the collection, and its reason is named"
"$kcovreport" dump ../runs/panic >"$work/dump" && head -n 1 "$work/dump" | grep -q ' unfinished$' &&
	awk '/^task 0/ { for (i = 1; i < NF; i++) if ($i == "pcs") exit $(i + 1) < 500 } ' "$work/dump"
verdict $? "... the run file has what was recorded, and says that it is unfinished"
"$kcovreport" report --vmlinux "$kernel/vmlinux" -o ../panic ../runs/panic >"$work/out" 2>&1 &&
	grep -q unfinished "$work/out" && grep -q '^FNDA:[1-9][0-9]*,version_proc_show' ../panic/coverage.info
verdict $? "... and so does the report"

echo "1..$n"
exit $failed
