#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_machine.py DIRECTORY
#
# Makes inputs of collect/machine/tests/fuzz_machine.c: a letter that says which file of the kernel, then its content.
import gzip
import os
import struct
import sys


def note(name, text, size=None):
    name += b'\0'
    return (struct.pack('<III', len(name), len(text) if size is None else size, 3) + name + b'\0' * (-len(name) % 4) +
            text + b'\0' * (-len(text) % 4))


def core(notes, size=None, offset=120, segments=1):
    ident = b'\x7fELF\2\1\1' + b'\0' * 9
    header = struct.pack('<HHIQQQIHHHHHH', 4, 62, 1, 0, 64, 0, 0, 64, 56, segments, 0, 0, 0)
    size = len(notes) if size is None else size
    return ident + header + struct.pack('<IIQQQQQQ', 4, 0, offset, 0, 0, size, 0, 0) + notes


build_id = note(b'GNU', bytes(range(20)))
vmcoreinfo = note(b'CORE', b'x' * 5) + note(b'VMCOREINFO', b'OSRELEASE=6.12\nKERNELOFFSET=2e000000\nPAGESIZE=4096\n')
config = b'#\n# Linux\n#\nCONFIG_KCOV=y\nCONFIG_M=m\n# CONFIG_X is not set\nCONFIG_S="a b"\nCONFIG_N=-1\n'
kallsyms = b'''0000000000001000 A cpu_debug_store
ffffffffaf000000 T _text
ffffffffaf0fedd0 T __x64_sys_getpid
ffffffffaf0fedd0 t __do_sys_getpid
ffffffffaf1129b0 T pid_vnr
ffffffffaf112a60 T __task_pid_nr_ns
ffffffffaf112be0 a a
ffffffffc0401000 t __x64_sys_ptrace\t[liar]

nonsense
xyz T name
'''
corpus = {
    'kallsyms': b'k' + kallsyms,
    'kallsyms-hidden': b'k0000000000000000 T _text\n0000000000000000 T a\n',
    'kallsyms-last': b'kffffffffffffffff T pid_vnr\nfffffffffffffffe T __x64_sys_getpid\n1 a \n  \nf',
    'modules': b'mfirst 16384 2 second,third, Live 0xffffffffc0401000 (OE)\nsecond 8192 0 - Loading 0x0\nnone 1',
    'modules-odd': b'm../x 1\nfirst -1\nfirst\nfirst 18446744073709551615\n\nfirst 1 1\n',
    'attribute-address': b'a0xffffffffc0401000\n',
    'attribute-size': b'a16384\n',
    'attribute-notes': b'a' + note(b'Linux', b'6.12') + build_id,
    'attribute-notes-long': b'a' + note(b'GNU', b'id', 0xffffffff) + note(b'GNU', b'x' * 40),
    'attribute-notes-cut': b'a' + build_id[:-3],
    'config': b'c' + config,
    'config-gz': b'c' + gzip.compress(config, mtime=0),
    'config-gz-cut': b'c' + gzip.compress(config, mtime=0)[:-12],
    'config-other': b'cnothing\0CONFIG_',
    'config-cut': b'cCONFIG_KCOV=',
    'core': b'v' + core(vmcoreinfo),
    'core-cut': b'v' + core(vmcoreinfo)[:-30],
    'core-long-note': b'v' + core(note(b'VMCOREINFO', b'KERNELOFFSET=', 0xfffffffe)),
    'core-long-name': b'v' + core(struct.pack('<III', 0xffffffff, 1, 1) + b'VMCOREINFO\0'),
    'core-far': b'v' + core(vmcoreinfo, offset=1 << 63, segments=65535),
    'core-large': b'v' + core(vmcoreinfo, size=1 << 63),
    'event': b'eadd@/module/first\0ACTION=add\0DEVPATH=/module/first\0',
    'event-not-ended': b'eadd@/module/first',
    'event-path': b'eadd@/module/../../etc\0',
    'event-other': b'eremove@/module/first\0',
    'event-long': b'eadd@/module/' + b'a' * 64,
}
for name, data in corpus.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as f:
        f.write(data)
