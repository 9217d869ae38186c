# SPDX-License-Identifier: GPL-2.0-or-later
"""Pick what the report of a plain kernel is judged by: the functions that all recordings of a workload, on the kernel
with gcov and on the plain one, entered exactly as often as gcov counted, and that an idle machine does not execute.

    pick.py KERNEL WORK NAME GCOV_REPORT... -- PLAIN_REPORT... [-- OTHER_REPORT...] >judged.json

KERNEL is the build directory of the kernel with gcov, WORK the folder of its recordings: WORK/1/NAME/truth.json and
WORK/N/NAME/gcov. GCOV_REPORT N is coverage.json of its recording N. PLAIN_REPORT are those of each recording of the
plain kernel, OTHER_REPORT those of another one.

judged.json has what gcov counted there, and no more, so that judging takes a second:
    alone      {path: [[name, first line, last line, count]]}: these functions
    lines      {path: {line: count}}: their lines, as far as gcov has a count that all its recordings agree on
    true       {path: [line]}: those of them that were executed and have machine code in the kernel with gcov
    branches   {path: {line: [count of each outcome]}}
    functions  {path: [[name, first line, count]]}: functions that were entered equally often in all recordings of the
               kernel with gcov, by gcov and by kcovreport (those with count 0 by gcov only), and that all recordings of
               a plain kernel agree on
    disputed   {path: {line: count}}: lines with which gcov disagrees with itself, which are in none of the above: those
               that were executed and have machine code
    unsteady   number of lines whose count differs between gcov's recordings
"""

import json
import os
import sys

import gcov_data
import truth as truth_of
from blocks import is_touched, touched_blocks


def read_json(path):
    with open(path) as file:
        return json.load(file)


def counts_of(coverage):
    """({path: {line: count}}, {(path, function, line): count}) of coverage.json."""
    lines, functions = {}, {}
    for file in coverage["files"]:
        lines[file["path"]] = {line: count for line, count, *_ in file["lines"]}
        for function in file["functions"]:
            functions[file["path"], function["name"], function["line"]] = function["count"]
    return lines, functions


def pick_alone(truth, touched, reports):
    """Functions whose first line has the count of the function in all reports, but none that the idle machine
    executes."""
    alone = {}
    for path, functions in truth["functions"].items():
        counts = [lines.get(path, {}) for lines, _ in reports]
        chosen = [[*key, count] for key, count in sorted(functions.items())
                  if count > 0 and not is_touched(touched, path, key[2]) and
                  all(lines.get(key[1]) == count for lines in counts)]
        if chosen:
            alone[path] = chosen
    return alone


def pick_functions(truth, others, reports, groups):
    """Functions whose count is certain."""
    picked = {}
    for path, functions in truth["functions"].items():
        for (name, first, last), count in sorted(functions.items()):
            key = name, first, last
            if any(other["functions"].get(path, {}).get(key, 0) != count for other in others):
                continue
            if count and any(known.get((path, name, first)) != count for _, known in reports):
                continue
            if not count and any(truth["lines"].get(path, {}).get(line) for line in range(first, last + 1)):
                continue
            if any(len({known.get((path, name, first)) for _, known in group}) > 1 for group in groups):
                continue
            picked.setdefault(path, []).append([name, first, count])
    return picked


def pick_lines(truth, others, alone, rows):
    lines, true, disputed = {}, {}, {}
    unsteady = 0
    for path, functions in alone.items():
        counts = truth["lines"].get(path, {})
        doubt = truth["disputed"].get(path, {})
        no_truth = set(truth["no_truth"].get(path, ()))
        own = set(rows.get(path, ()))
        inside = {line for _, first, last, _ in functions for line in range(first, last + 1)}
        for line in sorted(inside & counts.keys()):
            count = counts[line]
            if count < 0 or line in no_truth:
                continue
            if any(other["lines"].get(path, {}).get(line, 0) != count for other in others):
                unsteady += 1
            elif doubt.get(line) == count:
                if count and line in own:
                    disputed.setdefault(path, {})[line] = count
            else:
                lines.setdefault(path, {})[line] = count
                if count and line in own:
                    true.setdefault(path, []).append(line)
    return lines, true, disputed, unsteady


def pick(kernel, work, name, groups):
    """groups: the reports of each kernel, that with gcov first."""
    first = os.path.join(work, "1")
    known = gcov_data.load(os.path.join(first, "known.json"))
    truth = gcov_data.load(os.path.join(first, name, "truth.json"))
    others = [truth_of.read_count(kernel, os.path.join(work, str(number)), name, known["objects"])
              for number in range(2, len(groups[0]) + 1)]
    groups = [[counts_of(read_json(path)) for path in group] for group in groups]
    touched = touched_blocks(gcov_data.load(os.path.join(first, "idle.json"))["lines"])
    alone = pick_alone(truth, touched, sum(groups, []))
    lines, true, disputed, unsteady = pick_lines(truth, others, alone, known["rows"])
    json.dump({
        "alone": alone,
        "lines": lines,
        "true": true,
        "branches": {path: truth["branches"][path] for path in alone if path in truth["branches"]},
        "functions": pick_functions(truth, others, groups[0], groups[1:]),
        "disputed": disputed,
        "unsteady": unsteady,
    }, sys.stdout, separators=(",", ":"))


def main(kernel, work, name, *reports):
    groups = [[]]
    for report in reports:
        if report == "--":
            groups.append([])
        else:
            groups[-1].append(report)
    if len(groups) < 2 or not all(groups):
        sys.exit("pick.py: there must be reports of both kernels")
    pick(kernel, work, name, groups)


if __name__ == "__main__":
    if len(sys.argv) < 7:
        sys.exit("usage: pick.py KERNEL WORK NAME GCOV_REPORT... -- PLAIN_REPORT... [-- OTHER_REPORT...]")
    main(*sys.argv[1:])
