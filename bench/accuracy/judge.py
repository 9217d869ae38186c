# SPDX-License-Identifier: GPL-2.0-or-later
"""Judge reports of plain kernels, and of the one with gcov, by what gcov counted (judged.json of pick.py).

    judge.py [--details PREFIX] JUDGED PLAIN... GCOV >result.json

PLAIN and GCOV are coverage.json of a recording of each kernel. In the result they are "plain", "plain-2" ... and
"gcov". "consistent" has the scores without lines whose counts C does not allow (sequence.py). Differences are written
to PREFIX-plain.tsv and so on.
"""

import argparse
import json
import sys

from compare import score_branches
from pick import counts_of, read_json
from sequence import contradictions

LINES = "hit", "unhit", "wrong", "missed", "no_line", "count"
FUNCTIONS = "hit", "unhit", "wrong", "missed", "no_function", "count"
DISPUTED = "disputed_hit", "disputed_missed", "disputed_no_line"


def judge_lines(judged, lines):
    """{kind: {(path, line)}} of the lines that gcov has a count of."""
    found = {kind: set() for kind in LINES + DISPUTED}
    for path, counts in judged["lines"].items():
        ours = lines.get(path, {})
        true = set(judged["true"].get(path, ()))
        for text, count in counts.items():
            line = int(text)
            own = ours.get(line)
            if count and own:
                found["hit"].add((path, line))
                if own != count:
                    found["count"].add((path, line))
            elif own:
                found["wrong"].add((path, line))
            elif not count:
                found["unhit"].add((path, line))
            elif line in true:
                found["no_line" if own is None else "missed"].add((path, line))
    for path, counts in judged["disputed"].items():
        ours = lines.get(path, {})
        for line in map(int, counts):
            own = ours.get(line)
            found["disputed_" + ("hit" if own else "no_line" if own is None else "missed")].add((path, line))
    return found


def judge_functions(judged, known):
    """{kind: {(path, name, line)}}"""
    found = {kind: set() for kind in FUNCTIONS}
    for path, functions in judged["functions"].items():
        for name, line, count in functions:
            key = path, name, line
            own = known.get(key)
            if count and own:
                found["hit" if own == count else "count"].add(key)
            elif count:
                found["no_function" if own is None else "missed"].add(key)
            else:
                found["wrong" if own else "unhit"].add(key)
    return found


def judge_conditions(judged, report, alone):
    """Conditions of one operand, on lines where gcov has two outcomes: true, then false, where its order is known."""
    found = dict.fromkeys(("lines", "equal", "swapped", "other_count", "wrong"), 0)
    for file in report["files"]:
        known = judged["branches"].get(file["path"], {})
        for line, true, false, *operands in file["conditions"]:
            ours = [true, false]
            counts = known.get(str(line))
            if (file["path"], line) not in alone or operands or not counts or len(counts) != 2:
                continue
            found["lines"] += 1
            if ours == counts:
                found["equal"] += 1
            elif ours == counts[::-1]:
                found["swapped"] += 1
            elif sorted(map(bool, ours)) == sorted(map(bool, counts)):
                found["other_count"] += 1
            else:
                found["wrong"] += 1
    return found


def score(judged, found):
    true = {(path, line) for path, lines in judged["true"].items() for line in lines}
    return {
        "true": len(true),
        "hit": len(true & found["hit"]),
        "missed": len(found["missed"]),
        "no_line": len(found["no_line"]),
        "reported": len(found["hit"]) + len(found["wrong"]),
        "right": len(found["hit"]),
        "wrong": len(found["wrong"]),
        "other_count": len(found["count"]),
        **{kind: len(found[kind]) for kind in DISPUTED},
    }


class Texts:
    """Texts and functions of source lines."""

    def __init__(self, judged):
        self.judged = judged
        self.files = {}

    def of_file(self, path):
        if path not in self.files:
            try:
                with open(path, errors="replace") as file:
                    self.files[path] = file.read().split("\n")
            except OSError:
                self.files[path] = []
        return self.files[path]

    def text(self, path, line):
        texts = self.of_file(path)
        return texts[line - 1].strip().replace("\t", " ") if 0 < line <= len(texts) else ""

    def function(self, path, line):
        names = [name for name, first, last, _ in self.judged["alone"].get(path, ()) if first <= line <= last]
        return names[-1] if names else ""


def consistent(judged, texts):
    """The same without lines whose counts C does not allow."""
    lines, true = {}, {}
    for path, counts in judged["lines"].items():
        left_out = contradictions(texts.of_file(path), {int(line): count for line, count in counts.items()})
        lines[path] = {line: count for line, count in counts.items() if int(line) not in left_out}
        true[path] = [line for line in judged["true"].get(path, ()) if line not in left_out]
    return dict(judged, lines=lines, true=true)


def write_details(path, judged, texts, found, functions, ours, gcov):
    """A line for each difference: kind, file:line, count of gcov, of this report, of the report of the kernel with
    gcov, text, function."""
    def shown(counts, key):
        return "-" if counts is None or key not in counts else str(counts[key])

    def write(kind, source, line, *rest):
        file.write("\t".join((kind, "%s:%d" % (source, line), *rest)) + "\n")

    with open(path, "w") as file:
        for kind in LINES[2:] + DISPUTED[1:]:
            counts = judged["disputed" if kind in DISPUTED else "lines"]
            for source, line in sorted(found[kind]):
                write(kind, source, line, str(counts[source][str(line)]), shown(ours[0].get(source), line),
                      shown(gcov[0].get(source), line), texts.text(source, line), texts.function(source, line))
        for kind in FUNCTIONS[2:]:
            for key in sorted(functions[kind]):
                source, name, line = key
                count = next(count for *function, count in judged["functions"][source] if function == [name, line])
                write(kind if kind == "no_function" else "function_" + kind, source, line, str(count),
                      shown(ours[1], key), shown(gcov[1], key), texts.text(source, line), name)


def judge(arguments):
    judged = read_json(arguments.judged)
    alone = {(path, line) for path, functions in judged["alone"].items()
             for _, first, last, _ in functions for line in range(first, last + 1)}
    branches = {"branches": {path: {int(line): counts for line, counts in lines.items()}
                             for path, lines in judged["branches"].items()}}
    texts = Texts(judged)
    allowed = consistent(judged, texts)
    result = {}
    reports = [read_json(path) for path in arguments.reports]
    gcov = counts_of(reports[-1])
    for number, report in enumerate(reports, 1):
        name = "gcov" if number == len(reports) else "plain-%d" % number if number > 1 else "plain"
        ours = counts_of(report)
        lines = judge_lines(judged, ours[0])
        functions = judge_functions(judged, ours[1])
        result[name] = score(judged, lines)
        result[name]["consistent"] = score(allowed, judge_lines(allowed, ours[0]))
        result[name]["functions"] = {kind: len(keys) for kind, keys in functions.items()}
        result[name]["branches"] = score_branches(branches, report, alone)
        result[name]["conditions"] = judge_conditions(judged, report, alone)
        if arguments.details:
            write_details("%s-%s.tsv" % (arguments.details, name), judged, texts, lines, functions, ours, gcov)
    result["unsteady"] = judged["unsteady"]
    json.dump(result, sys.stdout, indent=1)


def main():
    parser = argparse.ArgumentParser(description="judge a plain kernel's report by gcov's counts")
    parser.add_argument("--details", help="write lines and functions that differ to files whose names begin so")
    parser.add_argument("judged")
    parser.add_argument("reports", nargs="+")
    judge(parser.parse_args())


if __name__ == "__main__":
    main()
