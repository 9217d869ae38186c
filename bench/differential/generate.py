# SPDX-License-Identifier: GPL-2.0-or-later
"""Generate random C functions that look like the kernel's.

    generate.py SEED NR DIR

Writes part_NNN.c with 50 functions each, calls.c with the table of calls, and kinds.json: what is on each line of
each part. The same SEED gives the same functions, and the functions of a part do not depend on NR.

No function has undefined behaviour, each one ends, and what it does depends on its arguments and on the runtime
(runtime.c) alone. So all builds of the same source execute the same lines equally often.
"""

import json
import os
import sys

from body import Body
from dice import Dice

PART = 50  # functions of one file
HELPERS = 8  # static functions of one file, called by the others
TYPES = ("int", 6), ("unsigned int", 2), ("bool", 1), ("void", 1)
INLINE = ("static ", 4), ("static inline ", 3), ("static __always_inline ", 2), ("static noinline ", 2)


class Source:
    """The lines of a file, and the kind of each."""

    def __init__(self):
        self.lines = []
        self.kinds = []

    def line(self, depth, text, kind):
        self.lines.append("\t" * depth + text)
        self.kinds.append(kind)


def add_function(source, dice, name, helpers, is_helper):
    """Returns (name, type) for callers."""
    kind = dice.weighted(TYPES)
    storage = dice.weighted(INLINE) if is_helper else ""
    source.line(0, "%s%s %s(struct ctx *c, unsigned int a, unsigned int b)" % (storage, kind, name), "head")
    source.line(0, "{", "open")
    Body(source, dice, kind, helpers, is_helper).write()
    source.line(0, "}", "brace")
    source.line(0, "", "none")
    return name, kind


def make_part(seed, part, nr):
    """The source of a part, and [(function, number of calls)]."""
    source = Source()
    source.line(0, "/* generate.py, seed %d, part %d */" % (seed, part), "none")
    source.line(0, '#include "runtime.h"', "none")
    source.line(0, "", "none")
    helpers = []
    for i in range(HELPERS):
        dice = Dice(seed, part, 1000 + i)
        # A helper calls the ones before it, at most two levels deep.
        callees = helpers[:3] if i >= 3 else []
        helpers.append(add_function(source, dice, "part_%03d_helper_%d" % (part, i), callees, True))
    calls = []
    for i in range(nr):
        dice = Dice(seed, part, i)
        name, _ = add_function(source, dice, "function_%d" % (part * PART + i), helpers, False)
        calls.append((name, dice.weighted(((0, 1), (1, 6), (2, 6), (5, 4), (20, 1)))))
    return source, calls


def write(path, text):
    """Leaves a file alone that has this text: its object is still right."""
    if os.path.exists(path):
        with open(path) as file:
            if file.read() == text:
                return
    with open(path, "w") as file:
        file.write(text)


def main(seed, nr, directory):
    os.makedirs(directory, exist_ok=True)
    kinds, table = {}, []
    for part, first in enumerate(range(0, nr, PART)):
        source, calls = make_part(seed, part, min(PART, nr - first))
        name = "part_%03d.c" % part
        kinds[name] = source.kinds
        table += calls
        write(os.path.join(directory, name), "\n".join(source.lines) + "\n")
    # For the caller all functions have one type: it ignores what they return.
    text = '#include "runtime.h"\n\n'
    text += "".join("void %s(struct ctx *c, unsigned int a, unsigned int b);\n" % name for name, _ in table)
    text += "\nconst struct call calls[] = {\n%s};\n" % "".join("\t{ %s, %d },\n" % call for call in table)
    text += "const unsigned int nr_calls = %d;\nconst unsigned int seed = %d;\n" % (len(table), seed)
    write(os.path.join(directory, "calls.c"), text)
    write(os.path.join(directory, "kinds.json"), json.dumps(kinds))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: generate.py SEED NR DIR")
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
