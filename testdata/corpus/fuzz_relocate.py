#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_relocate.py DIRECTORY
#
# Makes inputs of symbolize/image/tests/fuzz_relocate.c: struct parts with relocations of each type that modules have,
# with relocations that are beyond their section, and with sections and symbols that refer to what is not there.
import os
import struct
import sys

NONE, TEXT, COLD, TABLE, DEBUG, RELA_TEXT, RELA_COLD, RELA_TABLE, RELA_DEBUG, SYMBOLS, STRINGS = range(11)
# As in the entry.
STRING_TABLE = (b'\0.text\0.text.unlikely\0__jump_table\0.debug_addr\0.rela.text\0.symtab\0.strtab\0'
                b'__sanitizer_cov_trace_pc\0panic\0f\0')
CALLBACK, PANIC, FUNCTION = (STRING_TABLE.index(name + b'\0') for name in (b'__sanitizer_cov_trace_pc', b'panic', b'f'))
CODE = bytes.fromhex('e800000000' * 3 + '7405' + 'e800000000' + '31c0' + 'e900000000') + b'\xc3'
UNDEFINED, ABSOLUTE, COMMON = 0, 0xfff1, 0xfff2


def symbol(name=0, info=0x12, section=0, value=0, size=0):
    return struct.pack('<IBBHQQ', name, info, 0, section, value, size)


def rela(offset, kind, index, addend=-4):
    return struct.pack('<QQq', offset, index << 32 | kind, addend)


SYMBOL_TABLE = [symbol(0, 0), symbol(CALLBACK), symbol(PANIC), symbol(FUNCTION, section=TEXT, size=40),
                symbol(FUNCTION, section=COLD, value=8), symbol(section=ABSOLUTE, value=4096),
                symbol(section=COMMON), symbol(section=77)]
CALLS = [rela(1, 4, 1), rela(6, 4, 2), rela(11, 2, 3), rela(18, 4, 1), rela(25, 4, 4)]


def parts(sections=None, symbols=SYMBOL_TABLE, relas=None, content=None):
    sections, relas, content = sections or {}, relas or {}, content or {}
    out = b''.join(bytes(sections.get(i, (0, 0, 0, 0, 0))) for i in range(11))
    out += b'\0' * (-len(out) % 8) + b''.join(symbols)
    for i in range(RELA_TEXT, RELA_DEBUG + 1):
        out += b''.join(relas.get(i, [])).ljust(8 * 24, b'\0')
    return out + b''.join(content.get(i, b'').ljust(64, b'\0') for i in range(TEXT, DEBUG + 1))


code = {TEXT: CODE, COLD: CODE, TABLE: b'\x01\0\0\0\x08\0\0\0' + b'\1' * 8,
        DEBUG: bytes.fromhex('0c00000005000800')}
everything = {RELA_TEXT: CALLS, RELA_COLD: CALLS, RELA_TABLE: [rela(0, 2, 3, 0), rela(4, 2, 3, 8), rela(8, 24, 0, 0)],
              RELA_DEBUG: [rela(8, 10, 3, 0)]}
corpus = {
    'calls': parts(relas={RELA_TEXT: CALLS}, content=code),
    'everything': parts(relas=everything, content=code),
    'types': parts(relas={RELA_TEXT: [rela(8 * i, kind, 3) for i, kind in enumerate((0, 1, 2, 4, 10, 11, 24, 255))]},
                   content=code),
    'beyond': parts(relas={RELA_TEXT: [rela(62, 2, 1), rela(1 << 63, 1, 1), rela(2**64 - 1, 4, 1)]}, content=code),
    'no-symbol': parts(relas={RELA_TEXT: [rela(1, 4, 5), rela(6, 4, 6), rela(11, 4, 7), rela(18, 4, 0x7fffffff)],
                              RELA_DEBUG: [rela(0, 10, 0), rela(4, 1, 7)]}, content=code),
    'not-symbols': parts(sections={RELA_TEXT: (1, 0, 0, 0, 0), RELA_COLD: (200, 0, 0, 0, 0)}, relas=everything,
                         content=code),
    'not-a-section': parts(sections={RELA_TEXT: (0, 200, 0, 0, 0)}, relas=everything, content=code),
    'itself': parts(sections={RELA_TEXT: (0, RELA_TEXT - TEXT, 4, 0, 0)}, relas=everything, content=code),
    'no-bits': parts(sections={TEXT: (0, 0, 0, 0, 7)}, relas=everything, content=code),
    'aligned': parts(sections={TEXT: (0, 0, 0, 63, 0), COLD: (0, 0, 0, 12, 0)}, relas=everything, content=code),
}
for name, data in corpus.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as f:
        f.write(data)
