/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The argument of --jobs. */
#ifndef KCOVREPORT_JOBS_H
#define KCOVREPORT_JOBS_H

#include <argp.h>

#include "base/parse.h"
#include "base/workers.h"

#define JOBS_HELP "threads that read an image (all processors)"

/* Ends the program with a usage error if arg is not a number of threads. */
static inline unsigned int jobs_parse(const char *arg, const struct argp_state *state)
{
	uint64_t jobs = 0;

	if (!parse_u64(arg, 10, WORKERS_MAX, &jobs) || !jobs)
		argp_error(state, "--jobs takes a number from 1 to %d, not '%s'", WORKERS_MAX, arg);
	return jobs;
}

/* jobs, or the default if that is 0. */
static inline unsigned int jobs_or_default(unsigned int jobs)
{
	return jobs ? jobs : workers_default();
}

#endif
