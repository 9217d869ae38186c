#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/report.py VMLINUX RUN [ROUNDS]
#
# How long reports and questions take, against the tools that answer the like: objdump (binutils) finds the calls of
# the coverage callback, llvm-symbolizer names their lines, and so does addr2line (binutils). All commands run in this one process's turn, ROUNDS (5)
# times each, round after round, so that load hits all alike. Prints the median seconds, the largest memory of all
# processes of a command together, and how many times faster than the peer it is.
#
# Cold: the cache of indexes is empty. Warm: it has the index. Memory is the sum of the resident sets, read every few
# milliseconds; what processes share counts for each of them.
#
# Environment: KCOVREPORT (build/kcovreport), JOBS (2).

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

CALLBACK = "__sanitizer_cov_trace_pc"


def resident_kib(session):
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            # Between fork and exec it is still this program.
            if int(fields[3]) == session and not os.path.samefile(f"/proc/{pid}/exe", sys.executable):
                total += int(fields[21]) * 4
        except (OSError, IndexError, ValueError):
            pass
    return total


def run(command, stdin, env):
    """Returns seconds and KiB."""
    peak = 0
    done = threading.Event()

    def watch(session):
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, resident_kib(session))

    source = open(stdin) if stdin else subprocess.DEVNULL
    start = time.monotonic()
    child = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env=env, start_new_session=True)
    watcher = threading.Thread(target=watch, args=(child.pid,))
    watcher.start()
    _, status = os.waitpid(child.pid, 0)
    seconds = time.monotonic() - start
    done.set()
    watcher.join()
    if status:
        sys.exit(f"{' '.join(command)}: exit status {os.waitstatus_to_exitcode(status)}")
    return seconds, peak


class Work:
    def __init__(self, name, command, peer=None, stdin=None, cold=False):
        self.name, self.command, self.peer = name, command, peer
        self.stdin, self.cold = stdin, cold
        self.seconds, self.kib = [], []

    def measure(self, env, cache):
        if self.cold:
            shutil.rmtree(cache, ignore_errors=True)
        seconds, kib = run(self.command, self.stdin, env)
        self.seconds.append(seconds)
        self.kib.append(kib)


def read_pcs(kcovreport, vmlinux, data, directory):
    """Files of one PC a line: one, those of the run, and all points."""
    points = subprocess.run([kcovreport, "points", "--vmlinux", vmlinux], check=True, capture_output=True, text=True)
    everything = [line.split()[0] for line in points.stdout.splitlines()]
    export = subprocess.run([kcovreport, "export", data], check=True, capture_output=True, text=True)
    recorded = sorted(set(export.stdout.split()))
    paths = {}
    for name, pcs in ("1", recorded[:1]), ("run", recorded), ("all", everything):
        paths[name] = os.path.join(directory, name)
        with open(paths[name], "w") as f:
            f.writelines(pc + "\n" for pc in pcs)
    return paths, len(recorded), len(everything)


def make_work(kcovreport, vmlinux, data, pcs, counts, directory, jobs):
    out = os.path.join(directory, "report")
    scan = f"objdump -d --no-show-raw-insn {vmlinux} | grep -c 'call.*<{CALLBACK}>'"
    llvm = {name: Work(f"llvm-symbolizer, {counts[name]} PCs", ["llvm-symbolizer", "-i", "-e", vmlinux], stdin=path)
            for name, path in pcs.items()}
    binutils = [Work(f"addr2line, {counts[name]} PCs", ["addr2line", "-afi", "-e", vmlinux], stdin=path)
                for name, path in pcs.items()]
    objdump = Work("objdump scan", ["sh", "-c", scan])
    whole = [objdump, llvm["all"]]
    report = [kcovreport, "report", "-k", vmlinux, "-j", jobs, "-o", out]
    work = [objdump, *binutils, *llvm.values()]
    work.append(Work("cold: full report", report + [data], whole, cold=True))
    work.append(Work("warm: full report", report + [data], whole))
    work.append(Work("warm: report --touched", report + ["--touched", data], [llvm["run"]]))
    work.append(Work("warm: show FILE:FUNCTION", [kcovreport, "show", "-k", vmlinux, "kernel/fork.c:kernel_clone", data]))
    work.append(Work("warm: report --explain", report + ["--explain", "kernel/fork.c", data]))
    for name, path in pcs.items():
        work.append(Work(f"warm: symbolize, {counts[name]} PCs", [kcovreport, "symbolize", "-k", vmlinux],
                         [llvm[name]], path))
    return work


def print_table(work):
    print(f"{'work':40} {'seconds':>8} {'MiB':>6} {'peer':>8} {'times faster':>13}")
    for w in work:
        seconds = statistics.median(w.seconds)
        line = f"{w.name:40} {seconds:8.3f} {max(w.kib) / 1024:6.0f}"
        if w.peer:
            peer = sum(statistics.median(p.seconds) for p in w.peer)
            line += f" {peer:8.3f} {peer / seconds:13.1f}"
        print(line)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__ or "usage: bench/report.py VMLINUX RUN [ROUNDS]")
    vmlinux, data = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    kcovreport = os.path.abspath(os.environ.get("KCOVREPORT", "build/kcovreport"))
    with tempfile.TemporaryDirectory() as directory:
        cache = os.path.join(directory, "cache")
        env = dict(os.environ, KCOVREPORT_CACHE=cache)
        os.environ["KCOVREPORT_CACHE"] = cache
        pcs, recorded, everything = read_pcs(kcovreport, vmlinux, data, directory)
        counts = {"1": 1, "run": recorded, "all": everything}
        work = make_work(kcovreport, vmlinux, data, pcs, counts, directory, os.environ.get("JOBS", "2"))
        for _ in range(rounds):
            for w in work:
                w.measure(env, cache)
        print_table(work)
        for name in os.listdir(os.path.join(cache, "index")):
            path = os.path.join(cache, "index", name)
            if os.path.getsize(path):
                print(f"index: {os.path.getsize(path) / 1e6:.1f} MB, vmlinux {os.path.getsize(vmlinux) / 1e6:.1f} MB")


main()
