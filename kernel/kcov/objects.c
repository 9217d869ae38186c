// SPDX-License-Identifier: GPL-2.0
/*
 * For which store an object is queued: a table from addresses to ids.
 *
 * The table is allocated when it is first needed and never freed. An address belongs to one bucket.
 * A bucket has a few places; if all are taken by other objects, one entry gives way, and counts as
 * lost. Most objects have no entry, and to see that takes no lock: the caller holds what keeps others
 * from queueing the object, so nothing adds an entry for it meanwhile.
 *
 * Not every way to cancel something has a hook. Such an entry stays until an object with that
 * address is queued again, or until its place is needed.
 */
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "kcov.h"

#define BUCKET_BITS 12
#define PLACES	    7

struct bucket {
	raw_spinlock_t lock;
	unsigned int victim;
	const void *objects[PLACES];
	u64 ids[PLACES];
};

static struct bucket *buckets;

int kcov_objects_init(void)
{
	struct bucket *new;
	unsigned int i;

	if (buckets)
		return 0;
	new = kvcalloc(1U << BUCKET_BITS, sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	for (i = 0; i < 1U << BUCKET_BITS; i++)
		raw_spin_lock_init(&new[i].lock);
	smp_store_release(&buckets, new);
	return 0;
}

static struct bucket *bucket_of(const void *object)
{
	struct bucket *all = smp_load_acquire(&buckets);

	return all ? &all[hash_ptr(object, BUCKET_BITS)] : NULL;
}

static int place_of(const struct bucket *bucket, const void *object)
{
	int i;

	for (i = 0; i < PLACES; i++)
		if (READ_ONCE(bucket->objects[i]) == object)
			return i;
	return -1;
}

/* A place for a new entry: a free one, or one whose store has no more users, or any. */
static int find_place(struct bucket *bucket)
{
	int i;

	for (i = 0; i < PLACES; i++)
		if (!bucket->objects[i] || !kcov_context_is_used(bucket->ids[i]))
			return i;
	i = bucket->victim;
	bucket->victim = (i + 1) % PLACES;
	return i;
}

void kcov_object_set(const void *object, u64 id)
{
	struct bucket *bucket = bucket_of(object);
	unsigned long flags;
	int i;

	kcov_object_take(object);
	if (!id || !bucket)
		return;
	raw_spin_lock_irqsave(&bucket->lock, flags);
	i = find_place(bucket);
	if (bucket->objects[i]) {
		kcov_context_lost(bucket->ids[i], KCOV_CONTEXT_WORK);
		kcov_context_pending(bucket->ids[i], -1);
	}
	WRITE_ONCE(bucket->objects[i], object);
	bucket->ids[i] = id;
	kcov_context_pending(id, 1);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
}

/*
 * perf queues task work in NMIs. An NMI must not wait for what it interrupted: then the entry stays
 * that an earlier object with this address may have left.
 */
static bool lock_for_take(struct bucket *bucket, unsigned long *flags)
{
	if (in_nmi())
		return raw_spin_trylock_irqsave(&bucket->lock, *flags);
	raw_spin_lock_irqsave(&bucket->lock, *flags);
	return true;
}

u64 kcov_object_take(const void *object)
{
	struct bucket *bucket = bucket_of(object);
	unsigned long flags;
	u64 id = 0;
	int i;

	if (!bucket || place_of(bucket, object) < 0 || !lock_for_take(bucket, &flags))
		return 0;
	i = place_of(bucket, object);
	if (i >= 0) {
		id = bucket->ids[i];
		WRITE_ONCE(bucket->objects[i], NULL);
	}
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	if (id)
		kcov_context_pending(id, -1);
	return id;
}
