// SPDX-License-Identifier: GPL-2.0-or-later
/* Measures how fast a task can fill a buffer, with a model of the kernel's callback. */
#include "collect/kcov/pace.h"

#include "base/clock.h"

#define WORDS  2048
#define ROUNDS 16

/* Volatile, because the callback has to read these each time: any interrupt may change them. */
struct model {
	volatile int preempt_count;
	volatile unsigned int mode;
	volatile unsigned int size;
	volatile uint64_t *area;
};

static __attribute__((noinline)) void trace_pc(struct model *m)
{
	if (m->preempt_count || m->mode != 2)
		return;
	uint64_t pos = m->area[0] + 1;
	if (pos < m->size) {
		m->area[0] = pos;
		m->area[pos] = pos;
	}
}

static uint64_t fill_ns(struct model *m)
{
	uint64_t start = now_ns();

	m->area[0] = 0;
	for (int i = 1; i < WORDS; i++)
		trace_pc(m);
	return now_ns() - start;
}

uint64_t pace_measure(void)
{
	uint64_t area[WORDS];
	struct model model = { .mode = 2, .size = WORDS, .area = area };
	uint64_t best = UINT64_MAX;

	/* Take the fastest round: others may have been interrupted. */
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t ns = fill_ns(&model);

		best = ns < best ? ns : best;
	}
	return best * 1000 / (WORDS - 1);
}

uint64_t pace_wait(uint64_t ps_per_pc, size_t words)
{
	/* At least this part of the buffer is free after a read (drain.c). */
	double ns = words * 0.75 * ps_per_pc / 1000;

	return ns < PACE_MIN_NS ? PACE_MIN_NS : ns > PACE_MAX_NS ? PACE_MAX_NS : ns;
}
