#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_isolate.py DIRECTORY
#
# Makes inputs of symbolize/index/tests/fuzz_isolate.c: struct isolate_message of each kind, and damaged ones.
import os
import struct
import sys

LINE, PROGRESS, ERROR, DONE = range(4)


def message(kind, number=0, errnum=0, hint=0, done=0, total=0, text=b'\0'):
    return struct.pack('<IIiIQQ', kind, number, errnum, hint, done, total) + text


corpus = {
    'line': message(LINE, 1, text=b"'vmlinux' is odd\0"),
    'progress': message(PROGRESS, done=5, total=9, text=b'units\0'),
    'done': message(DONE, done=123456),
    'empty': message(DONE, text=b''),
    'not-ended': message(LINE, text=b'x' * 4096),
    'too-long': message(LINE, text=b'x' * 5000),
    'hint-beyond': message(ERROR, 2, hint=4096, text=b'a\0b\0'),
    'cut': message(ERROR)[:20],
    'line-unknown': message(LINE, 4, text=b'?\0'),
    'kind-unknown': message(4, text=b'?\0'),
}
for code in range(10):
    corpus[f'error-{code}'] = message(ERROR, code, code - 3, 4, text=b'why\0do this\0')
corpus['error-large'] = message(ERROR, 2**32 - 1, -2**31, 2**32 - 1, text=b'%s%n\0')
for name, data in corpus.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as f:
        f.write(data)
