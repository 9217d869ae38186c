/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Download a file with libdebuginfod. Private to symbolize/image/. */
#ifndef SYMBOLIZE_IMAGE_DEBUGINFOD_CLIENT_H
#define SYMBOLIZE_IMAGE_DEBUGINFOD_CLIENT_H

#include "base/build_id.h"
#include "base/error.h"
#include "base/log.h"

enum debuginfod_file {
	DEBUGINFOD_DEBUGINFO,  /* has DWARF */
	DEBUGINFOD_EXECUTABLE, /* has code */
};

/*
 * The path of the file in libdebuginfod's cache; the caller frees *ret. Its
 * content is whatever the server sent. Errors are those of debuginfod.h.
 */
struct error *debuginfod_download(enum debuginfod_file what, const struct build_id *build_id,
				  const struct log *log, char **ret);

#endif
