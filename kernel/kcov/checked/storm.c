// SPDX-License-Identifier: GPL-2.0
/* What storms share. */
#include "storm.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "fault.h"
#include "suite.h"

struct counters *counters;
double end_time;
static uint32_t random_state;

uint32_t random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % limit;
}

void random_begin(void)
{
	random_state = 2654435761u * (unsigned int)getpid() | 1;
}

void storm_begin(unsigned int one_in)
{
	struct rlimit no_core = {};

	counters = mmap(NULL, sizeof(*counters), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	end_time = seconds() + storm_seconds;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	setrlimit(RLIMIT_CORE, &no_core);
	faults_rate(one_in);
}

void storm_wrong(const char *what, int error)
{
	fail("%s: %s", what, errno_name(error));
	counters->wrong++;
}

void note_status(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		counters->killed++;
}

void reap_all(void)
{
	int status;

	while (wait(&status) > 0)
		note_status(status);
}
