# SPDX-License-Identifier: GPL-2.0-or-later
"""How often each line was executed, by gcov and by llvm-cov. Both count an unoptimized build."""

import collections
import json
import os
import re

# What may be before a statement or a condition: llvm-cov counts it with what is around it.
BEFORE = re.compile(r"\s*(?:\}\s*(?:while \()?)?(?:else\s+)?")

# The first line of a function, as the generator writes it.
HEAD = re.compile(r"[a-z].*\)$")


def lines_by_gcov(path):
    """{(file, line): count} of what `gcov --json-format --stdout` prints: a document for each object."""
    counts = collections.Counter()
    with open(path) as file:
        for document in map(json.loads, file):
            for source in document["files"]:
                for line in source["lines"]:
                    counts[os.path.basename(source["file"]), line["line_number"]] += line["count"]
    return counts


def read_segments(text, segments):
    """{line: (count where its statement begins, largest count of a region that begins on it)}. A segment says what
    is true from its place up to the next one."""
    lines = {}
    count, at = None, 0
    for number, line in enumerate(text.splitlines(), 1):
        column = BEFORE.match(line).end() + 1
        first = most = count
        while at < len(segments) and segments[at][0] == number:
            _, start, value, is_counted, begins, is_gap = segments[at]
            count = value if is_counted else None
            if start <= column:
                first = most = count
            elif begins and not is_gap and count is not None:
                most = max(most or 0, count)
            at += 1
        if first is not None:
            lines[number] = first, most
    return lines


def lines_by_llvm(path):
    """{(file, line): (count, largest count)} of what `llvm-cov export` prints."""
    lines = {}
    with open(path) as file:
        sources = json.load(file)["data"][0]["files"]
    for source in sources:
        with open(source["filename"]) as file:
            text = file.read()
        name = os.path.basename(source["filename"])
        for line, counts in read_segments(text, source["segments"]).items():
            lines[name, line] = counts
    return lines


def read_functions(path):
    """{line: range of the lines of its function}"""
    functions, first = {}, None
    with open(path) as file:
        for number, line in enumerate(file, 1):
            if HEAD.match(line):
                first = number
            elif first and line.startswith("}"):
                functions.update(dict.fromkeys(range(first, number + 1), range(first, number + 1)))
                first = None
    return functions


class Oracles:
    """What both say, and what the generator put on each line."""

    def __init__(self, work):
        self.gcov = lines_by_gcov(os.path.join(work, "gcov", "lines.json"))
        self.llvm = lines_by_llvm(os.path.join(work, "llvm", "lines.json"))
        with open(os.path.join(work, "source", "kinds.json")) as file:
            kinds = json.load(file)
        self.kinds = {(name, number): kind for name, lines in kinds.items() for number, kind in enumerate(lines, 1)}
        self.keys = sorted(key for key in self.gcov if key in self.kinds)
        self.functions = {name: read_functions(os.path.join(work, "source", name)) for name in kinds}

    def function_of(self, key):
        """The lines of the function that a line is in."""
        name, number = key
        return [(name, other) for other in self.functions[name].get(number, ())]

    def counts(self, key):
        """All counts that are right for a line: gcov adds up its blocks, llvm-cov has a count for each region."""
        return {self.gcov[key], *self.llvm.get(key, ())}

    def disagree(self, key):
        return key in self.llvm and (self.llvm[key][0] > 0) != (self.gcov[key] > 0)
