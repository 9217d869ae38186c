# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the report of a run with gcov's counts of the same run.

    compare.py [--details FILE] TRUTH COVERAGE FRAMES EVIDENCE

TRUTH is truth.json, COVERAGE what kcovreport reports (coverage.json), FRAMES what `kcovreport
symbolize --json` prints for the PCs of the run, EVIDENCE what `kcovreport report --explain ''` prints for every line.
Writes the numbers to standard output as JSON.

Precision: the share of lines reported as hit that gcov counted, among those that gcov knows.
Recall: the share of lines reported as hit, among those that own machine code and that gcov counted in
functions which an idle machine does not execute. Recall is computed twice more: for functions in which a PC
was recorded, since gcov counts interrupts and kernel threads too and KCOV does not; and for functions that
both saw entered equally often, so that only the workload executed them.
"""

import argparse
import json

import gcov_data
from blocks import is_touched, touched_blocks
from evidence import EVIDENCE, REASONS, best_evidence, read_evidence, reason_missed


def read_json(path):
    with open(path) as file:
        return json.load(file)


def lines_of_frames(frames, innermost_only):
    """{(path, line)} of the recorded PCs that are coverage points."""
    found = set()
    for pc in frames["pcs"]:
        if pc["class"] != "point":
            continue
        for frame in pc["frames"][:1] if innermost_only else pc["frames"]:
            if frame["file"] and frame["line"]:
                found.add((frame["file"], frame["line"]))
    return found


def lines_of_coverage(coverage):
    return {(file["path"], line) for file in coverage["files"]
            for line, count, *_ in file["lines"] if count}


def pairs(by_file, files):
    return {(path, line) for path, lines in by_file.items() if path in files for line in lines}


def score(hit, counted, known, recall, entered, alone):
    """Precision and recall of one method to find hit lines; arguments are sets of (path, line)."""
    known_hit = hit & known
    return {
        "hit": len(hit),
        "unknown": len(hit) - len(known_hit),
        "true": len(known_hit & counted),
        "judged": len(known_hit),
        "found": len(hit & recall),
        "to_find": len(recall),
        "found_entered": len(hit & entered),
        "to_find_entered": len(entered),
        "found_alone": len(hit & alone),
        "to_find_alone": len(alone),
    }


def score_functions(truth, coverage, busy):
    """The same for functions: (path, name, line)."""
    ours = {(file["path"], function["name"], function["line"]): function["count"]
            for file in coverage["files"] for function in file["functions"]}
    known, counted, recall, entered, alone = set(), set(), set(), set(), set()
    for path, functions in truth["functions"].items():
        chosen = truth["recall"].get(path, ())
        for (name, first, last), count in functions.items():
            key = path, name, first
            if key not in ours:
                continue
            known.add(key)
            if count:
                counted.add(key)
                if any(first <= line <= last for line in chosen):
                    recall.add(key)
                    if is_touched(busy, path, last):
                        entered.add(key)
                    if ours[key] == count:
                        alone.add(key)
    hit = {key for key, count in ours.items() if count}
    return score(hit, counted, known, recall, entered, alone)


def lines_alone(truth, coverage):
    """Lines of functions that gcov and KCOV saw entered equally often: no other context entered them."""
    alone = set()
    for file in coverage["files"]:
        path = file["path"]
        counts = {line: count for line, count, *_ in file["lines"]}
        for (_, first, last), count in truth["functions"].get(path, {}).items():
            if count and counts.get(first) == count:
                alone.update((path, line) for line in range(first, last + 1))
    return alone


def jumps_by_line(file):
    """{line: both counts of each jump, which are missing if it was not reached}"""
    jumps = {}
    for line, *taken in file["branches"]:
        jumps.setdefault(line, []).append(taken)
    return jumps


def score_branches(truth, coverage, alone):
    """Outcomes of jumps that were reached, on lines where both know one, in functions that the
    workload had alone."""
    numbers = {"lines": 0, "other_number": 0, "outcomes": 0, "true": 0, "wrong_taken": 0,
               "wrong_not_taken": 0, "unjudged": 0}
    for file in coverage["files"]:
        known = truth["branches"].get(file["path"], {})
        for line, jumps in jumps_by_line(file).items():
            counts = known.get(line)
            if not counts or (file["path"], line) not in alone or not any(jumps):
                continue
            if len(jumps) != 1 or len(counts) != 2:
                numbers["other_number"] += 1
                continue
            numbers["lines"] += 1
            score_branch_line(numbers, jumps[0], counts)
    return numbers if numbers["lines"] or numbers["other_number"] else None


def score_branch_line(numbers, ours, counts):
    """Compare as multisets: nothing says which outcome is which."""
    taken = sum(1 for count in counts if count > 0)
    unjudged = ours.count(None)
    ours_taken = sum(1 for count in ours if count)
    numbers["outcomes"] += len(counts)
    numbers["unjudged"] += unjudged
    wrong_taken = max(0, ours_taken - taken)
    wrong_not_taken = max(0, len(counts) - unjudged - ours_taken - (len(counts) - taken))
    numbers["wrong_taken"] += wrong_taken
    numbers["wrong_not_taken"] += wrong_not_taken
    numbers["true"] += len(counts) - unjudged - wrong_taken - wrong_not_taken


def weigh_evidence(path, hit, counted, missed, unhit):
    """How good each rule is. Counts the lines in `hit` that were executed and those that were not, by the best
    evidence of each. For lines reported as missed, counts the reasons: for those that were executed (`missed`)
    and for those that were not (`unhit`)."""
    judged = {kind: {"true": 0, "wrong": 0} for kind in EVIDENCE}
    why = dict.fromkeys(REASONS, 0)
    rightly = dict(why)
    left = set(missed)
    for key, blocks in read_evidence(path):
        if key in hit:
            judged[best_evidence(blocks)]["true" if key in counted else "wrong"] += 1
        elif key in left:
            why[reason_missed(blocks)] += 1
            left.remove(key)
        elif key in unhit:
            rightly[reason_missed(blocks)] += 1
    why["not_known"] += len(left)
    return {"hit": judged, "missed": why, "rightly_missed": rightly}


class Sources:
    """Texts and functions of source lines, for people who look for the cause of an error."""

    def __init__(self, truth):
        self.texts = {}
        self.functions = {path: sorted((first, name) for name, first, _ in functions)
                          for path, functions in truth["functions"].items()}

    def text(self, path, line):
        if path not in self.texts:
            try:
                with open(path, errors="replace") as file:
                    self.texts[path] = file.read().splitlines()
            except OSError:
                self.texts[path] = []
        texts = self.texts[path]
        return texts[line - 1].strip() if line <= len(texts) else ""

    def function(self, path, line):
        """The last function that begins above. Wrong only for functions that are inlined everywhere."""
        name = "?"
        for start, candidate in self.functions.get(path, ()):
            if start > line:
                break
            name = candidate
        return name


def write_details(path, truth, kinds):
    sources = Sources(truth)
    with open(path, "w") as file:
        for word, lines in kinds.items():
            for source, line in sorted(lines):
                file.write("%s\t%s:%d\t%d\t%s\t%s\n" % (
                    word, source, line, truth["lines"][source][line],
                    sources.text(source, line).replace("\t", " "), sources.function(source, line)))


def entered_functions(frames):
    """Functions in which a PC was recorded: tasks of the workload executed them."""
    lines = {}
    for path, line in lines_of_frames(frames, False):
        lines.setdefault(path, {})[line] = 1
    return touched_blocks(lines)


def compare(arguments):
    truth = gcov_data.load(arguments.truth)
    coverage = read_json(arguments.coverage)
    frames = read_json(arguments.frames)
    files = {file["path"] for file in coverage["files"]}
    known = pairs(truth["lines"], files)
    counted = {(path, line) for path, line in known if truth["lines"][path][line] > 0}
    negative = {(path, line) for path, line in known if truth["lines"][path][line] < 0}
    inlined = pairs(truth["no_truth"], files)
    disputed = {(path, line) for path, line in pairs(truth["disputed"], files)
                if truth["lines"][path][line] == truth["disputed"][path][line]}
    # negative: a task slept there when the counters were reset
    known -= negative | inlined | disputed
    recall = pairs(truth["recall"], files) - negative - disputed
    alone = lines_alone(truth, coverage)
    recall_alone = recall & alone
    busy = entered_functions(frames)
    entered = {(path, line) for path, line in recall if is_touched(busy, path, line)}
    lines_hit = lines_of_coverage(coverage)
    missed, wrong = recall_alone - lines_hit, (lines_hit & known) - counted
    unhit = (known & alone) - counted - lines_hit
    if arguments.details:
        write_details(arguments.details, truth, {
            "FP": wrong,
            "FN": missed,
            "FN?": recall - alone - lines_hit,
        })
    runs = coverage["runs"]
    print(json.dumps({
        "addr2line": score(lines_of_frames(frames, True), counted, known, recall, entered, recall_alone),
        "addr2line -i": score(lines_of_frames(frames, False), counted, known, recall, entered, recall_alone),
        "kcovreport": score(lines_hit, counted, known, recall, entered, recall_alone),
        "functions": score_functions(truth, coverage, busy),
        "branches": score_branches(truth, coverage, alone),
        "evidence": weigh_evidence(arguments.evidence, lines_hit & known, counted, missed, unhit),
        "counted": len(counted),
        "counted_without_code": sum(map(len, truth["no_code"].values())),
        "counted_in_files_not_in_report": sum(
            len(lines) for path, lines in truth["recall"].items() if path not in files),
        "negative": len(negative),
        "disputed": len(disputed),
        "inlined_declarations": len(lines_hit & inlined),
        "saturations": sum(task["saturations"] for run in runs for task in run["tasks"]),
        "tasks": sum(len(run["tasks"]) for run in runs),
        "tasks_not_covered": sum(task["state"] != "covered" for run in runs for task in run["tasks"]),
        "pcs": coverage["totals"]["pcs"],
    }, indent=1))


def main():
    parser = argparse.ArgumentParser(description="compare with gcov")
    parser.add_argument("--details", help="write wrong and missed lines to this file")
    parser.add_argument("truth")
    parser.add_argument("coverage")
    parser.add_argument("frames")
    parser.add_argument("evidence")
    compare(parser.parse_args())


if __name__ == "__main__":
    main()
