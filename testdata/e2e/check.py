#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
usage: check.py CASES RESULTS EXPECTED VMLINUX KCOVREPORT MODULE [NAME...]

Compares what guest.py left in RESULTS with the texts NAME.expected in the directory EXPECTED, and prints
TAP, one line per case.

For a `cover` case the lines that the program printed (testdata/programs/mark.h) and those of
NAME.expected are combined. PID may be `root` or `*` (every task). Lines for NAME.expected only:

	status N            exit status of collect, 0 unless given
	stdout TEXT         a line of output, none unless given
	warning REGEX       a line of collect on stderr; any other line is a failure
	maybe REGEX         the same, but it may be missing
	tasks MIN MAX       instead of the tasks that the program counted

If the kernel recorded all tasks into one set, it is not known which task hit what: see lines_of_set().

For a `report` case they are `line STATE PATH REGEX`: the lines of a kernel source that match are hit, or missed.

For an `equal` case they are `only NAME REGEX`: functions that only the run of the case NAME (a REGEX too) may have hit.
"""

import difflib
import os
import re
import subprocess
import sys

from symbols import Module, Symbols

# System calls that the follower injects do not belong to the task; no task of these programs makes them itself.
NEVER = ["__sys_socketpair", "__sys_recvmsg"]
# If the kernel follows, no task is traced.
NEVER_IN_SET = ["ptrace_stop", "ptrace_notify", "ptrace_attach"]
VERBS = ("hit", "not", "tasks", "parent", "state", "remote", "context")
MODULE = "kcovreport_remote"
ENTRIES = ["__x64_", "__ia32_", "__ia32_compat_", "__do_", "__do_compat_", "__se_", "__arm64_"]
SUMMARY = re.compile(r"kcovreport: \d+ tasks? covered, ")


class Run:
    """What `kcovreport dump` prints of a run file, with functions for PCs."""

    def __init__(self, path, context):
        text = subprocess.run([context.program, "dump", "--pcs", path], stdout=subprocess.PIPE, check=True)
        self.context = context
        self.finished = False
        self.bases = []
        self.names = context.names.setdefault((), {})
        self.tasks = []
        self.remotes = []
        self.contexts = []
        for line in text.stdout.decode().splitlines():
            words = line.split()
            if words[0] == "run":
                self.finished = words[-1] == "finished"
            elif words[0] == "module" and words[-1] == f'"{MODULE}"':
                place = dict(zip(words[1::2], words[2::2]))
                self.bases.append((int(place["base"], 16), int(place.get("init-base", "0"), 16)))
                self.names = context.names.setdefault(tuple(self.bases), {})
            elif words[0] in ("task", "remote", "context"):
                source = dict(zip(words[2::2], words[3::2]), id=words[1], functions=set(), counts={})
                {"task": self.tasks, "remote": self.remotes, "context": self.contexts}[words[0]].append(source)
                last = source
            elif words[0] == "pc":
                name = self.function(int(words[1], 16))
                last["functions"].add(name)
                # PCs are in ascending order: the first is that of the function's first point.
                last["counts"].setdefault(name, int(words[3]))
        self.by_id = {task["id"]: task for task in self.tasks}

    def is_set(self):
        """All tasks are one source."""
        return any("set-tasks" in task for task in self.tasks)

    def count_tasks(self):
        """Including those that a set stands for."""
        return sum(int(task.get("set-tasks", "1")) for task in self.tasks)

    def all_functions(self):
        """Of all tasks."""
        return set().union(*(task["functions"] for task in self.tasks))

    def function(self, pc):
        """A name, looked up once."""
        name = self.names.get(pc)
        if not name:
            name = self.names[pc] = self.find_function(pc)
        return name

    def find_function(self, pc):
        """A name."""
        for base, init_base in self.bases if self.context.module else []:
            name = self.context.module.name(pc, base, init_base)
            if name:
                return name
        return self.context.symbols.name(pc)

    def find(self, pid):
        """The tasks with a pid, which may have been reused."""
        if pid == "*":
            return self.tasks
        if pid == "root":
            return [self.by_id["0"]]
        return [task for task in self.tasks if task["pid"] == pid]

    def source(self, name):
        """The remote sources of a name; handles are numbers, however they are written."""
        if name.startswith("handle:"):
            return [r for r in self.remotes if int(r["handle"], 16) == int(name[7:], 16)]
        return [r for r in self.remotes if r["name"] == f'"{name}"']


def alternatives(text, context):
    """The functions that A|B stands for; sys_NAME is every entry of a system call."""
    names = []
    for name in text.split("|"):
        names += [prefix + name for prefix in ENTRIES] if name.startswith("sys_") else [name]
    return context.known.intersection(names)


def check_remote(run, words):
    """What is wrong with `remote SOURCE hit|not|calls FUNCTION [N]`, or None."""
    name, verb, function, *rest = words
    functions = alternatives(function, run.context)
    if not functions:
        return "the kernel has no such function"
    sources = run.source(name)
    if verb == "not":
        return "it was hit" if any(functions & source["functions"] for source in sources) else None
    if not sources:
        return "there is no such source in the run file"
    source = sources[0]
    if source["state"] != "recorded":
        return "the source was not recorded"
    if verb == "calls":
        count = source["counts"].get(function, 0)
        return None if count == int(rest[0]) else f"{count} calls"
    return None if functions & source["functions"] else f"no PC of it ({len(source['functions'])} functions hit)"


def check_context(run, words):
    """What is wrong with `context KIND hit|not FUNCTION`, or None."""
    kind, verb, function = words
    functions = alternatives(function, run.context)
    if not functions:
        return "the kernel has no such function"
    sources = [source for source in run.contexts if source["kind"] == kind]
    hit = any(functions & source["functions"] for source in sources)
    if verb == "not":
        return "it was hit" if hit else None
    if not sources:
        return "there is no such context in the run file"
    return None if hit else f"no PC of it ({len(sources[0]['functions'])} functions hit)"


def check_line(run, words):
    """What is wrong with one expectation, or None."""
    verb, pid, *rest = words
    if verb == "context":
        return check_context(run, words[1:])
    if verb == "remote":
        return check_remote(run, words[1:])
    if verb == "tasks":
        low, high = int(pid), int(rest[0] if rest else pid)
        if not low <= run.count_tasks() <= high:
            return f"{run.count_tasks()} tasks are in the run file"
        return None
    tasks = run.find(pid)
    if not tasks:
        return "there is no such task in the run file"
    if verb in ("hit", "not"):
        functions = alternatives(rest[0], run.context)
        if not functions:
            return "the kernel has no such function"
        for task in tasks:
            if pid != "*" and verb == "hit" and task["state"] == "not-followed":
                return "the task was not followed"
        hits = [task for task in tasks if functions & task["functions"]]
        # Losses of a full buffer are counted, and collect warns about them: the case must expect that.
        if verb == "hit" and not hits and all(task["saturations"] == "0" for task in tasks):
            return f"no PC of it ({sum(len(t['functions']) for t in tasks)} functions hit)"
        if verb == "not" and hits:
            return f"it was hit by task {hits[0]['pid']}"
    elif verb == "parent":
        parents = [run.by_id[t["parent"]]["pid"] if t["parent"] != "-1" else "none" for t in tasks]
        want = run.find(rest[0])[0]["pid"] if run.find(rest[0]) else rest[0]
        if want not in parents:
            return f"its parent is {parents[0]}"
    elif verb == "state":
        if rest[0] not in [task["state"] for task in tasks]:
            return f"its state is {tasks[0]['state']}"
    else:
        return "what does that mean?"
    return None


def read(path):
    """Text of a file, empty if there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def diff(want, got, name):
    """Lines of a unified diff, none if the texts are equal."""
    return [
        line.rstrip("\n")
        for line in difflib.unified_diff(want.splitlines(), got.splitlines(), f"{name}.expected", name, lineterm="")
    ]


def check_stderr(text, own, problems):
    """Every line must be expected, and every expected line must be there."""
    lines = [line for line in text.splitlines() if not SUMMARY.match(line)]
    patterns = [words[1] for words in own if words[0] in ("warning", "maybe")]
    for line in lines:
        if not any(re.search(pattern, line) for pattern in patterns):
            problems.append(f"stderr: {line}")
    for words in own:
        if words[0] == "warning" and not any(re.search(words[1], line) for line in lines):
            problems.append(f"not on stderr: {words[1]}")


def lines_of_set(lines, context):
    """
    The expectations that a set can show: a function that one task hits is hit, and one that no task hits is not hit.
    It does not show which task created which, and how they ended.
    """
    hit = set()
    for words in lines:
        if words[0] == "hit":
            hit |= alternatives(words[2], context)
    kept = []
    for words in lines:
        if words[0] in ("hit", "not") and not (words[0] == "not" and alternatives(words[2], context) & hit):
            kept.append([words[0], "*", words[2]])
        elif words[0] in ("tasks", "remote", "context"):
            kept.append(words)
    return kept + [["not", "*", name] for name in NEVER_IN_SET]


def check_equal(case, context):
    """Problems of two groups of runs of one program that must have hit the same functions.

    What an interrupt or a full allocator adds to a run is chance: a difference is what all runs of one group
    have and none of the other.
    """
    groups = [group.split() for group in case.command.split("/")]
    results = os.path.dirname(case.results)
    missing = [name for name in sum(groups, []) if not os.path.exists(os.path.join(results, name, "run.kcov"))]
    if missing:
        return [f"there is no run of '{name}'" for name in missing]
    hit = [[Run(os.path.join(results, name, "run.kcov"), context).all_functions() for name in group] for group in groups]
    always, ever = ([merge(*runs) for runs in hit] for merge in (set.intersection, set.union))
    own = [line.split(None, 2)[1:] for line in read(case.expected).splitlines() if line and line[0] != "#"]
    problems = [] if min(map(len, always)) > 500 else ["hardly anything was hit"]
    for group, only in zip(groups, (always[0] - ever[1], always[1] - ever[0])):
        allowed = [regex for side, regex in own if re.fullmatch(side, group[0])]
        problems += [
            f"only {group[0]}: {function}"
            for function in sorted(only)
            if not any(re.fullmatch(regex, function) for regex in allowed)
        ]
    return problems


def check_cover(case, context):
    """Problems of a case that prints its own expectation."""
    problems = []
    own = [line.split(None, 1) for line in read(case.expected).splitlines() if line and line[0] != "#"]
    option = {words[0]: words[1] for words in own}
    status = case.output("covered.status").strip()
    if status != option.get("status", "0"):
        problems.append(f"exit status {status}, not {option.get('status', '0')}")
    problems += diff(
        "".join(words[1] + "\n" for words in own if words[0] == "stdout"), case.output("covered.out"), "stdout"
    )
    check_stderr(case.output("covered.err"), own, problems)
    lines = [line.split() for line in case.output("expect").splitlines()]
    lines += [words[:1] + words[1].split() for words in own if words[0] in VERBS]
    if "tasks" in option:
        lines = [words for words in lines if words[0] != "tasks" or words[1:] == option["tasks"].split()]
    if not lines:
        problems.append("the program printed no expectation")
    path = os.path.join(case.results, "run.kcov")
    if not os.path.exists(path):
        return problems + ["there is no run file"]
    run = Run(path, context)
    if not run.finished:
        problems.append("the run file is unfinished")
    if run.is_set():
        lines = lines_of_set(lines, context)
    for words in lines + [["not", "*", name] for name in NEVER]:
        problem = check_line(run, words)
        if problem:
            problems.append(f"{' '.join(words)}: {problem}")
    return problems


def check_text(case, sides):
    """Problems of a case with a fixed output."""
    want = read(case.expected)
    problems = []
    if not os.path.exists(case.expected):
        if case.kind == "text":
            return ["there is no expected text"]
        want = case.output("plain.out")
        if not want:
            return ["it printed nothing"]
    for side in sides:
        problem = diff(want, case.output(side + ".out"), side)
        problems += problem
        if problem or case.output(side + ".status").strip() == "timeout":
            problems += [f"{side} stderr: {line}" for line in case.output(side + ".err").splitlines()]
        if case.output(side + ".status").strip() == "timeout":
            problems.append(f"{side}: timed out")
    return problems


def check_source_lines(case, context, info):
    """`line` expectations."""
    problems = []
    for state, path, pattern in (line.split(None, 3)[1:] for line in read(case.expected).splitlines()):
        found = re.search(f"^SF:(.*/{re.escape(path)})$(.*?)^end_of_record", info, re.M | re.S)
        if not found:
            problems.append(f"{path}: not in the tracefile")
            continue
        counts = dict(re.findall(r"^DA:(\d+),(\d+)", found.group(2), re.M))
        text = read(os.path.join(os.path.dirname(context.vmlinux), "source", path)).splitlines()
        numbers = [str(number) for number, line in enumerate(text, 1) if re.search(pattern, line)]
        if not numbers:
            problems.append(f"{path}: nothing matches {pattern}")
        for number in numbers:
            if counts.get(number) is None or (counts[number] != "0") != (state == "hit"):
                problems.append(f"{path}:{number}: count {counts.get(number)}, not {state}")
    return problems


def check_functions(case, sources, context, info):
    """By function, not by task or handle: a function is hit if one line says so."""
    hits = dict(reversed(found) for found in re.findall(r"^FNDA:(\d+),(.*)", info, re.M))
    lines = [line.split() for source in sources for line in read(os.path.join(source, "expect")).splitlines()]
    if "remote" in case.options:
        lines = [words for words in lines if words[0] == "remote"]
    kinds = [words[1] for words in lines if words[0] == "context" and words[1] in case.options]
    if kinds:
        lines = [words for words in lines if words[0] == "context" and words[1] in kinds]
    lines = [words for words in lines if words[0] != "context" or kinds]
    apart = ("remote", "context")
    lines = [words[2:] if words[0] in apart else [words[0], words[2]] for words in lines if len(words) > 2]
    wanted = {words[1]: False for words in lines if words[0] == "not"}
    wanted.update((words[1], True) for words in lines if words[0] in ("hit", "calls"))
    problems = [] if wanted else ["nothing is expected"]
    for name, hit in wanted.items():
        found = [hits[name] for name in alternatives(name, context) if name in hits]
        if any(count != "0" for count in found) != hit:
            problems.append(f"{name}: is {'not hit' if hit else 'hit'}, FNDA {found}")
    return problems


def check_report(case, context):
    """Problems of a report of other cases' runs: it must agree with those cases' programs about functions."""
    sources = [os.path.join(os.path.dirname(case.results), name) for name in case.command.split()]
    runs = [os.path.join(source, "run.kcov") for source in sources]
    missing = [run for run in runs if not os.path.exists(run)]
    if missing:
        return [f"there is no '{run}'" for run in missing]
    os.makedirs(case.results, exist_ok=True)
    argv = [context.program, "report", "--vmlinux", context.vmlinux, *case.options, "-o", case.results, *runs]
    if context.module:
        argv += ["--modules", context.module_directory]
    result = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, timeout=case.limit)
    if result.returncode:
        return [f"report ended with status {result.returncode}", result.stderr.decode()]
    info = case.output("coverage.info")
    return check_functions(case, sources, context, info) + check_source_lines(case, context, info)


class Case:
    """A line of the list."""

    def __init__(self, line, results, expected):
        columns = [column.strip() for column in line.split("|", 5)]
        _, self.kind, self.name, limit, options, self.command = columns
        self.options = options.split()
        self.limit = int(limit)
        self.results = os.path.join(results, self.name)
        self.expected = os.path.join(expected, self.name + ".expected")

    def output(self, name):
        """The content of a file that it left."""
        return read(os.path.join(self.results, name))

    def seconds(self):
        """How long it took in the guest."""
        times = self.output("time").split()
        return float(times[1]) - float(times[0]) if len(times) == 2 else 0

    def check(self, context):
        """Its problems."""
        if self.kind == "report":
            return check_report(self, context)
        if self.kind == "equal":
            return check_equal(self, context)
        if not self.output("time"):
            return ["it did not run"]
        if self.kind == "cover":
            return check_cover(self, context)
        plain = self.kind in ("same", "scene") and (os.environ.get("PLAIN") or not os.path.exists(self.expected))
        return check_text(self, ["plain", "covered"] if plain else ["covered"])


class Context:
    """What all cases need."""

    def __init__(self, vmlinux, program, module):
        self.symbols = Symbols(vmlinux)
        self.module = Module(module) if os.path.exists(module) else None
        self.known = self.symbols.known | (self.module.known if self.module else set())
        self.module_directory = os.path.dirname(module)
        self.vmlinux = vmlinux
        self.program = program
        # Functions of PCs, by the module's address.
        self.names = {}


def main():
    """One line per case."""
    listed, results, expected, vmlinux, program, module, *names = sys.argv[1:]
    context = Context(vmlinux, program, module)
    lines = [line for line in read(listed).splitlines() if line.strip() and line[0] != "#"]
    cases = [Case(line, results, expected) for line in lines]
    cases = [case for case in cases if not names or case.name in names]
    passed = failed = skipped = 0
    print(f"1..{len(cases)}")
    for number, case in enumerate(cases, 1):
        skip = re.match(r"skip: (.*)", case.output("covered.out"))
        problems = [] if skip else case.check(context)
        skipped += bool(skip)
        failed += bool(problems)
        passed += not problems and not skip
        verdict = "not ok" if problems else "ok"
        reason = f" # SKIP {skip.group(1)}" if skip else f" # {case.seconds():.1f} s"
        print(f"{verdict} {number} - {case.name}{reason}")
        for problem in problems[:40]:
            print(f"#   {problem}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
