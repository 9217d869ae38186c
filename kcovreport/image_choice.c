// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens the image that a command's options name, and prints its symbols. */
#include "kcovreport/image_choice.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "kcovreport/index_cache.h"
#include "kcovreport/jobs.h"
#include "kcovreport/kcovreport.h"
#include "render/json_value.h"

struct error *image_choice_index(struct image_choice *choice, struct index **ret)
{
	const char *path = choice->path ? choice->path : "./vmlinux";

	/* The list is NULL-terminated. */
	if (!debug_dir_vector_append(&choice->debug_dirs, NULL))
		return &error_no_memory;
	if (!choice->path && access("vmlinux", F_OK))
		return error_hint(error_create(ERROR_NOT_FOUND, "there is no './vmlinux'"),
				  "name the image with --vmlinux");
	return index_open(path, choice->debug_dirs.data, choice->no_cache,
			  jobs_or_default(choice->jobs), ret);
}

void image_choice_deinit(struct image_choice *choice)
{
	debug_dir_vector_deinit(&choice->debug_dirs);
}

char *symbol_text(const struct index *index, uint32_t offset, uint32_t shown)
{
	uint32_t symbol = index_find_symbol(index, offset);
	char *text;
	size_t nr;

	if (symbol == INDEX_NONE)
		return strdup("?");
	const struct index_symbol *s = &index_symbols(index, &nr)[symbol];
	if (asprintf(&text, "%s+0x%x", index_string(index, s->name), shown - s->offset) < 0)
		return NULL;
	return text;
}

struct error *json_open_list(const struct index *index, const char *key, FILE *out)
{
	char hex[BUILD_ID_HEX_SIZE];

	fputs("{\"image\": ", out);
	struct error *err = json_print_text(index_path(index), out);
	fprintf(out, ", \"build_id\": \"%s\", \"%s\": [",
		build_id_format(index_build_id(index), hex), key);
	return err;
}

void json_close_list(FILE *out)
{
	fputs("\n]}\n", out);
}
