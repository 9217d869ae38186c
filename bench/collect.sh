#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/collect.sh KERNEL_BUILD_DIR [ROUNDS]
#
# What following and recording costs a workload. Work of each kind (bench/collect.c) is run in a small and in a large
# amount: plain, under strace -f (which follows tasks in the same way, and also stops them at each system call), and
# under kcovreport collect, in turn, in one virtual machine. If the kernel can follow, collect runs both ways. Prints, of
# each kind and way,
#
#   unit   milliseconds per unit: (large - small) / (number of units between them)
#   ratio  of that to plain
#   fixed  seconds that the way takes once: the time of no unit, less that of plain
#
# All are medians over ROUNDS (5) after one that does not count. On an emulated machine only the ratios mean anything.
# Environment: O (build directory), KCOVREPORT_OTHER (another kcovreport, which takes turns with this one).
set -u
cd "$(dirname "$0")/.." || exit 1

kernel=${1:?usage: bench/collect.sh KERNEL_BUILD_DIR [ROUNDS]}
rounds=${2:-5}
O=$(realpath "${O:-build}")
other=${KCOVREPORT_OTHER:-}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
${CC:-cc} -O2 -pthread -o "$work/collect-work" bench/collect.c || exit 1

cat >"$work/bench.py" <<'EOF'
import statistics, subprocess, sys, time

work, rounds, kcovreport, other = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
# Kind of work: a small and a large number of units.
amounts = {"exec": (0, 40), "fork": (0, 100), "thread": (0, 200), "call": (0, 100)}


def collect(program, how):
    return [program, "collect", "--follow", how, "-o", "/tmp/bench.kcov", "--"]


def run(command):
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start if done.returncode == 0 else None


ways = {"plain": [], "strace -f": ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=getpid"]}
for name, program in [("collect", kcovreport)] + [("other", program) for program in other]:
    for how in ("ptrace", "kernel"):
        command = collect(program, how)
        if run(command + ["true"]) is not None:
            ways[f"{name} {how}"] = command
print("%-7s %-15s %10s %7s %7s" % ("work", "way", "unit", "ratio", "fixed"))
for kind, (small, large) in amounts.items():
    times = {}
    for turn in range(rounds + 1):
        for way, prefix in ways.items():
            for n in (small, large):
                seconds = run(prefix + [work, kind, str(n)])
                if seconds is None:
                    sys.exit(f"{way} failed: {kind} {n}")
                if turn:
                    times.setdefault((way, n), []).append(seconds)
    unit, fixed = {}, {}
    for way in ways:
        pairs = zip(times[way, small], times[way, large])
        unit[way] = statistics.median((b - a) / (large - small) for a, b in pairs)
        pairs = zip(times[way, small], times["plain", small])
        fixed[way] = statistics.median(a - b for a, b in pairs)
        print("%-7s %-15s %7.3f ms %7.2f %7.3f" % (kind, way, unit[way] * 1000, unit[way] / unit["plain"], fixed[way]),
              flush=True)
EOF
# Programs come from a tmpfs: the guest reads the host's file system over a wire.
"$O/vm/vm.sh" --kernel "$kernel" --root -- sh -c '
	mkdir /tmp/bench && mount -t tmpfs bench /tmp/bench && cd /tmp/bench && rounds=$1 && shift &&
	cp "$1" bench.py && cp "$2" collect-work && cp "$3" kcovreport && { [ $# -lt 4 ] || cp "$4" other; } &&
	exec python3 bench.py "$PWD/collect-work" "$rounds" "$PWD/kcovreport" ${4:+"$PWD/other"}' \
	sh "$rounds" "$work/bench.py" "$work/collect-work" "$O/kcovreport" ${other:+"$other"}
