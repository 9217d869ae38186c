/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source file in coverage.json. This is nearly all of the document, so it is
 * written without a tree, in the compact form that docs/coverage.schema.json
 * describes:
 *
 *	{"path":"/linux/fs/open.c","totals":{...},
 *	 "functions":[{"name":"do_open","line":10,"count":3,"has_body":true,
 *		       "blocks":{"hit":1,"found":2}}],
 *	 "lines":[[10,3,2,1,1],[12,0,1]],
 *	 "branches":[[10,3,0],[12]]}
 */
#ifndef RENDER_JSON_FILE_H
#define RENDER_JSON_FILE_H

#include "base/error.h"
#include "base/writer.h"
#include "symbolize/coverage/coverage.h"

/* Write the object on one line, without a newline. path: as it is to be written. */
struct error *json_file_write(const struct coverage_file *file, const char *path,
			      struct writer *out);

/* Write a JSON string with its quotes. */
struct error *json_write_text(const char *text, struct writer *out);

#endif
