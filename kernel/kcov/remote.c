// SPDX-License-Identifier: GPL-2.0
/*
 * Remote coverage.
 *
 * A task that calls the kernel has coverage of what the kernel does in that call. But much of its
 * work is done later and elsewhere: by the hub worker of a USB bus, by a vhost worker, by a softirq
 * that receives a packet. None of these runs as the task, and most serve several tasks. Only the
 * code that does a piece of work knows which task it is for. So that code marks the piece:
 *
 *	kcov_remote_start(handle);
 *	...
 *	kcov_remote_stop();
 *
 * The handle is a number that says whose work this is. The code between the two calls is a
 * *section*. With KCOV_REMOTE_ENABLE a task asks for the handles that it wants. Sections with one
 * of these handles are recorded as if that task had executed them; sections with other handles cost
 * a lookup. The task that asked is called the owner. KCOV_REMOTE_ENABLE does not record the owner
 * itself; KCOV_ENABLE of another descriptor does.
 *
 * There are two kinds of handles.
 *
 * - Handles of a subsystem: the top byte says which one. The low four bytes are an instance of
 *   something that user space can name, such as the number of a USB bus. All users of that bus have
 *   the same worker, so they have the same handle.
 *
 * - Common handles, whose top byte is 0. They are for work that has no such name, because it
 *   follows from what some task did: it opened a vhost device, or it sent a packet. User space
 *   chooses a number and passes it as common_handle. The kernel stores it in the owner's
 *   task_struct, and children get a copy. When such a task starts work that is finished elsewhere,
 *   the code in question saves the number with that work: it calls kcov_common_handle() and stores
 *   the result in the vhost worker or in the packet. Later it passes that number to
 *   kcov_remote_start(). So a common handle is a mark that a task leaves on its work, wherever the
 *   work goes. Two users on one machine have to take different numbers; a PID is a good choice. A
 *   task without a common handle has 0, and a section with handle 0 is ignored.
 *
 * In a softirq, current is the interrupted task, which has nothing to do with the work. Its
 * coverage is suspended at kcov_remote_start() and resumed at kcov_remote_stop(). A function that
 * is called from tasks, softirqs and hard interrupts alike may already be inside a section of the
 * task, with the same handle; a second section would only copy the records twice. Such functions
 * use kcov_remote_start_usb_softirq() and kcov_remote_stop_softirq(), which have an effect in
 * softirqs only. In hard interrupts nothing is ever recorded.
 *
 * Sections nest. What runs between the inner start and stop is recorded for the inner handle; after
 * that the outer section goes on. A start that has no effect, but is inside a section, is counted,
 * so that its stop does not end the outer section.
 *
 * A section of a trace has its own buffer, since several sections may run at a time and the records
 * of each should stay together. When the section stops, the buffer is appended to the area of the
 * descriptor. If the owner has disabled meanwhile, nothing of it is appended. A section of a set
 * records into the set directly. If it runs while the owner disables, it records until it stops.
 *
 * In a task, a section may sleep to allocate memory if the task may sleep. With bottom halves
 * disabled it uses memory of the CPU, which nothing else can use meanwhile (on PREEMPT_RT too:
 * local_bh_disable() holds a lock of the CPU). Bottom halves then have to stay disabled until the
 * section stops, as they do in a softirq. In any other atomic context the section does not begin,
 * and is counted as dropped.
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
 * How deep sections may nest with bottom halves disabled. They share the words of the CPU: an inner
 * section gets what the outer ones left.
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
	/* At least room for the count. */
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

/* Take a section that is not in use. Nearly always one runs at a time, and this needs no lock. */
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

/* Without references no new section can begin, but a lookup may still be reading the handles. */
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

/* Read the count of an area, which a section or user space has written. */
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

/*
 * Longs that the records of a section take, rounded up so that what follows is aligned for any
 * mode.
 */
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
 * Writes the records first and then the count. User space may take the records meanwhile. If it
 * changes the count that it saw to 0 with one atomic operation, it may see records twice, but
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

/*
 * Push a section onto those of this CPU. Its memory begins after the records of the one below it.
 */
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
	/* Even, as begin is aligned for u64. */
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

/* Takes the caller's reference to the remote. */
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
		.owner = store,
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

/* The section that this task, or this softirq, began last. */
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
 * For code that starts work which is finished elsewhere: the handle to pass to
 * kcov_remote_start_common() then. 0: the work is not recorded.
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
