// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the functions that a test should reach next. */
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "kcovreport/least.h"

static void print_text(const char *text)
{
	write_masked(text, strlen(text), "", stdout);
}

static void print_place(const struct least *l, const char *path, uint32_t line)
{
	const char *inside = l->view->root ? path_inside(path, l->view->root) : NULL;

	print_text(inside ? inside : path);
	if (line)
		printf(":%" PRIu32, line);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void print_callers(const struct least *l, const struct least_function *f)
{
	if (!f->nr_calls)
		return;
	const struct least_call *call = &l->calls.data[f->first_call];
	const struct coverage_function *caller = l->functions[call->caller].function;

	fputs("            called by ", stdout);
	print_text(caller->name);
	printf(" (%" PRIu64 " time%s) at ", caller->count, plural(caller->count));
	print_place(l, call->path, call->line);
	if (f->nr_calls > 1)
		printf(", and by %" PRIu32 " other%s that %s reached", f->nr_calls - 1,
		       plural(f->nr_calls - 1), f->nr_calls == 2 ? "was" : "were");
	putchar('\n');
}

static void print_function(const struct least *l, uint32_t number, bool with_count)
{
	const struct least_function *f = &l->functions[number];

	if (with_count)
		printf("  %6" PRIu64 " ", f->function->count);
	printf("  %6" PRIu32 "  ", f->nr_blocks);
	print_text(f->function->name);
	fputs("  ", stdout);
	print_place(l, f->file->path, f->function->line);
	putchar('\n');
	print_callers(l, f);
}

static void print_list(const struct least *l, const struct least_number_vector *list, uint64_t rows,
		       bool with_count)
{
	if (!list->len || !rows)
		return;
	printf(with_count ? "   times   blocks  function\n" : "  blocks  function\n");
	for (size_t i = 0; i < list->len && i < rows; i++)
		print_function(l, list->data[i], with_count);
	if (list->len > rows)
		printf("  ... and %" PRIu64 " more\n", list->len - rows);
}

static void print_barely(const struct least *l, uint64_t rows)
{
	if (l->view->coverage.counts_are_least) {
		printf("\nBarely reached: not known, since counts of a set or of imported text are "
		       "lower bounds\n");
		return;
	}
	printf("\nBarely reached, at most %d times: %zu function%s\n", LEAST_BARELY, l->barely.len,
	       plural(l->barely.len));
	print_list(l, &l->barely, rows, true);
}

void least_print(const struct least *l, uint64_t rows)
{
	printf("Never reached, but called by a function that was: %zu function%s\n", l->next.len,
	       plural(l->next.len));
	print_list(l, &l->next, rows, false);
	print_barely(l, rows);
	printf("\nNever reached, nor was a function that calls it: %zu function%s\n", l->others.len,
	       plural(l->others.len));
	if (l->nr_not_called)
		printf("  %" PRIu64 " of them %s called by name nowhere\n", l->nr_not_called,
		       l->nr_not_called == 1 ? "is" : "are");
	print_list(l, &l->others, rows, false);
	if (l->nr_inlined)
		printf("\n%" PRIu64 " more that %s never reached exist%s only as inlined copies\n",
		       l->nr_inlined, l->nr_inlined == 1 ? "was" : "were",
		       l->nr_inlined == 1 ? "s" : "");
	printf("\nCalls through pointers are not known.\n");
}
