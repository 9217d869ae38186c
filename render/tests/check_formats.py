#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that all formats in a report directory show the same numbers.

usage: check_formats.py DIR SCHEMA

DIR has coverage.info, .json, .xml, .csv, .md, .jsonl and summary.json; SCHEMA is that of summary.json.
Prints what is wrong, a line each, and exits 1 if anything is; else one line with the totals.
"""
import csv
import json
import os
import re
import sys
import xml.etree.ElementTree

import jsonschema

KINDS = ("lines", "functions", "branches")
problems = []


def wrong(text):
    problems.append(text)


def ratio(hit, found):
    return {"hit": hit, "found": found}


def total(ratios):
    ratios = list(ratios)
    return ratio(sum(r["hit"] for r in ratios), sum(r["found"] for r in ratios))


def same(what, got, want):
    if got != want:
        wrong(f"{what}: {got}, in coverage.json {want}")


def totals(files):
    files = list(files)
    return {kind: total(f[kind] for f in files) for kind in KINDS}


def read_json(document):
    """Return the files of coverage.json: path -> totals and lines."""
    return {f["path"]: dict({k: f["totals"][k] for k in KINDS}, points=f["totals"]["points"],
                            hits={line[0]: line[1] for line in f["lines"]},
                            calls=[(g["line"], g["name"], g["count"]) for g in f["functions"]])
            for f in document["files"]}


def read_lcov(path):
    files = {}
    with open(path, encoding="utf-8") as f:
        for text in f:
            tag, _, value = text.rstrip("\n").partition(":")
            if tag == "SF":
                numbers = dict.fromkeys(("LH", "LF", "FNH", "FNF", "BRH", "BRF"), 0)
                files[value] = numbers
            elif tag in ("LH", "LF", "FNH", "FNF", "BRH", "BRF"):
                numbers[tag] = int(value)
    return {path: {"lines": ratio(n["LH"], n["LF"]), "functions": ratio(n["FNH"], n["FNF"]),
                   "branches": ratio(n["BRH"], n["BRF"])} for path, n in files.items()}


def conditions(line):
    """Return hit and found of condition-coverage="50% (1/2)"."""
    if line.get("branch") != "true":
        return ratio(0, 0)
    percent, hit, found = map(int, re.fullmatch(r"(\d+)% \((\d+)/(\d+)\)", line.get("condition-coverage")).groups())
    if percent != hit * 100 // found:
        wrong(f"coverage.xml: {percent} per cent of {hit}/{found}")
    return ratio(hit, found)


def rate(r):
    share = r["hit"] * 10000 // r["found"] if r["found"] else 10000
    return f"{share // 10000}.{share % 10000:04}"


def check_rates(element, lines, branches):
    name = element.get("filename") or element.get("name") or element.tag
    same(f"coverage.xml: {name}: rates", (element.get("line-rate"), element.get("branch-rate")),
         (rate(lines), rate(branches)))


def read_cobertura(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    files, names = {}, set()
    for package in root.find("packages"):
        inside = []
        directories = {os.path.dirname(e.get("filename")) or "." for e in package.find("classes")}
        name = package.get("name")
        if directories != {name.strip("/") or "."}:
            wrong(f"coverage.xml: package {name} has files of {directories}")
        if name in names:
            wrong(f"coverage.xml: two packages are named {name}")
        names.add(name)
        for element in package.find("classes"):
            lines = element.find("lines").findall("line")
            hits = {int(line.get("number")): int(line.get("hits")) for line in lines}
            if len(hits) != len(lines):
                wrong(f"coverage.xml: {element.get('filename')}: a line comes twice")
            calls = [(int(m.find("lines/line").get("number")), m.get("name"), int(m.find("lines/line").get("hits")))
                     for m in element.find("methods")]
            file = {"lines": ratio(sum(h > 0 for h in hits.values()), len(hits)),
                    "functions": ratio(sum(c[2] > 0 for c in calls), len(calls)),
                    "branches": total(map(conditions, lines)), "hits": hits, "calls": calls}
            check_rates(element, file["lines"], file["branches"])
            files[element.get("filename")] = file
            inside.append(file)
        check_rates(package, *(totals(inside)[kind] for kind in ("lines", "branches")))
    every = totals(files.values())
    check_rates(root, every["lines"], every["branches"])
    said = [int(root.get(f"{kind}-{which}")) for kind in ("lines", "branches") for which in ("covered", "valid")]
    if said != [every[kind][which] for kind in ("lines", "branches") for which in ("hit", "found")]:
        wrong(f"coverage.xml: totals {said}")
    return [source.text for source in root.find("sources")], files


def read_csv(path):
    files = {}
    with open(path, encoding="utf-8", newline="") as f:
        data = f.read()
    if data.count("\n") != data.count("\r\n"):
        wrong("coverage.csv: a record does not end with CR LF")
    for record in csv.DictReader(data.splitlines(keepends=True), strict=True):
        if None in record or None in record.values():
            wrong(f"coverage.csv: fields are missing, or too many: {record}")
        elif record["kind"] == "file":
            files[record["path"]] = {kind: ratio(int(record[kind + "_hit"]), int(record[kind + "_found"]))
                                     for kind in KINDS + ("points",)}
            files[record["path"]]["calls"] = []
        else:
            files[record["path"]]["calls"].append((int(record["line"]), record["function"], int(record["count"])))
    return files


def read_markdown(path):
    """Return the total row, and the sum of the others."""
    rows = []
    with open(path, encoding="utf-8") as f:
        for text in f:
            cells = [cell.strip() for cell in text.split("|")[1:-1]]
            if len(cells) == 7 and re.fullmatch(r"\d+ / \d+", cells[1]):
                rows.append({kind: ratio(*map(int, cells[i].split(" / "))) for kind, i in zip(KINDS, (1, 3, 5))})
    return rows[0], totals(rows[1:])


def check_summary(summary, document, want):
    same("summary.json: totals", {k: summary["totals"][k] for k in KINDS + ("files", "points", "pcs")},
         {k: document["totals"][k] for k in KINDS + ("files", "points", "pcs")})
    shown = summary["touched_totals"] if summary["touched"] else summary["totals"]
    same("summary.json: totals", {k: shown[k] for k in KINDS}, want)
    parts = summary["directories"] + [summary["not_reached"]]
    same("summary.json: directories", totals(parts), want)
    same("summary.json: files", sum(p["files"] for p in parts), shown["files"])
    same("summary.json: losses", [summary["losses"][k] for k in ("unmatched_pcs", "branches_unknown")],
         [document["totals"][k] for k in ("unmatched_pcs", "branches_unknown")])


def check_points(path, document):
    """Check that each record of coverage.jsonl is one, and that the PCs are points."""
    counts = {}
    members = ["file_path", "func_name", "sl", "sc", "el", "ec", "hit_count", "inline", "pc"]
    paths = [f["path"] for f in document["files"]]
    known = set()
    with open(path, encoding="utf-8") as f:
        for text in f:
            record = json.loads(text)
            if list(record) != members or record["sl"] != record["el"]:
                wrong(f"coverage.jsonl: {text.strip()}")
            if counts.setdefault(record["pc"], record["hit_count"]) != record["hit_count"]:
                wrong(f"coverage.jsonl: two counts of {record['pc']:#x}")
            if record["file_path"] not in known and not any(
                    p == record["file_path"] or p.endswith("/" + record["file_path"]) for p in paths):
                wrong(f"coverage.jsonl: no file {record['file_path']}")
            known.add(record["file_path"])
    points = total(f["totals"]["points"] for f in document["files"])
    if not points["found"] <= len(counts) or not points["hit"] <= sum(c > 0 for c in counts.values()):
        wrong(f"coverage.jsonl: {len(counts)} points, in coverage.json {points}")


def main():
    directory, schema = sys.argv[1:]
    with open(f"{directory}/coverage.json", encoding="utf-8") as f:
        document = json.load(f)
    with open(f"{directory}/summary.json", encoding="utf-8") as f:
        summary = json.load(f)
    with open(schema, encoding="utf-8") as f:
        jsonschema.validate(summary, json.load(f))
    files = read_json(document)
    want = totals(files.values())

    lcov = read_lcov(f"{directory}/coverage.info")
    same("coverage.info", totals(lcov.values()), totals([f for f in files.values() if f["hits"]]))
    sources, cobertura = read_cobertura(f"{directory}/coverage.xml")
    same("coverage.xml", totals(cobertura.values()), want)
    absolute = {}
    for name, file in cobertura.items():
        candidates = [name] + [source.rstrip("/") + "/" + name for source in sources]
        absolute[next((c for c in candidates if c in files), name)] = file
    table = read_csv(f"{directory}/coverage.csv")
    same("coverage.csv", totals(table.values()), want)
    for path, file in files.items():
        for format_name, other, members in (("lcov", lcov, KINDS), ("cobertura", absolute, KINDS + ("hits",)),
                                            ("csv", table, KINDS + ("points",))):
            if format_name == "lcov" and not file["hits"]:
                continue
            got = other.get(path, {})
            same(f"{format_name}: {path}", {m: got.get(m) for m in members}, {m: file[m] for m in members})
        same(f"csv: functions of {path}", [c[::2] for c in table[path]["calls"]], [c[::2] for c in file["calls"]])
        same(f"cobertura: functions of {path}", [c[::2] for c in absolute[path]["calls"]], [c[::2] for c in file["calls"]])
    first, rest = read_markdown(f"{directory}/coverage.md")
    same("coverage.md: total", first, want)
    same("coverage.md: directories", rest, want)
    check_summary(summary, document, want)
    check_points(f"{directory}/coverage.jsonl", document)
    for problem in problems[:20]:
        print(problem)
    if problems:
        return 1
    print(" ".join(f"{kind} {want[kind]['hit']}/{want[kind]['found']}" for kind in KINDS))
    return 0


sys.exit(main())
