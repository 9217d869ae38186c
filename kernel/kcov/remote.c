// SPDX-License-Identifier: GPL-2.0
/*
 * Remote coverage.
 *
 * A task that calls the kernel has coverage of what the kernel does in that call. But much is done
 * later, and by others: the hub worker of a USB bus, a vhost worker, a softirq that takes a packet.
 * None of them is the task, most serve several tasks, and which one a piece of work is for is only
 * known to the code that does it. So that code says it. It puts the piece between
 *
 *	kcov_remote_start(handle);
 *	...
 *	kcov_remote_stop();
 *
 * where the handle is a number that says whose work this is: a *section*. User space asks for the
 * numbers it wants with KCOV_REMOTE_ENABLE. What runs in a section with one of these numbers is
 * recorded as if the task that asked had done it; sections with other numbers cost a lookup. The
 * task that asked is called the owner. It records nothing itself by that (KCOV_ENABLE of another
 * descriptor does).
 *
 * There are two kinds of numbers.
 *
 * - Those of a subsystem: the top byte says which, the low four bytes are an instance of
 *   something that user space can name, such as the number of a USB bus. Whoever uses that bus, its
 *   worker is the same.
 *
 * - Common handles, where the top byte is 0. They are for work that has no such name, since it
 *   comes from what some task did: it opened a vhost device, it sent a packet. User space makes up
 *   a number and gives it as common_handle. It is stored in the owner's task_struct, and children
 *   get a copy. When such a task does something that others finish, the code in question takes the
 *   number along with it, by kcov_common_handle(): in the vhost worker, in the packet. There it is
 *   what kcov_remote_start() gets. So a common handle is a mark that a task leaves on its work,
 *   wherever that goes. Two users on one machine have to take different numbers; the PID is a good
 *   one. A task without has 0, and a section of handle 0 is none.
 *
 * In softirqs, current is the task that was interrupted, which has nothing to do with it. Its
 * coverage is put aside at kcov_remote_start() and taken up again at kcov_remote_stop(). A function
 * that is called from tasks, softirqs and hard interrupts alike may be inside a section of the task
 * already, with the same handle: a second one would only copy twice. For these there are
 * kcov_remote_start_usb_softirq() and kcov_remote_stop_softirq(), which do something in softirqs
 * only. In hard interrupts nothing is ever recorded.
 *
 * Sections nest: what is between the inner start and stop is recorded for the inner one's handle,
 * and then the outer one goes on. A start that has nothing to do is not forgotten in a section, so
 * that its stop does not end that.
 *
 * A section of a trace has a buffer of its own, since several may run at a time and their records
 * should stay together. It is moved to the descriptor's area when the section stops: at once or not
 * at all, if the owner disabled meanwhile. A section of a set records into the set directly, and
 * one that runs while the owner disables does so until it stops.
 *
 * In a task a section may sleep for memory where the task may sleep. With bottom halves disabled it
 * uses memory of the CPU, which nobody else can use meanwhile (on PREEMPT_RT too:
 * local_bh_disable() holds a lock of the CPU); they have to stay disabled until it stops, as they
 * do in a softirq. In atomic context otherwise there is no section: counted.
 */
#include <linux/align.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>
#include "kcov.h"

/*
 * Sections inside each other with bottom halves disabled. They share the words: an inner one gets
 * what is left.
 */
#define CPU_SECTIONS 4

struct cpu_sections {
	unsigned long *words;
	unsigned int depth;
	struct kcov_section sections[CPU_SECTIONS];
};

static DEFINE_PER_CPU(struct cpu_sections, cpu_sections);

struct kcov_remote *kcov_remote_create(struct kcov_desc *desc, unsigned int mode,
				       unsigned int words, unsigned int count)
{
	struct kcov_remote *remote;
	unsigned int i;

	remote = kvzalloc(struct_size(remote, handles, count), GFP_KERNEL);
	if (!remote)
		return NULL;
	refcount_set(&remote->refs, 1);
	spin_lock_init(&remote->lock);
	remote->desc = kcov_desc_get(desc);
	remote->mode = mode;
	/* Room for a count, if for nothing else. */
	remote->words = max(words, 2U);
	remote->num_handles = count;
	for (i = 0; i < count; i++)
		remote->handles[i].remote = remote;
	return remote;
}

void kcov_remote_set_live(struct kcov_remote *remote, bool live)
{
	unsigned long flags;

	spin_lock_irqsave(&remote->lock, flags);
	WRITE_ONCE(remote->live, live);
	spin_unlock_irqrestore(&remote->lock, flags);
}

/*
 * Sections that are not in use: of one at a time, as nearly always, without the lock.
 */
static struct kcov_section *pool_take(struct kcov_remote *remote)
{
	struct kcov_section *section = xchg(&remote->spare, NULL);
	unsigned long flags;

	if (section || !READ_ONCE(remote->pool))
		return section;
	spin_lock_irqsave(&remote->lock, flags);
	section = remote->pool;
	if (section)
		WRITE_ONCE(remote->pool, (struct kcov_section *)section->kcov.outer);
	spin_unlock_irqrestore(&remote->lock, flags);
	return section;
}

static void pool_put(struct kcov_remote *remote, struct kcov_section *section)
{
	unsigned long flags;

	if (!cmpxchg(&remote->spare, NULL, section))
		return;
	spin_lock_irqsave(&remote->lock, flags);
	section->kcov.outer = (struct kcov *)remote->pool;
	WRITE_ONCE(remote->pool, section);
	spin_unlock_irqrestore(&remote->lock, flags);
}

/*
 * Without references no section comes any more, but a lookup may still be looking at the handles.
 */
void kcov_remote_put(struct kcov_remote *remote)
{
	struct kcov_section *section;

	if (!refcount_dec_and_test(&remote->refs))
		return;
	while ((section = pool_take(remote))) {
		if (is_vmalloc_addr(section))
			vfree_atomic(section);
		else
			kfree(section);
	}
	kcov_desc_put(remote->desc);
	kvfree_rcu(remote, rcu);
}

/* The count of an area that a section, or user space, has written. */
static unsigned long trace_count(unsigned int mode, void *area)
{
	u64 count = mode == KCOV_MODE_TRACE_CMP ? READ_ONCE(*(u64 *)area)
						: READ_ONCE(*(unsigned long *)area);

	return min_t(u64, count, ULONG_MAX);
}

static size_t word_size(unsigned int mode)
{
	return mode == KCOV_MODE_TRACE_CMP ? sizeof(u64) : sizeof(unsigned long);
}

static size_t record_size(unsigned int mode)
{
	return word_size(mode) * (mode == KCOV_MODE_TRACE_CMP ? KCOV_WORDS_PER_CMP : 1);
}

/* Longs that the records of a section take, and what is behind them is aligned for any. */
static unsigned long words_used(struct kcov_section *section)
{
	unsigned int mode = section->kcov.mode;
	size_t bytes;

	if (mode == KCOV_MODE_SET)
		return 0;
	bytes = word_size(mode) + trace_count(mode, section->buffer) * record_size(mode);
	return ALIGN(bytes, sizeof(u64)) / sizeof(unsigned long);
}

/*
 * Records first and the count after them. User space may take what is there meanwhile: if it does
 * so by changing the count it saw to 0 in one atomic operation, it may see records twice, and
 * misses none.
 */
static void append(struct kcov_remote *remote, struct kcov_section *section)
{
	struct kcov_store *store = remote->desc->store;
	unsigned int mode = section->kcov.mode;
	size_t size = record_size(mode), head = word_size(mode);
	unsigned long room = kcov_trace_capacity(mode, store->words);
	unsigned long used = min(trace_count(mode, store->memory), room);
	unsigned long count = trace_count(mode, section->buffer);
	unsigned long moved = min(count, room - used);

	if (count > moved)
		atomic_long_add(count - moved, &store->dropped_remote_pcs);
	if (!moved)
		return;
	memcpy(store->memory + head + used * size, (void *)section->buffer + head, moved * size);
	smp_wmb();
	if (mode == KCOV_MODE_TRACE_CMP)
		WRITE_ONCE(*(u64 *)store->memory, used + moved);
	else
		WRITE_ONCE(*(unsigned long *)store->memory, used + moved);
}

/* The section that the CPU has on top, with the memory behind that of the one below. */
static struct kcov_section *cpu_section(struct kcov_remote *remote)
{
	struct cpu_sections *cpu = this_cpu_ptr(&cpu_sections);
	struct kcov_section *section, *below;
	unsigned long *begin = cpu->words;

	if (cpu->depth == CPU_SECTIONS)
		return NULL;
	if (cpu->depth) {
		below = &cpu->sections[cpu->depth - 1];
		begin = below->buffer + words_used(below);
	}
	section = &cpu->sections[cpu->depth];
	section->buffer = begin;
	/* Even: begin is aligned for u64. */
	section->words = cpu->words + (CONFIG_KCOV_IRQ_AREA_SIZE & ~1UL) - begin;
	section->on_cpu = true;
	if (section->words < 2 && remote->mode != KCOV_MODE_SET)
		return NULL;
	cpu->depth++;
	return section;
}

static struct kcov_section *task_section(struct kcov_remote *remote)
{
	unsigned long words = remote->mode == KCOV_MODE_SET ? 0 : remote->words;
	struct kcov_section *section;

	if (in_atomic() || irqs_disabled() || rcu_preempt_depth())
		return NULL;
	section = pool_take(remote);
	if (section)
		return section;

	section = kvmalloc(size_add(sizeof(*section), array_size(words, sizeof(*section->buffer))),
			   GFP_KERNEL | __GFP_NOWARN);
	if (!section)
		return NULL;
	section->words = words;
	section->buffer = (unsigned long *)(section + 1);
	section->on_cpu = false;
	return section;
}

/* Takes the reference to the remote. */
static void section_begin(struct task_struct *t, struct kcov_section *section,
			  struct kcov_remote *remote)
{
	struct kcov_store *store = remote->desc->store;
	bool is_set = remote->mode == KCOV_MODE_SET;

	section->ignored = 0;
	section->kcov = (struct kcov){
		.kind = KCOV_SECTION,
		.softirq = in_serving_softirq(),
		.mode = remote->mode,
		.area = is_set ? (void *)store->bits : section->buffer,
		.size = is_set ? store->nr_bits : kcov_trace_capacity(remote->mode, section->words),
		.desc = remote->desc,
		.remote = remote,
		.dropped = &store->dropped_remote_pcs,
	};
	if (!is_set)
		memset(section->buffer, 0, sizeof(u64));
	if (!IS_ENABLED(CONFIG_64BIT))
		kcov_fault_in(is_set ? store->memory : section->buffer,
			      is_set ? store->map_size : section->words * sizeof(long));
	kcov_task_attach(t, &section->kcov);
}

void kcov_section_end(struct task_struct *t, struct kcov_section *section)
{
	struct kcov_remote *remote = section->kcov.remote;
	unsigned long flags;

	kcov_task_detach(t, &section->kcov);
	if (remote->mode != KCOV_MODE_SET) {
		spin_lock_irqsave(&remote->lock, flags);
		if (remote->live)
			append(remote, section);
		else
			atomic_long_add(trace_count(remote->mode, section->buffer),
					&remote->desc->store->dropped_remote_pcs);
		spin_unlock_irqrestore(&remote->lock, flags);
	}
	if (section->on_cpu)
		this_cpu_ptr(&cpu_sections)->depth--;
	else
		pool_put(remote, section);
	kcov_remote_put(remote);
}

/* The section that was begun last by this task, or by this softirq. */
static struct kcov_section *section_of(struct task_struct *t)
{
	struct kcov *kcov = t->kcov;

	if (!kcov || kcov->kind != KCOV_SECTION || kcov->softirq != !!in_serving_softirq())
		return NULL;
	return (struct kcov_section *)kcov;
}

void kcov_remote_start(u64 handle)
{
	struct task_struct *t = current;
	struct kcov_section *section = NULL;
	struct kcov_remote *remote;

	if (in_hardirq() || in_nmi())
		return;
	remote = handle ? kcov_handles_find(handle) : NULL;
	if (remote) {
		section = in_softirq() ? cpu_section(remote) : task_section(remote);
		if (section) {
			section_begin(t, section, remote);
			return;
		}
		atomic_long_inc(&remote->desc->store->dropped_sections);
		kcov_remote_put(remote);
	}
	section = section_of(t);
	if (section)
		section->ignored++;
}
EXPORT_SYMBOL(kcov_remote_start);

void kcov_remote_stop(void)
{
	struct task_struct *t = current;
	struct kcov_section *section;

	if (in_hardirq() || in_nmi())
		return;
	section = section_of(t);
	if (!section)
		return;
	if (section->ignored)
		section->ignored--;
	else
		kcov_section_end(t, section);
}
EXPORT_SYMBOL(kcov_remote_stop);

/*
 * For work that this task leaves to others: what to give to kcov_remote_start_common() then. 0:
 * nothing.
 */
u64 kcov_common_handle(void)
{
	return in_task() ? current->kcov_handle : 0;
}
EXPORT_SYMBOL(kcov_common_handle);

int __init kcov_remote_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
	{
		unsigned long *words =
			vmalloc_node(CONFIG_KCOV_IRQ_AREA_SIZE * sizeof(*words), cpu_to_node(cpu));

		if (!words)
			return -ENOMEM;
		per_cpu_ptr(&cpu_sections, cpu)->words = words;
	}
	return 0;
}
