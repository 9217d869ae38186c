/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's text as a set sees it, and PCs as user space sees them. */
#ifndef _KERNEL_KCOV_TEXT_H
#define _KERNEL_KCOV_TEXT_H

#include <linux/compiler.h>
#include <asm/page.h>
#include <asm/sections.h>
#include <asm/setup.h>

/*
 * Instructions of these have four bytes, and so have the distances of PCs. Elsewhere a call may end
 * at any byte (or, with a bit in the address that says which instruction set it is, may seem to).
 */
#if defined(CONFIG_ARM64) || defined(CONFIG_LOONGARCH) || defined(CONFIG_PPC)
#define KCOV_TEXT_SHIFT 2
#else
#define KCOV_TEXT_SHIFT 0
#endif

/*
 * PCs are without the KASLR offset: the same in each boot, and in vmlinux. Modules have it too, so
 * it applies to all.
 */
static __always_inline unsigned long kcov_canonicalize(unsigned long ip)
{
#ifdef CONFIG_RANDOMIZE_BASE
	ip -= kaslr_offset();
#endif
	return ip;
}

#endif /* _KERNEL_KCOV_TEXT_H */
