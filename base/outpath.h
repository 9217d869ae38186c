/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where an output goes. Another user may have planted a link, a FIFO or a file under the name of
 * the output, most often in /tmp. The kernel protects open() against that (fs.protected_symlinks
 * and its like in Documentation/admin-guide/sysctl/fs.rst), but not rename(), with which outputs
 * are put in place. So the same rules are applied here, to every component:
 *
 *	a link is followed if it belongs to us, to root, or to the user that called sudo. Links
 *	of others are followed if we are not root, and the link is not in a sticky directory that
 *	everyone can write to, or belongs to the owner of that directory;
 *	an existing file in such a directory is used if it belongs to one of these users;
 *	if we are root, a FIFO or device is used, in any directory, if it belongs to one of them.
 */
#ifndef BASE_OUTPATH_H
#define BASE_OUTPATH_H

#include "base/error.h"

/*
 * Follow the links that path ends in. The caller frees *ret, which may be the name of a new file.
 * Fails if a link or the file may be planted.
 */
struct error *outpath_resolve(const char *path, char **ret);
/* For an output that open() follows to: fail if outpath_resolve() does. */
struct error *outpath_check_file(const char *path);
/* For a directory: fail if a component of path is a link that may be planted. */
struct error *outpath_check(const char *path);

#endif
