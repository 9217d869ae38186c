// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/formats.h"

const struct renderer *const renderers[] = {
	&renderer_lcov,
	&renderer_json,
	NULL,
};

const struct renderer *renderer_find(const char *name)
{
	for (const struct renderer *const *r = renderers; *r; r++)
		if (!strcmp((*r)->name, name))
			return *r;
	return NULL;
}
