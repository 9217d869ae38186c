# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions of a vmlinux and of a module by address, for check.py."""

import bisect
import re
import subprocess


class Symbols:
    """Functions by address: of a vmlinux, and of modules once their addresses are known."""

    def __init__(self, vmlinux):
        text = subprocess.run(["nm", "--defined-only", vmlinux], stdout=subprocess.PIPE, check=True).stdout.decode()
        symbols = []
        for line in text.splitlines():
            address, kind, name = line.split()
            if kind in "tTwW" and not name.startswith("__pfx_"):
                # A clone or the cold part of a function counts as that function.
                symbols.append((int(address, 16), re.sub(r"\.(isra|part|constprop|cold).*", "", name)))
        symbols.sort()
        self.addresses = [address for address, _ in symbols]
        self.names = [name for _, name in symbols]
        self.known = set(self.names)

    def name(self, pc):
        """The function that holds the byte before a return address."""
        index = bisect.bisect_right(self.addresses, pc - 1) - 1
        return self.names[index] if index >= 0 else "?"


class Module:
    """The functions of a .ko by address, with its sections placed as the kernel does."""

    def __init__(self, path):
        def readelf(option):
            argv = ["readelf", "-W", option, path]
            return subprocess.run(argv, stdout=subprocess.PIPE, check=True).stdout.decode()

        # Executable sections of the core part follow one another in file order.
        self.offsets, text, end = {}, 0, 0
        section = re.compile(r" *\[ *(\d+)\] (\.\S+) +PROGBITS +\S+ \S+ (\S+) \S+ +AX +\d+ +\d+ +(\d+)$")
        for number, name, size, align in (m.groups() for m in map(section.match, readelf("-S").splitlines()) if m):
            if name.startswith(".init"):
                self.offsets[number] = (True, 0)
                continue
            end = -(-end // int(align)) * int(align)
            self.offsets[number] = (False, end)
            text = end if name == ".text" else text
            end += int(size, 16)
        self.functions = []
        for words in map(str.split, readelf("-s").splitlines()):
            if len(words) == 8 and words[3] == "FUNC" and words[6] in self.offsets:
                init, offset = self.offsets[words[6]]
                start = int(words[1], 16) + offset - (0 if init else text)
                self.functions.append((init, start, int(words[2], 0), words[7]))
        self.known = {name for *_, name in self.functions}

    def name(self, pc, base, init_base):
        """The function that a return address is in, or None."""
        for init, start, size, name in self.functions:
            start += init_base if init else base
            if start < pc <= start + size and (init_base or not init):
                return name
        return None
