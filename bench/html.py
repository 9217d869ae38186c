#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/html.py VMLINUX RUN [ROUNDS]
#
# How long the HTML report takes and how large it is, against genhtml (lcov) for the same run. Both are run in this one
# process's turn, ROUNDS (3) times each, genhtml once. The index is cached before. Prints medians: the whole command,
# and what is left of it after the same command without files, which is what writing the page takes.
#
# Environment: KCOVREPORT (build/kcovreport), SOURCE (prefix that genhtml removes from paths).

import os
import statistics
import subprocess
import sys
import tempfile
import time


def run(command):
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


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
        median = {name: statistics.median(list_) for name, list_ in seconds.items()}
        ours, theirs = size(os.path.join(directory, "html")), size(os.path.join(directory, "genhtml"))
        print(f"{'':24} {'seconds':>8} {'MB':>7} {'files':>6}")
        print(f"{'report, summary only':24} {median['text']:8.2f}")
        print(f"{'report --format html':24} {median['html']:8.2f} {ours[0] / 1e6:7.1f} {ours[1]:6}")
        print(f"{'report --format lcov':24} {median['lcov']:8.2f}")
        print(f"{'genhtml':24} {genhtml:8.2f} {theirs[0] / 1e6:7.1f} {theirs[1]:6}")
        page = max(median["html"] - median["text"], 0.001)
        print(f"writing the page: {page:.2f} s, genhtml takes {genhtml / page:.0f} times as long, "
              f"and {theirs[0] / ours[0]:.1f} times the bytes")


main()
