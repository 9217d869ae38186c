#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check coverage.info and coverage.json of a report directory against each other,
the rules of render/formats.h and the JSON schema.

usage: check_report.py DIR SCHEMA

Prints what is wrong, a line each (at most 20), and exits 1 if anything is. The last
line is "lines H/F functions H/F branches H/F files N" for the caller to compare.
"""
import bisect
import json
import re
import sys

import jsonschema

import expand_json

VALIDATED_LINES = 30000
FIRST_BLOCK = 100000  # LCOV_FIRST_BLOCK of render/lcov.c

problems = []


def wrong(text):
    problems.append(text)


class Section:
    def __init__(self, path):
        self.path = path
        self.functions = []  # (line, name)
        self.counts = {}  # name -> count
        self.lines = []  # (line, count)
        self.branches = []  # (line, block, branch, count or None)
        self.totals = {}

    def check(self):
        where = self.path
        names = [name for _, name in self.functions]
        if not self.path.startswith("/") or "/../" in self.path or "//" in self.path:
            wrong(f"{where}: path is not absolute and normalised")
        if not self.lines:
            wrong(f"{where}: section without a line")
        if len(set(names)) != len(names):
            wrong(f"{where}: a function name comes twice")
        if set(names) != set(self.counts):
            wrong(f"{where}: FN and FNDA name different functions")
        numbers = [line for line, _ in self.lines]
        if any(a >= b for a, b in zip(numbers, numbers[1:])):
            wrong(f"{where}: lines do not ascend")
        if numbers and numbers[0] < 1:
            wrong(f"{where}: line 0")
        present = set(numbers)
        for line, name in self.functions:
            if line not in present:
                wrong(f"{where}: no line for function {name} at {line}")
        self.check_ranges()
        expected = {
            "FNF": len(names),
            "FNH": sum(c > 0 for c in self.counts.values()),
            "LF": len(self.lines),
            "LH": sum(c > 0 for _, c in self.lines),
        }
        if self.branches:
            expected["BRF"] = len(self.branches)
            expected["BRH"] = sum(bool(b[3]) for b in self.branches)
            self.check_branches()
        if self.totals != expected:
            wrong(f"{where}: totals {self.totals}, records {expected}")

    def check_branches(self):
        counts = dict(self.lines)
        known = {line for line, _, _, taken in self.branches if taken is not None}
        for line, block, branch, _ in self.branches:
            if line not in counts:
                wrong(f"{self.path}:{line}: branch without a line")
            elif bool(counts[line]) != (line in known):
                wrong(f"{self.path}:{line}: line and branches disagree")
        if len({b[:3] for b in self.branches}) != len(self.branches):
            wrong(f"{self.path}: a branch comes twice")
        if any(branch // 2 != block - FIRST_BLOCK for _, block, branch, _ in self.branches):
            wrong(f"{self.path}: block and branch are not of one jump")

    def check_ranges(self):
        called = {}  # line -> whether one of its functions was
        for line, name in self.functions:
            called[line] = called.get(line, False) or self.counts.get(name, 0) > 0
        executed = dict.fromkeys(called, False)
        starts = sorted(called)
        for line, count in self.lines:
            i = bisect.bisect_right(starts, line)
            if i and count > 0:
                executed[starts[i - 1]] = True
        for line in starts:
            if executed[line] != called[line]:
                wrong(f"{self.path}:{line}: function and lines disagree")

    def check_source(self):
        try:
            with open(self.path, "rb") as f:
                data = f.read()
        except OSError:
            return
        length = data.count(b"\n") + (data[-1:] not in (b"", b"\n"))
        if self.lines and self.lines[-1][0] > length:
            wrong(f"{self.path}: line {self.lines[-1][0]} of {length}")


def read_tracefile(path):
    sections = []
    section = None
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as f:
        for number, text in enumerate(f, 1):
            text = text.rstrip("\n")
            tag, _, rest = text.partition(":")
            if tag == "TN":
                if not re.fullmatch("[A-Za-z0-9_]*", rest):
                    wrong(f"{path}:{number}: bad test name")
            elif tag == "SF":
                section = Section(rest)
            elif tag == "FN" and re.fullmatch(r"\d+,[^,\s]+", rest):
                line, name = rest.split(",")
                section.functions.append((int(line), name))
            elif tag == "FNDA" and re.fullmatch(r"\d+,[^,\s]+", rest):
                count, name = rest.split(",")
                section.counts[name] = int(count)
            elif tag == "DA" and re.fullmatch(r"\d+,\d+", rest):
                line, count = rest.split(",")
                section.lines.append((int(line), int(count)))
            elif tag == "BRDA" and re.fullmatch(r"\d+,\d+,\d+,(\d+|-)", rest):
                line, block, branch, taken = rest.split(",")
                taken = None if taken == "-" else int(taken)
                section.branches.append((int(line), int(block), int(branch), taken))
            elif tag in ("FNF", "FNH", "LF", "LH", "BRF", "BRH") and rest.isdigit():
                section.totals[tag] = int(rest)
            elif text == "end_of_record":
                sections.append(section)
                section = None
            else:
                wrong(f"{path}:{number}: unexpected '{text}'")
    if section:
        wrong(f"{path}: last section has no end")
    paths = [s.path for s in sections]
    if len(set(paths)) != len(paths):
        wrong(f"{path}: two sections for a file")
    return sections


def ratio(hits):
    hits = list(hits)
    return {"hit": sum(bool(h) for h in hits), "found": len(hits)}


def check_branch_lines(file):
    numbers = {line[0] for line in file["lines"]}
    for line, *_ in file["branches"]:
        if line not in numbers:
            wrong(f"{file['path']}:{line}: JSON branch without a line")


def check_conditions(file):
    """A condition is on an executed line."""
    counts = {line[0]: line[1] for line in file["lines"]}
    numbers = [line for line, *_ in file["conditions"]]
    if any(a >= b for a, b in zip(numbers, numbers[1:])):
        wrong(f"{file['path']}: JSON conditions do not ascend")
    for line, true, false, *_ in file["conditions"]:
        if not counts.get(line) or not (true or false):
            wrong(f"{file['path']}:{line}: JSON condition on a line that was not executed")


def check_json_file(file):
    """Check the rules for a file that a schema cannot express."""
    where = file["path"]
    if file["totals"]["lines"] != ratio(line["count"] for line in file["lines"]):
        wrong(f"{where}: JSON line totals are not those of its lines")
    if file["totals"]["functions"] != ratio(f["count"] for f in file["functions"]):
        wrong(f"{where}: JSON function totals are not those of its functions")
    if file["totals"]["branches"] != ratio(count for line in file["lines"] for _, _, count in brda(line)):
        wrong(f"{where}: JSON branch totals are not those of its lines")
    numbers = [line["line"] for line in file["lines"]]
    if any(a >= b for a, b in zip(numbers, numbers[1:])):
        wrong(f"{where}: JSON lines do not ascend")
    for line in file["lines"]:
        if (line["count"] == 0) != (line["state"] == "missed"):
            wrong(f"{where}:{line['line']}: count and state disagree")
        if any(b["taken"] and not b["reached"] for b in line.get("branches", [])):
            wrong(f"{where}:{line['line']}: a branch was taken that was not reached")
        if line["blocks"]["hit"] > line["blocks"]["found"]:
            wrong(f"{where}:{line['line']}: more blocks hit than found")


def brda(line):
    """Return what the tracefile must contain for the branches of a line; render/lcov.c says why."""
    branches = line.get("branches", [])
    unknown = {b["block"] for b in branches if line["count"] and b["reached"] and b["taken"] is None}
    branches = [b for b in branches if b["block"] not in unknown]
    counts = [b["taken"] if line["count"] and b["reached"] else None for b in branches]
    if line["count"] and not any(counts):
        return []
    return [(line["line"], b["branch"], count) for b, count in zip(branches, counts)]


def shown_totals(document):
    """Return the totals that are sums over the files of the document."""
    return document["touched_totals"] if document.get("touched") else document["totals"]


def check_touched(document):
    """Check that touched files have all that was hit, and that each of them has something."""
    if document["touched"] != ("touched_totals" in document):
        wrong("JSON touched and touched_totals disagree")
    if not document["touched"]:
        return
    for kind in ("lines", "functions", "branches"):
        some, every = document["touched_totals"][kind], document["totals"][kind]
        if some["hit"] != every["hit"] or some["found"] > every["found"]:
            wrong(f"JSON totals: {kind} of touched files {some}, of all files {every}")
    for file in document["files"]:
        if not file["totals"]["lines"]["hit"] and not file["totals"]["functions"]["hit"]:
            wrong(f"{file['path']}: nothing was hit")


def check_agreement(sections, document):
    """Check that tracefile and JSON contain the same for every file."""
    files = [f for f in document["files"] if f["lines"]]
    if len(files) != len(sections):
        wrong(f"{len(sections)} files in the tracefile, {len(files)} in JSON")
    for section, file in zip(sections, files):
        if [(l["line"], l["count"]) for l in file["lines"]] != section.lines:
            wrong(f"{section.path}: lines differ from JSON")
        functions = [(f["line"], f["count"]) for f in file["functions"]]
        if functions != [(line, section.counts.get(name)) for line, name in section.functions]:
            wrong(f"{section.path}: functions differ from JSON")
        branches = [(line, branch % 2, count) for line, _, branch, count in section.branches]
        if [b for line in file["lines"] for b in brda(line)] != branches:
            wrong(f"{section.path}: branches differ from JSON")
    totals = shown_totals(document)
    if totals["files"] != len(document["files"]):
        wrong(f"JSON totals: {totals['files']} files of {len(document['files'])}")
    for kind in ("lines", "functions", "branches"):
        for which in ("hit", "found"):
            total = sum(f["totals"][kind][which] for f in document["files"])
            if total != totals[kind][which]:
                wrong(f"JSON totals: {kind} {which} {totals[kind][which]}, files sum up to {total}")
    totals = document["totals"]
    check_touched(document)
    if sum(c["pcs"] for c in document["unmatched_classes"].values()) != totals["unmatched_pcs"]:
        wrong("JSON totals: unmatched PCs are not the sum of their classes")
    if len(document["unmatched"]) != totals["unmatched_pcs"]:
        wrong("JSON totals: unmatched PCs are not those that are listed")


def shape(value):
    """Return the members of an object and of the objects in it, and the lengths of arrays of numbers. A
    mistake in a schema shows in all objects of the same shape."""
    if isinstance(value, dict):
        return tuple((key, shape(value[key])) for key in sorted(value))
    if isinstance(value, list):
        if value and isinstance(value[0], int):
            return ("numbers", len(value))
        return ("list", frozenset(shape(v) for v in value))
    return type(value).__name__


def sample(files):
    """jsonschema takes a minute for half a million lines, so of a large report, leave out files
    whose objects have the same shape as those of a file that is kept."""
    seen = set()
    budget = VALIDATED_LINES
    kept = []
    for file in files:
        look = shape(file)
        budget -= len(file["lines"])
        if budget > 0 or look not in seen:
            kept.append(file)
        seen.add(look)
    return kept


def closed(schema):
    """Return the schema without room for members and elements that it does not name. It leaves room,
    so that readers do too; what we write must be described."""
    if isinstance(schema, list):
        return [closed(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object":
        schema["additionalProperties"] = False
    if "prefixItems" in schema:
        schema["items"] = False
    return schema


def validate(document, schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    schema = closed(schema)
    part = dict(document, files=sample(document["files"]))
    for error in jsonschema.Draft202012Validator(schema).iter_errors(part):
        wrong(f"coverage.json: {'/'.join(map(str, error.path))}: {error.message[:200]}")
        if len(problems) > 20:
            break


def main():
    directory, schema_path = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as f:
        schema = json.load(f)
    with open(f"{directory}/coverage.json", encoding="utf-8") as f:
        document = json.load(f)
    validate(document, schema)
    sections = read_tracefile(f"{directory}/coverage.info")
    for section in sections:
        section.check()
        section.check_source()
    for file in document["files"]:
        check_branch_lines(file)
        check_conditions(file)
    if not problems:
        document = expand_json.expand(document)
        for file in document["files"]:
            check_json_file(file)
        check_agreement(sections, document)
    for problem in problems[:20]:
        print(problem)
    if len(problems) > 20:
        print(f"... and {len(problems) - 20} more")
    shown = shown_totals(document)
    totals = " ".join(f"{kind} {shown[kind]['hit']}/{shown[kind]['found']}" for kind in ("lines", "functions", "branches"))
    print(f"{totals} files {len(sections)}")
    return 1 if problems else 0


sys.exit(main())
