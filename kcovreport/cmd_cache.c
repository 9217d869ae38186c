// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport cache: lists and removes the cached indexes of images. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "kcovreport/index_cache.h"
#include "kcovreport/kcovreport.h"

static const char doc[] =
	"List, prune or clear the cache of indexes: what kcovreport knows of images that it read, "
	"so "
	"that it need not read them again.\v"
	"list (the default) prints one line for each index, last used first: its size in bytes, "
	"when "
	"it was last used, the build ID of the image, and its path when it was last used.\n\n"
	"prune removes the indexes that were not used for the longest time, until all have at most "
	"--size bytes.\n\n"
	"clear removes all.\n\n"
	"The cache is $KCOVREPORT_CACHE/index, or kcovreport/index in $XDG_CACHE_HOME or ~/.cache. "
	"Every command that reads an image keeps it below $KCOVREPORT_CACHE_SIZE (2G).";

enum { OPT_SIZE = 256 };

static const struct argp_option options[] = {
	{ "size", OPT_SIZE, "N", 0,
	  "What prune leaves: bytes, or KiB, MiB, GiB with K, M or G ($KCOVREPORT_CACHE_SIZE)", 0 },
	{ 0 },
};

struct arguments {
	const char *action; /* NULL = list */
	uint64_t size;
	bool has_size;
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPT_SIZE:
		if (!parse_size(arg, &a->size))
			argp_error(state, "'%s' is not a size", arg);
		a->has_size = true;
		return 0;
	case ARGP_KEY_ARG:
		if (a->action)
			argp_error(state, "more than one action: '%s'", arg);
		if (strcmp(arg, "list") && strcmp(arg, "prune") && strcmp(arg, "clear"))
			argp_error(state, "no such action: '%s'", arg);
		a->action = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->has_size && (!a->action || strcmp(a->action, "prune")))
			argp_error(state, "--size is for prune");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_entry(const struct index_cache_entry *e)
{
	char hex[BUILD_ID_HEX_SIZE], when[32] = "?";
	const time_t last_use = e->last_use;
	struct tm tm;

	if (localtime_r(&last_use, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%11" PRIu64 "  %s  ", e->size, when);
	if (!e->is_usable) {
		puts("of another version, or damaged");
		return;
	}
	printf("%s  ", e->build_id.size ? build_id_format(&e->build_id, hex) : "-");
	put_text(e->path);
	putchar('\n');
}

static struct error *list(const char *directory)
{
	_cleanup_(index_cache_entries_deinit) struct index_cache_entry_vector entries = VECTOR_INIT;
	struct error *err = index_cache_list(directory, &entries);

	if (!err)
		vector_for_each(&entries, e)
			print_entry(e);
	return err;
}

static struct error *prune(const char *directory, uint64_t size)
{
	uint64_t freed;
	struct error *err = index_cache_prune(directory, size, &freed);

	if (!err)
		say("%" PRIu64 " bytes freed in '%s'", freed, directory);
	return err;
}

static struct error *run(const struct arguments *a)
{
	_cleanup_free_ char *directory = NULL;
	uint64_t size = a->size;
	struct error *err = index_cache_directory(&directory);

	if (err)
		return err;
	if (!a->action || !strcmp(a->action, "list"))
		return list(directory);
	if (!strcmp(a->action, "clear"))
		return prune(directory, 0);
	if (!a->has_size)
		err = index_cache_size(&size);
	return err ? err : prune(directory, size);
}

int cmd_cache(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "[list|prune|clear]", doc };
	struct arguments a = { 0 };

	parse_options(&argp, argc, argv, 0, &a);
	struct error *err = run(&a);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
