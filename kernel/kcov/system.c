// SPDX-License-Identifier: GPL-2.0
/*
 * The set of the whole system.
 *
 * Callbacks of any context use it without a reference, so it is never freed. Its first user decides
 * the size of its hash table.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include "kcov.h"

DEFINE_STATIC_KEY_FALSE(kcov_system_on);
struct kcov_store *kcov_system;

/* Protects what follows, and the key. */
static DEFINE_MUTEX(system_lock);
static struct kcov_desc *holder;
/* It has recorded since boot, and its first holder has not closed it yet. */
static bool from_boot;
static bool boot_requested;

static int __init kcov_boot_setup(char *value)
{
	boot_requested = true;
	return 0;
}
early_param("kcov_boot", kcov_boot_setup);

/* The lock is held. */
static int create(unsigned int hash_bits)
{
	struct kcov_store *store;

	if (kcov_system)
		return 0;
	store = kcov_set_create(hash_bits, false);
	if (!store)
		return -ENOMEM;
	store->is_system = true;
	kcov_fault_in(store->memory, store->map_size);
	/* Pairs with the acquire in system_add(), which may see the key first. */
	smp_store_release(&kcov_system, store);
	return 0;
}

/* The lock is held. */
static void enable(bool on)
{
	if (on == !!atomic_long_read(&kcov_system->tasks))
		return;
	atomic_long_set(&kcov_system->tasks, on);
	if (on)
		static_branch_enable(&kcov_system_on);
	else
		static_branch_disable(&kcov_system_on);
}

int kcov_system_get(struct kcov_desc *desc, unsigned int hash_bits, struct kcov_store **ret)
{
	int err = -EBUSY;

	mutex_lock(&system_lock);
	if (!holder)
		err = create(hash_bits);
	if (!err) {
		if (!from_boot) {
			kcov_set_reset(kcov_system);
			atomic_long_set(&kcov_system->dropped_pcs, 0);
		}
		holder = desc;
		*ret = kcov_store_get(kcov_system);
	}
	mutex_unlock(&system_lock);
	return err;
}

void kcov_system_enable(bool on)
{
	mutex_lock(&system_lock);
	enable(on);
	mutex_unlock(&system_lock);
}

/* The holder could not be told about it. */
void kcov_system_give_back(void)
{
	mutex_lock(&system_lock);
	holder = NULL;
	mutex_unlock(&system_lock);
}

/* The descriptor is no longer used. It is the holder, or not. */
void kcov_system_put(struct kcov_desc *desc)
{
	mutex_lock(&system_lock);
	if (holder == desc) {
		enable(false);
		from_boot = false;
		holder = NULL;
	}
	mutex_unlock(&system_lock);
}

/*
 * Called before each fork. The first one creates the task that executes the initcalls; memory can
 * be allocated by then.
 */
void kcov_system_boot(void)
{
	if (likely(!READ_ONCE(boot_requested)))
		return;
	mutex_lock(&system_lock);
	if (boot_requested) {
		boot_requested = false;
		if (create(KCOV_SYSTEM_HASH_BITS)) {
			pr_err("kcov: no memory for coverage from boot\n");
		} else {
			from_boot = true;
			enable(true);
		}
	}
	mutex_unlock(&system_lock);
}
