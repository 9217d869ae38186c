#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
usage: check.py KCOVREPORT VMLINUX STRESSORS RESULTS

Checks what guest.py left in RESULTS, and prints TAP and the figures. Fails if a check does.
"""

import collections
import json
import os
import re
import shutil
import subprocess
import sys

# Stressors whose bogo operations are one new task each.
BIRTHS = ("fork", "vfork", "clone", "pthread")
# Classes of PCs that are not points, but are of this kernel: its compiler made tail calls of the callback.
EXPLAINED = ("tail-call", "indirect-call")
METRIC = re.compile(r"metrc: \[\d+\] ([a-z-]+) +(\d+) +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+$", re.M)
# All coverage of so few operations may be lost while a buffer is full: with 30 busy tasks, and emulated, a minute.
FEW = 50
# What may come and go: arenas of the C library, caches of the kernel.
SLACK_KB = 4096


class Checks:
    """TAP."""

    def __init__(self):
        self.number = self.failed = 0

    def check(self, name, complaints):
        """A check, and what is wrong."""
        self.number += 1
        self.failed += bool(complaints)
        print(f"{'not ' if complaints else ''}ok {self.number} - {name}")
        for complaint in complaints[:20]:
            print(f"# {complaint}")

    def end(self):
        """The plan."""
        print(f"1..{self.number}")
        return 1 if self.failed else 0


def lines_of(path):
    """Lines of a file that the guest may not have written."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def growth(values):
    """What is wrong, if the last quarter needs more than the second: in the first one memory is taken for good."""
    quarter = len(values) // 4
    if not quarter:
        return ["fewer than four samples"]
    before, after = max(values[quarter:2 * quarter]), max(values[-quarter:])
    return [f"{before} kB, then {after} kB"] if after > before * 1.1 + SLACK_KB else []


class Run:
    """A run file and its report."""

    def __init__(self, tool, vmlinux, results, name):
        path, report = f"{results}/{name}.kcov", f"{results}/{name}.report"
        self.name, self.log = name, "\n".join(lines_of(f"{results}/{name}.log"))
        self.work = {stressor: int(count) for stressor, count in METRIC.findall(self.log)}
        self.complaints = []
        self.losses = collections.Counter()
        self.hit = set()
        dump = subprocess.run([tool, "dump", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        first = dump.stdout.decode(errors="replace").partition("\n")[0]
        if dump.returncode or not first.endswith(" finished"):
            self.complaints.append(f"{name}: dump ends with {dump.returncode}: {first}")
        made = subprocess.run([tool, "report", "-k", vmlinux, "--touched", "--format", "json", "-o", report, path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.summary = made.stdout.decode(errors="replace")
        if made.returncode:
            self.complaints.append(f"{name}: report ends with {made.returncode}: {self.summary}")
            return
        with open(report + "/coverage.json", encoding="utf-8") as file:
            self.read(json.load(file))
        shutil.rmtree(report)

    def read(self, document):
        """coverage.json."""
        run = document["runs"][0]
        if run["damaged_bytes"] or not run["finished"]:
            self.complaints.append(f"{self.name}: {run['damaged_bytes']} damaged bytes, finished: {run['finished']}")
        self.losses["notes"] += len(run["notes"])
        for source in run["tasks"] + run["remotes"]:
            self.losses["saturations"] += source["saturations"]
        for task in run["tasks"]:
            self.losses["tasks"] += task["set_tasks"] or 1
            self.losses["not followed"] += task["state"] == "not-followed"
            self.losses["dropped PCs"] += task["dropped_pcs"]
            self.losses["dropped tasks"] += task["dropped_tasks"]
        for pc in document["unmatched"]:
            if pc["class"] in EXPLAINED:
                self.losses[f"PCs of the class {pc['class']}"] += 1
            else:
                self.complaints.append(f"{self.name}: no point has {pc['pc']}: {pc['class']}")
        for file in document["files"]:
            self.hit.update(function["name"] for function in file["functions"] if function["count"])

    def missed(self, functions, hit):
        """
        Functions of stressors that did work, without coverage. After few operations and full buffers, another run must
        have the function, and it is counted as a loss.
        """
        found = []
        for stressor, count in self.work.items():
            for function in functions.get(stressor, ()) if count else ():
                if function in self.hit:
                    continue
                if count <= FEW and self.losses["saturations"] and function in hit:
                    self.losses["functions lost in full buffers"] += 1
                else:
                    found.append(f"{self.name}: {stressor} did {count} operations, {function} is missed")
        return found

    def uncounted(self):
        """Tasks that are not in the run, and losses that the report does not name."""
        births = sum(self.work.get(stressor, 0) for stressor in BIRTHS)
        known = self.losses["tasks"] + self.losses["dropped tasks"]
        found = [] if known >= births else [f"{self.name}: {births} tasks were made, {known} are known"]
        for loss, word in (("saturations", "full"), ("dropped PCs", "no room"), ("dropped tasks", "memory")):
            if self.losses[loss] and word not in self.summary:
                found.append(f"{self.name}: {self.losses[loss]} {loss}, but the report does not say so")
        return found


def memory(checks, results):
    """Of the supervisor in the long collection, and of the machine after each short one."""
    inside, after = [], []
    for line in lines_of(f"{results}/samples"):
        name, when, *values = line.split()
        values = {key: int(value) for key, value in (value.split("=") for value in values)}
        if when == "-":
            after.append(values) if name != "long" else None
        elif name == "long":
            inside.append(values)
    for key in ("RssAnon", "VmRSS"):
        if inside:
            numbers = [values[key] for values in inside]
            print(f"# supervisor, {key}: {numbers[0]} kB at first, {max(numbers)} kB at most, {numbers[-1]} kB at last, "
                  f"in {len(numbers)} samples")
    if after:
        numbers = [values["VmallocUsed"] for values in after]
        print(f"# vmalloc after each short collection: {numbers[0]} kB at first, {max(numbers)} kB at most")
    checks.check("the supervisor's memory does not grow", growth([values["RssAnon"] for values in inside]))
    checks.check("collections leave no memory allocated in the kernel", growth([values["VmallocUsed"] for values in after]))


def main():
    """All checks."""
    tool, vmlinux, listed, results = sys.argv[1:]
    functions = {}
    for line in lines_of(listed):
        if line and line[0] != "#":
            name, _, names = line.split("|")
            functions[name.strip()] = names.split()
    checks = Checks()
    ended = [line.split() for line in lines_of(f"{results}/ended")]
    checks.check("the guest is alive at the end", [] if ["all"] in ended else [f"last: {ended[-1:]}"])
    checks.check("the kernel has no complaint", lines_of(f"{results}/complaints"))
    ended = [words for words in ended if len(words) == 2]
    checks.check("every workload ends with 0", [f"{name}: {status}" for name, status in ended if status != "0"])
    runs = [Run(tool, vmlinux, results, name) for name in sorted(
        name[:-5] for name in os.listdir(results) if name.endswith(".kcov"))]
    total, work = collections.Counter(), collections.Counter()
    hit = set().union(*(run.hit for run in runs))
    missed = [line for run in runs for line in run.missed(functions, hit)]
    for run in runs:
        total.update(run.losses)
        work.update(run.work)
    print(f"# {len(runs)} run files, {total.pop('tasks', 0)} tasks; " +
          ", ".join(f"{count} {name}" for name, count in sorted(total.items())))
    print("# operations: " + ", ".join(f"{name} {count}" for name, count in sorted(work.items())))
    checks.check("every run file is whole, every PC is a point",
                 [line for run in runs for line in run.complaints] or ([] if runs else ["no run file"]))
    checks.check("all tasks that were made are known, losses are named", [line for run in runs for line in run.uncounted()])
    checks.check("every stressor did some work", [name for name in functions if not work[name]])
    checks.check("what stressors reach is hit", missed)
    memory(checks, results)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
