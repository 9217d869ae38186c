// SPDX-License-Identifier: GPL-2.0
/*
 * Test at boot that interrupts record nothing. The task is recorded for a while in which it
 * calls nothing that is traced, and the timer interrupts it. Any PC recorded then comes from an
 * interrupt.
 */
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include "kcov.h"
#include "text.h"

#define WORDS 64

static unsigned long area[WORDS] __initdata;

/*
 * With PREEMPT_RT the end of an interrupt wakes ksoftirqd, after it has removed the interrupt
 * from preempt_count. Traced code that it executes then counts as the task's, and cannot be told
 * from the task's own. So on PREEMPT_RT such PCs are printed, but are not a failure.
 */
static void __init judge(void)
{
	unsigned long i, moved = -kcov_canonicalize(0);

	for (i = 1; i <= area[0]; i++)
		pr_info("kcov: selftest: an interrupt was in %pS\n", (void *)(area[i] + moved));
	if (!area[0])
		pr_info("kcov: selftest: passed\n");
	else if (IS_ENABLED(CONFIG_PREEMPT_RT))
		pr_info("kcov: selftest: %lu PCs of the ends of interrupts\n", area[0]);
	else
		panic("kcov: selftest: %lu PCs of interrupts", area[0]);
}

void __init kcov_selftest(void)
{
	atomic_long_t dropped = ATOMIC_LONG_INIT(0);
	struct kcov kcov = {
		.kind = KCOV_LOCAL,
		.mode = KCOV_MODE_PC,
		.size = WORDS - 1,
		.area = area,
		.dropped = &dropped,
	};
	unsigned long end;

	pr_info("kcov: selftest: interrupts for 300 ms\n");
	preempt_disable();
	kcov_task_attach(current, &kcov);
	for (end = jiffies + msecs_to_jiffies(300); time_before(jiffies, end);)
		cpu_relax();
	kcov_task_detach(current, &kcov);
	preempt_enable();
	judge();
}
