# SPDX-License-Identifier: GPL-2.0-or-later
"""Why a line is hit or missed: what `kcovreport report --explain` prints."""

# Kinds of evidence that a line was executed, the best first; the last one: the machine code alone does not say so.
EVIDENCE = "statement_in_recorded_block", "statement_in_inferred_block", "only_code", "statements_of_source"
# Reasons why a line is reported as missed.
REASONS = "no_row_executed", "only_code_executed", "shared_end_executed", "not_known", "statements_of_source"


def read_places(path):
    """(path, line), [("FROM-TO IMAGE FUNCTION", "STATE; KIND...") of each block that owns it], for each line. If the
    statements of the source corrected the line, the last one is ("statements", "KIND, executed N times; ..."). Lines
    of which only the function that is declared there says something are left out."""
    key, blocks = None, []
    with open(path) as file:
        for text in file:
            if text.startswith("  "):
                place, what = text.strip().split(": ", 1)
                if place != "function":
                    blocks.append((place, what))
                continue
            if blocks:
                yield key, blocks
            source, line, _ = text.split(":", 2)
            key, blocks = (source, int(line)), []
    if blocks:
        yield key, blocks


def read_evidence(path):
    """(path, line), ["STATE; KIND..." of each block that owns it], for each line."""
    for key, blocks in read_places(path):
        yield key, [what for _, what in blocks]


def is_counted(block):
    """Whether the block was executed, and takes part in the verdict."""
    return block.startswith("hit") and "does not count" not in block


def alone(blocks):
    """What the machine code alone says of a line that the statements corrected: "missed", "nothing", "7 times"; else ""."""
    for block in blocks:
        _, found, text = block.partition("; the machine code alone says ")
        if found:
            return text.split(";")[0]
    return ""


def best_evidence(blocks):
    if alone(blocks) in ("missed", "nothing"):
        return "statements_of_source"
    hits = [block for block in blocks if is_counted(block)]
    statements = [block for block in hits if "the statement begins here" in block]
    if not statements:
        return "only_code"
    if any("by its point" in block for block in statements):
        return "statement_in_recorded_block"
    return "statement_in_inferred_block"


def reason_missed(blocks):
    """Why a line that was executed is reported as missed."""
    if alone(blocks):
        return "statements_of_source"
    states = [block.split(";")[0] for block in blocks] or ["not known"]
    if any("belongs to the missed block" in block for block in blocks):
        return "shared_end_executed"
    if any(state.startswith("hit") for state in states):
        return "only_code_executed"
    if any(state.startswith("not known") for state in states):
        return "not_known"
    return "no_row_executed"
