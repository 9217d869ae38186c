/* SPDX-License-Identifier: GPL-2.0 */
/* How a set divides code into bits, and what a PC is for user space. */
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
 * On these architectures instructions have four bytes, so PCs are multiples of four bytes apart.
 * Elsewhere a call may end at any byte (or may seem to, if a bit of the address says which
 * instruction set the code uses).
 */
#if defined(CONFIG_ARM64) || defined(CONFIG_LOONGARCH) || defined(CONFIG_PPC)
#define KCOV_TEXT_SHIFT 2
#else
#define KCOV_TEXT_SHIFT 0
#endif

/*
 * The type that a distance from the start of text is compared in. On x86-64 text and modules all
 * lie in the last 2 GiB. So 32 bits distinguish all distances, also those of code before text, and
 * a task has 32 bits for its size. That is why modules have a bitmap there too. It covers the
 * modules that are loaded first, since their area fills from its start.
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
 * Can traced code run before there is a current task? On x86 it cannot: current of the first CPU is
 * in initialized data, and the others get theirs before they start.
 */
#define KCOV_EARLY_TRACE !IS_ENABLED(CONFIG_X86)

/*
 * PCs are reported without the KASLR offset, so they are the same in each boot and in vmlinux. The
 * addresses of modules contain the offset too, so it is subtracted from all PCs.
 */
static __always_inline unsigned long kcov_canonicalize(unsigned long ip)
{
#ifdef CONFIG_RANDOMIZE_BASE
	ip -= kaslr_offset();
#endif
	return ip;
}

#endif /* _KERNEL_KCOV_TEXT_H */
