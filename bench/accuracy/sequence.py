# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines whose counts C does not allow, by the indentation of the source, without a parser: four rules, which need no
knowledge of what is judged.

- Statements that follow each other in a block are executed equally often.
- The body of an `if` is not executed more often than its condition.
- The line of a SYSCALL_DEFINE is executed as often as the first statement after it.
- The braces of a block are no statement.

gcov breaks them where blocks were merged before it counts, where control comes back to a line from code that was
inlined into it, and where a macro defines several functions on its line. Clang counts braces.
"""

import re

KEYWORD = re.compile(r"(if|else|for|while|do|switch|case|default|return|goto|break|continue|asm|__asm__|fallthrough)\b")
SYSCALL = re.compile(r"\w*SYSCALL_DEFINE[0-6]\(")
BRACES = re.compile(r"\s+(\} else \{|\}|else \{|\{)\s*$")
JUMP = re.compile(r"(return|goto|break|continue)\b")
LABEL = re.compile(r"\w+:(?!:)")
DECLARATION = re.compile(r"(const|static|struct|union|enum|unsigned|signed|int|long|char|bool|void|u8|u16|u32|u64|s32|s64"
                         r"|size_t|ssize_t|loff_t)\b")
# May not come back, or are entered again.
ODD = re.compile(r"panic|BUG|do_exit|schedule|unreachable|for_each|guard|_OR_|THROW")


def depth(text):
    return len(text) - len(text.lstrip("\t"))


def is_whole(text):
    """The line has all brackets that it opens."""
    return text.count("(") == text.count(")") and text.count("{") == text.count("}")


def is_simple(text):
    """A statement of one line, without a jump."""
    text = text.strip()
    return text.endswith(";") and is_whole(text) and not KEYWORD.match(text) and not LABEL.match(text) and \
        not DECLARATION.match(text) and not ODD.search(text) and text[0] not in "#}{*/"


def is_condition(text):
    text = text.strip()
    return text.startswith("if (") and text.rstrip("{ ").endswith(")") and is_whole(text.rstrip("{ ")) and \
        not ODD.search(text)


def is_jump(text):
    """A return, goto, break or continue of one line."""
    return bool(JUMP.match(text.strip())) and text.rstrip().endswith(";") and is_whole(text) and not ODD.search(text)


def after_definition(texts, counts, line):
    """The first line after a SYSCALL_DEFINE that has a count and shows how often the system call was made."""
    for after in range(line + 1, min(line + 30, len(texts) + 1)):
        text = texts[after - 1]
        if text.startswith("}"):
            break
        if after in counts and depth(text) == 1 and (is_simple(text) or is_condition(text) or is_jump(text)):
            return after
    return None


def begins_arm(texts, line):
    """The line is an arm without braces."""
    return line > 1 and depth(texts[line - 2]) < depth(texts[line - 1]) and not texts[line - 2].rstrip().endswith("{")


def contradictions(texts, counts):
    """The lines, from 1 on, of {line: count}."""
    found = {line for line in counts if line <= len(texts) and BRACES.match(texts[line - 1])}
    for line in range(2, len(texts) + 1):
        before, text = texts[line - 2], texts[line - 1]
        if SYSCALL.match(text) and line in counts:
            first = after_definition(texts, counts, line)
            if first and counts[first] != counts[line]:
                found.add(line)
        if line - 1 not in counts or line not in counts:
            continue
        if is_simple(before) and depth(before) == depth(text) and not begins_arm(texts, line - 1):
            bad = (is_simple(text) or is_condition(text) or is_jump(text)) and counts[line - 1] != counts[line]
        else:
            bad = is_condition(before) and depth(text) == depth(before) + 1 and counts[line] > counts[line - 1] and \
                not LABEL.match(text.strip())
        if bad:
            found |= {line - 1, line}
    return found
