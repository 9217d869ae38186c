// SPDX-License-Identifier: GPL-2.0
/*
 * What is left when no task uses KCOV: memory that a function of the kernel side has allocated.
 * Found in /proc/vmallocinfo, and in the slab allocator's tracks if the kernel was told to keep
 * them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "device.h"
#include "suite.h"

#define MOST_FUNCTIONS 500
#define NAME_BYTES     64

static char functions[MOST_FUNCTIONS][NAME_BYTES];
static unsigned int num_functions;

bool leaks_load(const char *path)
{
	FILE *file = path ? fopen(path, "re") : NULL;

	while (file && num_functions < MOST_FUNCTIONS &&
	       fscanf(file, "%63s", functions[num_functions]) == 1)
		num_functions++;
	if (file)
		fclose(file);
	if (!num_functions)
		printf("not ok 1 - no functions in '%s'\n", path ?: "");
	return num_functions > 0;
}

/* The name is the text before "+0x". */
static bool is_function(const char *begin, const char *end)
{
	for (unsigned int i = 0; i < num_functions; i++)
		if (!strncmp(functions[i], begin, end - begin) && !functions[i][end - begin])
			return true;
	return false;
}

static bool names_function(const char *line)
{
	for (const char *end = line; (end = strstr(end, "+0x")); end++) {
		const char *begin = end;

		while (begin > line && begin[-1] != ' ')
			begin--;
		if (is_function(begin, end))
			return true;
	}
	return false;
}

/* Memory that exists from boot on, such as that of each CPU. */
static bool names_start(const char *line)
{
	return strstr(line, " kcov_remote_init+0x") || strstr(line, " kcov_init+0x");
}

/*
 * Memory that stays once it was needed: at most one allocation of each kind. The system's set
 * exists from its first user on (expect_clean()), so a store that is left makes two of a kind.
 */
static const struct {
	const char *what;
	const char *functions[4];
	const char *flag; /* in /proc/vmallocinfo */
} kept[] = {
	/* In slabs the callers are known. */
	{ "set of the system", { "kcov_system_get" } },
	{ "table of handles", { "table_create", "kcov_handles_add" } },
	{ "table of objects", { "kcov_objects_init" } },
	{ "store", { "store_create", "kcov_trace_create", "kcov_set_create" }, " user" },
	{ "mapped bits", { "map_bits", "kcov_set_create" }, " vmap" },
	/* These are very large, so they are not in a slab: of the mapped bits, and of the store. */
	{ "array of mapped pages", { "map_bits", "kcov_set_create" }, " vmalloc" },
	{ "array of pages", { "store_create", "kcov_trace_create" }, " vmalloc" },
};
#define KEPT (sizeof(kept) / sizeof(*kept))

static bool names_kept(const char *line, unsigned int kind, bool is_slab)
{
	char name[NAME_BYTES];

	if (!is_slab && kept[kind].flag && !strstr(line, kept[kind].flag))
		return false;
	for (unsigned int i = 0; i < 4 && kept[kind].functions[i]; i++) {
		snprintf(name, sizeof(name), " %s+0x", kept[kind].functions[i]);
		if (strstr(line, name))
			return true;
	}
	return false;
}

/* KEPT: of no kind. */
static unsigned int find_kept(const char *line, bool is_slab)
{
	unsigned int kind = 0;

	while (kind < KEPT && !names_kept(line, kind, is_slab))
		kind++;
	return kind;
}

struct findings {
	unsigned int leaks, kept[KEPT];
	char lines[1024];
};

static void note(struct findings *findings, const char *line)
{
	strncat(findings->lines, line, sizeof(findings->lines) - strlen(findings->lines) - 1);
}

/* Of a slab: how many objects, and in the next lines the functions that allocated them. */
static bool begins_entry(const char *line, bool is_slab)
{
	line += strspn(line, " ");
	return !is_slab || (*line >= '0' && *line <= '9');
}

static void judge(struct findings *findings, const char *entry, bool is_slab)
{
	unsigned int kind = find_kept(entry, is_slab), number;

	if (kind == KEPT) {
		if (names_function(entry) && !names_start(entry)) {
			findings->leaks++;
			note(findings, entry);
		}
		return;
	}
	/* One thing has several entries in slabs, but each has one object of it. */
	number = is_slab ? strtoul(entry, NULL, 10) : findings->kept[kind] + 1;
	if (number > findings->kept[kind])
		findings->kept[kind] = number;
	if (number > 1)
		note(findings, entry);
}

static void look(const char *path, struct findings *findings)
{
	bool is_slab = strstr(path, "alloc_traces");
	FILE *file = fopen(path, "re");
	char entry[4096] = "", *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0) {
		if (begins_entry(line, is_slab)) {
			judge(findings, entry, is_slab);
			*entry = '\0';
		}
		strncat(entry, line, sizeof(entry) - strlen(entry) - 1);
	}
	judge(findings, entry, is_slab);
	free(line);
	if (file)
		fclose(file);
}

/* This releases freed objects that KASAN keeps in quarantine to see whether they are used. */
static void shrink(const char *cache)
{
	char path[512];

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", cache);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		quit("cannot shrink '%s'", cache);
	close(fd);
}

/* Returns how many caches there were. */
static unsigned int look_in_slab(struct findings *findings)
{
	DIR *caches = opendir("/sys/kernel/debug/slab");
	struct dirent *entry;
	unsigned int count = 0;
	char path[512];

	while (caches && (entry = readdir(caches))) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/slab/%s/alloc_traces",
			 entry->d_name);
		/*
		 * Skips kmalloc-cg-* and -rcl-*: the kernel side has nothing there, and reading
		 * them takes seconds.
		 */
		if (strncmp(entry->d_name, "kmalloc-", 8) || entry->d_name[8] > '9' ||
		    access(path, R_OK))
			continue;
		shrink(entry->d_name);
		look(path, findings);
		count++;
	}
	if (caches)
		closedir(caches);
	return count;
}

static bool is_clean(const struct findings *findings)
{
	bool clean = !findings->leaks;

	for (unsigned int i = 0; i < KEPT; i++)
		clean &= findings->kept[i] <= 1;
	return clean;
}

static bool vmalloc_is_clean(void *argument)
{
	struct findings *findings = argument;

	*findings = (struct findings){};
	look("/proc/vmallocinfo", findings);
	return is_clean(findings);
}

static bool slab_is_clean(void *argument)
{
	struct findings *findings = argument;

	*findings = (struct findings){};
	if (!look_in_slab(findings))
		quit("the kernel keeps no track of its slabs: slab_debug=U,kmalloc-*");
	return is_clean(findings);
}

static void expect_clean(bool (*look_all)(void *))
{
	struct findings findings;
	struct set set = set_create_system();

	set_destroy(&set);
	/* RCU and kernel threads free some of it later. */
	for (double end = seconds() + 20; seconds() < end; sleep(1))
		if (look_all(&findings))
			return;
	fail("%u places of ours have memory", findings.leaks);
	for (unsigned int i = 0; i < KEPT; i++)
		if (findings.kept[i] > 1)
			fail("%s: %u", kept[i].what, findings.kept[i]);
	fail("%s", findings.lines);
}

static void vmalloced(void)
{
	struct findings findings;

	expect_clean(vmalloc_is_clean);
	struct trace trace = trace_create(64 * PAGE_WORDS);
	expect_true(!vmalloc_is_clean(&findings), "a trace is found");
	trace_destroy(&trace);
	expect_clean(vmalloc_is_clean);
	struct set set = set_create(0);
	expect_true(!vmalloc_is_clean(&findings), "a set is found");
	set_destroy(&set);
	expect_clean(vmalloc_is_clean);
}

static void slabs(void)
{
	struct findings findings;

	expect_clean(slab_is_clean);
	struct trace trace = trace_create(64 * PAGE_WORDS);
	expect_true(!slab_is_clean(&findings), "a descriptor is found");
	trace_destroy(&trace);
	expect_clean(slab_is_clean);
}

/* A line is a case. */
/* clang-format off */
const struct test_case leak_cases[] = {
	{ "nothing is left: vmalloc", OURS, .run = vmalloced },
	{}
};

const struct test_case slab_cases[] = {
	{ "nothing is left: slabs", OURS, .run = slabs },
	{}
};
/* clang-format on */
