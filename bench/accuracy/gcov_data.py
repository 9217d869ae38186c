# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts of gcov: from the archive that `gather` wrote in the guest, by way of gcov's own program.

A count is a dictionary:
    lines      {source path: {line: executions}}
    functions  {source path: {(name, first line, last line): executions}}
    branches   {source path: {line: [executions of each outcome]}}
Objects are added up, so that a header has one count. Only objects are read that KCOV instruments
too.
"""

import json
import multiprocessing
import os
import shutil
import subprocess
import tempfile

CALLBACK = b"__sanitizer_cov_trace_pc"
BATCH = 16


def read_archive(path):
    """{object path without suffix: its .gcda, empty if nothing was counted}."""
    objects = {}
    with open(path, "rb") as file:
        while header := file.readline():
            name, size = header.decode().rsplit(" ", 1)
            data = file.read(int(size))
            if len(data) != int(size):
                raise ValueError("'%s' is cut short" % path)
            # Below /sys/kernel/debug/gcov stands the path in the build directory.
            name = name.removeprefix("/sys/kernel/debug/gcov").removesuffix(".gcda")
            objects[name] = data
    if not objects:
        raise ValueError("there is nothing in '%s'" % path)
    return objects


def instrumented(name):
    with open(name + ".o", "rb") as file:
        return CALLBACK in file.read()


def instrumented_objects(names):
    """Those of them that KCOV instruments."""
    names = sorted(names)
    with multiprocessing.Pool() as pool:
        return [name for name, is_so in zip(names, pool.map(instrumented, names, 64)) if is_so]


def uninstrumented_by_gcov(build):
    """Objects of a kernel build that KCOV instruments and gcov does not: nothing is known of them."""
    found = []
    for folder, folders, files in os.walk(build):
        if folder == build:
            folders[:] = [name for name in folders if name not in ("modules", "tools", "scripts")]
        for name in files:
            path = os.path.join(folder, name)
            # Not what is linked of several objects.
            if (name.endswith(".o") and os.path.exists(os.path.join(folder, ".%s.cmd" % name)) and
                    not os.path.exists(path[:-2] + ".gcno") and instrumented(path[:-2]) and
                    b"\nsource_" in open_command(folder, name)):
                found.append(path)
    return sorted(found)


def open_command(folder, name):
    with open(os.path.join(folder, ".%s.cmd" % name), "rb") as file:
        return file.read()


def new_count():
    return {"lines": {}, "functions": {}, "branches": {}}


def add_file(count, file, cwd):
    path = os.path.normpath(os.path.join(cwd, file["file"]))
    lines = count["lines"].setdefault(path, {})
    branches = count["branches"].setdefault(path, {})
    functions = count["functions"].setdefault(path, {})
    for line in file["lines"]:
        number = line["line_number"]
        lines[number] = lines.get(number, 0) + line["count"]
        if line["branches"]:
            add_branches(branches, number, [branch["count"] for branch in line["branches"]])
    for function in file["functions"]:
        key = function["name"], function["start_line"], function["end_line"]
        functions[key] = functions.get(key, 0) + function["execution_count"]


def add_branches(branches, line, counts):
    """Objects that see another number of branches in a line cannot be added up: None."""
    known = branches.setdefault(line, [0] * len(counts))
    if known is None or len(known) != len(counts):
        branches[line] = None
    else:
        branches[line] = [a + b for a, b in zip(known, counts)]


def merge(total, part):
    for path, lines in part["lines"].items():
        to = total["lines"].setdefault(path, {})
        for line, count in lines.items():
            to[line] = to.get(line, 0) + count
    for path, functions in part["functions"].items():
        to = total["functions"].setdefault(path, {})
        for key, count in functions.items():
            to[key] = to.get(key, 0) + count
    for path, branches in part["branches"].items():
        to = total["branches"].setdefault(path, {})
        for line, counts in branches.items():
            if counts is None:
                to[line] = None
            else:
                add_branches(to, line, counts)


def count_batch(objects):
    """Run gcov on some objects: [(name, data)]."""
    count = new_count()
    folder = tempfile.mkdtemp(prefix="gcov.")
    try:
        stems = []
        for number, (name, data) in enumerate(objects):
            stem = os.path.join(folder, str(number))
            os.symlink(name + ".gcno", stem + ".gcno")
            if data:
                with open(stem + ".gcda", "wb") as file:
                    file.write(data)
            stems.append(stem + ".gcno")
        gcov = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities"] + stems,
                              cwd=folder, check=True, capture_output=True)
        documents = [line for line in gcov.stdout.splitlines() if line.startswith(b"{")]
        complaints = [line for line in gcov.stderr.decode().splitlines()
                      if "assuming not executed" not in line]
        if len(documents) != len(objects) or complaints:
            raise ValueError("gcov: %d of %d objects: %s" % (
                len(documents), len(objects), "; ".join(complaints[:3])))
        for document in documents:
            document = json.loads(document)
            for file in document["files"]:
                add_file(count, file, document["current_working_directory"])
        return count
    finally:
        shutil.rmtree(folder)


def count_objects(objects):
    """The count of objects {name: data}. An object without data counts nothing, and has its lines."""
    objects = sorted(objects.items())
    batches = [objects[i:i + BATCH] for i in range(0, len(objects), BATCH)]
    total = new_count()
    with multiprocessing.Pool() as pool:
        for part in pool.imap_unordered(count_batch, batches):
            merge(total, part)
    return total


def save(path, value):
    """Write JSON, keys of functions as text."""
    value = dict(value, functions={
        source: [[*key, count] for key, count in sorted(functions.items())]
        for source, functions in sorted(value["functions"].items()) if functions})
    with open(path + ".new", "w") as file:
        json.dump(value, file, separators=(",", ":"))
    os.rename(path + ".new", path)


def load(path):
    with open(path) as file:
        value = json.load(file)
    for kind in "lines", "branches":
        value[kind] = {source: {int(line): count for line, count in lines.items()}
                       for source, lines in value[kind].items()}
    value["functions"] = {source: {tuple(key): count for *key, count in functions}
                          for source, functions in value["functions"].items()}
    return value
