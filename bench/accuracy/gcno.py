# SPDX-License-Identifier: GPL-2.0-or-later
"""Read a compiler's notes on an object's functions (.gcno) and the counters of these (.gcda), as gcc 12 and
later or clang (seen: 14) write them. Computes counts of all blocks, and from these the counts of lines.

The program gcov is not used. It gives each block to the highest of its lines, and counts a line that has
blocks of its own by these alone. So it prints 0 for some lines that were executed as part of others. On the
other hand, gcc notes lines of several blocks in the one block that they were merged into. If the two counts
differ, the line is disputed and not judged. Clang notes lines before it optimizes, and llvm-cov gives a
block to all of its lines, so no line is disputed."""

import struct

FUNCTION, BLOCKS, ARCS, LINES, COUNTERS = 0x01000000, 0x01410000, 0x01430000, 0x01450000, 0x01A10000
ON_TREE, FAKE = 1, 2
ENTRY, EXIT = 0, 1


class Function:
    def __init__(self, ident, name, path, first, last):
        self.ident = ident
        self.name = name
        self.path = path
        self.first = first
        self.last = last
        self.blocks = 0
        self.arcs = []  # (from, to, flags), those from one block together
        self.lines = []  # (block, number of the change of file within it, path, line)
        self.lost_arcs = False

    def restore_arcs(self):
        """To count a critical arc, clang 14 inserts a block into it, after the block that the arc leaves. But
        then it drops the arc and its counter, and the inserted block has no entry. Counts that follow only
        from that arc's count are lost."""
        entered = {to for _, to, _ in self.arcs}
        before = ENTRY
        for block in range(EXIT + 1, self.blocks):
            if block in entered:
                before = block
            else:
                self.arcs.append((before, block, ON_TREE))
                self.lost_arcs = True

    def solve(self, counters):
        """Counts of all arcs and blocks, None if they do not follow. The compiler counted the arcs outside a
        spanning tree; the arcs into a block and those out of it have the same sum."""
        arcs = [None] * len(self.arcs)
        blocks = [None] * self.blocks
        open_in = [[] for _ in blocks]
        open_out = [[] for _ in blocks]
        sum_in = [0] * self.blocks
        sum_out = [0] * self.blocks
        counters = iter(counters)
        for number, (start, to, flags) in enumerate(self.arcs):
            if flags & ON_TREE:
                open_out[start].append(number)
                open_in[to].append(number)
            else:
                arcs[number] = count = next(counters)
                sum_out[start] += count
                sum_in[to] += count
        todo = list(range(self.blocks))
        while todo:
            block = todo.pop()
            if blocks[block] is None:
                if block != EXIT and not open_out[block]:
                    blocks[block] = sum_out[block]
                elif block != ENTRY and not open_in[block]:
                    blocks[block] = sum_in[block]
                else:
                    continue
            for these, total in (open_out, sum_out), (open_in, sum_in):
                if len(these[block]) == 1 and block != (EXIT if these is open_out else ENTRY):
                    number = these[block][0]
                    start, to, _ = self.arcs[number]
                    arcs[number] = count = blocks[block] - total[block]
                    open_out[start].remove(number)
                    open_in[to].remove(number)
                    sum_out[start] += count
                    sum_in[to] += count
                    todo += [block, start, to]
        if None in blocks and not self.lost_arcs:
            raise ValueError("'%s': counts do not determine all blocks" % self.name)
        return arcs, blocks

    def own_lines(self, blocks):
        """{(path, line): count} as gcc's program gcov has it, for lines that are the highest of a block."""
        highest = {}
        for block, section, path, line in self.lines:
            key = block, section
            if highest.get(key, (path, 0))[1] < line:
                highest[key] = path, line
        own = {}
        for (block, _), key in highest.items():
            own[key] = max(own.get(key, 0), blocks[block])
        return own

    def branches(self, arcs, highest):
        """(path, line, counts) of each block with several successors. As in gcov: in each file that has
        lines of the block, on the highest of these, otherwise on the last line that is noted."""
        outcomes = {}
        for (start, _, flags), count in zip(self.arcs, arcs):
            if not flags & FAKE:
                outcomes.setdefault(start, []).append(count)
        lines = {}
        for block, section, path, line in self.lines:
            key = block, section
            if len(outcomes.get(block, ())) > 1 and (not highest or lines.get(key, (path, 0))[1] < line):
                lines[key] = path, line
        for (block, _), (path, line) in lines.items():
            yield path, line, outcomes[block]


class Gcc:
    """gcc 12 and later."""
    header = 16  # magic, version, stamp, checksum
    unit = 1  # bytes, of lengths
    has_folder = True  # of the compiler, and whether blocks may be noted as not executed
    highest_line_only = True  # has a block and its branches, if the program gcov is asked

    @staticmethod
    def read_function(reader):
        """The function; None if the compiler generated it."""
        ident = reader.word()
        reader.at += 8  # checksums
        name = reader.text()
        artificial = reader.word()
        path = reader.text()
        first, _, last = reader.word(), reader.word(), reader.word()
        return None if artificial else Function(ident, name, path, first, last)

    @staticmethod
    def read_blocks(reader, _):
        return reader.word()


class Clang:
    """clang, unless it is told another version than its default, that of gcc 4.8."""
    header = 12  # magic, version, stamp
    unit = 4
    has_folder = False
    highest_line_only = False  # all have it, the last its branches

    @staticmethod
    def read_function(reader):
        ident = reader.word()
        reader.at += 8  # checksums
        name, path, first = reader.text(), reader.text(), reader.word()
        return Function(ident, name, path, first, None)

    @staticmethod
    def read_blocks(reader, end):
        return (end - reader.at) // 4  # flags of each


def choose_format(version):
    """The format of a version. Its four bytes are reversed."""
    if version == b"*804":
        return Clang
    if version[3:] == b"B" and version[2:3] >= b"2":
        return Gcc
    raise ValueError("not written by gcc 12 or later, nor by clang")


class Reader:
    def __init__(self, data, magic):
        self.data = data
        found, version = struct.unpack_from("<4s4s", data)
        if found != magic:
            raise ValueError("not written by a compiler for gcov")
        self.format = choose_format(version)
        self.at = self.format.header

    def word(self):
        value, = struct.unpack_from("<I", self.data, self.at)
        self.at += 4
        return value

    def text(self):
        size = self.word() * self.format.unit
        self.at += size
        return self.data[self.at - size:self.at].rstrip(b"\0").decode()

    def records(self):
        """(tag, end) of each record; the reader is at its data."""
        while self.at + 8 <= len(self.data):
            tag, length = self.word(), self.word()
            if not tag:
                break
            end = self.at + length * self.format.unit
            yield tag, end
            self.at = end


def read_lines(reader, function):
    block, path, section = reader.word(), "", 0
    while True:
        line = reader.word()
        if line:
            function.lines.append((block, section, path, line))
            continue
        path = reader.text()
        section += 1
        if not path:
            break


def read_notes(data):
    """(format, directory of the compiler if it is noted, functions) of the bytes of a .gcno file."""
    reader = Reader(data, b"oncg")
    folder = ""
    if reader.format.has_folder:
        folder = reader.text()
        reader.word()  # support of unexecuted blocks
    functions = []
    function = None
    for tag, end in reader.records():
        if tag == FUNCTION:
            function = reader.format.read_function(reader)
            if function:
                functions.append(function)
        elif not function:
            continue
        elif tag == BLOCKS:
            function.blocks = reader.format.read_blocks(reader, end)
        elif tag == ARCS:
            start = reader.word()
            while reader.at < end:
                function.arcs.append((start, reader.word(), reader.word()))
        elif tag == LINES:
            read_lines(reader, function)
    for function in functions:
        if reader.format is Clang:
            function.restore_arcs()
            function.last = max((line[3] for line in function.lines), default=function.first)
    return reader.format, folder, functions


def read_counters(data):
    """{ident of a function: its counters} of the bytes of a .gcda file."""
    counters = {}
    if data:
        reader = Reader(data, b"adcg")
        ident = None
        for tag, end in reader.records():
            if tag == FUNCTION:
                ident = reader.word()
            elif tag == COUNTERS:
                size = (end - reader.at) // 8
                counters[ident] = struct.unpack_from("<%dq" % size, data, reader.at)
    return counters
