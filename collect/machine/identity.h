/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel runs here, and where it put itself and its modules: a report needs this to find the
 * right vmlinux and .ko files and to interpret the PCs.
 *
 * Every function reads files below a root, which is "/" except in tests.
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
 * "ROOT/path", for a path that begins with '/'; options may be NULL. The caller frees it. NULL: out
 * of memory.
 */
char *identity_path(const struct identity_options *options, const char *path);

/*
 * Set release, version, machine and build_id of meta (old values are freed). The build id is the
 * GNU note in /sys/kernel/notes; its size is 0 if the file is missing (no sysfs) or has no such
 * note (ld without --build-id). With a root, release and version come from its /proc/sys/kernel
 * instead of uname(2).
 */
struct error *identity_kernel(const struct identity_options *options, struct run_meta *meta);

/*
 * The loaded modules, in ascending order of base, appended to ret, which owns them. base is
 * /sys/module/NAME/sections/.text less kaslr_offset. That is where the PCs of the module are, since
 * the kernel subtracts kaslr_offset() from every PC (kernel/kcov.c, canonicalize_ip()). The address
 * in /proc/modules is that of the module's core memory, which may begin with another section.
 *
 * Sysfs has no address of an empty .text, as of a module of which all code is in .init.text and
 * .exit.text. base is then the address in /proc/modules: .text comes first. It is 0 if only
 * .init.text has code, of which the kernel says nothing there (since 6.4).
 *
 * size comes from /proc/modules, which counts data too. It is cut where the next module begins, and
 * so is an upper bound of the text. Modules whose .text address is hidden (not root, kptr_restrict)
 * or missing are not appended, unless that of .init.text is known. A kernel without module support
 * has none. build_id: /sys/module/NAME/notes/.note.gnu.build-id. init_base:
 * /sys/module/NAME/sections/.init.text less kaslr_offset; sysfs keeps this value after the kernel
 * has freed that memory.
 */
struct error *identity_modules(const struct identity_options *options, uint64_t kaslr_offset,
			       struct run_module_vector *ret);

/*
 * One module; all its values come from the same load. base and init_base are 0 if they are hidden.
 * ret->name (owned) is NULL if there is no such module. size is that of its core memory, not cut;
 * 0: it was unloaded meanwhile, and the other values may be incomplete. name must pass
 * identity_is_module_name().
 */
struct error *identity_module(const struct identity_options *options, const char *name,
			      uint64_t kaslr_offset, struct run_module *ret);

/* Is the address of its code known, or of its init code? */
bool identity_is_module_known(const struct run_module *module);

/* True if name consists only of letters, digits, '_' and '-', so that it is safe in a path. */
bool identity_is_module_name(const char *name);

/* The symbols of the running kernel, /proc/kallsyms. */
struct kallsyms;

/*
 * ERROR_UNSUPPORTED if all addresses are zero: they are hidden from this user
 * (kernel.kptr_restrict). ERROR_SYSTEM if there is no such file (CONFIG_KALLSYMS=n).
 */
struct error *kallsyms_load(const struct identity_options *options, struct kallsyms **ret);
/* Accepts NULL. */
void kallsyms_destroy(struct kallsyms *kallsyms);
/*
 * The run-time address of a kernel symbol (not of a module), and the next higher symbol address,
 * which is its end at the latest. Returns false if there is no such symbol, its address is hidden,
 * or it is the last one. If several static symbols have this name, the first is taken.
 */
bool kallsyms_find(const struct kallsyms *kallsyms, const char *name, uint64_t *addr,
		   uint64_t *end);

/*
 * Computes the value of kaslr_offset() from the recorded PCs of one getpid(2).
 *
 * The kernel has subtracted the offset from the PCs, but not from kallsyms. For a PC in function F,
 * recorded = F - offset + d with 0 < d <= size of F, so F - recorded = offset - d. The offset is a
 * multiple of 2 MiB (x86: CONFIG_PHYSICAL_ALIGN, at least MIN_KERNEL_ALIGN; arm64: MIN_KIMG_ALIGN)
 * and F is smaller, so rounding up to 2 MiB gives the offset. It is not known in advance whether a
 * PC is in F. So each pair of a PC and a known function gives a candidate, and the candidate is
 * rated by the number of PCs that it puts into known functions. These must include the system
 * call's own entry and at least two PCs, and no other candidate may have as many. A wrong pair is
 * right by chance about once in 10,000.
 *
 * Otherwise returns ERROR_NOT_FOUND: nothing is guessed.
 */
struct error *identity_kaslr_offset(const uint64_t *pcs, size_t nr_pcs,
				    const struct kallsyms *kallsyms, uint64_t *ret);

#endif
