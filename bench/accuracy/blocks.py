# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions of a source file as its text shows them. gcov does not know where functions are that
gcc inlined everywhere before it counted; kernel code ends each with a brace in the first column."""

import bisect


class Blocks:
    def __init__(self, path):
        self.ends = []
        try:
            with open(path, "rb") as file:
                self.ends = [number for number, text in enumerate(file, 1) if text[:1] == b"}"]
        except OSError:
            pass  # generated, and gone: one block

    def of(self, line):
        return bisect.bisect_left(self.ends, line)


def touched_blocks(lines):
    """{path: (its blocks, those of which a line has a count)}, for lines {path: {line: count}}."""
    touched = {}
    for path, counts in lines.items():
        if any(counts.values()):
            blocks = Blocks(path)
            touched[path] = blocks, {blocks.of(line) for line, count in counts.items() if count}
    return touched


def is_touched(touched, path, line):
    blocks, busy = touched.get(path, (None, ()))
    return blocks is not None and blocks.of(line) in busy
