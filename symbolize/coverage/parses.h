/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsed sources, kept from one coverage_refine() to the next one of the same files. What the
 * parser makes of a text depends on which lines have code, as far as it asks for that: a source is
 * parsed again if one of these answers is another one.
 *
 * Not for several threads at the same time.
 */
#ifndef SYMBOLIZE_COVERAGE_PARSES_H
#define SYMBOLIZE_COVERAGE_PARSES_H

#include "base/cleanup.h"
#include "symbolize/coverage/refine.h"
#include "symbolize/source/statements.h"

struct coverage_parses;

struct error *coverage_parses_create(struct coverage_parses **ret);
/* Accepts NULL. */
void coverage_parses_destroy(struct coverage_parses *parses);
DEFINE_CLEANUP(coverage_parses, struct coverage_parses, coverage_parses_destroy);

/*
 * The source of a file, read by texts->read() and parsed, unless it is known. *ret is valid until
 * the next call for the same file; NULL if *ret_state is not COVERAGE_SOURCE_USED.
 */
struct error *
coverage_parses_get(struct coverage_parses *parses, const struct coverage_texts *texts,
		    const struct coverage_file *file, const struct source_options *options,
		    enum coverage_source_state *ret_state, const struct source_file **ret);

#endif
