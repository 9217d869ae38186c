/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of `collect`. */
#ifndef KCOVREPORT_COLLECT_ARGS_H
#define KCOVREPORT_COLLECT_ARGS_H

#include <stdbool.h>

#include "base/vector.h"
#include "collect/collect.h"
#include "collect/kcov/remote.h"

/* Exit status of our own failures, as in env(1) and timeout(1). */
#define COLLECT_FAILED	   125
#define COLLECT_MAX_GROUPS 1024

/* Strings are borrowed from the command line, unless it says otherwise. */
struct collect_arguments {
	struct collect_options collect;
	struct collect_user user;
	gid_t groups[COLLECT_MAX_GROUPS];
	struct remote_spec_vector remotes;
	bool asks_remote; /* with --remote; else it is on because it always is */
	bool vm;
	const char *vm_dir;
	struct string_vector shares;
	const char *report;
	/*
	 * The options for collect in the virtual machine, as "--name=value" in the order
	 * given; owned. They are all options except those that name files of the host.
	 */
	struct string_vector guest_options;
};

/*
 * Parse the command line into *ret. Exits on a usage error. collect.remotes and
 * collect.user point into *ret.
 */
void collect_arguments_init(struct collect_arguments *ret, int argc, char **argv);
void collect_arguments_deinit(struct collect_arguments *arguments);

#endif
