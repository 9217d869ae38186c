// SPDX-License-Identifier: GPL-2.0
/*
 * At boot: interrupts record nothing. The task is recorded for a while in which it calls nothing
 * that is traced, and the timer interrupts it. Whatever is recorded then is an interrupt's.
 */
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include "kcov.h"

#define WORDS 64

static unsigned long area[WORDS] __initdata;

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
	if (area[0])
		panic("kcov: selftest: %lu PCs of interrupts, the first %lx", area[0], area[1]);
	pr_info("kcov: selftest: passed\n");
}
