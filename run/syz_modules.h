/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where modules were, for PCs that come as text: the JSON of syz-manager's /modules page, which
 * syz-cover takes as -modules. It is an array of objects with Name, Addr (the address of .text),
 * Size and Path (struct KernelModule in syzkaller's pkg/vminfo/vminfo.go). The kernel itself is
 * the one without a name. Size is not used: by the comment in linux.go beside it, it is wrong.
 */
#ifndef RUN_SYZ_MODULES_H
#define RUN_SYZ_MODULES_H

#include "base/error.h"
#include "run/run.h"

/*
 * Add the modules of the text to modules. ERROR_FORMAT: it is not such JSON; the message contains
 * name (of the file). After an error, modules has those before.
 */
struct error *syz_modules_read(const char *text, const char *name,
			       struct run_module_vector *modules);
/* Add one module, whose name is copied; '-' becomes '_', as in the kernel. */
struct error *syz_modules_add(struct run_module_vector *modules, const char *name, uint64_t base);
/*
 * Bring the modules into the order that a run has, and give each a size: up to the next one, at
 * most 1 MiB. That only serves to name the module of a PC if its file is not found; otherwise the
 * file tells. ERROR_INVALID: a module is there twice, or two are at one address.
 */
struct error *syz_modules_sort(struct run_module_vector *modules);

#endif
