// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/clone_trace.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/kcov.h"

/* A fork of ours records some 17,000. */
#define TRACE_WORDS   ((size_t)64 << 10)
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

static int compare_pcs(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The last ones of a trace that are once in each of the successes and not in the failure. */
static void choose(const uint64_t *pcs, size_t nr, const struct pc_map successes[3],
		   const struct pc_map *failure, struct clone_trace *ret)
{
	for (size_t i = nr; i-- > 0 && ret->nr < CLONE_TRACE_PCS;) {
		bool once = pc_map_get(failure, pcs[i]) == 0;

		for (size_t s = 0; s < 3; s++)
			once = once && pc_map_get(&successes[s], pcs[i]) == 1;
		if (once)
			ret->pcs[ret->nr++] = pcs[i];
	}
	qsort(ret->pcs, ret->nr, sizeof(*ret->pcs), compare_pcs);
}

static struct error *trace_all(struct kcov *kcov, char *stack_end, uint64_t *pcs,
			       struct clone_trace *ret)
{
	static const int flags[] = { INVALID_FLAGS, VFORK_FLAGS, THREAD_FLAGS, PROCESS_FLAGS };
	struct pc_map maps[4] = { PC_MAP_INIT };
	struct error *err = NULL;
	bool full = false;
	size_t nr = 0;

	for (size_t i = 0; !err && i < 4; i++) {
		err = trace_clone(kcov, stack_end, flags[i], pcs, &nr);
		full = full || nr >= kcov->words - 1;
		if (!err)
			err = count_pcs(pcs, nr, &maps[i]);
	}
	if (!err && !full)
		choose(pcs, nr, maps + 1, &maps[0], ret);
	for (size_t i = 0; i < 4; i++)
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
	uint64_t least = trace->nr ? counts[0] : 0;

	for (size_t i = 1; i < trace->nr; i++)
		least = counts[i] < least ? counts[i] : least;
	return least;
}
