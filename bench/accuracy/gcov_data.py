# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts of gcov: from the archive that `gather` wrote in the guest.

A count is a dictionary:
    lines      {source path: {line: executions}}
    functions  {source path: {(name, first line, last line): executions}}
    branches   {source path: {line: [executions of each outcome]}}
The counts of all objects are added up, so that a header has one count. Only objects that KCOV
instruments too are read.
"""

import functools
import json
import multiprocessing
import os

import gcno

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
            # Below /sys/kernel/debug/gcov is the path in the build directory.
            name = name.removeprefix("/sys/kernel/debug/gcov").removesuffix(".gcda")
            objects[name] = data
    if not objects:
        raise ValueError("there is nothing in '%s'" % path)
    return objects


def instrumented(name):
    with open(name + ".o", "rb") as file:
        return CALLBACK in file.read()


def instrumented_objects(names):
    """The objects that KCOV instruments."""
    names = sorted(names)
    with multiprocessing.Pool() as pool:
        return [name for name, is_so in zip(names, pool.map(instrumented, names, 64)) if is_so]


def is_compiled(path):
    """Was the object compiled, not linked from others? Then Kbuild noted its source."""
    folder, name = os.path.split(path)
    command = os.path.join(folder, ".%s.cmd" % name)
    if not os.path.exists(command):
        return False
    with open(command, "rb") as file:
        return b"\nsource_" in file.read()


def uninstrumented_by_gcov(build):
    """Objects of a kernel build that KCOV instruments and gcov does not: gcov has no counts of them."""
    found = []
    for folder, folders, files in os.walk(build):
        if folder == build:
            folders[:] = [name for name in folders if name not in ("modules", "tools", "scripts")]
        for name in files:
            path = os.path.join(folder, name)
            if (name.endswith(".o") and name[0] != "." and not os.path.exists(path[:-2] + ".gcno") and
                    is_compiled(path) and instrumented(path[:-2])):
                found.append(path)
    return sorted(found)


def new_count():
    return {"lines": {}, "functions": {}, "branches": {}, "disputed": {}}


def add_object(count, build, name, data):
    """Add an object of a kernel's build directory and its .gcda. The count of a line is that of its
    most executed block. Without data its lines are added with count 0."""
    with open(name + ".gcno", "rb") as file:
        form, folder, functions = gcno.read_notes(file.read())
    counters = gcno.read_counters(data)
    paths = {}
    branches = {}
    for function in functions:
        for path in {function.path, *(line[2] for line in function.lines)} - paths.keys():
            paths[path] = os.path.normpath(os.path.join(build, folder, path))
        values = counters.get(function.ident)
        if values and any(values):
            arcs, blocks = function.solve(values)
        else:
            arcs, blocks = [0] * len(function.arcs), [0] * function.blocks
        add_function(count, paths, function, blocks, form.highest_line_only)
        # A line that was inlined into several functions has the branches of each.
        for path, line, counts in function.branches(arcs, form.highest_line_only):
            branches.setdefault((paths[path], line), []).extend(counts)
    for (path, line), counts in branches.items():
        add_branches(count["branches"].setdefault(path, {}), line, counts)


def add_function(count, paths, function, blocks, highest_line_only):
    lines = {}
    unknown = set()
    for block, _, path, line in function.lines:
        executed = blocks[block]
        if executed is None:
            executed = 0
            unknown.add((path, line))
        if (known := lines.get((path, line))) is None or executed > known:
            lines[path, line] = executed
    own = function.own_lines(blocks) if highest_line_only else {}
    for (path, line), executed in lines.items():
        to = count["lines"].setdefault(paths[path], {})
        to[line] = to.get(line, 0) + executed
        if (path, line) in unknown if not executed else own.get((path, line), executed) == 0:
            to = count["disputed"].setdefault(paths[path], {})
            to[line] = to.get(line, 0) + executed
    key = function.name, function.first, function.last
    to = count["functions"].setdefault(paths[function.path], {})
    to[key] = to.get(key, 0) + (blocks[gcno.ENTRY] or 0)


def add_branches(branches, line, counts):
    """None if they cannot be added up: the objects have different numbers of branches in a line, or a
    count is not known."""
    known = branches.setdefault(line, [0] * len(counts))
    if known is None or None in counts or len(known) != len(counts):
        branches[line] = None
    else:
        branches[line] = [a + b for a, b in zip(known, counts)]


def merge(total, part):
    for kind in "lines", "disputed":
        for path, lines in part[kind].items():
            to = total[kind].setdefault(path, {})
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


def count_batch(build, objects):
    count = new_count()
    for name, data in objects:
        add_object(count, build, name, data)
    return count


def count_objects(build, objects):
    """The count of objects {name: data}. An object without data adds its lines with count 0."""
    objects = sorted(objects.items())
    batches = [objects[i:i + BATCH] for i in range(0, len(objects), BATCH)]
    total = new_count()
    with multiprocessing.Pool() as pool:
        for part in pool.imap_unordered(functools.partial(count_batch, build), batches):
            merge(total, part)
    return total


def save(path, value):
    """Write JSON, keys of functions as text."""
    value = dict(value, functions={
        source: [[*key, count] for key, count in sorted(functions.items())]
        for source, functions in sorted(value["functions"].items()) if functions})
    new = "%s.%d" % (path, os.getpid())
    with open(new, "w") as file:
        json.dump(value, file, separators=(",", ":"))
    os.rename(new, path)


def load(path):
    with open(path) as file:
        value = json.load(file)
    for kind in "lines", "branches", "disputed":
        value[kind] = {source: {int(line): count for line, count in lines.items()}
                       for source, lines in value[kind].items()}
    value["functions"] = {source: {tuple(key): count for *key, count in functions}
                          for source, functions in value["functions"].items()}
    return value
