// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds entries of MAINTAINERS:
 *
 *	maintainers TREE <PATHS		PATH<tab>TITLE for each entry of each path
 *	maintainers -t TREE <PATHS	how long that takes
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "render/maintainers.h"

static void check(struct error *err)
{
	if (!err)
		return;
	fprintf(stderr, "%s\n", err->message);
	exit(1);
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return 1e3 * ts.tv_sec + ts.tv_nsec / 1e6;
}

static void print(const struct maintainers *m, const char *path, const struct entry_vector *found)
{
	size_t nr;
	const struct maintainers_entry *entries = maintainers_entries(m, &nr);

	vector_for_each(found, number)
		printf("%s\t%s\n", path, entries[*number].title);
}

int main(int argc, char **argv)
{
	_cleanup_maintainers_ struct maintainers *m = NULL;
	_cleanup_(entry_vector_deinit) struct entry_vector found = VECTOR_INIT;
	bool timed = argc > 2 && !strcmp(argv[1], "-t");
	size_t nr_files = 0, nr_found = 0, nr_entries;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (argc < 2)
		return 2;
	double start = now_ms();
	check(maintainers_read(argv[argc - 1], &m));
	double read = now_ms();
	while ((length = getline(&line, &size, stdin)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		check(maintainers_find(m, line, &found));
		nr_files++;
		nr_found += found.len;
		if (!timed)
			print(m, line, &found);
	}
	maintainers_entries(m, &nr_entries);
	if (timed)
		printf("%zu entries read in %.1f ms; %zu files are in %zu entries, found in %.1f "
		       "ms\n",
		       nr_entries, read - start, nr_files, nr_found, now_ms() - read);
	return 0;
}
