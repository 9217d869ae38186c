# SPDX-License-Identifier: GPL-2.0-or-later
"""plain_table.py RESULTS: print the results of judge.py, RESULTS/NAME/result.json, as text, for the workloads on
standard input, whose lines are "SET|NAME|..."."""

import json
import os
import sys

WIDTHS = 8, 12, 7, 6, 9, 9, 9, 9, 12, 9, 10


def percent(part, whole):
    return "%.2f %%" % (part * 100 / whole) if whole else "-"


def print_row(*columns):
    cells = [text.ljust(width) if i < 3 else text.rjust(width)
             for i, (text, width) in enumerate(zip(columns, WIDTHS))]
    print("  ".join(cells).rstrip())


def print_score(group, name, kernel, score):
    disputed = [score["disputed_" + kind] for kind in ("hit", "missed", "no_line")]
    print_row(group, name, kernel, str(score["true"]),
              *(percent(score[kind], score["true"]) for kind in ("hit", "missed", "no_line")),
              percent(score["right"], score["reported"]), "%d/%d" % (score["wrong"], score["reported"]),
              percent(score["other_count"], score["right"]),
              percent(score["hit"] + disputed[0], score["true"] + sum(disputed)))


def add_up(scores):
    return {key: sum(score[key] for score in scores) for key in scores[0]
            if isinstance(scores[0][key], int)}


def print_rest(group, kernel, results):
    functions = add_up([result[kernel]["functions"] for result in results])
    branches = add_up([result[kernel]["branches"] for result in results if result[kernel]["branches"]])
    conditions = add_up([result[kernel]["conditions"] for result in results])
    print("%s, %s: functions: %s" % (group, kernel, ", ".join("%s %d" % item for item in functions.items())))
    print("%s, %s: branches: %s" % (group, kernel, ", ".join("%s %d" % item for item in branches.items())))
    print("%s, %s: conditions: %s" % (group, kernel, ", ".join("%s %d" % item for item in conditions.items())))


def main(folder):
    groups = {}
    for line in sys.stdin:
        group, name = line.split("|")[:2]
        with open(os.path.join(folder, name, "result.json")) as result:
            groups.setdefault(group, {})[name] = json.load(result)
    kernels = [key for key in groups[group][name] if key != "unsteady"]
    print_row("set", "workload", "kernel", "true", "hit", "missed", "no line", "precise", "wrong", "count",
              "disputed+")
    for group, results in groups.items():
        for name, result in results.items():
            for kernel in kernels:
                print_score(group, name, kernel, result[kernel])
    for group, results in groups.items():
        for kernel in kernels:
            print_score(group, "all", kernel, add_up([result[kernel] for result in results.values()]))
    print("\nwithout lines whose counts C does not allow:")
    for group, results in groups.items():
        for kernel in kernels:
            print_score(group, "all", kernel, add_up([result[kernel]["consistent"] for result in results.values()]))
    print()
    for group, results in groups.items():
        for kernel in kernels:
            print_rest(group, kernel, list(results.values()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: plain_table.py RESULTS")
    main(sys.argv[1])
