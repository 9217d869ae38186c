// SPDX-License-Identifier: GPL-2.0
/*
 * usage: kcov_checked --module FILE --functions FILE [--seconds N] [NAME...]
 *
 * What puts our kernel side under stress, for a kernel that looks at itself (*.config): failing
 * allocations one by one, storms, and what is left of them. All cases, or those whose name contains
 * a NAME. Prints TAP, then totals. --module: that of kernel/kmod. --functions: names of the kernel
 * side's functions. --seconds: how long each storm lasts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "fault.h"
#include "section.h"

bool is_ours = true;
unsigned int storm_seconds = 20;

/* Leaks of all others come last. */
static const struct test_case *const groups[] = { nth_cases, storm_cases, leak_cases };

static bool wanted(const struct test_case *test, char **names)
{
	bool any = !*names;

	for (; *names; names++)
		any |= strstr(test->name, *names) != NULL;
	return any;
}

int main(int argc, char **argv)
{
	const char *module = NULL, *list = NULL;

	(void)argc;
	for (argv++; *argv && !strncmp(*argv, "--", 2) && argv[1]; argv += 2) {
		if (!strcmp(*argv, "--module"))
			module = argv[1];
		else if (!strcmp(*argv, "--functions"))
			list = argv[1];
		else if (!strcmp(*argv, "--seconds"))
			storm_seconds = strtoul(argv[1], NULL, 10);
		else
			break;
	}
	if (!module || !list || (*argv && !strncmp(*argv, "--", 2))) {
		fprintf(stderr, "usage: kcov_checked --module FILE --functions FILE [--seconds N] "
				"[NAME...]\n");
		return 2;
	}
	if (!module_load(module) || !leaks_load(list)) {
		totals.failed++;
		return totals_print();
	}
	faults_prepare();
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		for (const struct test_case *test = groups[i]; test->name; test++)
			if (wanted(test, argv))
				case_run(test);
	return totals_print();
}
