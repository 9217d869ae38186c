// SPDX-License-Identifier: GPL-2.0
/* Stands in for user space (system calls on the device) and for callers of KCOV in the kernel. */
#include <assert.h>
#include <stdlib.h>
#include "driver.h"
#include "kernel/kcov/kcov.h"

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

bool kcov_system_is_on(void)
{
	return kcov_system_on.on;
}

int context_add(int fd, unsigned int context, int second)
{
	struct kcov_set_context arg = { .size = sizeof(arg), .context = context, .fd = second };

	return kcov_ioctl(fd, KCOV_ADD_CONTEXT, &arg);
}

void softirq_raise(unsigned int nr)
{
	unsigned int flags = shim_irqs_off++;

	kcov_softirq_raised(nr);
	shim_softirqs[shim_cpu] |= 1U << nr;
	shim_irqs_off = flags;
}

static void softirq_run(unsigned int nr, u64 id, bool ksoftirqd, unsigned long pc,
			void (*action)(void))
{
	struct kcov kcov;

	kcov_softirq_begin(&kcov, id, ksoftirqd);
	if (action)
		action();
	execute(pc + nr);
	kcov_context_end(&kcov);
}

void softirqs_run(bool ksoftirqd, unsigned long first_pc, void (*action)(void))
{
	enum shim_context old = shim_context;
	unsigned int flags = shim_irqs_off++, pending = shim_softirqs[shim_cpu], nr;
	u64 ids[NR_SOFTIRQS];

	shim_softirqs[shim_cpu] = 0;
	kcov_softirqs_take(ids);
	shim_context = SHIM_SOFTIRQ;
	shim_irqs_off = flags;
	for (nr = 0; nr < NR_SOFTIRQS; nr++)
		if (pending & 1U << nr)
			softirq_run(nr, ids[nr], ksoftirqd, first_pc, action);
	shim_context = old;
}

void work_run(const void *work, unsigned long pc, void (*action)(void))
{
	struct kcov kcov;

	kcov_work_begin(&kcov, kcov_object_taken(work));
	if (action)
		action();
	execute(pc);
	kcov_context_end(&kcov);
}

void task_work_run(const void *work, unsigned long pc)
{
	struct kcov kcov;

	kcov_task_work_begin(&kcov, kcov_object_taken(work));
	execute(pc);
	kcov_context_end(&kcov);
}

void task_exit(struct task_struct *t)
{
	kcov_task_exit(t);
	kcov_task_dead(t);
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
	task_exit(t);
	current = old;
	task_free(t);
}

long live(void)
{
	static long last;
	long now, change;

	shim_run_work();
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
	shim_work_queued = __kcov_object_queued;
	live();
	return 0;
}

int driver_teardown(void **state)
{
	(void)state;
	task_exit(current);
	for (int fd = 0; fd < SHIM_FILES; fd++)
		if (shim_files[fd].f_op)
			kcov_close(fd);
	shim_run_work();
	assert(!kcov_contexts_on.on);
	assert(!live());
	return 0;
}

void driver_warm_up(void)
{
	struct kcov_set_init init = { .size = sizeof(init), .flags = KCOV_SET_SYSTEM };
	struct set set, context;
	int fd;

	driver_setup(NULL);
	fd = kcov_open();
	set_open(&set, 16);
	set_open(&context, 16);
	assert(!kcov_ioctl(fd, KCOV_INIT_SET, &init));
	assert(!context_add(set.fd, KCOV_CONTEXT_WORK, context.fd));
	assert(!remote_enable(set.fd, KCOV_TRACE_SET, 0, 5, 1, 200));
	task_exit(current);
	kcov_close(fd);
	kcov_close(set.fd);
	kcov_close(context.fd);
	shim_run_work();
}
