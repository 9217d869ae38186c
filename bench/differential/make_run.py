# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a run file of one task, from lines "PC COUNT" (hexadecimal, decimal) on standard input.

    make_run.py FILE BUILD_ID <COUNTS

`kcovreport import` takes texts without counts. docs/run-file.md describes the format.
"""

import struct
import sys
import zlib

META, TASK, PCS, END = 1, 3, 4, 6
PAYLOAD = 1 << 20  # the largest


def varint(value):
    data = bytearray()
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    return bytes(data + bytes([value]))


def number(field, value):
    return varint(field * 2) + varint(value)


def text(field, value):
    return varint(field * 2 + 1) + varint(len(value)) + value


def record(kind, payload):
    head = struct.pack("<I", kind | len(payload) << 8)
    return b"\xfe\xc0\xff\x16" + head + struct.pack("<I", zlib.crc32(head + payload)) + payload


def pcs_records(counts):
    """As many as it takes: each one has its first PC as it is."""
    payload, before = varint(0), 0
    for pc, count in sorted(counts):
        if len(payload) > PAYLOAD - 32:
            yield record(PCS, payload)
            payload, before = varint(0), 0
        payload += varint(pc - before) + varint(count)
        before = pc
    yield record(PCS, payload)


def main(path, build_id):
    lines = [line.split() for line in sys.stdin]
    counts = [(int(pc, 16), int(count)) for pc, count in lines]
    header = b"\x89KCOV\r\n\x1a" + struct.pack("<HH", 2, 0)
    records = [
        record(META, text(1, b"random functions") + text(5, b"x86_64") +
               text(7, bytes.fromhex(build_id)) + number(8, 0)),
        record(TASK, number(1, 0) + number(2, 1) + number(3, 1) + text(5, b"random") + number(8, 0)),
        *pcs_records(counts)]
    with open(path, "wb") as file:
        file.write(header + struct.pack("<I", zlib.crc32(header)))
        file.write(b"".join(records) + record(END, number(1, len(records))))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: make_run.py FILE BUILD_ID <COUNTS")
    main(*sys.argv[1:])
