#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
usage: guest.py CASES RESULTS PROGRAMS NAME...

Runs in the guest, as root: runs the cases of the list CASES with a NAME, and stores their results for
check.py in the archive RESULTS, in NAME/. Environment: KCOVREPORT, SLOWNESS, COLLECT_OPTIONS, PLAIN.

An emulated machine takes 50 ms to start a process, so this starts only those of the cases. It takes
20 ms to create a file on a share, hence the archive.
"""

import io
import os
import select
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import traceback

import alike

HERE = os.path.dirname(os.path.abspath(__file__))
# Not on the share, since cases make programs set-uid and map files shared.
WORK = "/mnt/e2e"
# The time limits of the list are for a machine that has two processors to itself.
SLOWNESS = int(os.environ.get("SLOWNESS") or 4)
EXPECT_SIZE = 768 << 10
EXPECT_LINE = 96
# Kernel threads appear, but do not end, while we run.
KERNEL_THREADS = {"2"}


def read(path):
    """Bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    """Make a file."""
    with open(path, "wb") as file:
        file.write(content)


def read_expect(path):
    """The lines of mark.h. A task may have been killed after it counted a line and before it wrote it."""
    with open(path, "rb") as file:
        lines = int.from_bytes(file.read(EXPECT_LINE)[:4], sys.byteorder)
        return file.read(lines * EXPECT_LINE).replace(b"\0", b"")


def processes():
    """All but kernel threads."""
    found = set()
    for pid in set(filter(str.isdigit, os.listdir("/proc"))) - KERNEL_THREADS:
        try:
            parent = read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[1]
        except OSError:
            continue
        (KERNEL_THREADS if parent == b"2" else found).add(pid)
    return found


def kill_leftovers(before):
    """Processes that the case left running."""
    for pid in processes() - before:
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass


def become(command, environment, output, errors):
    """The new process: a command, or a scene of alike.py."""
    status = 99
    try:
        # In a background process group of our session, as under a shell with job control.
        os.setpgid(0, 0)
        for number, path in enumerate(["/dev/null", output, errors]):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY, 0o666), number)
        os.environ.update(environment)
        if isinstance(command, str):
            alike.play(command)
            status = 0
        else:
            for number in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            os.execvp(command[0], command)
    except SystemExit as end:
        status = end.code or 0
    except BaseException:  # pylint: disable=broad-except
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


class Archive:
    """The results that leave the guest: complete after each case, whatever happens in the next."""

    def __init__(self, path):
        self.file = open(path, "wb", buffering=1 << 20)  # pylint: disable=consider-using-with
        self.tar = tarfile.open(fileobj=self.file, mode="w")  # pylint: disable=consider-using-with

    def add(self, name, content):
        """A file."""
        member = tarfile.TarInfo(name)
        member.size = len(content)
        self.tar.addfile(member, io.BytesIO(content))

    def flush(self):
        """To the host."""
        self.file.flush()

    def close(self):
        """With an end."""
        self.tar.close()
        self.file.close()


class Case:
    """A line of the list."""

    def __init__(self, line):
        columns = [column.strip() for column in line.split("|", 5)]
        _, self.kind, self.name, limit, options, self.command = columns
        self.limit = int(limit) * SLOWNESS
        self.collect = [os.environ["KCOVREPORT"], "collect", *os.environ.get("COLLECT_OPTIONS", "").split(),
                        *options.split()]
        self.before = None

    def limited(self, name, command, **environment):
        """Output to NAME.out and NAME.err, exit status or `timeout` to NAME.status."""
        pid = os.fork()
        if pid == 0:
            become(command, environment, name + ".out", name + ".err")
        watch = os.pidfd_open(pid)
        ended, _, _ = select.select([watch], [], [], self.limit)
        if not ended:
            os.kill(pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(watch)
        status = (code if code >= 0 else 128 - code) if ended else "timeout"
        write(name + ".status", f"{status}\n".encode())
        kill_leftovers(self.before)

    def cover(self):
        """A program that prints what it must leave: see mark.h, and exec.c for the files in root/."""
        with open("expect", "wb") as file:
            file.truncate(EXPECT_SIZE)
        os.chmod("expect", 0o666)
        os.mkdir("root")
        os.link("expect", "root/expect")
        if os.path.exists(WORK + "/programs/exec.static"):
            os.link(WORK + "/programs/exec.static", "root/exec")
        command = [*self.collect, "-o", "run.kcov", "--", *self.command.split()]
        self.limited("covered", command, KCOVREPORT_EXPECT=os.path.abspath("expect"))
        write("expect", read_expect("expect"))

    def twice(self, command):
        """Without collect and with it. With an expected text, the run without is not needed."""
        if os.environ.get("PLAIN") or not os.path.exists(f"{HERE}/{self.name}.expected"):
            self.limited("plain", command, RUN="")
            # Remove what the first run created before the second.
            for name in os.listdir():
                if not name.startswith("plain."):
                    (shutil.rmtree if os.path.isdir(name) else os.remove)(name)
        self.limited("covered", command, RUN=" ".join([*self.collect, "-o", "run.kcov", "--"]))

    def wanted(self, name):
        """Is this file of its directory for check.py?"""
        if name in ("expect", "run.kcov"):
            return self.kind == "cover" or os.path.exists("expect")
        return name.endswith((".out", ".err", ".status")) and os.path.getsize(name)

    def run(self, archive):
        """Store its results in the archive."""
        directory = f"{WORK}/cases/{self.name}"
        os.makedirs(directory)
        os.chmod(directory, 0o777)
        os.chdir(directory)
        self.before = processes()
        started = time.time()
        if self.kind == "cover":
            self.cover()
        elif self.kind == "scene":
            self.twice(self.command)
        elif self.kind == "same":
            self.twice(["bash", "-c", self.command])
        else:
            self.limited("covered", ["bash", "-c", self.command], COLLECT=" ".join(self.collect))
        archive.add(self.name + "/time", f"{started} {time.time()}\n".encode())
        for name in filter(self.wanted, os.listdir()):
            archive.add(f"{self.name}/{name}", read(name))
        archive.flush()
        os.chdir("/")
        shutil.rmtree(directory)


def main():
    """All cases of a boot."""
    listed, results, programs, *names = sys.argv[1:]
    os.mkdir(WORK)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "e2e", WORK], check=True)
    shutil.copytree(programs, WORK + "/programs")
    if os.path.exists(WORK + "/programs/births"):
        shutil.copy(WORK + "/programs/births", WORK + "/programs/set-uid")
        os.chmod(WORK + "/programs/set-uid", 0o4755)
    os.environ.update(PATH=f"{WORK}/programs:{os.environ['PATH']}", HERE=HERE, LC_ALL="C")
    archive = Archive(results)
    for line in read(listed).decode().splitlines():
        if not line.strip() or line[0] == "#":
            continue
        case = Case(line)
        if case.name in names:
            case.run(archive)
            print(case.name, flush=True)
    archive.close()


if __name__ == "__main__":
    main()
