# SPDX-License-Identifier: GPL-2.0-or-later
"""table.py RESULTS: print the results of compare.py, RESULTS/NAME/result.json, as text, for the
workloads on standard input, whose lines are "SET|NAME|...". Percentages are rounded down."""

import json
import os
import sys

WAYS = ["addr2line", "addr2line -i", "kcovreport"]
WIDTHS = 8, 12, 13, 6, 8, 11, 8, 11, 8, 11, 8, 12


def percent(part, whole):
    if not whole:
        return "-"
    permille = part * 1000 // whole
    return "%d.%d %%" % (permille // 10, permille % 10)


def print_row(*columns):
    cells = [text.ljust(width) if i < 3 else text.rjust(width)
             for i, (text, width) in enumerate(zip(columns, WIDTHS))]
    print("  ".join(cells).rstrip())


def print_score(group, name, way, score):
    print_row(group, name, way, str(score["hit"]),
              percent(score["found"], score["to_find"]),
              "%d/%d" % (score["found"], score["to_find"]),
              percent(score["found_entered"], score["to_find_entered"]),
              "%d/%d" % (score["found_entered"], score["to_find_entered"]),
              percent(score["found_alone"], score["to_find_alone"]),
              "%d/%d" % (score["found_alone"], score["to_find_alone"]),
              percent(score["true"], score["judged"]),
              "%d/%d" % (score["true"], score["judged"]))


def add_up(scores):
    return {key: sum(score[key] for score in scores) for key in scores[0]}


def print_scores(title, groups, ways):
    print_row("set", "workload", title, "hit", "recall", "found/all", "entered", "found/all",
              "alone", "found/all", "precise", "true/judged")
    for group, results in groups.items():
        for name, result in results.items():
            for way in ways:
                print_score(group, name, way, result[way])
    for group, results in groups.items():
        for way in ways:
            print_score(group, "all", way, add_up([result[way] for result in results.values()]))
    print()


def print_evidence(group, evidence):
    """The evidence for lines reported as executed and how often it is right; and why lines are missed."""
    for kind in evidence[0]["hit"]:
        judged = add_up([one["hit"][kind] for one in evidence])
        whole = judged["true"] + judged["wrong"]
        print("%s, all: hit by %s: %d lines, %d executed, %d not: %s" % (
            group, kind, whole, judged["true"], judged["wrong"], percent(judged["true"], whole)))
    texts = {"missed": "executed (alone), reported as missed", "rightly_missed": "not executed (alone), nor reported"}
    for kind, text in texts.items():
        why = add_up([one[kind] for one in evidence])
        print("%s, all: %s: %d lines: %s" % (
            group, text, sum(why.values()), ", ".join("%s %d" % item for item in why.items())))


def print_rest(name, result):
    """What the scores do not include."""
    print("%s: %d PCs of %d tasks (%d not covered), %d saturations" % (
        name, result["pcs"], result["tasks"], result["tasks_not_covered"], result["saturations"]))
    print("  gcov counted %d lines; not judged of the hit lines: %d that it does not know, %d of them "
          "declarations of what it knows only inlined" % (
              result["counted"], result["kcovreport"]["unknown"], result["inlined_declarations"]))
    print("  not in recall: %d lines without machine code, %d in files not in the report, %d with a "
          "negative count, %d disputed" % (
              result["counted_without_code"], result["counted_in_files_not_in_report"],
              result["negative"], result["disputed"]))
    if result["branches"]:
        print("  branches: %s" % ", ".join("%s %d" % item for item in result["branches"].items()))


def main(folder):
    groups = {}
    for line in sys.stdin:
        group, name = line.split("|")[:2]
        with open(os.path.join(folder, name, "result.json")) as result:
            groups.setdefault(group, {})[name] = json.load(result)
    print_scores("lines by", groups, WAYS)
    print_scores("", groups, ["functions"])
    for group, results in groups.items():
        print_evidence(group, [result["evidence"] for result in results.values()])
    print()
    for results in groups.values():
        for name, result in results.items():
            print_rest(name, result)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: table.py RESULTS")
    main(sys.argv[1])
