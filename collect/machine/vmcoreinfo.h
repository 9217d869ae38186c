/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel tells readers of its memory: the VMCOREINFO note of
 * /proc/kcore, lines KEY=VALUE (Linux kernel/vmcore_info.c; in kcore since 5.1,
 * commit 23c85094fe18, "proc/kcore: add vmcoreinfo note to /proc/kcore").
 */
#ifndef COLLECT_MACHINE_VMCOREINFO_H
#define COLLECT_MACHINE_VMCOREINFO_H

#include "collect/machine/identity.h"

/*
 * The value of kaslr_offset(): KERNELOFFSET, which x86, arm64, riscv and s390
 * provide. The kernel itself says it, so nothing is inferred. It is also fast:
 * /proc/kallsyms takes seconds to read on a slow machine. ERROR_NOT_FOUND if the
 * note does not have it; ERROR_SYSTEM if the file cannot be opened
 * (CONFIG_PROC_KCORE, CAP_SYS_RAWIO, lockdown).
 */
struct error *vmcoreinfo_kaslr_offset(const struct identity_options *options, uint64_t *ret);

#endif
