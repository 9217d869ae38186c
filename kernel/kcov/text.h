/* SPDX-License-Identifier: GPL-2.0 */
/* Code as a set sees it, and PCs as user space sees them. */
#ifndef _KERNEL_KCOV_TEXT_H
#define _KERNEL_KCOV_TEXT_H

#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/pgtable.h>
#include <linux/sizes.h>
#include <linux/types.h>
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
 * What a distance from the start of text is compared as. On x86-64 text and modules all lie in the
 * last 2 GiB: 32 bits tell them apart, those before text too, and are what a task has for its size.
 * So modules have a bitmap too, in which the first have a place: their area fills from its start.
 */
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
typedef u32 kcov_offset;
#define KCOV_MODULES_START MODULES_VADDR
#define KCOV_MODULES_SIZE                                                                          \
	(IS_ENABLED(CONFIG_MODULES) ? min_t(unsigned long, MODULES_LEN, SZ_64M) : 0)
#else
typedef unsigned long kcov_offset;
#define KCOV_MODULES_START 0UL
#define KCOV_MODULES_SIZE  0UL
#endif

/*
 * Whether code may be traced that runs before there is a current task. On x86 the first CPU's is in
 * its initialized data, and the others are given theirs before they start.
 */
#define KCOV_EARLY_TRACE !IS_ENABLED(CONFIG_X86)

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
