# SPDX-License-Identifier: GPL-2.0-or-later
"""truth.py KERNEL WORK NAME...: read gcov's counts of each workload from WORK/NAME/gcov and write
WORK/NAME/truth.json (see README.md). Facts about the kernel are kept in WORK/known.json."""

import os
import sys

import blocks
import gcno
import gcov_data
import line_table
from blocks import is_touched, touched_blocks

IDLE = ["idle-1", "idle-2"]


def up_to_date(path, *sources):
    """Is the file newer than its inputs and the programs that make it?"""
    code = __file__, gcno.__file__, gcov_data.__file__, line_table.__file__, blocks.__file__
    return os.path.exists(path) and all(
        os.path.getmtime(path) >= os.path.getmtime(source) for source in sources + code)


def read_known(kernel, work):
    """All lines that gcov knows in objects of the kernel that KCOV instruments, counted 0."""
    path = os.path.join(work, "known.json")
    archive = os.path.join(work, IDLE[0], "gcov")
    vmlinux = os.path.join(kernel, "vmlinux")
    if not up_to_date(path, vmlinux):
        print("reading the kernel ...", file=sys.stderr)
        names = gcov_data.instrumented_objects(gcov_data.read_archive(archive))
        known = gcov_data.count_objects(kernel, {name: b"" for name in names})
        known["objects"] = names
        known["not_in_gcov"] = gcov_data.uninstrumented_by_gcov(kernel)
        if known["not_in_gcov"]:
            print("not known to gcov:", *known["not_in_gcov"], file=sys.stderr)
        known["rows"] = line_table.read_line_table(vmlinux)
        gcov_data.save(path, known)
    return gcov_data.load(path)


def read_count(kernel, work, name, objects):
    """Only what was executed: counts of 0 removed."""
    path = os.path.join(work, name, "counted.json")
    archive = os.path.join(work, name, "gcov")
    if not up_to_date(path, archive):
        print("reading %s ..." % name, file=sys.stderr)
        data = gcov_data.read_archive(archive)
        gcov_data.save(path, gcov_data.count_objects(
            kernel, {name: data[name] for name in objects if data.get(name)}))
    return gcov_data.load(path)


def select_recall(lines, touched):
    """The executed lines in functions that the idle machine does not execute."""
    recall = {}
    for path, counts in lines.items():
        chosen = [line for line, count in sorted(counts.items())
                  if count and not is_touched(touched, path, line)]
        if chosen:
            recall[path] = chosen
    return recall


def count_inlined(truth):
    """gcov does not count calls of a function that gcc inlined before it inserted counters: it counts the
    lines of the body, but not those of the declaration. Here such a function gets the count of its most
    frequent line. Returns {source path: lines that have no truth}."""
    no_truth = {}
    for path, functions in truth["functions"].items():
        lines = truth["lines"].get(path, {})
        for (name, first, last), calls in functions.items():
            body = max((lines.get(line, 0) for line in range(first + 1, last + 1)), default=0)
            if not calls and body:
                functions[name, first, last] = body
                if not lines.get(first):
                    no_truth.setdefault(path, []).append(first)
    return no_truth


def split_by_code(recall, rows):
    """(Lines that own machine code, lines that do not.)"""
    with_code, without = {}, {}
    for path, lines in recall.items():
        own = set(rows.get(path, ()))
        with_code[path] = [line for line in lines if line in own]
        without[path] = [line for line in lines if line not in own]
    return with_code, without


def main(kernel, work, names):
    known = None
    touched = None
    for name in names:
        path = os.path.join(work, name, "truth.json")
        if up_to_date(path, os.path.join(work, name, "gcov")):
            continue
        if known is None:
            known = read_known(kernel, work)
            idle = gcov_data.new_count()
            for idle_name in IDLE:
                gcov_data.merge(idle, read_count(kernel, work, idle_name, known["objects"]))
            gcov_data.save(os.path.join(work, "idle.json"), idle)
            touched = touched_blocks(idle["lines"])
        truth = gcov_data.new_count()
        gcov_data.merge(truth, known)
        gcov_data.merge(truth, read_count(kernel, work, name, known["objects"]))
        truth["no_truth"] = count_inlined(truth)
        recall = select_recall(truth["lines"], touched)
        truth["recall"], truth["no_code"] = split_by_code(recall, known["rows"])
        gcov_data.save(path, truth)
        link = os.path.join(work, name, "idle.json")
        if not os.path.lexists(link):
            os.symlink("../idle.json", link)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: truth.py KERNEL WORK NAME...")
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
