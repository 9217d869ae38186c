# SPDX-License-Identifier: GPL-2.0-or-later
"""Judge how often conditions were true and false, by the counts of a kernel that counts each `if`
(CONFIG_PROFILE_ALL_BRANCHES).

    branches.py JUDGED BRANCHES IDLE OWN_REPORT REPORT DETAILS >result.json
    branches.py --table RESULTS <"SET|NAME|..." lines

JUDGED is judged.json of pick.py, BRANCHES what guest.sh stored of the kernel that counts, OWN_REPORT the report of its
run, REPORT that of the plain kernel. Judged are functions of JUDGED that this kernel entered as often, too, and of which
nothing was counted in the idle run (IDLE): reading the counts executes code. Only an `if` on one line is judged.
"""

import json
import os
import re
import sys

from pick import counts_of, read_json

KINDS = "ifs", "equal", "other_count", "wrong", "not_known", "not_hit"
# An if that begins its line, and nothing in it that has an if of its own.
IF = re.compile(r"(\} )?(else )?if \(")
HAS_IFS = re.compile(r"\b(if|[A-Z]\w+|pr_\w+|net_\w*ratelimited\w*|min\w*|max\w*)\s*\(")


def read_branches(path):
    """{(file, line): {function: [true, false]}}; the kernel cuts names to 20 and 30 bytes."""
    counts = {}
    with open(path) as file:
        for row in file:
            function, name, line, true, false = row.split()
            counts.setdefault((name, int(line)), {})[function] = [int(true), int(false)]
    return counts


def is_plain_if(text):
    begin = IF.match(text)
    return bool(begin) and not HAS_IFS.search(text, begin.end()) and text.count("(") == text.count(")")


def classify(ours, counts):
    if ours is None:
        return "not_known"
    if ours == counts:
        return "equal"
    return "other_count" if list(map(bool, ours)) == list(map(bool, counts)) else "wrong"


def judge(judged, branches, idle, own, report, details):
    found = dict.fromkeys(KINDS, 0)
    own = counts_of(read_json(own))[0]
    busy = {(name, function) for (name, _), counts in idle.items() for function in counts}
    files = {file["path"]: file for file in read_json(report)["files"]}
    for path, functions in read_json(judged)["alone"].items():
        if path not in files:
            continue
        lines = {line: count for line, count, *_ in files[path]["lines"]}
        conditions = {line: [true, false] for line, true, false, *_ in files[path]["conditions"]}
        with open(path, errors="replace") as file:
            texts = [text.strip() for text in file]
        for name, first, last, count in functions:
            if own.get(path, {}).get(first) != count or (os.path.basename(path)[:20], name[:30]) in busy:
                continue
            for line in range(first, min(last, len(texts)) + 1):
                counts = branches.get((os.path.basename(path)[:20], line), {}).get(name[:30])
                if not counts or not is_plain_if(texts[line - 1]):
                    continue
                ours = conditions.get(line)
                kind = classify(ours, counts) if lines.get(line) else "not_hit"
                found["ifs"] += 1
                found[kind] += 1
                if kind != "equal":
                    print(kind, "%s:%d" % (path, line), counts, ours, texts[line - 1], name, sep="\t", file=details)
    return found


def print_table(folder):
    groups = {}
    for line in sys.stdin:
        group, name = line.split("|")[:2]
        groups.setdefault(group, []).append(read_json(os.path.join(folder, name, "branches", "result.json")))
    for group, results in groups.items():
        print("%s: %s" % (group, ", ".join("%s %d" % (kind, sum(result[kind] for result in results))
                                            for kind in KINDS)))


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--table":
        print_table(sys.argv[2])
    elif len(sys.argv) == 7:
        with open(sys.argv[6], "w") as file:
            result = judge(sys.argv[1], read_branches(sys.argv[2]), read_branches(sys.argv[3]), *sys.argv[4:6], file)
            json.dump(result, sys.stdout, indent=1)
    else:
        sys.exit(__doc__)
