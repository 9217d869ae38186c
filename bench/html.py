#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/html.py VMLINUX RUN [ROUNDS]
#
# How long the HTML report takes and how large it is, against genhtml (lcov) for the same run. Both are run in this one
# process's turn, ROUNDS (3) times each, genhtml once. The index is cached before. Prints medians of the elapsed and the
# processor time, and what is left of the report's after that of the same command without files: what the page takes.
#
# Environment: KCOVREPORT (build/kcovreport), SOURCE (prefix that genhtml removes from paths).

import os
import statistics
import subprocess
import sys
import tempfile
import time


def run(command):
    """Seconds: elapsed, and of processor."""
    start, before = time.monotonic(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    elapsed, after = time.monotonic() - start, os.times()
    return elapsed, after.children_user + after.children_system - before.children_user - before.children_system


def size(directory):
    """Bytes and files."""
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(directory) for name in names]
    return sum(map(os.path.getsize, paths)), len(paths)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: bench/html.py VMLINUX RUN [ROUNDS]")
    vmlinux, data = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    kcovreport = os.environ.get("KCOVREPORT", "build/kcovreport")
    with tempfile.TemporaryDirectory() as directory:
        report = [kcovreport, "report", "-k", vmlinux, "-o", directory, data, "--format"]
        seconds = {"text": [], "html": [], "lcov": []}
        run(report + ["text"])
        for _ in range(rounds):
            for name, list_ in seconds.items():
                list_.append(run(report + [name]))
        genhtml = run(["genhtml", "--quiet", "--legend", "--branch-coverage", "--rc", "derive_function_end_line=0",
                       "--prefix", os.environ.get("SOURCE", "/"), "--output-directory",
                       os.path.join(directory, "genhtml"), os.path.join(directory, "coverage.info")])
        median = {name: [statistics.median(column) for column in zip(*list_)] for name, list_ in seconds.items()}
        ours, theirs = size(os.path.join(directory, "html")), size(os.path.join(directory, "genhtml"))
        print(f"{'':24} {'seconds':>8} {'CPU s':>7} {'MB':>7} {'files':>6}")
        for name, times, made in (("report, summary only", median["text"], None),
                                  ("report --format html", median["html"], ours),
                                  ("report --format lcov", median["lcov"], None), ("genhtml", genhtml, theirs)):
            sizes = f" {made[0] / 1e6:7.1f} {made[1]:6}" if made else ""
            print(f"{name:24} {times[0]:8.2f} {times[1]:7.2f}{sizes}")
        page = [max(a - b, 0.001) for a, b in zip(median["html"], median["text"])]
        print(f"the page: {page[0]:.2f} s, {page[1]:.2f} s of processor; genhtml takes {genhtml[0] / page[0]:.0f} and "
              f"{genhtml[1] / page[1]:.0f} times as long, and {theirs[0] / ours[0]:.1f} times the bytes")


main()
