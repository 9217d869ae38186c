# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes of differences that are explained (docs/accuracy.md, "Random functions"), and what is expected."""

# How lines differ, in the order of the tables.
DIFFERENCES = ("missed", "wrong", "fewer", "more", "no line, executed", "no line, not executed", "only ours, hit",
               "only ours, missed", "disputed")

EXITS = "return", "tail call", "goto", "break", "continue"

# (compiler or None, difference or None, reasons or None, kinds of lines or None, class); the first row that fits is taken.
ROWS = (
    (None, None, ("statements_of_source, some counts too large",), None, "statements: counts too large"),
    (None, None, ("statements_of_source, some counts too small",), None, "statements: counts too small"),
    (None, None, ("statements_of_source, counts right",), None, "statements: jumps"),
    ("gcc", "missed", ("no_row_executed", "not_known"), None, "no row on the path"),
    ("gcc", "missed", ("only_code_executed",), None, "mark on another path"),
    ("gcc", "missed", ("shared_end_executed",), None, "merged tail"),
    ("clang", "missed", ("no_row_executed", "not_known"), None, "no row on the path"),
    ("gcc", "wrong", None, EXITS, "shared exit"),
    ("gcc", "wrong", ("only_code",), None, "moved code"),
    ("gcc", "wrong", ("statement_in_recorded_block", "statement_in_inferred_block"), None, "row of the block before"),
    ("clang", "wrong", ("statement_in_inferred_block",), EXITS, "shared exit"),
    ("clang", "wrong", ("statement_in_recorded_block", "statement_in_inferred_block"), None, "merged code"),
    (None, "fewer", ("several blocks",), None, "several blocks"),
    (None, "fewer", ("one block",), None, "path or iteration without row"),
    ("gcc", "more", None, EXITS, "shared exit"),
    ("gcc", "more", None, None, "row of the block before"),
    ("clang", "more", None, None, "call of an inlined function, or merged"),
    (None, "no line, executed", None, None, "no row"),
    (None, "no line, not executed", None, None, "no row"),
    (None, "only ours, hit", None, None, "gcov has no such line"),
    (None, "only ours, missed", None, None, "gcov has no such line"),
    (None, "disputed", None, ("continued condition", "condition", "continued"), "operator on the line above"),
    (None, "disputed", None, ("case", "label", "return", "break", "goto", "declaration", "assignment", "macro", "call",
                              "switch", "open"), "gcov is wrong"),
)

# Of each build: the least percentage of recall, precision and equal counts, with the sources.
EXPECTED = {
    "gcc-O2": {"recall": 99, "precision": 99, "counts": 95, "with a line": 97},
    "clang-O2": {"recall": 99, "precision": 99, "counts": 92, "with a line": 95},
}

# And by the machine code alone.
EXPECTED_ALONE = {
    "gcc-O2": {"recall": 99, "precision": 98, "counts": 90, "with a line": 87},
    "gcc-Os": {"recall": 99, "precision": 97, "counts": 92, "with a line": 87},
    "clang-Os": {"recall": 98.5, "precision": 99.5, "counts": 92, "with a line": 52},
    "clang-O2": {"recall": 98.5, "precision": 99.5, "counts": 89, "with a line": 52},
}


def find_class(compiler, difference, reason, kind):
    """The name of the class; None if there is none."""
    for of, word, reasons, kinds, name in ROWS:
        if (of in (None, compiler) and word in (None, difference) and (reasons is None or reason in reasons) and
                (kinds is None or kind in kinds)):
            return name
    return None
