// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/clone_trace.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/kcov.h"

/* A fork of ours records some 17,000. */
#define TRACE_WORDS   ((size_t)64 << 10)
#define SLEEP_MAX_NS  100000000
#define STACK_SIZE    16384

#define PROCESS_FLAGS SIGCHLD
#define VFORK_FLAGS   (CLONE_VM | CLONE_VFORK | SIGCHLD)
#define THREAD_FLAGS                                                                               \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
	 CLONE_CHILD_CLEARTID)
#define INVALID_FLAGS (CLONE_THREAD | SIGCHLD) /* without CLONE_SIGHAND: EINVAL */

struct trial {
	int flags;
	char *stack_end;
	pid_t pid;
	pid_t alive; /* not 0 while the thread lives */
};

static int do_nothing(void *arg)
{
	(void)arg;
	return 0;
}

static void make_task(void *arg)
{
	struct trial *t = arg;

	t->pid = clone(do_nothing, t->stack_end, t->flags, NULL, NULL, NULL, &t->alive);
}

/* Until the new task uses its stack no more. */
static void wait_for_task(struct trial *t)
{
	if (t->pid < 0)
		return;
	while (t->flags & CLONE_THREAD) {
		pid_t alive = __atomic_load_n(&t->alive, __ATOMIC_SEQ_CST);

		if (!alive)
			return;
		syscall(SYS_futex, &t->alive, FUTEX_WAIT, alive, NULL, NULL, 0);
	}
	while (waitpid(t->pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}

/* What one clone records, in order of recording. Fails when it does not end as it should. */
static struct error *trace_clone(struct kcov *kcov, char *stack_end, int flags, uint64_t *pcs,
				 size_t *ret)
{
	struct trial t = { .flags = flags, .stack_end = stack_end, .alive = 1 };

	struct error *err = kcov_trace(kcov, make_task, &t, pcs, TRACE_WORDS, ret);
	wait_for_task(&t);
	if (!err && (t.pid < 0) != (flags == INVALID_FLAGS))
		return error_create(ERROR_SYSTEM, "cannot make a task");
	return err;
}

static struct error *count_pcs(const uint64_t *pcs, size_t nr, struct pc_map *map)
{
	for (size_t i = 0; i < nr; i++)
		if (!pc_map_add(map, pcs[i], 1))
			return &error_no_memory;
	return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * Traces: two that no clone is in, and three that one is in, twice: what happens
 * to be in all of them by chance must happen so again.
 */
enum { FAILURE, SLEEP, VFORK, THREAD, PROCESS, VFORK_2, THREAD_2, PROCESS_2, TRACES };

static bool is_of_clone(const struct pc_map maps[TRACES], uint64_t pc)
{
	if (pc_map_get(&maps[FAILURE], pc) || pc_map_get(&maps[SLEEP], pc))
		return false;
	for (int i = VFORK; i < TRACES; i++)
		if (pc_map_get(&maps[i], pc) != 1)
			return false;
	return true;
}

/* pcs: the last trace, in the order of recording. */
static void choose(const struct pc_map maps[TRACES], const uint64_t *pcs, size_t nr,
		   struct clone_trace *ret)
{
	uint64_t last[CLONE_TRACE_LAST];
	size_t nr_last = 0;

	for (size_t i = nr; i-- > 0;) {
		if (!is_of_clone(maps, pcs[i]))
			continue;
		if (ret->nr == CLONE_TRACE_PCS) {
			ret->nr = 0;
			return;
		}
		if (nr_last < CLONE_TRACE_LAST)
			last[nr_last++] = pcs[i];
		ret->pcs[ret->nr++] = pcs[i];
	}
	qsort(ret->pcs, ret->nr, sizeof(*ret->pcs), compare_numbers);
	qsort(last, nr_last, sizeof(*last), compare_numbers);
	for (size_t i = 0; i < ret->nr; i++)
		ret->last[i] = bsearch(&ret->pcs[i], last, nr_last, sizeof(*last), compare_numbers);
}

static void sleep_shortly(void *arg)
{
	nanosleep(arg, NULL);
}

/*
 * What a task does that was switched away from and back to is of no clone. A
 * sleep that is over before it begins shows nothing: then a longer one.
 */
static struct error *trace_sleep(struct kcov *kcov, uint64_t *pcs, size_t *ret)
{
	struct rusage before, after;
	struct error *err = NULL;

	for (long ns = 500000; !err && ns < SLEEP_MAX_NS; ns *= 2) {
		getrusage(RUSAGE_THREAD, &before);
		err = kcov_trace(kcov, sleep_shortly, &(struct timespec){ .tv_nsec = ns }, pcs,
				 TRACE_WORDS, ret);
		getrusage(RUSAGE_THREAD, &after);
		if (after.ru_nvcsw > before.ru_nvcsw)
			break;
	}
	return err;
}

static struct error *trace_one(struct kcov *kcov, int trace, char *stack_end, uint64_t *pcs,
			       size_t *ret)
{
	static const int flags[TRACES] = {
		[FAILURE] = INVALID_FLAGS,  [VFORK] = VFORK_FLAGS,   [THREAD] = THREAD_FLAGS,
		[PROCESS] = PROCESS_FLAGS,  [VFORK_2] = VFORK_FLAGS, [THREAD_2] = THREAD_FLAGS,
		[PROCESS_2] = PROCESS_FLAGS
	};

	if (trace == SLEEP)
		return trace_sleep(kcov, pcs, ret);
	return trace_clone(kcov, stack_end, flags[trace], pcs, ret);
}

static struct error *trace_all(struct kcov *kcov, char *stack_end, uint64_t *pcs,
			       struct clone_trace *ret)
{
	struct pc_map maps[TRACES] = { PC_MAP_INIT };
	struct error *err = NULL;
	bool full = false;
	size_t nr = 0;

	for (int i = 0; !err && i < TRACES; i++) {
		err = trace_one(kcov, i, stack_end, pcs, &nr);
		full = full || nr >= kcov->words - 1;
		if (!err)
			err = count_pcs(pcs, nr, &maps[i]);
	}
	if (!err && !full)
		choose(maps, pcs, nr, ret);
	for (size_t i = 0; i < TRACES; i++)
		pc_map_deinit(&maps[i]);
	return err;
}

struct error *clone_trace_run(struct clone_trace *ret)
{
	_cleanup_kcov_ struct kcov kcov = KCOV_CLOSED;
	_cleanup_free_ uint64_t *pcs = calloc(TRACE_WORDS, sizeof(*pcs));
	_cleanup_free_ char *stack = aligned_alloc(16, STACK_SIZE);

	*ret = (struct clone_trace){ 0 };
	if (!pcs || !stack)
		return &error_no_memory;
	struct error *err = kcov_open(&kcov, TRACE_WORDS);
	if (err)
		return err;
	/* A page fault on the way would be in one trace and not in another; a copy would be traced.
	 */
	memset(stack, 0, STACK_SIZE);
	madvise(kcov.area, kcov.words * sizeof(*kcov.area), MADV_DONTFORK);
	return trace_all(&kcov, stack + STACK_SIZE, pcs, ret);
}

void clone_trace_count(const struct clone_trace *trace, uint64_t counts[],
		       const struct pc_count *pcs, size_t nr_pcs)
{
	for (size_t i = 0; i < trace->nr; i++) {
		size_t low = 0, high = nr_pcs;

		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (pcs[mid].pc < trace->pcs[i])
				low = mid + 1;
			else
				high = mid;
		}
		if (low < nr_pcs && pcs[low].pc == trace->pcs[i])
			counts[i] += pcs[low].count;
	}
}

uint64_t clone_trace_clones(const struct clone_trace *trace, const uint64_t counts[])
{
	uint64_t sorted[CLONE_TRACE_PCS], clones = UINT64_MAX;

	if (!trace->nr)
		return 0;
	for (size_t i = 0; i < trace->nr; i++)
		if (trace->last[i] && counts[i] < clones)
			clones = counts[i];
	/* Most tasks make none. */
	if (!clones)
		return 0;
	memcpy(sorted, counts, trace->nr * sizeof(*sorted));
	qsort(sorted, trace->nr, sizeof(*sorted), compare_numbers);
	return clones < sorted[trace->nr / 2] ? clones : sorted[trace->nr / 2];
}
