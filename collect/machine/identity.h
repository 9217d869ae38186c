/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel runs here, and where it put itself and its modules: what a
 * report needs to find the right vmlinux and .ko and to read the PCs.
 *
 * Every function reads files below a root, which is "/" but in tests.
 */
#ifndef COLLECT_MACHINE_IDENTITY_H
#define COLLECT_MACHINE_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "run/run.h"

struct identity_options {
	const char *root; /* directory that stands for "/"; NULL = "/" itself */
};

/*
 * "ROOT/path", for path beginning with '/'; options may be NULL. The caller frees it. NULL: no
 * memory.
 */
char *identity_path(const struct identity_options *options, const char *path);

/*
 * Set release, version, machine and build_id of meta (what was there is
 * freed). The build id is the GNU note in /sys/kernel/notes; size 0 when the
 * file is missing (no sysfs) or has none (ld without --build-id). With a root,
 * release and version come from its /proc/sys/kernel instead of uname(2).
 */
struct error *identity_kernel(const struct identity_options *options, struct run_meta *meta);

/*
 * The loaded modules, ascending bases, appended to ret, which owns them. Base is
 * /sys/module/NAME/sections/.text less kaslr_offset: that is where the PCs of
 * the module are, since the kernel subtracts kaslr_offset() from every PC
 * (kernel/kcov.c, canonicalize_ip()). The address in /proc/modules is that of
 * the module's core memory, which can begin with another section.
 *
 * size is the one of /proc/modules, which counts data too, cut where the
 * next module begins: an upper bound of the text. Modules whose .text address is hidden
 * (not root, kptr_restrict) or missing are left out. A kernel without module
 * support has none. build_id: /sys/module/NAME/notes/.note.gnu.build-id. init_base:
 * /sys/module/NAME/sections/.init.text less kaslr_offset, which stays there when that memory has
 * been freed after the module's init.
 */
struct error *identity_modules(const struct identity_options *options, uint64_t kaslr_offset,
			       struct run_module_vector *ret);

/*
 * One module, all of it from the same load; base and init_base are 0 where they are hidden.
 * ret->name (owned) is NULL when there is no such module. size is that of its core memory, not cut;
 * 0: it was unloaded meanwhile, and the rest may be incomplete. name: as identity_is_module_name()
 * wants it.
 */
struct error *identity_module(const struct identity_options *options, const char *name,
			      uint64_t kaslr_offset, struct run_module *ret);

/* Letters, digits, '_' and '-' alone: safe as a part of a path. */
bool identity_is_module_name(const char *name);

/* The symbols of the running kernel, /proc/kallsyms. */
struct kallsyms;

/*
 * ERROR_UNSUPPORTED when all addresses are zero: hidden from this user
 * (kernel.kptr_restrict). ERROR_SYSTEM when there is no such file
 * (CONFIG_KALLSYMS=n).
 */
struct error *kallsyms_load(const struct identity_options *options, struct kallsyms **ret);
/* Accepts NULL. */
void kallsyms_destroy(struct kallsyms *kallsyms);
/*
 * The run-time address of a kernel symbol (not of a module), and the next
 * higher symbol address, where it ends at the latest. False when there is none
 * of this name, its address is hidden, or it is the last. Of several static symbols
 * with one name the first is taken.
 */
bool kallsyms_find(const struct kallsyms *kallsyms, const char *name, uint64_t *addr,
		   uint64_t *end);

/*
 * The value of kaslr_offset(), from the recorded PCs of one getpid(2).
 *
 * The kernel has subtracted the offset from the PCs, and kallsyms has not. For a
 * PC in function F, recorded = F - offset + d with 0 < d <= size of F, so
 * F - recorded = offset - d. The offset is a multiple of 2 MiB (x86:
 * CONFIG_PHYSICAL_ALIGN, at least MIN_KERNEL_ALIGN; arm64: MIN_KIMG_ALIGN) and F
 * is smaller, so rounding up to 2 MiB gives the offset. Whether the PC is in F is not known
 * beforehand: each pair of PC and known function makes a candidate, and a candidate counts
 * the PCs that it puts into known functions. The system call's own entry and at
 * least two PCs must be among them, and no other candidate may have as many; a
 * wrong pair is right by chance about once in 10,000.
 *
 * ERROR_NOT_FOUND otherwise: nothing is guessed.
 */
struct error *identity_kaslr_offset(const uint64_t *pcs, size_t nr_pcs,
				    const struct kallsyms *kallsyms, uint64_t *ret);

#endif
