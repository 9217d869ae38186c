// SPDX-License-Identifier: GPL-2.0-or-later
/* Says in words what the statements of a source corrected. */
#include "render/correction.h"

#include <inttypes.h>

static void write_times(uint64_t count, FILE *out)
{
	fprintf(out, "%" PRIu64 " time%s", count, count == 1 ? "" : "s");
}

static void write_basis(const struct coverage_correction *c, FILE *out)
{
	static const struct {
		const char *before, *after;
	} texts[] = {
		[COVERAGE_BASIS_CALLS] = { "the function on line ", " was called " },
		[COVERAGE_BASIS_STATEMENT] = { "line ", ", of the same statement, was executed " },
		[COVERAGE_BASIS_LATER] = { "line ",
					   ", a later statement of the same list, was executed " },
		[COVERAGE_BASIS_EARLIER] = { "line ", ", before it, was executed " },
		[COVERAGE_BASIS_CONDITION] = { "the condition on line ", " went this way " },
		[COVERAGE_BASIS_HEAD] = { "line ", ", around it, was executed " },
		[COVERAGE_BASIS_LEFT] = { "line ", ", around it, was executed " },
		[COVERAGE_BASIS_REST] = { "line ", ", before it, was executed " },
		[COVERAGE_BASIS_BODY] = { "line ", ", in its body, was executed " },
	};

	if (c->basis == COVERAGE_BASIS_FLOW) {
		fputs("follows from the flow of the function", out);
		return;
	}
	fprintf(out, "%s%" PRIu32 "%s", texts[c->basis].before, c->basis_line,
		texts[c->basis].after);
	write_times(c->basis_count, out);
	if (!c->after_line)
		return;
	fprintf(out, ", and line %" PRIu32 "%s", c->after_line,
		c->basis == COVERAGE_BASIS_LEFT ? ", after that, " : ", which leaves, ");
	write_times(c->after_count, out);
}

void correction_write(const struct coverage_correction *c, FILE *out)
{
	fprintf(out, "%s, ", c->statement);
	if (c->count) {
		fputs("executed ", out);
		write_times(c->count, out);
	} else {
		fputs("missed", out);
	}
	fputs("; the machine code alone says ", out);
	if (!c->has_code)
		fputs("nothing", out);
	else if (!c->count_alone)
		fputs("missed", out);
	else
		write_times(c->count_alone, out);
	fputs("; ", out);
	write_basis(c, out);
	if (c->nr_equal > 1)
		fprintf(out,
			"; one of %" PRIu32 " equal statements, which the compiler may have merged",
			c->nr_equal);
}
