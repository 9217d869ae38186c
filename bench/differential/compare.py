# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare lines by kcovreport with those by gcov and llvm-cov, for random functions.

    compare.py [--check] [--alone] WORK BUILD...

WORK is the directory of run.sh, BUILD a folder in it: COMPILER-LEVEL[,OPTION]... A line is compared if gcov knows it. Writes
tables to standard output, and each difference to details.tsv in the folder. Each difference belongs to a class
(classes.py). The exit status is 1 if one does not. With --check it is 1, too, if recall, precision or equal counts
are below what classes.py expects; with --alone, of the machine code alone.
"""

import argparse
import collections
import json
import os
import re
import sys

import classes
from oracles import Oracles

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "accuracy"))
from evidence import alone, best_evidence, is_counted, read_places, reason_missed  # noqa: E402

STATEMENTS = "statements_of_source"
FUNCTION = re.compile(r"\S+ \S+ (\S+)$")  # of "0x10-0x20 vmlinux FUNCTION"

Difference = collections.namedtuple("Difference", "word reason kind key count")


def lines_by_kcovreport(path):
    with open(path) as file:
        coverage = json.load(file)
    return {(os.path.basename(source["path"]), line): count
            for source in coverage["files"] for line, count, *_ in source["lines"]}


def read_evidence(path):
    """{(file, line): blocks} of what `kcovreport report --explain ''` prints."""
    return {(os.path.basename(source), line): blocks for (source, line), blocks in read_places(path)}


def compare_line(oracles, key, ours):
    """How the lines differ, in a word; "" if they do not."""
    count = oracles.gcov[key]
    if oracles.disagree(key):
        return "disputed"
    if ours is None:
        return "no line, executed" if count else "no line, not executed"
    if not ours:
        return "missed" if count else ""
    if not count:
        return "wrong"
    known = oracles.counts(key) - {0}
    return "" if ours in known else "fewer" if ours < max(known) else "more"


def find_reason(word, blocks):
    """What in the report led to it."""
    texts = [text for _, text in blocks]
    if word == "missed":
        return reason_missed(texts)
    if word in ("wrong", "more"):
        return best_evidence(texts)
    if word == "fewer":
        functions = [FUNCTION.search(place).group(1) for place, text in blocks if is_counted(text)]
        return "several blocks" if len(set(functions)) < len(functions) else "one block"
    return "-"


def count_alone(blocks, ours):
    """The count that the machine code alone has for a line; None if it says nothing."""
    said = alone([text for _, text in blocks])
    return ours if not said else None if said == "nothing" else int(said.split()[0]) if said != "missed" else 0


def why_statements(oracles, key, counts):
    """
    What led the statements of the source astray: the counts that the machine code alone has for other lines of the
    function, if one is wrong. There the flow that costs least is not what happened.
    """
    known = [(counts[other], oracles.gcov[other]) for other in oracles.function_of(key)
             if other in oracles.gcov and counts.get(other) is not None and not oracles.disagree(other)]
    if any(count > right for count, right in known):
        return STATEMENTS + ", some counts too large"
    if any(count < right for count, right in known):
        return STATEMENTS + ", some counts too small"
    return STATEMENTS + ", counts right"


def compare(oracles, folder):
    """[Difference], and the number of lines that are equal, by whether they were executed."""
    ours = lines_by_kcovreport(os.path.join(folder, "report", "coverage.json"))
    evidence = read_evidence(os.path.join(folder, "evidence"))
    counts = {key: count_alone(evidence.get(key, ()), ours.get(key)) for key in oracles.keys}
    found, equal = [], collections.Counter()
    for key in oracles.keys:
        word = compare_line(oracles, key, ours.get(key))
        if word:
            reason = find_reason(word, evidence.get(key, ()))
            if reason == STATEMENTS and word in ("missed", "wrong"):
                reason = why_statements(oracles, key, counts)
            found.append(Difference(word, reason, oracles.kinds[key], key, ours.get(key)))
        else:
            equal[oracles.gcov[key] > 0] += 1
    for key in sorted(ours):
        if key in oracles.kinds and key not in oracles.gcov:
            word = "only ours, hit" if ours[key] else "only ours, missed"
            found.append(Difference(word, "-", oracles.kinds[key], key, ours[key]))
    return found, equal


def percent(part, whole):
    """Rounded down, as in bench/accuracy."""
    return 100.0 if part == whole else part * 10000 // whole / 100


def count_words(found):
    return collections.Counter(difference.word for difference in found)


def totals(found, equal):
    """{name: (part, whole)}"""
    n = count_words(found)
    hit = equal[True] + n["fewer"] + n["more"]
    return {
        "recall": (hit, hit + n["missed"]),
        "precision": (hit, hit + n["wrong"]),
        "counts": (equal[True], hit),
        "with a line": (hit + n["missed"], hit + n["missed"] + n["no line, executed"]),
    }


def costs(folder):
    """(Coverage points, bytes of machine code)"""
    with open(os.path.join(folder, "report", "coverage.json")) as file:
        points = json.load(file)["totals"]["points"]["found"]
    with open(os.path.join(folder, "text")) as file:
        return points, int(file.read())


def print_totals(work, results):
    print("| build | recall | precision | equal counts | executed lines that have a row | points | text |")
    print("|---|---|---|---|---|---|---|")
    for build, (found, equal) in results.items():
        print("| %s |%s %d | %d |" % (build, "".join(
            " %.2f %% %d/%d |" % (percent(*values), *values) for values in totals(found, equal).values()),
            *costs(os.path.join(work, build))))


def print_classes(results):
    rows = collections.defaultdict(collections.Counter)
    for build, (found, _) in results.items():
        for d in found:
            name = classes.find_class(build.split("-")[0], *d[:3]) or "NOT EXPLAINED: %s, %s" % (d.reason, d.kind)
            rows[classes.DIFFERENCES.index(d.word), name][build] += 1
    print("\n| difference | class | %s |\n|---|---|%s" % (" | ".join(results), "---|" * len(results)))
    for (word, name), counts in sorted(rows.items()):
        print("| %s | %s | %s |" % (classes.DIFFERENCES[word], name,
                                    " | ".join(str(counts[build]) for build in results)))


def write_details(path, oracles, compiler, found):
    with open(path, "w") as file:
        for d in found:
            name = classes.find_class(compiler, *d[:3]) or "NOT EXPLAINED"
            file.write("%s\t%s\t%s\t%s\t%s:%d\tours %s, gcov %d, llvm-cov %s\n" % (
                d.word, name, d.reason, d.kind, *d.key, d.count, oracles.gcov[d.key],
                "/".join(map(str, oracles.llvm.get(d.key, "-")))))


def failures(results, expected):
    """What is wrong, in sentences."""
    for build, (found, equal) in results.items():
        for d in found:
            if not classes.find_class(build.split("-")[0], *d[:3]):
                yield "%s: %s:%d: '%s' (%s, %s) is in no class" % (build, *d.key, d.word, d.reason, d.kind)
        for name, least in expected.get(build, {}).items():
            part, whole = totals(found, equal)[name]
            if percent(part, whole) < least or not whole:
                yield "%s: %s is %.2f %% (%d/%d), less than %.1f %%" % (
                    build, name, percent(part, whole), part, whole, least)


def main():
    parser = argparse.ArgumentParser(description="compare lines with gcov and llvm-cov")
    parser.add_argument("--check", action="store_true", help="fail if the numbers are worse than expected")
    parser.add_argument("--alone", action="store_true", help="the reports are of the machine code alone")
    parser.add_argument("work")
    parser.add_argument("builds", nargs="+")
    arguments = parser.parse_args()
    oracles = Oracles(arguments.work)
    results = {build: compare(oracles, os.path.join(arguments.work, build)) for build in arguments.builds}
    for build, (found, _) in results.items():
        write_details(os.path.join(arguments.work, build, "details.tsv"), oracles, build.split("-")[0], found)
    print_totals(arguments.work, results)
    print_classes(results)
    expected = classes.EXPECTED_ALONE if arguments.alone else classes.EXPECTED
    wrong = list(failures(results, expected if arguments.check else {}))
    for text in wrong:
        print("bench/differential: " + text, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
