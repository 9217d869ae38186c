#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
usage: check.py CASES RESULTS EXPECTED VMLINUX KCOVREPORT [NAME...]

Judges what guest.py left in RESULTS by the texts NAME.expected in the directory EXPECTED, and prints
TAP, one line a case.

For a `cover` case the lines that the program printed (testdata/programs/mark.h) and those of
NAME.expected come together. PID may be `root` or `*` (every task). Lines for NAME.expected only:

	status N            exit status of collect, 0 unless given
	stdout TEXT         a line of output, none unless given
	warning REGEX       a line of collect's on stderr; those not named are failures
	maybe REGEX         the same, but it need not come
	tasks MIN MAX       instead of the tasks that the program counted
"""

import bisect
import difflib
import os
import re
import subprocess
import sys

# What following does in each task is not the task's: no task of these programs does it by itself.
NEVER = ["__sys_socketpair", "__sys_recvmsg"]
ENTRIES = ["__x64_", "__ia32_", "__ia32_compat_", "__do_", "__do_compat_", "__se_", "__arm64_"]
SUMMARY = re.compile(r"kcovreport: \d+ tasks? covered, ")


class Symbols:
    """The functions of a vmlinux by address."""

    def __init__(self, vmlinux):
        text = subprocess.run(["nm", vmlinux], stdout=subprocess.PIPE, check=True).stdout.decode()
        symbols = []
        for line in text.splitlines():
            address, kind, name = line.split()
            if kind in "tTwW" and not name.startswith("__pfx_"):
                # A clone or the cold part of a function is that function.
                symbols.append((int(address, 16), re.sub(r"\.(isra|part|constprop|cold).*", "", name)))
        symbols.sort()
        self.addresses = [address for address, _ in symbols]
        self.names = [name for _, name in symbols]
        self.known = set(self.names)

    def name(self, pc):
        """Of the function that a return address is in."""
        return self.names[max(bisect.bisect_left(self.addresses, pc) - 1, 0)]


class Run:
    """A run file: its tasks, and the functions of each."""

    def __init__(self, path, program, symbols):
        text = subprocess.run([program, "dump", "--pcs", path], stdout=subprocess.PIPE, check=True).stdout.decode()
        self.finished = False
        self.tasks = []
        for line in text.splitlines():
            words = line.split()
            if words[0] == "run":
                self.finished = words[-1] == "finished"
            elif words[0] == "task":
                self.tasks.append(dict(zip(words[2::2], words[3::2]), id=words[1], functions=set()))
            elif words[0] == "pc":
                self.tasks[-1]["functions"].add(symbols.name(int(words[1], 16)))
        self.by_id = {task["id"]: task for task in self.tasks}

    def find(self, pid):
        """The tasks with a pid: it may be used again."""
        if pid == "*":
            return self.tasks
        if pid == "root":
            return [self.by_id["0"]]
        return [task for task in self.tasks if task["pid"] == pid]


def alternatives(text, symbols):
    """The functions that A|B stands for; sys_NAME is every entry of a system call."""
    names = []
    for name in text.split("|"):
        names += [prefix + name for prefix in ENTRIES] if name.startswith("sys_") else [name]
    return symbols.known.intersection(names)


def check_line(run, words, symbols):
    """What is wrong with one expectation, or None."""
    verb, pid, *rest = words
    if verb == "tasks":
        low, high = int(pid), int(rest[0] if rest else pid)
        if not low <= len(run.tasks) <= high:
            return f"{len(run.tasks)} tasks are in the run file"
        return None
    tasks = run.find(pid)
    if not tasks:
        return "there is no such task in the run file"
    if verb in ("hit", "not"):
        functions = alternatives(rest[0], symbols)
        if not functions:
            return "the kernel has no such function"
        for task in tasks:
            if pid != "*" and verb == "hit" and task["state"] == "not-followed":
                return "the task was not followed"
        hits = [task for task in tasks if functions & task["functions"]]
        # What a full buffer lost is counted, and collect warns of it: the case must expect that.
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
    """Every line must be known, and every known one must come."""
    lines = [line for line in text.splitlines() if not SUMMARY.match(line)]
    patterns = [words[1] for words in own if words[0] in ("warning", "maybe")]
    for line in lines:
        if not any(re.search(pattern, line) for pattern in patterns):
            problems.append(f"stderr: {line}")
    for words in own:
        if words[0] == "warning" and not any(re.search(words[1], line) for line in lines):
            problems.append(f"not on stderr: {words[1]}")


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
    lines += [words[:1] + words[1].split() for words in own if words[0] in ("hit", "not", "tasks", "parent", "state")]
    if "tasks" in option:
        lines = [words for words in lines if words[0] != "tasks" or words[1:] == option["tasks"].split()]
    if not lines:
        problems.append("the program printed no expectation")
    path = os.path.join(case.results, "run.kcov")
    if not os.path.exists(path):
        return problems + ["there is no run file"]
    run = Run(path, context.program, context.symbols)
    if not run.finished:
        problems.append("the run file is unfinished")
    for words in lines + [["not", "*", name] for name in NEVER]:
        problem = check_line(run, words, context.symbols)
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


def check_report(case, context):
    """Problems of a report of other cases' runs: it must say of functions what those cases' programs say."""
    sources = [os.path.join(os.path.dirname(case.results), name) for name in case.command.split()]
    runs = [os.path.join(source, "run.kcov") for source in sources]
    missing = [run for run in runs if not os.path.exists(run)]
    if missing:
        return [f"there is no '{run}'" for run in missing]
    os.makedirs(case.results, exist_ok=True)
    argv = [context.program, "report", "--vmlinux", context.vmlinux, "-o", case.results, *runs]
    result = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, timeout=case.limit)
    if result.returncode:
        return [f"report ended with status {result.returncode}", result.stderr.decode()]
    hits = dict(reversed(found) for found in re.findall(r"^FNDA:(\d+),(.*)", case.output("coverage.info"), re.M))
    # By function, not by task: hit if one task says so.
    lines = [line.split() for source in sources for line in read(os.path.join(source, "expect")).splitlines()]
    wanted = {words[2]: False for words in lines if words[0] == "not"}
    wanted.update((words[2], True) for words in lines if words[0] == "hit")
    problems = [] if wanted else ["nothing is expected"]
    for name, hit in wanted.items():
        found = [hits[name] for name in alternatives(name, context.symbols) if name in hits]
        if any(count != "0" for count in found) != hit:
            problems.append(f"{name}: is {'not hit' if hit else 'hit'}, FNDA {found}")
    return problems


class Case:
    """A line of the list."""

    def __init__(self, line, results, expected):
        columns = [column.strip() for column in line.split("|", 5)]
        _, self.kind, self.name, limit, _, self.command = columns
        self.limit = int(limit)
        self.results = os.path.join(results, self.name)
        self.expected = os.path.join(expected, self.name + ".expected")

    def output(self, name):
        """What it left in a file."""
        return read(os.path.join(self.results, name))

    def seconds(self):
        """How long it took in the guest."""
        times = self.output("time").split()
        return float(times[1]) - float(times[0]) if len(times) == 2 else 0

    def check(self, context):
        """Its problems."""
        if self.kind == "report":
            return check_report(self, context)
        if not self.output("time"):
            return ["it did not run"]
        if self.kind == "cover":
            return check_cover(self, context)
        return check_text(self, ["plain", "covered"] if self.kind in ("same", "scene") else ["covered"])


class Context:
    """What all cases need."""

    def __init__(self, vmlinux, program):
        self.symbols = Symbols(vmlinux)
        self.vmlinux = vmlinux
        self.program = program


def main():
    """One line a case."""
    listed, results, expected, vmlinux, program, *names = sys.argv[1:]
    context = Context(vmlinux, program)
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
