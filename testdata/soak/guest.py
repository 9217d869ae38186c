#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
usage: guest.py KCOVREPORT STRESS_NG STRESSORS RESULTS SECONDS FOLLOW

Runs in the guest, as root: stress-ng under collect, half of the time in one collection with all stressors, half in
short ones, one after the other, each with the next four and small buffers. Leaves in RESULTS, for check.py:

long.kcov, long.log         run file; output of collect and stress-ng
0000.kcov, 0000.log, ...    those of the short ones
samples                     lines "NAME SECONDS KEY=kB ...": memory of the supervisor while NAME is collected, and
                            of the machine after it ("SECONDS" is then "-")
ended                       lines "NAME STATUS"; the last one is "all"
"""

import os
import shutil
import subprocess
import sys
import threading
import time

WORK = "/mnt/soak"
USER = "65534:65534"
INTERVAL = 5
SHORT = 5
AT_ONCE = 4


def read_values(path, keys):
    """kB by key, of a file in /proc."""
    with open(path, encoding="ascii", errors="replace") as file:
        fields = [line.split() for line in file]
    return {words[0][:-1]: int(words[1]) for words in fields if words and words[0][:-1] in keys}


def supervisor(front):
    """The child of the front that is still kcovreport, or None."""
    try:
        with open(f"/proc/{front}/task/{front}/children", encoding="ascii") as file:
            children = file.read().split()
        program = os.readlink(f"/proc/{front}/exe")
        # The witness is one, too. It has no threads.
        found = [pid for pid in children if os.readlink(f"/proc/{pid}/exe") == program
                 and len(os.listdir(f"/proc/{pid}/task")) > 1]
    except OSError:
        return None
    return found[0] if found else None


class Soak:
    """The collections of a run, and the files with what was seen."""

    def __init__(self, stressors, results, follow):
        self.results, self.follow = results, follow
        self.stressors = stressors
        self.samples = open(f"{results}/samples", "w", encoding="ascii", buffering=1)
        self.ended = open(f"{results}/ended", "w", encoding="ascii", buffering=1)

    def sample(self, name, front, stop):
        """A thread: the supervisor's memory, now and then."""
        start = time.monotonic()
        while not stop.wait(INTERVAL):
            pid = supervisor(front)
            try:
                values = read_values(f"/proc/{pid}/status", ("VmRSS", "RssAnon", "RssFile", "RssShmem", "VmSize"))
            except OSError:
                continue
            values.update(read_values("/proc/meminfo", ("MemAvailable",)))
            text = " ".join(f"{key}={value}" for key, value in values.items())
            self.samples.write(f"{name} {time.monotonic() - start:.0f} {text}\n")

    def collect(self, name, stressors, seconds, options):
        """One collection."""
        command = [f"{WORK}/kcovreport", "collect", "--follow", self.follow, "--user", USER, *options,
                   "-o", f"{self.results}/{name}.kcov", "--", f"{WORK}/stress-ng", "--temp-path", f"{WORK}/temp",
                   "--metrics-brief", "--timeout", str(seconds)]
        for stressor, arguments in stressors:
            command += [f"--{stressor}", "1", *arguments]
        with open(f"{self.results}/{name}.log", "wb") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                     cwd=f"{WORK}/temp")
        stop = threading.Event()
        sampler = threading.Thread(target=self.sample, args=(name, child.pid, stop))
        sampler.start()
        status = child.wait()
        stop.set()
        sampler.join()
        values = read_values("/proc/meminfo", ("MemAvailable", "VmallocUsed", "Slab"))
        self.samples.write(f"{name} - " + " ".join(f"{key}={value}" for key, value in values.items()) + "\n")
        self.ended.write(f"{name} {status}\n")
        print(f"{name}: {status}", flush=True)

    def run(self, seconds):
        """Short ones first: what one of them leaves in the kernel is not hidden by the long one."""
        end = time.monotonic() + seconds / 2
        number = 0
        while number == 0 or time.monotonic() < end:
            first = number * AT_ONCE % len(self.stressors)
            self.collect(f"{number:04}", self.stressors[first:first + AT_ONCE], SHORT, ["--buffer", "65536"])
            number += 1
        self.collect("long", self.stressors, max(seconds // 2, SHORT), [])
        self.ended.write("all\n")


def main():
    """One machine."""
    kcovreport, stress_ng, listed, results, seconds, follow = sys.argv[1:]
    with open(listed, encoding="ascii") as file:
        lines = [line.split("|") for line in file if line.strip() and line[0] != "#"]
    stressors = [(name.strip(), options.split()) for name, options, _ in lines]
    os.mkdir(WORK)
    # The host's files are reached over a wire.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "soak", WORK], check=True)
    os.mkdir(f"{WORK}/temp")
    os.chmod(f"{WORK}/temp", 0o777)
    for program, name in ((kcovreport, "kcovreport"), (stress_ng, "stress-ng")):
        shutil.copy(program, f"{WORK}/{name}")
    Soak(stressors, results, follow).run(int(seconds))


if __name__ == "__main__":
    main()
