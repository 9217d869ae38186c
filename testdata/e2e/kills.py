#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
usage: kills.py

Kills kcovreport at 10 random moments with SIGKILL: the front, the supervisor or both, while tasks are created and end all
the time. After each kill nothing may be left but what was recorded and the workload: no process of kcovreport, no
stopped task, no remote handle; and the next collection works. Prints what is wrong, and the seed (environment: SEED)
that gives these moments again. The largest unfinished file is left as run.kcov, for a report.

Environment: COLLECT, KCOVREPORT, FULL (1: at 100 moments).
"""

import glob
import os
import random
import re
import signal
import subprocess
import time

HANDLE = "handle:0x0100000000001234"
COLLECT = os.environ["COLLECT"].split()
PATIENCE = 60


def read(path):
    """Text of a file of /proc, empty if the task has ended."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def named(name):
    """Processes of this name that have not ended, with the parent and the group of each."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        match = re.match(r"(\d+) \((.*)\) (\S) (\d+) (\d+)", read(path), re.S)
        if match and match[2] == name and match[3] not in "ZX":
            found[int(match[1])] = int(match[4]), int(match[5])
    return found


def stopped():
    """Tasks that do not run and never will by themselves."""
    paths = [path for pid in named("storm") for path in glob.glob(f"/proc/{pid}/task/*/stat")]
    return [path for path in paths if re.search(r"\) [tT] ", read(path))]


def wait_until(condition):
    """Whether it became true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def kill(pids):
    """With SIGKILL, those that are still there. Some may just create others: then call it again. Returns pids."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return pids


def run(*command):
    """Exit status, and all that it printed."""
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
    result = subprocess.run(command, check=False, **pipe)
    return result.returncode, result.stdout.decode()


def start():
    """A collection of an endless workload."""
    command = [*COLLECT, "--remote", HANDLE, "-o", "run.kcov", "--", "storm", "endless"]
    with open("err", "wb") as err:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=err, stdin=subprocess.DEVNULL)


def supervisors(front):
    """The supervisor leads a process group of its own."""
    return [pid for pid, (parent, group) in named("kcovreport").items() if parent == front and group == pid]


def startup():
    """How long it takes here until the command runs."""
    before = time.monotonic()
    front = start()
    wait_until(lambda: named("storm"))
    needed = time.monotonic() - before
    kill([front.pid, *supervisors(front.pid)])
    front.wait()
    wait_until(lambda: not kill(named("storm")))
    return needed


def check_left(front, followers):
    """What is wrong with what is left of a collection that was killed, and of its workload, which is ended."""
    if not wait_until(lambda: not named("kcovreport").keys() & followers):
        yield "the supervisor goes on"
    status, text = run(*COLLECT, "--remote", HANDLE, "-o", "next.kcov", "--", "true")
    if status or "error" in text or "warning" in text:
        yield f"the next collection: status {status}, {text}"
    if not wait_until(lambda: not stopped()):
        yield f"stopped: {stopped()}"
    if not wait_until(lambda: not kill(named("storm"))):
        yield f"cannot be killed: {named('storm')}"
        front.kill()
    front.wait()
    if not wait_until(lambda: not named("kcovreport") and not named("kcov-witness")):
        yield f"processes are left: {named('kcovreport')} {named('kcov-witness')}"


def check_file(finished):
    """What is wrong with the run file."""
    if not os.path.exists("run.kcov"):
        return
    size = os.path.getsize("run.kcov")
    status, text = run(os.environ["KCOVREPORT"], "dump", "run.kcov")
    if not size:
        if status != 1 or "run.kcov" not in text:
            yield f"an empty run file: status {status}, {text}"
    elif status:
        yield f"a run file of {size} bytes: status {status}, {text}"
    elif not re.search('^run "run.kcov" unfinished$', text, re.M) and not finished:
        yield f"a run file of {size} bytes is not unfinished: {text[:300]}"
    elif not finished and size > (os.path.getsize("kept") if os.path.exists("kept") else 0):
        os.rename("run.kcov", "kept")


def one(choose, longest):
    """One kill. Yields what is wrong, and ends with the workload gone."""
    if os.path.exists("run.kcov"):
        os.remove("run.kcov")
    moment, who = choose.uniform(0, longest), choose.choice(["front", "supervisor", "both"])
    front = start()
    time.sleep(moment)
    followers = supervisors(front.pid)
    victims = {"front": [front.pid], "supervisor": followers, "both": [*followers, front.pid]}[who]
    # Too early for it: the front alone.
    kill(victims or [front.pid])
    # A supervisor that sees the front end finishes the file.
    for problem in [*check_left(front, followers), *check_file(finished=who == "front" or not followers)]:
        yield f"{who} killed after {moment:.3f} s: {problem}"


def main():
    """All kills."""
    seed = int(os.environ.get("SEED") or random.randrange(1 << 32))
    choose = random.Random(seed)
    longest = 2 * startup()
    wrong = 0
    for number in range(100 if os.environ.get("FULL") else 10):
        for problem in one(choose, longest):
            print(f"seed {seed}, kill {number}, {problem}", flush=True)
            wrong += 1
    if os.path.exists("kept"):
        os.rename("kept", "run.kcov")
        with open("expect", "w", encoding="utf-8") as expect:
            expect.write("hit * kernel_clone\n")
    else:
        print("no run file had anything")
    print("something is wrong" if wrong else "all right")


if __name__ == "__main__":
    main()
