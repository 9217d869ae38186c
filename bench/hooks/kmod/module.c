// SPDX-License-Identifier: GPL-2.0
/* Measures KCOV's hooks: kcovreport_hooks.h says which, and bench/hooks.sh says why. */
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kcov.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <asm/tsc.h>

#include "kcovreport_hooks.h"

/* calls.S */
u64 hooks_call(void (*callback)(void), const unsigned long *sites, unsigned long count);
void hooks_nothing(void);
extern const u8 hooks_rets[KCOVREPORT_MAX_COUNT];

/* Addresses at which there is a ret instruction. */
static unsigned long text_each[KCOVREPORT_MAX_COUNT], text_same[KCOVREPORT_MAX_COUNT],
	module_each[KCOVREPORT_MAX_COUNT], module_same[KCOVREPORT_MAX_COUNT];

/* Any byte with that value will do, even inside another instruction. About one in a
 * hundred has it. */
static void find_sites(void)
{
	const u8 *text = (const u8 *)__sanitizer_cov_trace_pc;
	unsigned int i;

	for (i = 0; i < KCOVREPORT_MAX_COUNT; text++) {
		if (*text == 0xc3)
			text_each[i++] = (unsigned long)text;
	}
	for (i = 0; i < KCOVREPORT_MAX_COUNT; i++) {
		text_same[i] = text_each[0];
		module_each[i] = (unsigned long)&hooks_rets[i];
		module_same[i] = module_each[0];
	}
}

static u64 callback_ticks(void *callback, const unsigned long *sites, unsigned int count)
{
	unsigned long flags;
	u64 loop, calls;

	local_irq_save(flags);
	loop = hooks_call(hooks_nothing, sites, count);
	calls = hooks_call(callback, sites, count);
	local_irq_restore(flags);
	/* The empty loop has called a function of one instruction, its return: add
	 * these `count` instructions. */
	return calls - loop + count;
}

struct section {
	struct work_struct work;
	struct tasklet_struct tasklet;
	u64 handle;
	unsigned int count;
	u64 ticks;
};

/* Includes the calls of these two, but not of the callbacks between them. */
static __always_inline u64 section_once(const struct section *section, bool marked, void *callback)
{
	u64 start = rdtsc();

	if (marked)
		kcov_remote_start(section->handle);
	hooks_call(callback, text_same, section->count);
	if (marked)
		kcov_remote_stop();
	return rdtsc() - start;
}

static void section_measure(struct section *section)
{
	u64 fewest = U64_MAX, empty = U64_MAX;
	unsigned int turn;

	for (turn = 0; turn < KCOVREPORT_TURNS; turn++) {
		empty = min(empty, section_once(section, false, hooks_nothing));
		fewest = min(fewest, section_once(section, true, __sanitizer_cov_trace_pc));
	}
	section->ticks = fewest - empty + section->count;
}

static void section_work(struct work_struct *work)
{
	section_measure(container_of(work, struct section, work));
}

static void section_tasklet(struct tasklet_struct *tasklet)
{
	section_measure(container_of(tasklet, struct section, tasklet));
}

static void section_run(struct section *section, bool softirq)
{
	if (softirq) {
		tasklet_setup(&section->tasklet, section_tasklet);
		tasklet_schedule(&section->tasklet);
		/* Waits for a tasklet that has been scheduled. */
		tasklet_kill(&section->tasklet);
		return;
	}
	INIT_WORK_ONSTACK(&section->work, section_work);
	schedule_work(&section->work);
	flush_work(&section->work);
	destroy_work_on_stack(&section->work);
}

static int hook_ticks(struct kcovreport_hooks *hooks)
{
	struct section section = { .handle = hooks->handle, .count = hooks->count };
	const unsigned long *sites = text_same;
	void *callback = __sanitizer_cov_trace_pc;

	if (hooks->count > KCOVREPORT_MAX_COUNT)
		return -EINVAL;
	switch (hooks->hook) {
	case KCOVREPORT_TEXT_SAME:
		break;
	case KCOVREPORT_TEXT_EACH:
		sites = text_each;
		break;
	case KCOVREPORT_MODULE_SAME:
		sites = module_same;
		break;
	case KCOVREPORT_MODULE_EACH:
		sites = module_each;
		break;
#ifdef CONFIG_KCOV_ENABLE_COMPARISONS
	case KCOVREPORT_COMPARE:
		callback = __sanitizer_cov_trace_const_cmp4;
		break;
#endif
	case KCOVREPORT_TASK_SECTION:
	case KCOVREPORT_SOFTIRQ_SECTION:
		section_run(&section, hooks->hook == KCOVREPORT_SOFTIRQ_SECTION);
		hooks->ticks = section.ticks;
		return 0;
	default:
		return -EINVAL;
	}
	hooks->site = sites[0];
	hooks->ticks = callback_ticks(callback, sites, hooks->count);
	return 0;
}

static long hooks_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct kcovreport_hooks __user *user = (struct kcovreport_hooks __user *)argument;
	struct kcovreport_hooks hooks;
	int err;

	if (command != KCOVREPORT_HOOKS)
		return -ENOTTY;
	if (copy_from_user(&hooks, user, sizeof(hooks)))
		return -EFAULT;
	err = hook_ticks(&hooks);
	if (!err && copy_to_user(user, &hooks, sizeof(hooks)))
		err = -EFAULT;
	return err;
}

static const struct file_operations hooks_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = hooks_ioctl,
};

static struct miscdevice hooks_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = KCOVREPORT_HOOKS_DEVICE,
	.fops = &hooks_operations,
	.mode = 0600,
};

static int __init hooks_init(void)
{
	find_sites();
	return misc_register(&hooks_device);
}

static void __exit hooks_exit(void)
{
	misc_deregister(&hooks_device);
}

module_init(hooks_init);
module_exit(hooks_exit);

MODULE_DESCRIPTION("Counts instructions of KCOV's hooks, for the measurements of kcovreport");
MODULE_AUTHOR("the kcovreport authors");
MODULE_LICENSE("GPL");
