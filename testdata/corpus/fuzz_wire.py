#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_wire.py DIRECTORY
#
# Makes inputs of kernel/vm/tests/fuzz_wire.c: frames (kernel/vm/wire/wire.h) without payload, of a guest
# that behaves, and of some that send more than their windows allow.
import os
import struct
import sys

READY, GO, BEAT, DATA, EOF, SHUT, CREDIT, SIGNAL, WINSIZE, STOPPED, EXIT, FAIL = range(1, 13)
IN, OUT, ERR = range(3)
MAX = 64 * 1024


def frame(kind, stream=0, value=0, length=0, zero=0):
    return struct.pack('<BBHII', kind, stream, zero, value, length)


corpus = {
    'life': frame(READY) + frame(BEAT, value=1) + frame(DATA, OUT, length=3) + frame(DATA, ERR, length=3) +
            frame(CREDIT, IN, 100) + frame(EOF, ERR) + frame(EOF, OUT) + frame(DATA, OUT, length=4) + frame(SHUT, IN) +
            frame(EXIT),
    'others': frame(STOPPED, value=20) + frame(FAIL, length=3) + frame(GO, length=16) + frame(WINSIZE, length=8) +
              frame(SIGNAL, 1, 2) + frame(0) + frame(255, 255, 2**32 - 1),
    'more-than-the-window': frame(DATA, ERR, length=MAX) * 5,
    'credit-overflows': frame(CREDIT, IN, 2**32 - 1) * 2,
    'credit-not-due': frame(CREDIT, IN, 1) * 300,
    'no-data': frame(DATA, OUT) * 100 + frame(DATA, OUT, length=1) * 100,
    'too-long': frame(DATA, OUT, length=MAX + 1),
    'not-zero': frame(DATA, OUT, length=1, zero=1),
    'cut': frame(DATA, OUT, length=100)[:-1],
}
for name, data in corpus.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as f:
        f.write(data)
