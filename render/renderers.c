// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of renderers, one per format. */
#include "render/formats.h"

#include <string.h>

const struct renderer *const renderers[] = {
	&renderer_lcov, &renderer_json,	    &renderer_html,    &renderer_cobertura, &renderer_jsonl,
	&renderer_csv,	&renderer_markdown, &renderer_summary, &renderer_text,	    NULL,
};

const struct renderer *renderer_find(const char *name)
{
	for (const struct renderer *const *r = renderers; *r; r++)
		if (!strcmp((*r)->name, name))
			return *r;
	return NULL;
}
