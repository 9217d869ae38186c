# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lines own machine code: those with a row in the .debug_line of an ELF file (DWARF 5)."""

import os
import struct

FORM_STRING, FORM_BLOCK, FORM_DATA1, FORM_DATA2, FORM_DATA16 = 0x08, 0x09, 0x0B, 0x05, 0x1E
FORM_STRP, FORM_UDATA, FORM_LINE_STRP = 0x0E, 0x0F, 0x1F
LNCT_PATH, LNCT_DIRECTORY = 1, 2


def elf_sections(data):
    """{name: bytes} of the sections of a 64-bit little-endian ELF file."""
    offset, = struct.unpack_from("<Q", data, 40)
    size, count, names = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQ", data, offset + i * size) for i in range(count)]
    table = headers[names][4]
    sections = {}
    for name, kind, flags, _, at, length in headers:
        text = data[table + name:data.index(b"\0", table + name)].decode()
        if text.startswith(".debug_") and flags & 0x800:
            raise ValueError("section %s is compressed" % text)
        sections[text] = b"" if kind == 8 else data[at:at + length]
    return sections


def uleb(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def c_string(data, at):
    return data[at:data.index(b"\0", at)].decode("utf-8", "replace")


def read_form(form, data, at, sections):
    if form == FORM_LINE_STRP:
        return c_string(sections[".debug_line_str"], struct.unpack_from("<I", data, at)[0]), at + 4
    if form == FORM_STRP:
        return c_string(sections[".debug_str"], struct.unpack_from("<I", data, at)[0]), at + 4
    if form == FORM_STRING:
        text = c_string(data, at)
        return text, at + len(text.encode()) + 1
    if form == FORM_UDATA:
        return uleb(data, at)
    if form == FORM_DATA1:
        return data[at], at + 1
    if form == FORM_DATA2:
        return struct.unpack_from("<H", data, at)[0], at + 2
    if form == FORM_DATA16:
        return None, at + 16
    raise ValueError("line table: unknown form 0x%x" % form)


def read_entries(data, at, sections):
    """The directories or the files of a header: a list of {content type: value}."""
    columns = []
    count, at = data[at], at + 1
    for _ in range(count):
        content, at = uleb(data, at)
        form, at = uleb(data, at)
        columns.append((content, form))
    entries = []
    count, at = uleb(data, at)
    for _ in range(count):
        entry = {}
        for content, form in columns:
            entry[content], at = read_form(form, data, at, sections)
        entries.append(entry)
    return entries, at


def read_program(data, at, end, header, rows):
    """Add the lines of each row to rows[file number]. Addresses do not matter here."""
    line_base, line_range, opcode_base, lengths = header
    file, line, here = 1, 1, rows[1]
    # How far a special opcode moves the line.
    moves = [line_base + (op - opcode_base) % line_range for op in range(256)]
    while at < end:
        op = data[at]
        at += 1
        if op >= opcode_base:
            line += moves[op]
            here.add(line)
        elif op == 1:  # copy
            here.add(line)
        elif op == 3:  # advance_line
            value = shift = 0
            while True:
                byte = data[at]
                at += 1
                value |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            line += value - (1 << shift) if byte & 0x40 else value
        elif op == 4:  # set_file
            file, at = uleb(data, at)
            here = rows[file]
        elif op == 0:
            length, at = uleb(data, at)
            if data[at] == 1:  # end_sequence: its row is no code
                file, line, here = 1, 1, rows[1]
            at += length
        elif op == 9:  # fixed_advance_pc
            at += 2
        else:
            for _ in range(lengths[op - 1]):
                _, at = uleb(data, at)


def read_unit(data, at, sections, lines):
    """Add the rows of the unit at `at` to lines {path: set}, return where the next one is."""
    length, version = struct.unpack_from("<IH", data, at)
    end = at + 4 + length
    if length >= 0xFFFFFFF0:
        raise ValueError("line table: 64-bit DWARF")
    if version != 5:  # an assembler file: no C, so nothing that gcov knows
        return end
    program = at + 12 + struct.unpack_from("<I", data, at + 8)[0]
    line_base, line_range, opcode_base = struct.unpack_from("<bBB", data, at + 15)
    lengths = data[at + 18:at + 18 + opcode_base - 1]
    at += 18 + opcode_base - 1
    folders, at = read_entries(data, at, sections)
    files, at = read_entries(data, at, sections)
    rows = [set() for _ in range(max(len(files), 2))]
    read_program(data, program, end, (line_base, line_range, opcode_base, lengths), rows)
    top = folders[0][LNCT_PATH]
    for entry, found in zip(files, rows):
        if found:
            folder = folders[entry.get(LNCT_DIRECTORY, 0)][LNCT_PATH]
            path = os.path.normpath(os.path.join(top, folder, entry[LNCT_PATH]))
            lines.setdefault(path, set()).update(found)
    return end


def read_line_table(path):
    """{source path: sorted list of the lines with a row}."""
    with open(path, "rb") as file:
        sections = elf_sections(file.read())
    data = sections[".debug_line"]
    lines = {}
    at = 0
    while at < len(data):
        at = read_unit(data, at, sections, lines)
    return {path: sorted(found - {0}) for path, found in sorted(lines.items())}
