// SPDX-License-Identifier: GPL-2.0
/* Contexts of sets: context.h is the manual. */
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/workqueue.h>
#include "kcov.h"

/* So many stores can have contexts at a time. */
#define MAX_OWNERS 256

DEFINE_STATIC_KEY_FALSE(kcov_contexts_on);

/* A store is at the place that is its id modulo MAX_OWNERS. Without references. */
static struct kcov_store *owners[MAX_OWNERS];
static atomic_t nr_owners;
static u64 last_generation;
/* Protects the contexts of all stores, and additions to owners. */
static DEFINE_MUTEX(contexts_lock);
/* For a context without a set: count_dropped() in trace.c may find it before its mode. */
static atomic_long_t dropped_unseen;
/* Of the vectors that are pending on a CPU. */
static DEFINE_PER_CPU(u64[NR_SOFTIRQS], raised_by);

/* The last reference of a store may be dropped where one cannot sleep. */
static void update_hooks(struct work_struct *work)
{
	mutex_lock(&contexts_lock);
	if (atomic_read(&nr_owners))
		static_branch_enable(&kcov_contexts_on);
	else
		static_branch_disable(&kcov_contexts_on);
	mutex_unlock(&contexts_lock);
}

static DECLARE_WORK(update_work, update_hooks);

/* The lock is held. */
static int register_owner(struct kcov_store *store)
{
	unsigned int place;
	int err;

	for (place = 0; place < MAX_OWNERS && READ_ONCE(owners[place]); place++)
		;
	if (place == MAX_OWNERS)
		return -ENOSPC;
	err = kcov_objects_init();
	if (err)
		return err;
	WRITE_ONCE(store->id, ++last_generation * MAX_OWNERS + place);
	smp_store_release(&owners[place], store);
	atomic_inc(&nr_owners);
	static_branch_enable(&kcov_contexts_on);
	return 0;
}

/* The lock is held. */
static int check_context(struct kcov_store *store, unsigned int context, struct kcov_store *other)
{
	if (!store || !store->is_set || store->is_system || store->is_context)
		return -EINVAL;
	if (!other || !other->is_set || other->is_system || other->id || other == store)
		return -EINVAL;
	if (context < 1 || context >= KCOV_NR_CONTEXTS)
		return -EINVAL;
	return store->contexts[context] ? -EBUSY : 0;
}

int kcov_context_add(struct kcov_store *store, unsigned int context, struct kcov_desc *desc)
{
	int err;

	mutex_lock(&contexts_lock);
	err = check_context(store, context, desc->store);
	if (!err && !store->id)
		err = register_owner(store);
	if (!err) {
		desc->store->is_context = true;
		kcov_fault_in(desc->store->memory, desc->store->map_size);
		smp_store_release(&store->contexts[context], kcov_desc_get(desc));
	}
	mutex_unlock(&contexts_lock);
	return err;
}

/* The store has no more references, so nothing finds it. The caller frees it after a grace period.
 */
void kcov_context_release(struct kcov_store *store)
{
	unsigned int context;

	if (!store->id)
		return;
	WRITE_ONCE(owners[store->id % MAX_OWNERS], NULL);
	for (context = 1; context < KCOV_NR_CONTEXTS; context++)
		if (store->contexts[context])
			kcov_desc_put(store->contexts[context]);
	if (atomic_dec_and_test(&nr_owners))
		schedule_work(&update_work);
}

struct kcov_store *kcov_context_find(u64 id)
{
	struct kcov_store *store;

	if (!id)
		return NULL;
	rcu_read_lock();
	store = smp_load_acquire(&owners[id % MAX_OWNERS]);
	if (store && (store->id != id || !refcount_inc_not_zero(&store->refs)))
		store = NULL;
	rcu_read_unlock();
	return store;
}

static struct kcov_desc *context_of(struct kcov_store *owner, unsigned int context)
{
	return owner ? smp_load_acquire(&owner->contexts[context]) : NULL;
}

/*
 * This and count() run under locks of the callers of hooks, where the last reference of a store
 * must not be dropped: so they take none. They also run where a softirq is raised.
 * rcu_read_unlock() may raise one itself, again and again if raising one calls it.
 */
bool kcov_context_is_used(u64 id)
{
	struct kcov_store *store;
	bool used;

	rcu_read_lock_sched();
	store = smp_load_acquire(&owners[id % MAX_OWNERS]);
	used = store && store->id == id;
	rcu_read_unlock_sched();
	return used;
}

/* Counters of a context. */
static void count(u64 id, unsigned int context, long lost, long pending)
{
	struct kcov_store *owner;
	struct kcov_desc *desc;

	rcu_read_lock_sched();
	owner = smp_load_acquire(&owners[id % MAX_OWNERS]);
	desc = owner && owner->id == id ? context_of(owner, context) : NULL;
	if (desc) {
		atomic_long_add(lost, &desc->store->dropped_sections);
		atomic_long_add(pending, &desc->store->tasks);
	}
	rcu_read_unlock_sched();
}

void kcov_context_lost(u64 id, unsigned int context)
{
	if (id)
		count(id, context, 1, 0);
}

void kcov_context_pending(u64 id, long n)
{
	count(id, KCOV_CONTEXT_WORK, 0, n);
}

/* What the current task or softirq does with KCOV; NULL: nothing. */
static struct kcov *current_kcov(void)
{
	struct kcov *kcov = READ_ONCE(current->kcov);

	if (in_hardirq() || in_nmi() || !kcov || kcov->softirq != !!in_serving_softirq())
		return NULL;
	return kcov;
}

static struct kcov_store *current_owner(void)
{
	struct kcov *kcov = current_kcov();

	return kcov ? kcov->owner : NULL;
}

/* The first context of a store gives it an id, also while tasks record into it. */
u64 __kcov_context_id(void)
{
	struct kcov_store *owner = current_owner();

	return owner ? READ_ONCE(owner->id) : 0;
}

/*
 * 0 if this context is not wanted. If it is added after something was queued, that is not in it,
 * and not counted for it.
 */
static u64 id_for(unsigned int context)
{
	struct kcov_store *owner = current_owner();

	return context_of(owner, context) ? READ_ONCE(owner->id) : 0;
}

/*
 * Records into the context of the owner, if it has this one; otherwise records nothing. Takes the
 * reference to the owner.
 */
static void begin(struct kcov *kcov, struct kcov_store *owner, unsigned int context)
{
	struct kcov_desc *desc = context_of(owner, context);

	*kcov = (struct kcov){ .kind = KCOV_CONTEXT,
			       .softirq = in_serving_softirq(),
			       .dropped = &dropped_unseen };
	if (desc) {
		kcov->mode = KCOV_MODE_SET;
		kcov->area = desc->store->bits;
		kcov->size = desc->store->nr_bits;
		kcov->desc = kcov_desc_get(desc);
		kcov->dropped = &desc->store->dropped_pcs;
		kcov->owner = owner;
	} else {
		kcov_store_put(owner);
	}
	if (desc && !IS_ENABLED(CONFIG_64BIT))
		kcov_fault_in(desc->store->memory, desc->store->map_size);
	kcov_task_attach(current, kcov);
}

void kcov_context_drop(struct task_struct *t, struct kcov *kcov)
{
	kcov_task_detach(t, kcov);
	if (kcov->desc)
		kcov_desc_put(kcov->desc);
	kcov_store_put(kcov->owner);
	kcov->kind = KCOV_NONE;
}

void __kcov_context_end(struct kcov *kcov)
{
	kcov_context_drop(current, kcov);
}

void __kcov_blank_begin(struct kcov *kcov)
{
	if (current_kcov())
		begin(kcov, NULL, KCOV_CONTEXT_WORK);
}

void __kcov_object_queued(const void *object)
{
	kcov_object_set(object, id_for(KCOV_CONTEXT_WORK));
}

u64 __kcov_object_taken(const void *object)
{
	return kcov_object_take(object);
}

/*
 * In a softirq that is recorded only because of the task below, work of others is recorded like the
 * rest of it.
 */
void __kcov_work_begin(struct kcov *kcov, u64 id)
{
	struct kcov_store *owner;

	if (in_hardirq() || in_nmi())
		return;
	owner = kcov_context_find(id);
	if (owner)
		begin(kcov, owner, KCOV_CONTEXT_WORK);
	else if (!in_serving_softirq() || __kcov_context_id())
		__kcov_blank_begin(kcov);
}

void __kcov_task_work_begin(struct kcov *kcov, u64 id)
{
	struct kcov_store *owner = kcov_context_find(id);

	if (owner)
		begin(kcov, owner, KCOV_CONTEXT_WORK);
}

/* A vector does not say for whom it runs if it is raised for two. */
void __kcov_softirq_raised(unsigned int nr)
{
	u64 *by = this_cpu_ptr(&raised_by[nr]), id = id_for(KCOV_CONTEXT_SOFTIRQ);

	if (!(local_softirq_pending() & 1U << nr)) {
		*by = id;
	} else if (*by != id) {
		kcov_context_lost(*by, KCOV_CONTEXT_SOFTIRQ);
		kcov_context_lost(id, KCOV_CONTEXT_SOFTIRQ);
		*by = 0;
	}
}

void __kcov_softirqs_take(u64 *ids)
{
	memcpy(ids, this_cpu_ptr(raised_by), sizeof(raised_by));
}

/* The task below holds a reference to the owner as long as this softirq runs. */
static void interrupt_begin(struct kcov *kcov)
{
	struct kcov *below = READ_ONCE(current->kcov);
	struct kcov_store *owner = below ? below->owner : NULL;

	if (!context_of(owner, KCOV_CONTEXT_INTERRUPT))
		return;
	begin(kcov, kcov_store_get(owner), KCOV_CONTEXT_INTERRUPT);
	/* What it queues is not attributed. */
	kcov->owner = NULL;
	kcov_store_put(owner);
}

void __kcov_softirq_begin(struct kcov *kcov, u64 id, bool ksoftirqd)
{
	struct kcov_store *owner = kcov_context_find(id);

	if (owner)
		begin(kcov, owner, KCOV_CONTEXT_SOFTIRQ);
	else if (!ksoftirqd)
		interrupt_begin(kcov);
}

void __kcov_thread_begin(u64 id)
{
	struct kcov_store *owner = kcov_context_find(id);

	if (owner)
		kcov_task_join(owner);
	kcov_store_put(owner);
}
