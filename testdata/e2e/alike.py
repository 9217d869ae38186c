# SPDX-License-Identifier: GPL-2.0-or-later
"""
Scenes: each runs a program of testdata/programs/alike.c with $RUN before it and prints what can be seen from
outside. All that is printed must be the same with RUN empty and with RUN = kcovreport collect.
"""

import fcntl
import os
import pty
import re
import resource
import select
import signal
import struct
import subprocess
import sys
import termios
import time



def run():
    """The words before a command."""
    return os.environ["RUN"].split()


def start(*argv, **options):
    """A program, its output to be read."""
    return subprocess.Popen(run() + list(argv), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, **options)


def start_counting(**options):
    """A program that counts signals, when it is ready for them, and its pid."""
    process = start("alike", "count", **options)
    return process, int(process.stdout.readline().split()[1])


def wait_for_signal(process, number):
    """Wait until a program that counts signals has handled this one: of two pending at once, one would be lost."""
    wanted = f"signal {number:02}\n"
    while (line := process.stdout.readline().decode()) not in (wanted, ""):
        pass
    if not line:
        print("no", wanted, end="")


def finish(process):
    """Print how it ended."""
    for line in process.stdout:
        if not line.startswith(b"signal "):
            print(line.decode(), end="")
    status = process.wait()
    print("signal" if status < 0 else "status", abs(status), flush=True)


def deaths():
    """Each kind of end, as its parent sees it."""
    for script in ("exit 0", "exit 7", "exit 255", "kill -TERM $$", "kill -SEGV $$", "kill -KILL $$", "kill -INT $$"):
        print(script, flush=True)
        finish(start("sh", "-c", script))


def signals_to_us():
    """Signals to the process that was started reach the program, each once."""
    process, _ = start_counting()
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR1, signal.SIGHUP, signal.SIGWINCH, signal.SIGRTMIN + 1):
        process.send_signal(number)
        wait_for_signal(process, number)
    process.send_signal(signal.SIGTERM)
    finish(process)


def signals_to_program():
    """Signals to the program itself."""
    process, pid = start_counting()
    for number in (signal.SIGUSR1, signal.SIGINT, signal.SIGUSR1, signal.SIGTERM):
        os.kill(pid, number)
        wait_for_signal(process, number)
    finish(process)


def signals_to_group():
    """Signals to the whole process group must arrive once, although collect adds members to it."""
    process, _ = start_counting(start_new_session=True)
    for number in (signal.SIGUSR1, signal.SIGUSR1, signal.SIGUSR1, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        os.killpg(process.pid, number)
        wait_for_signal(process, number)
    os.killpg(process.pid, signal.SIGTERM)
    finish(process)


def both_ways():
    """A signal to the group, then at once to the process: two must arrive."""
    process, _ = start_counting(start_new_session=True)
    os.killpg(process.pid, signal.SIGRTMIN + 1)
    process.send_signal(signal.SIGRTMIN + 1)
    wait_for_signal(process, signal.SIGRTMIN + 1)
    wait_for_signal(process, signal.SIGRTMIN + 1)
    process.send_signal(signal.SIGTERM)
    finish(process)


def default_actions():
    """Signals that kill a program without a handler."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGALRM):
        process = start("sh", "-c", "echo ready; exec sleep 20")
        process.stdout.readline()
        process.send_signal(number)
        finish(process)


def stop_and_continue():
    """SIGTSTP to the process: its parent sees it stop and continue, or end, which hides that it continued."""
    process = start("sh", "-c", "echo ready; until [ -e on ]; do sleep 0.1; done; exit 3")
    process.stdout.readline()
    process.send_signal(signal.SIGTSTP)
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    print("stopped", os.WIFSTOPPED(status))
    process.send_signal(signal.SIGCONT)
    _, status = os.waitpid(process.pid, os.WCONTINUED)
    print("continued", os.WIFCONTINUED(status))
    with open("on", "wb"):
        finish(process)
    os.remove("on")


def inheritance():
    """Every unusual attribute is inherited."""

    def prepare():
        os.umask(0o027)
        os.nice(5)
        os.chdir("/usr")
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200))
        resource.setrlimit(resource.RLIMIT_STACK, (4 << 20, 5 << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        signal.signal(signal.SIGQUIT, signal.SIG_IGN)
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGHUP])

    words = [os.path.abspath(word) if word == "run.kcov" else word for word in run()]
    finish(subprocess.Popen(words + ["alike", "inherited"], stdout=subprocess.PIPE, preexec_fn=prepare))


def output_ends():
    """A program closes its streams and lives on: its reader sees the end, its writer a broken pipe."""
    process = subprocess.Popen(run() + ["alike", "quiet"], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    print(process.stdout.readline().decode(), end="")
    before = time.monotonic()
    rest = process.stdout.read()
    print("end of output", rest, "at once" if time.monotonic() - before < 3 else "late")
    try:
        for _ in range(100):
            os.write(process.stdin.fileno(), b"x" * 4096)
            time.sleep(0.01)
        print("input is still open")
    except BrokenPipeError:
        print("input is broken")
    print("alive", process.poll() is None)
    process.kill()


class Terminal:
    """An interactive shell in a terminal of its own."""

    def __init__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["PS1"] = "$ "
            os.environ["RUNS"] = os.environ["RUN"]
            os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
        self.seen = ""
        self.wait_for(r"\$ $")
        self.send("stty -echo\n")
        self.wait_for(r"\$ $")

    def send(self, text):
        """Type it."""
        os.write(self.fd, text.encode())

    def wait_for(self, pattern, seconds=15):
        """Read until the pattern comes, and return its match."""
        end = time.monotonic() + seconds
        while True:
            match = re.search(pattern, self.seen)
            if match:
                self.seen = self.seen[match.end() :]
                return match
            ready, _, _ = select.select([self.fd], [], [], max(end - time.monotonic(), 0))
            if not ready:
                print(f"waited in vain for {pattern!r}, saw {self.seen!r}")
                os.kill(self.pid, signal.SIGKILL)
                sys.exit(1)
            try:
                self.seen += os.read(self.fd, 4096).decode(errors="replace").replace("\r", "")
            except OSError:
                self.seen += "(hung up)"

    def see(self, pattern):
        """Wait for its end and print it."""
        match = self.wait_for(pattern)
        print("saw", " ".join(match.groups()) or pattern, flush=True)
        return match

    def status(self):
        """Print the exit status of the command before."""
        self.wait_for(r"\$ $")
        self.send("echo status=$?\n")
        self.see(r"(status=\d+)\n")
        self.wait_for(r"\$ $")


def terminal_keys():
    """^C, ^Z, fg, ^\\ and a new window size, in a shell with job control."""
    terminal = Terminal()
    terminal.send("$RUNS alike count\n")
    terminal.wait_for(r"ready \d+\n")
    terminal.send("\x03")
    terminal.wait_for(r"signal 02\n")
    terminal.send("\x1a")
    terminal.see(r"(Stopped)")
    terminal.wait_for(r"\$ $")
    terminal.send("jobs -s | wc -l; fg\n")
    terminal.see(r"(\d+)\n")
    terminal.wait_for(r"signal 18\n")
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    terminal.wait_for(r"signal 28\n")
    terminal.send("\x1c")
    terminal.wait_for(r"signal 03\n")
    terminal.send("\x1a")
    terminal.see(r"(Stopped)")
    terminal.wait_for(r"\$ $")
    terminal.send("bg; kill %1; wait %1\n")
    terminal.see(r"(counted [ 0-9:]+)\n")
    terminal.status()


def terminal_kill():
    """^C and ^\\ kill a program without a handler, and the shell sees it."""
    terminal = Terminal()
    for key in ("\x03", "\x1c"):
        terminal.send("$RUNS sh -c 'echo ready; exec sleep 20'\n")
        terminal.wait_for(r"ready\n")
        terminal.send(key)
        terminal.status()


def terminal_input():
    """Lines and end of file from the terminal, and a background job that wants to read."""
    terminal = Terminal()
    terminal.send("$RUNS sh -c 'echo ready; cat'\n")
    terminal.wait_for(r"ready\n")
    terminal.send("one line\n")
    terminal.see(r"(one line)\n")
    terminal.send("\x04")
    terminal.status()
    terminal.send("$RUNS cat & until [[ $(jobs -s) ]]; do sleep 0.2; done; jobs\n")
    terminal.see(r"(Stopped)")
    terminal.wait_for(r"\$ $")
    terminal.send("fg\n")
    terminal.wait_for(r"cat\n")
    terminal.send("another line\n")
    terminal.see(r"(another line)\n")
    terminal.send("\x04")
    terminal.status()


def terminal_groups():
    """In the foreground, in a pipe, in the background."""
    terminal = Terminal()
    where = "PGID=$BASHPID SID=$$"
    for command in (
        f"({where} exec $RUNS alike groups)",
        f"({where} exec $RUNS alike groups) | cat",
        f"({where} exec $RUNS alike groups) & wait",
    ):
        terminal.send(command + "; echo e''nd\n")
        terminal.see(r"(group [a-z' ]+)\n")
        terminal.see(r"(session [a-z' ]+)\n")
        terminal.see(r"(terminal \w+)\n")
        terminal.see(r"(foreground \w+)\n")
        terminal.wait_for(r"end\n")


def terminal_hangup():
    """The terminal goes away: the program is told."""
    terminal = Terminal()
    terminal.send("exec $RUNS sh -c 'trap \"echo hangup >hup; exit\" HUP; echo ready; while :; do sleep 0.1; done'\n")
    terminal.wait_for(r"ready\n")
    os.close(terminal.fd)
    for _ in range(100):
        if os.path.exists("hup"):
            break
        time.sleep(0.1)
    print("hangup", os.path.exists("hup"))


def play(scene):
    """The scene of this name."""
    globals()[scene.replace("-", "_")]()
