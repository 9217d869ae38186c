// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/pace.h"

#include "base/clock.h"

#define WORDS  2048
#define ROUNDS 16

/* As the kernel has it, READ_ONCE() and WRITE_ONCE() included. */
static uint64_t fill_ns(volatile uint64_t *area)
{
	uint64_t start = now_ns();

	area[0] = 0;
	for (uint64_t pos; (pos = area[0] + 1) < WORDS;) {
		area[0] = pos;
		area[pos] = pos;
	}
	return now_ns() - start;
}

uint64_t pace_measure(void)
{
	uint64_t area[WORDS];
	uint64_t best = UINT64_MAX;

	/* The others were interrupted. */
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t ns = fill_ns(area);

		best = ns < best ? ns : best;
	}
	return best * 1000 / (WORDS - 1);
}

uint64_t pace_wait(uint64_t ps_per_pc, size_t words)
{
	/* So much is free at least, after a look (drain.c). */
	double ns = words * 0.75 * ps_per_pc / 1000;

	return ns < PACE_MIN_NS ? PACE_MIN_NS : ns > PACE_MAX_NS ? PACE_MAX_NS : ns;
}
