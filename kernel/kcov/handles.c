// SPDX-License-Identifier: GPL-2.0
/*
 * The table of remote handles. Lookups are frequent: kcov_remote_start() does them in any task and
 * softirq. Changes are rare.
 *
 * Lookups run under RCU and take no lock. The table has about one bucket per handle. To grow it, a
 * bigger table is filled with the same nodes while readers still use the old one, so each node has
 * two links, one for either table. The links of the old table may be reused for a third one only
 * after all readers of the old one have finished. Until then the table does not grow, and its
 * chains get longer. The table never shrinks: a machine that had a million handles will have them
 * again.
 *
 * All memory is allocated before the lock is taken. The lock is a mutex, and only changes take it.
 */
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "kcov.h"

#define MIN_BITS 6

struct handle_table {
	struct rcu_head rcu;
	unsigned int bits;
	unsigned int generation; /* its nodes are linked by link[generation] */
	struct hlist_head buckets[];
};

static DEFINE_MUTEX(handles_lock);
static struct handle_table __rcu *handles; /* NULL before the first handle */
static unsigned long num_handles;
static unsigned long replaced; /* RCU's state when the table was replaced */

#define handles_dereference(p) rcu_dereference_check(p, lockdep_is_held(&handles_lock))

static struct hlist_head *bucket(struct handle_table *table, u64 handle)
{
	return &table->buckets[hash_64(handle, table->bits)];
}

static struct kcov_handle *node_of(struct handle_table *table, struct hlist_node *link)
{
	return container_of(link - table->generation, struct kcov_handle, link[0]);
}

static struct kcov_handle *lookup(struct handle_table *table, u64 handle)
{
	struct hlist_node *link = handles_dereference(hlist_first_rcu(bucket(table, handle)));

	for (; link; link = handles_dereference(hlist_next_rcu(link))) {
		struct kcov_handle *node = node_of(table, link);

		if (node->handle == handle)
			return node;
	}
	return NULL;
}

static void insert(struct handle_table *table, struct kcov_handle *node)
{
	hlist_add_head_rcu(&node->link[table->generation], bucket(table, node->handle));
}

static unsigned int bits_for(unsigned long count)
{
	unsigned int bits = MIN_BITS;

	while (count > 1UL << bits)
		bits++;
	return bits;
}

static struct handle_table *table_create(unsigned int bits)
{
	struct handle_table *table;

	table = kvzalloc(struct_size(table, buckets, 1UL << bits), GFP_KERNEL);
	if (table)
		table->bits = bits;
	return table;
}

/* Takes the new table. */
static void table_replace(struct handle_table *table)
{
	struct handle_table *old = handles_dereference(handles);
	struct hlist_node *link;
	unsigned long i;

	if (old && (old->bits >= table->bits || !poll_state_synchronize_rcu(replaced))) {
		kvfree(table);
		return;
	}
	table->generation = old ? !old->generation : 0;
	for (i = 0; old && i < 1UL << old->bits; i++) {
		for (link = old->buckets[i].first; link; link = link->next)
			insert(table, node_of(old, link));
		cond_resched();
	}
	rcu_assign_pointer(handles, table);
	WRITE_ONCE(replaced, get_state_synchronize_rcu());
	if (old)
		kvfree_rcu(old, rcu);
}

static void unlink_first(struct kcov_remote *remote, unsigned int count)
{
	struct handle_table *table = handles_dereference(handles);
	unsigned int i;

	for (i = 0; i < count; i++) {
		hlist_del_rcu(&remote->handles[i].link[table->generation]);
		if (i % 1024 == 0)
			cond_resched();
	}
	WRITE_ONCE(num_handles, num_handles - count);
}

static int link_all(struct kcov_remote *remote)
{
	struct handle_table *table = handles_dereference(handles);
	unsigned int i;

	for (i = 0; i < remote->num_handles; i++) {
		struct kcov_handle *node = &remote->handles[i];

		if (lookup(table, node->handle)) {
			unlink_first(remote, i);
			return -EEXIST;
		}
		insert(table, node);
		WRITE_ONCE(num_handles, num_handles + 1);
		if (i % 1024 == 0)
			cond_resched();
	}
	return 0;
}

int kcov_handles_add(struct kcov_remote *remote)
{
	unsigned int bits = bits_for(READ_ONCE(num_handles) + remote->num_handles);
	struct handle_table *table, *bigger = NULL;
	int err;

	rcu_read_lock();
	table = rcu_dereference(handles);
	if (table && table->bits >= bits)
		bits = 0;
	rcu_read_unlock();
	if (bits) {
		bigger = table_create(bits);
		if (!bigger)
			return -ENOMEM;
		/*
		 * Wait for readers of the table before the current one. Most likely they finished
		 * long ago. If not, wait here, where no task waits for the mutex.
		 */
		if (table)
			cond_synchronize_rcu(READ_ONCE(replaced));
	}

	mutex_lock(&handles_lock);
	if (bigger)
		table_replace(bigger);
	err = link_all(remote);
	mutex_unlock(&handles_lock);
	if (!err)
		kcov_remote_set_live(remote, true);
	return err;
}

void kcov_handles_remove(struct kcov_remote *remote)
{
	kcov_remote_set_live(remote, false);
	mutex_lock(&handles_lock);
	unlink_first(remote, remote->num_handles);
	mutex_unlock(&handles_lock);
}

struct kcov_remote *kcov_handles_find(u64 handle)
{
	struct kcov_remote *remote = NULL;
	struct handle_table *table;
	struct kcov_handle *node;

	rcu_read_lock();
	table = rcu_dereference(handles);
	node = table ? lookup(table, handle) : NULL;
	if (node && READ_ONCE(node->remote->live) && refcount_inc_not_zero(&node->remote->refs))
		remote = node->remote;
	rcu_read_unlock();
	return remote;
}
