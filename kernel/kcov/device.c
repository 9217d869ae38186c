// SPDX-License-Identifier: GPL-2.0
/*
 * KCOV's file in debugfs: the user interface.
 *
 * This file takes no lock. The first caller that stores desc->store decides what a descriptor is.
 * What a call does then depends on the calling task only (task.c), and desc->busy says whether a
 * trace is taken.
 */
#include <linux/cacheinfo.h>
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "kcov.h"

#define HASH_SLOTS_DEFAULT (1ULL << 16)
#define HASH_SLOTS_SYSTEM  (1ULL << KCOV_SYSTEM_HASH_BITS)

static const struct file_operations kcov_fops;

static struct kcov_store *store_of(struct kcov_desc *desc)
{
	return smp_load_acquire(&desc->store);
}

/* Takes the store. If the descriptor has one already, drops it and fails. */
static int install(struct kcov_desc *desc, struct kcov_store *store)
{
	if (!cmpxchg(&desc->store, NULL, store))
		return 0;
	kcov_store_put(store);
	return -EBUSY;
}

/*
 * The memory has one address in the kernel and others in user space. If the data cache is indexed
 * by virtual address and such addresses alias in it, the kernel and user space would each see their
 * own copy, even on one CPU, unless the whole area were flushed at both ends of each system call. A
 * clear error costs users of such a machine less than that. On other machines this check costs
 * nothing.
 */
static int check_cache(void)
{
	return cpu_dcache_is_aliasing() ? -EOPNOTSUPP : 0;
}

static int init_trace(struct kcov_desc *desc, unsigned long words)
{
	struct kcov_store *store;

	if (words < 2 || words > INT_MAX / sizeof(unsigned long))
		return -EINVAL;
	if (store_of(desc))
		return -EBUSY;
	if (check_cache())
		return check_cache();
	store = kcov_trace_create(words);
	return store ? install(desc, store) : -ENOMEM;
}

/* Takes the store. */
static int install_set(struct kcov_desc *desc, struct kcov_store *store, struct kcov_set_init *init,
		       struct kcov_set_init __user *arg)
{
	kcov_set_layout(store, init);
	if (copy_to_user(arg, init, sizeof(*init))) {
		kcov_store_put(store);
		return -EFAULT;
	}
	return install(desc, store);
}

static int init_system(struct kcov_desc *desc, unsigned int hash_bits, struct kcov_set_init *init,
		       struct kcov_set_init __user *arg)
{
	struct kcov_store *store;
	int err = kcov_system_get(desc, hash_bits, &store);

	if (err)
		return err;
	err = install_set(desc, store, init, arg);
	if (err)
		kcov_system_give_back();
	return err;
}

static int init_set(struct kcov_desc *desc, struct kcov_set_init __user *arg)
{
	struct kcov_set_init init;
	struct kcov_store *store;

	if (copy_from_user(&init, arg, sizeof(init)))
		return -EFAULT;
	if (!init.hash_slots)
		init.hash_slots =
			init.flags & KCOV_SET_SYSTEM ? HASH_SLOTS_SYSTEM : HASH_SLOTS_DEFAULT;
	if (init.size != sizeof(init) ||
	    init.flags & ~(u32)KCOV_SET_SYSTEM & ~(u32)KCOV_SET_HASH_MODULES ||
	    init.flags == (KCOV_SET_SYSTEM | KCOV_SET_HASH_MODULES) ||
	    init.hash_slots > 1ULL << KCOV_MAX_HASH_BITS || !is_power_of_2(init.hash_slots))
		return -EINVAL;
	if (store_of(desc))
		return -EBUSY;
	if (check_cache())
		return check_cache();
	/* Each task would have to fault it in (kcov_fault_in()) before it runs. */
	if (init.flags & KCOV_SET_SYSTEM && !IS_ENABLED(CONFIG_64BIT))
		return -EOPNOTSUPP;
	if (init.flags & KCOV_SET_SYSTEM)
		return init_system(desc, ilog2(init.hash_slots), &init, arg);
	store = kcov_set_create(ilog2(init.hash_slots), init.flags);
	if (!store)
		return -ENOMEM;
	return install_set(desc, store, &init, arg);
}

static int share_set(struct kcov_desc *desc, unsigned long number)
{
	struct kcov_store *store = NULL;
	struct fd other;

	if (store_of(desc))
		return -EBUSY;
	if (number > INT_MAX)
		return -EBADF;
	other = fdget(number);
	if (!fd_file(other))
		return -EBADF;
	if (fd_file(other)->f_op == &kcov_fops)
		store = store_of(fd_file(other)->private_data);
	if (store && store->is_set && !store->is_system)
		refcount_inc(&store->refs);
	else
		store = NULL;
	fdput(other);
	return store ? install(desc, store) : -EINVAL;
}

static int add_context(struct kcov_desc *desc, const struct kcov_set_context __user *user)
{
	struct kcov_set_context arg;
	struct fd other;
	int err = -EINVAL;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (arg.size != sizeof(arg) || arg.reserved)
		return -EINVAL;
	if (arg.fd < 0)
		return -EBADF;
	other = fdget(arg.fd);
	if (!fd_file(other))
		return -EBADF;
	if (fd_file(other)->f_op == &kcov_fops && store_of(desc) &&
	    store_of(fd_file(other)->private_data))
		err = kcov_context_add(desc->store, arg.context, fd_file(other)->private_data);
	fdput(other);
	return err;
}

static int reset_set(struct kcov_desc *desc)
{
	struct kcov_store *store = store_of(desc);

	if (!store || !store->is_set)
		return -EINVAL;
	kcov_set_reset(store);
	return 0;
}

static int get_stats(struct kcov_desc *desc, struct kcov_stats __user *arg)
{
	struct kcov_store *store = store_of(desc);
	struct kcov_stats stats;
	u32 size;

	if (get_user(size, &arg->size))
		return -EFAULT;
	if (size != sizeof(stats) || !store)
		return -EINVAL;
	stats = (struct kcov_stats){
		.size = sizeof(stats),
		.dropped_pcs = atomic_long_read(&store->dropped_pcs),
		.dropped_remote_pcs = atomic_long_read(&store->dropped_remote_pcs),
		.dropped_sections = atomic_long_read(&store->dropped_sections),
		.dropped_tasks = atomic_long_read(&store->dropped_tasks),
		.tasks = atomic_long_read(&store->tasks),
		.inherited_tasks = atomic_long_read(&store->inherited_tasks),
	};
	return copy_to_user(arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

/* Translate a mode of user space to a value of t->kcov_mode. */
static int find_mode(const struct kcov_store *store, unsigned long mode, unsigned int *ret)
{
	switch (mode) {
	case KCOV_TRACE_PC:
		*ret = KCOV_MODE_PC;
		return store->is_set ? -EINVAL : 0;
	case KCOV_TRACE_CMP:
		if (!IS_ENABLED(CONFIG_KCOV_ENABLE_COMPARISONS))
			return -ENOTSUPP;
		*ret = KCOV_MODE_TRACE_CMP;
		return store->is_set ? -EINVAL : 0;
	case KCOV_TRACE_SET:
		*ret = KCOV_MODE_SET;
		return store->is_set && !store->is_system ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

static int enable(struct kcov_desc *desc, unsigned long arg)
{
	struct kcov_store *store = store_of(desc);
	bool inherit = store && store->is_set && arg & KCOV_INHERIT;
	unsigned int mode;
	int err;

	if (!store)
		return -EINVAL;
	if (store->is_system) {
		if (arg != KCOV_TRACE_SYSTEM)
			return -EINVAL;
		kcov_system_enable(true);
		return 0;
	}
	err = kcov_task_check(desc, KCOV_LOCAL);
	if (err)
		return err;
	err = find_mode(store, inherit ? arg & ~(unsigned long)KCOV_INHERIT : arg, &mode);
	if (err)
		return err;
	return kcov_task_enable(desc, mode, inherit);
}

static int disable(struct kcov_desc *desc, unsigned long arg)
{
	struct kcov_store *store = store_of(desc);

	if (arg)
		return -EINVAL;
	if (!store || !store->is_system)
		return kcov_task_disable(desc);
	kcov_system_enable(false);
	return 0;
}

/*
 * Accepts the handles of a subsystem, or common handles. A common handle is not 0: that is the
 * handle of tasks that have none.
 */
static bool handle_is_valid(u64 handle, bool common)
{
	u64 subsystem = handle & KCOV_SUBSYSTEM_MASK;

	if (handle & ~(KCOV_SUBSYSTEM_MASK | KCOV_INSTANCE_MASK))
		return false;
	return common ? subsystem == KCOV_SUBSYSTEM_COMMON : subsystem == KCOV_SUBSYSTEM_USB;
}

static int check_remote_arg(const struct kcov_remote_arg *arg)
{
	unsigned int i;

	if (arg->common_handle && !handle_is_valid(arg->common_handle, true))
		return -EINVAL;
	for (i = 0; i < arg->num_handles; i++)
		if (!handle_is_valid(arg->handles[i], false))
			return -EINVAL;
	return 0;
}

static int enable_remote(struct kcov_desc *desc, const struct kcov_remote_arg *arg)
{
	struct kcov_store *store = store_of(desc);
	struct kcov_remote *remote;
	unsigned int i, mode, count = arg->num_handles;
	int err;

	if (!store)
		return -EINVAL;
	err = kcov_task_check(desc, KCOV_OWNER);
	if (err)
		return err;
	err = find_mode(store, arg->trace_mode, &mode);
	if (err)
		return err;
	err = check_remote_arg(arg);
	if (err)
		return err;
	remote = kcov_remote_create(desc, mode, arg->area_size, count + !!arg->common_handle);
	if (!remote)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		remote->handles[i].handle = arg->handles[i];
	if (arg->common_handle)
		remote->handles[count].handle = arg->common_handle;
	err = kcov_task_enable_remote(remote, arg->common_handle);
	if (err)
		kcov_remote_put(remote);
	return err;
}

static int enable_remote_user(struct kcov_desc *desc, struct kcov_remote_arg __user *user)
{
	struct kcov_remote_arg *arg;
	u32 count;
	int err;

	if (get_user(count, &user->num_handles))
		return -EFAULT;
	if (count > KCOV_MAX_HANDLES)
		return -EINVAL;
	arg = vmemdup_user(user, struct_size(arg, handles, count));
	if (IS_ERR(arg))
		return PTR_ERR(arg);
	/* User space may have changed the count since it was read. */
	err = arg->num_handles == count ? enable_remote(desc, arg) : -EINVAL;
	kvfree(arg);
	return err;
}

static long kcov_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct kcov_desc *desc = file->private_data;

	switch (cmd) {
	case KCOV_INIT_TRACE:
		return init_trace(desc, arg);
	case KCOV_ENABLE:
		return enable(desc, arg);
	case KCOV_DISABLE:
		return disable(desc, arg);
	case KCOV_REMOTE_ENABLE:
		return enable_remote_user(desc, (struct kcov_remote_arg __user *)arg);
	case KCOV_INIT_SET:
		return init_set(desc, (struct kcov_set_init __user *)arg);
	case KCOV_SHARE_SET:
		return share_set(desc, arg);
	case KCOV_RESET_SET:
		return reset_set(desc);
	case KCOV_GET_STATS:
		return get_stats(desc, (struct kcov_stats __user *)arg);
	case KCOV_ADD_CONTEXT:
		return add_context(desc, (const struct kcov_set_context __user *)arg);
	default:
		return -ENOTTY;
	}
}

static int kcov_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct kcov_store *store = store_of(file->private_data);

	if (!store || vma->vm_pgoff || vma->vm_end - vma->vm_start != store->map_size)
		return -EINVAL;
	return remap_vmalloc_range(vma, store->memory, 0);
}

static int kcov_open(struct inode *inode, struct file *file)
{
	struct kcov_desc *desc = kzalloc(sizeof(*desc), GFP_KERNEL);

	if (!desc)
		return -ENOMEM;
	refcount_set(&desc->refs, 1);
	file->private_data = desc;
	return nonseekable_open(inode, file);
}

void kcov_desc_put(struct kcov_desc *desc)
{
	if (!refcount_dec_and_test(&desc->refs))
		return;
	kcov_store_put(desc->store);
	kfree_rcu(desc, rcu);
}

static int kcov_release(struct inode *inode, struct file *file)
{
	kcov_system_put(file->private_data);
	kcov_desc_put(file->private_data);
	return 0;
}

/*
 * The arguments of 32-bit programs are the same, but the size of long is encoded in the number of
 * KCOV_INIT_TRACE.
 */
static const struct file_operations kcov_fops = {
	.open = kcov_open,
	.unlocked_ioctl = kcov_ioctl,
	.compat_ioctl = kcov_ioctl,
	.mmap = kcov_mmap,
	.release = kcov_release,
};

/*
 * The file is never removed, so it does not need debugfs's protection against removal, which would
 * cost time in each call.
 */
static int __init kcov_init(void)
{
	int err = kcov_remote_init();

	if (err)
		return err;
	debugfs_create_file_unsafe("kcov", 0600, NULL, NULL, &kcov_fops);
	kcov_selftest();
	return 0;
}
device_initcall(kcov_init);
