#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/collect.sh KERNEL_BUILD_DIR
#
# What following and recording costs a workload. It runs plain, under strace -f (which follows tasks in the
# same way, and also stops them at one system call), and under kcovreport collect, in turn, in one virtual
# machine. Prints seconds and the ratio to plain, medians of five. On an emulated machine only the ratios mean
# anything.
set -u
cd "$(dirname "$0")/.." || exit 1

kernel=${1:?usage: bench/collect.sh KERNEL_BUILD_DIR}
O=$(realpath "${O:-build}")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

cat >"$work/bench.py" <<'EOF'
import os, statistics, subprocess, sys, time

kcovreport = sys.argv[1]
workloads = {
    "20 x fork and exec": ["sh", "-c", "i=0; while [ $i -lt 20 ]; do /bin/true; i=$((i+1)); done"],
    "one task, 20 MB": ["dd", "if=/dev/zero", "of=/dev/null", "bs=4k", "count=5000", "status=none"],
    "find /usr/share/doc": ["find", "/usr/share/doc", "-maxdepth", "1"],
}
ways = {
    "plain": [],
    "strace -f": ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=getpid"],
    "collect": [kcovreport, "collect", "-o", "/tmp/bench.kcov", "--"],
}
print("%-22s %-10s %8s %7s" % ("workload", "way", "seconds", "ratio"))
for name, command in workloads.items():
    times = {way: [] for way in ways}
    for turn in range(6):
        for way, prefix in ways.items():
            start = time.monotonic()
            subprocess.run(prefix + command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            if turn:
                times[way].append(time.monotonic() - start)
    plain = statistics.median(times["plain"])
    for way in ways:
        median = statistics.median(times[way])
        print("%-22s %-10s %8.2f %7.2f" % (name, way, median, median / plain), flush=True)
EOF
"$O/vm/vm.sh" --kernel "$kernel" --root -- python3 "$work/bench.py" "$O/kcovreport"
