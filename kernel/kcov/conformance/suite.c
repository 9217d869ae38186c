// SPDX-License-Identifier: GPL-2.0
/*
 * usage: kcov_conformance [--expect stock|ours] [--module FILE] [--symbols FILE] [--list] [NAME...]
 *
 * Runs the cases of KCOV's user interface, all or those whose name contains a NAME, on the running
 * kernel. Prints TAP, then totals. --list prints the cases instead; each line begins with the
 * kernels that the case holds for. --module loads the module of kernel/kmod; without it cases with
 * remote sections are skipped. --symbols: see symbols_load().
 */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "section.h"
#include "symbols.h"

static const struct test_case *const groups[] = {
	ioctl_cases,  mmap_cases,    record_cases,	 compare_cases,	 task_cases,
	compat_cases, remote_cases,  section_cases,	 lifetime_cases, set_cases,
	stats_cases,  inherit_cases, inherit_fail_cases, context_cases,	 system_cases,
};

static const char *const kernel_names[] = { [BOTH] = "both", [STOCK] = "stock", [OURS] = "ours" };

bool is_ours;

static bool wanted(const struct test_case *test, char **names)
{
	bool any = !*names;

	for (; *names; names++)
		any |= strstr(test->name, *names) != NULL;
	return any;
}

static void cases_run(char **names)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		for (const struct test_case *test = groups[i]; test->name; test++)
			if (wanted(test, names) && test->kernels != (is_ours ? STOCK : OURS))
				case_run(test);
}

static void cases_list(char **names)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		for (const struct test_case *test = groups[i]; test->name; test++)
			if (wanted(test, names))
				printf("%-5s  %s\n", kernel_names[test->kernels], test->name);
}

/* Find out which of the two kernels this is. On an unexpected kernel the wrong cases would run. */
static bool kernel_probe(const char *expected)
{
	struct kcov_set_init init = { .size = sizeof(init) };
	int fd = open(KCOV_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		printf("not ok 1 - cannot open '%s': %s\n", KCOV_DEVICE, strerror(errno));
		return false;
	}
	int err = kcov_call_pointer(fd, KCOV_INIT_SET, &init);
	close(fd);
	is_ours = err != ENOTTY;
	printf("# kernel: %s (KCOV_INIT_SET: %s)\n", is_ours ? "ours" : "stock", errno_name(err));
	if (!expected || !strcmp(expected, is_ours ? "ours" : "stock"))
		return true;
	printf("not ok 1 - the kernel is %s\n", expected);
	return false;
}

static int suite_run(const char *expected, const char *module, const char *symbols, char **names)
{
	double start = seconds();

	if (kernel_probe(expected) && module_load(module) && symbols_load(symbols)) {
		printf("# took %.1f s to begin\n", seconds() - start);
		cases_run(names);
	} else {
		totals.failed++;
	}
	return totals_print();
}

int main(int argc, char **argv)
{
	const char *expected = NULL, *module = NULL, *symbols = NULL;
	bool list = false;

	if (argc == 4 && !strcmp(argv[1], "--helper"))
		return helper_main(argc - 2, argv + 2);
	for (argv++; *argv && !strncmp(*argv, "--", 2); argv++) {
		if (!strcmp(*argv, "--list"))
			list = true;
		else if (!strcmp(*argv, "--expect") && argv[1])
			expected = *++argv;
		else if (!strcmp(*argv, "--module") && argv[1])
			module = *++argv;
		else if (!strcmp(*argv, "--symbols") && argv[1])
			symbols = *++argv;
		else {
			fprintf(stderr, "usage: kcov_conformance [--expect stock|ours] [--module "
					"FILE] [--symbols FILE] [--list] [NAME...]\n");
			return 2;
		}
	}
	if (list) {
		cases_list(argv);
		return 0;
	}
	return suite_run(expected, module, symbols, argv);
}
