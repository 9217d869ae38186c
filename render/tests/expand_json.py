#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Expand the arrays of coverage.json into objects with names (docs/coverage.schema.json).

usage: expand_json.py <coverage.json

A line becomes {"line", "count", "state", "blocks": {"hit", "found"}} and, if it has any,
"branches": [{"block", "branch", "reached", "taken"}, ...], two entries for each jump. This is how
version 1 of the format wrote them.
"""
import json
import sys


def expand_line(values):
    line, count, found, hit, partial = (values + [0, 0, 0])[:5]
    state = "missed" if not count else "partial" if partial else "hit"
    return {"line": line, "count": count, "state": state, "blocks": {"hit": hit, "found": found}}


def expand_branch(line, values):
    """Add both outcomes of a jump to its line."""
    outcomes = line.setdefault("branches", [])
    reached = len(values) > 1
    for branch, taken in enumerate(values[1:3] if reached else (0, 0)):
        outcomes.append({"block": (len(outcomes) - branch) // 2, "branch": branch, "reached": reached,
                         "taken": taken})


def expand_file(file):
    lines = [expand_line(values) for values in file["lines"]]
    by_number = {line["line"]: line for line in lines}
    for values in file["branches"]:
        expand_branch(by_number[values[0]], values)
    expanded = {key: value for key, value in file.items() if key != "branches"}
    return dict(expanded, lines=lines)


def expand(document):
    return dict(document, files=[expand_file(file) for file in document["files"]])


if __name__ == "__main__":
    json.dump(expand(json.load(sys.stdin)), sys.stdout, separators=(",", ":"))
