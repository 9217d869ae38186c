// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses and checks `report --fail-under`. */
#include "kcovreport/report_gates.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "kcovreport/kcovreport.h"
#include "render/render.h"

static const char *const names[GATES] = {
	[GATE_LINES] = "lines",
	[GATE_FUNCTIONS] = "functions",
	[GATE_BRANCHES] = "branches",
};

bool percent_parse(const char *text, uint64_t *ret)
{
	char *copy = strdupa(text), *point = strchr(copy, '.');
	uint64_t whole, tenths = 0;

	if (point)
		*point++ = '\0';
	if (!parse_u64(copy, 10, 100, &whole) || (point && !parse_u64(point, 10, 9, &tenths)) ||
	    (whole == 100 && tenths))
		return false;
	*ret = 10 * whole + tenths;
	return true;
}

static bool parse_gate(struct report_gates *gates, char *gate)
{
	char *value = strchr(gate, '=');

	if (!value)
		return false;
	*value++ = '\0';
	for (int i = 0; i < GATES; i++)
		if (!strcmp(gate, names[i])) {
			gates->is_set[i] = true;
			return percent_parse(value, &gates->limits[i]);
		}
	return false;
}

bool report_gates_parse(struct report_gates *gates, const char *list)
{
	char *rest = strdupa(list), *gate;

	while ((gate = strsep(&rest, ",")))
		if (!parse_gate(gates, gate))
			return false;
	return true;
}

/* As `patch --fail-under` does: rounded down as percentages are, so that what is missing is rounded
 * up. */
static struct error *check_gate(const char *name, struct coverage_ratio ratio, uint64_t limit)
{
	char percent[16];

	if ((unsigned __int128)ratio.hit * 1000 >= (unsigned __int128)ratio.found * limit)
		return NULL;
	uint64_t missing = limit - (uint64_t)((unsigned __int128)ratio.hit * 1000 / ratio.found);
	return error_create(ERROR_MISMATCH,
			    "%s %% of %" PRIu64 " %s were executed, %" PRIu64 ".%" PRIu64
			    " less than the %" PRIu64 ".%" PRIu64 " %% of --fail-under",
			    render_percent(ratio, percent), ratio.found, name, missing / 10,
			    missing % 10, limit / 10, limit % 10);
}

struct error *report_gates_check(const struct report_gates *gates, const struct coverage *coverage)
{
	const struct coverage_ratio ratios[GATES] = {
		[GATE_LINES] = coverage->lines,
		[GATE_FUNCTIONS] = coverage->functions,
		[GATE_BRANCHES] = coverage->branches,
	};
	struct error *failed = NULL;

	for (int i = 0; i < GATES; i++) {
		if (!gates->is_set[i])
			continue;
		if (!ratios[i].found)
			say_warning("--fail-under: the report has no %s", names[i]);
		struct error *err = check_gate(names[i], ratios[i], gates->limits[i]);

		if (!err)
			continue;
		say_error(failed);
		failed = err;
	}
	return failed;
}
