// SPDX-License-Identifier: GPL-2.0
/*
 * usage: kcov_checked memory|races|rt --module FILE --functions FILE --symbols FILE
 *	[--seconds N] [NAME...]
 *
 * Stress tests of our kernel side, for a sanitizer or debug kernel (*.config): allocations that
 * fail one by one, storms, and a search for leaks after them. Runs all cases, or those whose name
 * contains a NAME. Prints TAP, then totals. memory: the kernel has fault injection and tracks its
 * slab allocations; allocations then fail in the storms too. --module: the module of kernel/kmod.
 * --functions: names of the kernel side's functions. --symbols: see symbols_load(). --seconds:
 * how long each storm lasts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "fault.h"
#include "section.h"
#include "symbols.h"

bool is_ours = true;
unsigned int storm_seconds = 20;

/* In this order: the search for what the others left comes last. */
static const struct {
	const struct test_case *cases;
	bool only_memory;
} groups[] = {
	{ nth_cases, true },	{ nth_context_cases, true },
	{ storm_cases, false }, { context_storm_cases, false },
	{ leak_cases, false },	{ slab_cases, true },
};

static bool wanted(const struct test_case *test, char **names)
{
	bool any = !*names;

	for (; *names; names++)
		any |= strstr(test->name, *names) != NULL;
	return any;
}

static void cases_run(bool memory, char **names)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (groups[i].only_memory && !memory)
			continue;
		for (const struct test_case *test = groups[i].cases; test->name; test++)
			if (wanted(test, names))
				case_run(test);
	}
}

static int usage(void)
{
	fprintf(stderr, "usage: kcov_checked memory|races|rt --module FILE --functions FILE "
			"--symbols FILE [--seconds N] [NAME...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *module = NULL, *list = NULL, *symbols = NULL;
	bool memory = argc > 1 && !strcmp(argv[1], "memory");

	if (argc < 2 || (!memory && strcmp(argv[1], "races") && strcmp(argv[1], "rt")))
		return usage();
	for (argv += 2; *argv && !strncmp(*argv, "--", 2); argv += 2) {
		if (argv[1] && !strcmp(*argv, "--module"))
			module = argv[1];
		else if (argv[1] && !strcmp(*argv, "--functions"))
			list = argv[1];
		else if (argv[1] && !strcmp(*argv, "--symbols"))
			symbols = argv[1];
		else if (argv[1] && !strcmp(*argv, "--seconds"))
			storm_seconds = strtoul(argv[1], NULL, 10);
		else
			return usage();
	}
	if (!module || !list || !symbols)
		return usage();
	if (memory && !faults_are_there()) {
		printf("not ok 1 - the kernel has no fault injection\n");
	} else if (module_load(module) && symbols_load(symbols) && leaks_load(list)) {
		faults_prepare();
		cases_run(memory, argv);
		return totals_print();
	}
	totals.failed++;
	return totals_print();
}
