/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel tells those who read its memory, the VMCOREINFO note of
 * /proc/kcore: lines KEY=VALUE (Linux kernel/vmcore_info.c; in kcore since
 * 5.1, commit 23c85094fe18, "proc/kcore: add vmcoreinfo note to /proc/kcore").
 */
#ifndef COLLECT_MACHINE_VMCOREINFO_H
#define COLLECT_MACHINE_VMCOREINFO_H

#include "collect/machine/identity.h"

/*
 * The value of kaslr_offset(): KERNELOFFSET, which x86, arm64, riscv and s390
 * write. The kernel says it itself, so that nothing is inferred, and at once:
 * /proc/kallsyms takes seconds to read on a slow machine. ERROR_NOT_FOUND where
 * it is not told; ERROR_SYSTEM when the file cannot be opened (CONFIG_PROC_KCORE,
 * CAP_SYS_RAWIO, lockdown).
 */
struct error *vmcoreinfo_kaslr_offset(const struct identity_options *options, uint64_t *ret);

#endif
