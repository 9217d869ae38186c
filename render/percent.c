// SPDX-License-Identifier: GPL-2.0-or-later
/* Formats a ratio as a percentage. */
#include <stdio.h>

#include "render/render.h"

const char *render_percent(struct coverage_ratio ratio, char *buf)
{
	if (!ratio.found)
		return memcpy(buf, "-", 2);
	/* 128 bits, since hit * 1000 must not overflow, whatever numbers a run file contains. */
	unsigned __int128 hit = ratio.hit < ratio.found ? ratio.hit : ratio.found;
	unsigned int tenths = hit * 1000 / ratio.found;
	snprintf(buf, 16, "%u.%u", tenths / 10, tenths % 10);
	return buf;
}
