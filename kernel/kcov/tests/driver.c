// SPDX-License-Identifier: GPL-2.0
/* Stands in for user space (system calls on the device) and for callers of KCOV in the kernel. */
#include <assert.h>
#include <stdlib.h>
#include "driver.h"

int kcov_open(void)
{
	int fd = 0, err;

	pthread_mutex_lock(&shim_files_lock);
	while (shim_files[fd].f_op)
		fd++;
	shim_files[fd].f_op = shim_fops;
	err = shim_fops->open(NULL, &shim_files[fd]);
	if (err)
		shim_files[fd].f_op = NULL;
	pthread_mutex_unlock(&shim_files_lock);
	return err ? err : fd;
}

void kcov_close(int fd)
{
	pthread_mutex_lock(&shim_files_lock);
	shim_fops->release(NULL, &shim_files[fd]);
	shim_files[fd] = (struct file){ 0 };
	pthread_mutex_unlock(&shim_files_lock);
}

int kcov_number(int fd, unsigned int command, unsigned long arg)
{
	return shim_fops->unlocked_ioctl(&shim_files[fd], command, arg);
}

int kcov_ioctl(int fd, unsigned int command, const void *arg)
{
	return kcov_number(fd, command, (unsigned long)arg);
}

void *kcov_map(int fd, unsigned long bytes)
{
	struct vm_area_struct vma = { .vm_start = 4096, .vm_end = 4096 + bytes };

	return shim_fops->mmap(&shim_files[fd], &vma) ? NULL : vma.mapped;
}

int trace_open(unsigned long words, unsigned long **ret_area)
{
	int fd = kcov_open();

	assert(fd >= 0 && !kcov_number(fd, KCOV_INIT_TRACE, words));
	*ret_area = kcov_map(fd, words * sizeof(long));
	return fd;
}

void set_open(struct set *set, unsigned long hash_slots)
{
	set->init = (struct kcov_set_init){ .size = sizeof(set->init), .hash_slots = hash_slots };
	set->fd = kcov_open();
	assert(!kcov_ioctl(set->fd, KCOV_INIT_SET, &set->init));
	set->memory = kcov_map(set->fd, set->init.map_size);
}

static bool has_bit(const struct set *set, unsigned long offset, unsigned long distance)
{
	unsigned long n = distance >> set->init.text_shift;

	return READ_ONCE(set->memory[offset + n / 8]) & 1 << n % 8;
}

bool set_has(const struct set *set, unsigned long pc)
{
	const struct kcov_set_init *init = &set->init;
	u64 *hash = (u64 *)(set->memory + set->init.hash_offset);
	unsigned long n;

	if (pc - init->text_start < init->text_size)
		return has_bit(set, init->bitmap_offset, pc - init->text_start);
	if (pc - init->modules_start < init->modules_size)
		return has_bit(set, init->modules_offset, pc - init->modules_start);
	for (n = 0; n < set->init.hash_slots; n++)
		if (READ_ONCE(hash[n]) == pc)
			return true;
	return false;
}

struct kcov_stats stats_of(int fd)
{
	struct kcov_stats stats = { .size = sizeof(stats) };

	assert(!kcov_ioctl(fd, KCOV_GET_STATS, &stats));
	return stats;
}

int remote_enable(int fd, unsigned int mode, unsigned int words, unsigned int id,
		  unsigned int first, unsigned int count)
{
	struct kcov_remote_arg *arg = calloc(1, sizeof(*arg) + count * sizeof(u64));
	unsigned int i;
	int err;

	arg->trace_mode = mode;
	arg->area_size = words;
	arg->common_handle = id;
	arg->num_handles = count;
	for (i = 0; i < count; i++)
		arg->handles[i] = USB(first + i);
	err = kcov_ioctl(fd, KCOV_REMOTE_ENABLE, arg);
	free(arg);
	return err;
}

void execute(unsigned long pc)
{
	shim_ip = pc;
	__sanitizer_cov_trace_pc();
}

void execute_in(enum shim_context context, unsigned long pc)
{
	enum shim_context old = shim_context;

	shim_context = context;
	execute(pc);
	shim_context = old;
}

void section(enum shim_context context, u64 handle, unsigned long pc)
{
	enum shim_context old = shim_context;

	shim_context = context;
	kcov_remote_start(handle);
	execute(pc);
	kcov_remote_stop();
	shim_context = old;
}

struct task_struct *task_fork(void)
{
	struct task_struct *t = malloc(sizeof(*t));

	*t = *current;
	kcov_task_init(t);
	return t;
}

void task_free(struct task_struct *t)
{
	kcov_task_free(t);
	free(t);
}

void task_end(struct task_struct *t)
{
	struct task_struct *old = current;

	current = t;
	kcov_task_exit(t);
	current = old;
	task_free(t);
}

long live(void)
{
	static long last;
	long now, change;

	rcu_barrier();
	now = __atomic_load_n(&shim_live, __ATOMIC_RELAXED);
	change = now - last;
	last = now;
	return change;
}

struct task_struct init_task;

int driver_setup(void **state)
{
	(void)state;
	init_task = (struct task_struct){ 0 };
	current = &init_task;
	shim_context = SHIM_TASK;
	live();
	return 0;
}

int driver_teardown(void **state)
{
	(void)state;
	kcov_task_exit(current);
	for (int fd = 0; fd < SHIM_FILES; fd++)
		if (shim_files[fd].f_op)
			kcov_close(fd);
	assert(!live());
	return 0;
}
