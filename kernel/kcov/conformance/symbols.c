// SPDX-License-Identifier: GPL-2.0
/* Where functions of the kernel and the module are, and how often a trace enters one. */
#include "symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

/* x86-64: the image is linked to CONFIG_PHYSICAL_START above this address. */
#define KERNEL_MAP   0xffffffff80000000ull
#define FUNCTION_MAX 2048

static const char *const names[] = {
	/* of the kernel */
	"__x64_sys_getpid",
	"__x64_sys_getppid",
	"__x64_sys_gettid",
	"udp_rcv",
	"run_timer_softirq",
	"update_process_times",
	"call_usermodehelper_exec_async",
	/* of the module */
	"kcovreport_in_kthread",
	"kcovreport_in_work",
	"kcovreport_in_softirq",
	"kcovreport_pre_nested",
	"kcovreport_in_nested",
	"kcovreport_post_nested",
	"kcovreport_in_timer",
	"kcovreport_in_rcu",
	"kcovreport_in_thread",
	"remote_ioctl",
};
#define NAMES	     (sizeof(names) / sizeof(*names))
#define KERNEL_NAMES 7

static struct {
	bool is_known;
	uint64_t start, end;
} functions[NAMES];
static struct range text;
static uint64_t physical_start = 0x1000000;
static char *configuration;

static void name_store(const char *name, const char *module, uint64_t address)
{
	if (!strcmp(name, "_stext"))
		text.start = address;
	if (!strcmp(name, "_etext"))
		text.end = address;
	for (size_t i = 0; i < NAMES; i++)
		if (!strcmp(name, names[i]) && (i < KERNEL_NAMES) == !*module) {
			functions[i].start = address;
			functions[i].is_known = true;
		}
}

/* A function ends at the next symbol of text. The symbols of modules are not in order. */
static void ends_find(const char *line)
{
	for (; *line; line = strchr(line, '\n') + 1) {
		uint64_t address;

		if (line[17] != 't' && line[17] != 'T')
			continue;
		address = strtoull(line, NULL, 16);
		for (size_t i = 0; i < NAMES; i++)
			if (address > functions[i].start &&
			    (!functions[i].end || address < functions[i].end))
				functions[i].end = address;
	}
}

static char *read_all(FILE *file)
{
	size_t size = 0, room = 1 << 20;
	char *all = malloc(room);

	for (size_t got; (got = fread(all + size, 1, room - size - 1, file));) {
		size += got;
		if (room - size < 1 << 19)
			all = realloc(all, room *= 2);
	}
	all[size] = '\0';
	return all;
}

static void configuration_load(void)
{
	FILE *file = popen("zcat /proc/config.gz 2>/dev/null", "re");
	const char *found;

	configuration = read_all(file);
	pclose(file);
	found = strstr(configuration, "\nCONFIG_PHYSICAL_START=");
	if (found)
		physical_start = strtoull(strchr(found, '=') + 1, NULL, 16);
}

/* A line is "ADDRESS TYPE NAME". For modules a tab and "[MODULE]" follow. */
static void line_parse(const char *line, size_t length)
{
	char copy[256], *module;

	if (length >= sizeof(copy))
		return;
	/* sscanf() on the whole text would measure its length for each line. */
	memcpy(copy, line, length);
	copy[length] = '\0';
	module = strchrnul(copy + 19, '\t');
	if (*module)
		*module++ = '\0';
	name_store(copy + 19, module, strtoull(copy, NULL, 16));
}

/* The address of the image. Its symbol is among the first of /proc/kallsyms, which
 * takes long to read to the end. */
static uint64_t image_address(void)
{
	char line[256];
	uint64_t address = 0;
	FILE *file = fopen("/proc/kallsyms", "re");

	while (!address && file && fgets(line, sizeof(line), file))
		if (!strcmp(line + 19, "_text\n"))
			address = strtoull(line, NULL, 16);
	if (file)
		fclose(file);
	return address;
}

static uint64_t module_address(void)
{
	char line[32] = "0";
	FILE *file = fopen("/sys/module/kcovreport_remote/sections/.text", "re");

	if (file) {
		if (!fgets(line, sizeof(line), file))
			strcpy(line, "0");
		fclose(file);
	}
	return strtoull(line, NULL, 16);
}

/* Adds the bias of the kernel or of the module to the addresses of the list. */
static void functions_move(uint64_t kernel, uint64_t module)
{
	text.start += kernel;
	text.end += kernel;
	for (size_t i = 0; i < NAMES; i++) {
		uint64_t bias = i < KERNEL_NAMES ? kernel : module;

		/* No symbol of the module follows its last function, so limit its length. */
		if (functions[i].end - functions[i].start > FUNCTION_MAX)
			functions[i].end = functions[i].start + FUNCTION_MAX;
		functions[i].start += bias;
		functions[i].end += bias;
	}
}

bool symbols_load(const char *path)
{
	FILE *file = fopen(path ? path : "/proc/kallsyms", "re");
	uint64_t image = image_address(), offset;

	if (!file || !image) {
		printf("not ok 1 - cannot read '%s', or it has no addresses\n",
		       path ? path : "/proc/kallsyms");
		return false;
	}
	char *all = read_all(file);
	fclose(file);
	configuration_load();
	for (const char *line = all, *end; (end = strchr(line, '\n')); line = end + 1)
		/* A cheap test first, as there are many lines. */
		if (strchr("_ckru", line[19]))
			line_parse(line, end - line);
	ends_find(all);
	free(all);
	offset = image - KERNEL_MAP - physical_start;
	functions_move(path ? 0 : -offset, path ? module_address() - offset : -offset);
	printf("# KASLR offset 0x%" PRIx64 "\n", offset);
	return true;
}

struct range text_range(void)
{
	return text;
}

struct range function_range(const char *name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (!strcmp(name, names[i]) && functions[i].is_known)
			return (struct range){ functions[i].start, functions[i].end };
	quit("/proc/kallsyms has no '%s'", name);
}

uint64_t trace_entries_kept(const struct trace *trace, const char *function)
{
	struct range range = function_range(function);
	uint64_t lowest = UINT64_MAX, entries = 0, count = trace_count(trace);

	for (uint64_t i = 1; i <= count; i++) {
		uint64_t pc = trace->area[i];

		if (pc < range.start || pc >= range.end || pc > lowest)
			continue;
		entries = pc == lowest ? entries + 1 : 1;
		lowest = pc;
	}
	return entries;
}

uint64_t trace_entries(const struct trace *trace, const char *function)
{
	if (trace_count(trace) >= trace->words - 1)
		quit("the area of %zu words is full: calls may be missing in it", trace->words);
	return trace_entries_kept(trace, function);
}

bool set_has_function(const struct set *set, const char *function)
{
	struct range range = function_range(function);

	for (uint64_t pc = range.start; pc < range.end; pc++)
		if (set_has(set, pc))
			return true;
	return false;
}

bool config_has(const char *name)
{
	char line[128];

	snprintf(line, sizeof(line), "\nCONFIG_%s=y\n", name);
	return !*configuration || strstr(configuration, line);
}
