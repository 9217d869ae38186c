/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel configuration (.config), for source_options.config. */
#ifndef SYMBOLIZE_SOURCE_CONFIG_H
#define SYMBOLIZE_SOURCE_CONFIG_H

#include "symbolize/source/statements.h"

struct source_config_file;

/*
 * Reads lines CONFIG_NAME=VALUE. The text is borrowed until source_config_file_destroy().
 * ERROR_FORMAT if there are none: it is something else, and must not decide that nothing is set.
 */
struct error *source_config_file_create(const char *text, size_t size,
					struct source_config_file **ret);
/* Accepts NULL. */
void source_config_file_destroy(struct source_config_file *file);
DEFINE_CLEANUP(source_config_file, struct source_config_file, source_config_file_destroy);

/* As source_options.config: SOURCE_CONFIG_NO for an option that has no line. */
enum source_config source_config_file_get(const struct source_config_file *file, const char *name,
					  size_t length, int64_t *value);

#endif
