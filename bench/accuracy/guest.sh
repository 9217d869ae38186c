#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# guest.sh KCOVREPORT PROGRAMS LIST RESULTS: runs in the guest, as root. For each line
# "NAME|SETUP|COMMAND" of LIST: reset gcov's counters, run COMMAND under collect, and store in
# RESULTS/NAME what both recorded. A kernel without gcov does the same, without gcov; one that counts its branches
# (config-branches) stores these counts. Environment: TESTS (the kernel's selftests), WORKLOADS (the folder of scripts),
# COLLECT_OPTIONS (more options for collect).

kcovreport=$1
programs=$2
list=$3
results=$4
limit=300
gcov=/sys/kernel/debug/gcov
branches=/sys/kernel/debug/tracing/trace_stat/branch_all
export PATH="$programs:$PATH" TESTS WORKLOADS

[ -w $gcov/reset ] || gcov=
[ -r $branches ] || branches=
mkdir -p /mnt/accuracy && mount -t tmpfs -o mode=777 accuracy /mnt/accuracy || exit 99
cp "$kcovreport" /mnt/accuracy/kcovreport || exit 99

# Print a line "FUNCTION FILE LINE TRUE FALSE" for each branch whose counts changed from one file to the other. Copies of
# an inline function are added up.
changed_branches()
{
	awk '$6 ~ /^[0-9]+$/ { key = $4 " " $5 " " $6; sign = FNR == NR ? -1 : 1; no[key] += sign * $1; yes[key] += sign * $2 }
		END { for (key in yes) if (yes[key] || no[key]) print key, yes[key], no[key] }' "$1" "$2"
}

# The same code runs between reset and gather for all workloads. So an idle run shows which counts do
# not come from the workload.
while IFS='|' read -r name setup command; do
	out=$results/$name
	work=/mnt/accuracy/$name
	mkdir -p "$out" "$work"
	cd "$work" || exit 99
	[ -z "$setup" ] || sh -c "$setup" </dev/null >"$work/setup.log" 2>&1 || cat "$work/setup.log"
	[ -z "$gcov" ] || echo 1 >$gcov/reset
	[ -z "$branches" ] || cat $branches >/mnt/accuracy/branches-before || exit 99
	timeout -k 5 $limit /mnt/accuracy/kcovreport collect $COLLECT_OPTIONS -o /mnt/accuracy/run.kcov -- \
		sh -c "$command" </dev/null >/mnt/accuracy/log 2>&1
	status=$?
	if [ -n "$gcov" ]; then
		gather $gcov >/mnt/accuracy/gcov || exit 99
		cp /mnt/accuracy/gcov "$out/"
	fi
	if [ -n "$branches" ]; then
		cat $branches >/mnt/accuracy/branches-after &&
			changed_branches /mnt/accuracy/branches-before /mnt/accuracy/branches-after >"$out/branches" || exit 99
	fi
	cp /mnt/accuracy/run.kcov /mnt/accuracy/log "$out/"
	echo $status >"$out/status"
	read -r up _ </proc/uptime
	echo "$name: exit $status, at $up s"
	cd / && rm -rf "$work" 2>/dev/null
done <"$list"
exit 0
