/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where vmlinux and modules may be. The build id of every file is checked: a wrong
 * file gives a report that looks right.
 *
 * If no vmlinux is named, it is searched for in this order:
 *
 *	./vmlinux
 *	CACHE/kernel/<each>/vmlinux		what 'make kernel' built for the VM
 *	/usr/lib/debug/boot/vmlinux-RELEASE	Debian, Ubuntu
 *	/usr/lib/debug/lib/modules/RELEASE/vmlinux	Fedora, openSUSE
 *	/usr/lib/debug/.build-id/xx/rest.debug
 *	/lib/modules/RELEASE/build/vmlinux	a kernel built and installed here
 *	/boot/vmlinux-RELEASE
 *	the servers of $DEBUGINFOD_URLS
 *
 * CACHE is $KCOVREPORT_CACHE, or $XDG_CACHE_HOME/kcovreport, or
 * ~/.cache/kcovreport. Of several images with the right build id, the first that
 * has DWARF is taken; if none has, the first.
 *
 * Modules are searched for by file name (NAME.ko, where '-' and '_' are the same,
 * also .ko.xz, .ko.zst and .ko.gz) below the named directory, the directory of
 * vmlinux, /lib/modules/RELEASE and the same in /usr/lib/debug. A module that is
 * in none of them is asked for at the servers of $DEBUGINFOD_URLS.
 */
#ifndef KCOVREPORT_FIND_IMAGE_H
#define KCOVREPORT_FIND_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/build_id.h"
#include "base/error.h"
#include "run/run.h"

struct find_options {
	const char *vmlinux;	  /* the user's, or NULL */
	const char *modules;	  /* directory, or NULL */
	const char *release;	  /* of the kernel that ran, NULL = not known */
	struct build_id build_id; /* of the kernel that ran; size 0 = not known */
	bool force;		  /* accept a file that does not match or cannot be checked, with
				   * a warning */
};

/*
 * The path of vmlinux; the caller frees *ret. ERROR_MISMATCH if the user's file is
 * of another build, ERROR_NOT_FOUND if there is none; the message lists the files
 * that were tried.
 */
struct error *find_vmlinux(const struct find_options *options, char **ret);

struct found_module {
	char *path;    /* NULL = none */
	char *problem; /* why there is none, NULL otherwise */
};

/*
 * One found_module for each of nr modules, in their order. A module without a file
 * is not an error. vmlinux: path of the one in use. The caller frees *ret with
 * found_modules_destroy().
 */
struct error *find_modules(const struct find_options *options, const char *vmlinux,
			   const struct run_module *modules, size_t nr, struct found_module **ret);
/* Accepts NULL. */
void found_modules_destroy(struct found_module *found, size_t nr);

/*
 * The user's cache directory; the caller frees *ret. ERROR_NOT_FOUND if there is
 * no home directory.
 */
struct error *cache_directory(char **ret);

#endif
