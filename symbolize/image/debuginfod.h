/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files by build id from the servers of $DEBUGINFOD_URLS: what an image needs
 * and this machine does not have. Nothing is sent if the variable is unset or
 * empty, so ask after all local places.
 *
 * A file is downloaded into libdebuginfod's cache and stays there; other
 * programs use the same cache. Timeouts and the cache are set by libdebuginfod's
 * environment variables (debuginfod_find_debuginfo(3)). If requests failed
 * for 10 seconds in all, this process sends no more.
 *
 * SIGINT, SIGTERM and SIGHUP end a download, and then take the action that was
 * set for them. May be called from any thread; downloads are done one by one.
 */
#ifndef SYMBOLIZE_IMAGE_DEBUGINFOD_H
#define SYMBOLIZE_IMAGE_DEBUGINFOD_H

#include <stdbool.h>

#include "base/build_id.h"
#include "base/error.h"
#include "base/log.h"

/* Does $DEBUGINFOD_URLS name servers? */
bool debuginfod_is_set(void);

/*
 * The path of a file with this build id; the caller frees *ret. Servers are not
 * trusted: the build id of what they send is checked.
 *
 * log gets progress, and a line that says what was downloaded from where.
 * ERROR_NOT_FOUND: there is none, or it could not be had. The message says why, as
 * the end of a sentence: "'x' has no debug info: MESSAGE".
 *
 * The first finds a file with DWARF: a separate debug file, or the whole image.
 * The second finds a file with code: an image, perhaps without its DWARF.
 */
struct error *debuginfod_find_debug(const struct build_id *build_id, const struct log *log,
				    char **ret);
struct error *debuginfod_find_image(const struct build_id *build_id, const struct log *log,
				    char **ret);

#endif
