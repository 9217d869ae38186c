// SPDX-License-Identifier: GPL-2.0
/* Implements the shim: contexts, locks, RCU, allocations that can fail, and files. */
#include <stdio.h>
#include <stdlib.h>
#include "shim_test.h"

_Thread_local unsigned long shim_ip;
_Thread_local enum shim_context shim_context;
_Thread_local unsigned int shim_cpu;
_Thread_local unsigned int shim_irqs_off;
_Thread_local void (*shim_interrupt)(void);
_Thread_local void (*shim_nmi)(void);
_Thread_local void (*shim_unlock_special)(void);
_Thread_local struct task_struct *current;
_Thread_local long shim_fail_at = -1;
_Thread_local bool shim_copy_fails;
char shim_text[SHIM_TEXT_SIZE];
bool shim_cache_is_aliasing;
struct file shim_files[SHIM_FILES];
pthread_mutex_t shim_files_lock = PTHREAD_MUTEX_INITIALIZER;
const struct file_operations *shim_fops;
long shim_live;
unsigned int shim_softirqs[SHIM_CPUS];
unsigned int shim_errors_printed;

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "shim: %s\n", what);
	abort();
}

void refcount_set(refcount_t *refs, int n)
{
	__atomic_store_n(&refs->value, n, __ATOMIC_RELAXED);
}

void refcount_inc(refcount_t *refs)
{
	check(__atomic_fetch_add(&refs->value, 1, __ATOMIC_RELAXED) > 0,
	      "reference to what is dead");
}

bool refcount_inc_not_zero(refcount_t *refs)
{
	int n = __atomic_load_n(&refs->value, __ATOMIC_RELAXED);

	while (n && !__atomic_compare_exchange_n(&refs->value, &n, n + 1, false, __ATOMIC_ACQUIRE,
						 __ATOMIC_RELAXED))
		;
	return n;
}

bool refcount_dec_and_test(refcount_t *refs)
{
	int n = __atomic_fetch_sub(&refs->value, 1, __ATOMIC_ACQ_REL);

	check(n > 0, "one reference dropped too much");
	return n == 1;
}

static void may_sleep(void)
{
	check(shim_context == SHIM_TASK && !rcu_preempt_depth() && !shim_irqs_off,
	      "sleeps in atomic context");
}

void mutex_lock(pthread_mutex_t *mutex)
{
	may_sleep();
	pthread_mutex_lock(mutex);
}

void shim_raw_lock(raw_spinlock_t *lock)
{
	check(shim_context != SHIM_NMI, "an NMI waits for a lock");
	check(!pthread_mutex_lock(&lock->mutex), "cannot lock");
}

void shim_set_key(struct static_key_false *key, bool on)
{
	may_sleep();
	WRITE_ONCE(key->on, on);
}

static pthread_rwlock_t readers = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_mutex_t gp_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static struct rcu_head *queue;
static unsigned long started, completed;
static _Thread_local int depth;

int rcu_preempt_depth(void)
{
	return depth;
}

void rcu_read_lock_sched(void)
{
	if (!depth++)
		pthread_rwlock_rdlock(&readers);
}

void rcu_read_unlock_sched(void)
{
	if (!--depth)
		pthread_rwlock_unlock(&readers);
}

void rcu_read_lock(void)
{
	rcu_read_lock_sched();
}

void rcu_read_unlock(void)
{
	rcu_read_unlock_sched();
	if (!depth && shim_unlock_special)
		shim_unlock_special();
}

unsigned long get_state_synchronize_rcu(void)
{
	return __atomic_load_n(&started, __ATOMIC_SEQ_CST) + 1;
}

bool poll_state_synchronize_rcu(unsigned long state)
{
	return __atomic_load_n(&completed, __ATOMIC_SEQ_CST) >= state;
}

static void grace_period(void)
{
	pthread_mutex_lock(&gp_lock);
	__atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
	pthread_rwlock_wrlock(&readers);
	pthread_rwlock_unlock(&readers);
	__atomic_store_n(&completed, started, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&gp_lock);
}

void cond_synchronize_rcu(unsigned long state)
{
	may_sleep();
	while (!poll_state_synchronize_rcu(state))
		grace_period();
}

void shim_free_rcu(struct rcu_head *head, void *object)
{
	pthread_mutex_lock(&queue_lock);
	head->object = object;
	head->next = queue;
	queue = head;
	pthread_mutex_unlock(&queue_lock);
}

void rcu_barrier(void)
{
	struct rcu_head *head, *next;

	pthread_mutex_lock(&queue_lock);
	head = queue;
	queue = NULL;
	pthread_mutex_unlock(&queue_lock);
	grace_period();
	for (; head; head = next) {
		next = head->next;
		shim_free(head->object);
	}
}

void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	__atomic_store_n(&node->next, first, __ATOMIC_RELAXED);
	node->pprev = &head->first;
	__atomic_store_n(&head->first, node, __ATOMIC_RELEASE);
	if (first)
		first->pprev = &node->next;
}

void hlist_del_rcu(struct hlist_node *node)
{
	__atomic_store_n(node->pprev, node->next, __ATOMIC_RELEASE);
	if (node->next)
		node->next->pprev = node->pprev;
	node->pprev = NULL;
}

bool shim_allocation_fails(void)
{
	may_sleep();
	return shim_fail_at >= 0 && shim_fail_at-- == 0;
}

void *shim_alloc(size_t size, bool zero)
{
	void *memory;

	if (shim_allocation_fails())
		return NULL;
	memory = malloc(size ? size : 1);
	check(memory, "out of memory");
	memset(memory, zero ? 0 : 0xa5, size);
	__atomic_add_fetch(&shim_live, 1, __ATOMIC_RELAXED);
	return memory;
}

void shim_free(void *memory)
{
	if (!memory)
		return;
	__atomic_sub_fetch(&shim_live, 1, __ATOMIC_RELAXED);
	free(memory);
}

void *vmemdup_user(const void *user, size_t size)
{
	void *memory = shim_alloc(size, false);

	if (!memory)
		return ERR_PTR(-ENOMEM);
	if (!copy_from_user(memory, user, size))
		return memory;
	shim_free(memory);
	return ERR_PTR(-EFAULT);
}

unsigned long copy_from_user(void *to, const void *from, size_t size)
{
	if ((unsigned long)from < PAGE_SIZE)
		return size;
	memcpy(to, from, size);
	return 0;
}

unsigned long copy_to_user(void *to, const void *from, size_t size)
{
	if ((unsigned long)to < PAGE_SIZE || shim_copy_fails)
		return size;
	memcpy(to, from, size);
	return 0;
}

struct fd fdget(unsigned int number)
{
	pthread_mutex_lock(&shim_files_lock);
	if (number < SHIM_FILES && shim_files[number].f_op)
		return (struct fd){ &shim_files[number] };
	pthread_mutex_unlock(&shim_files_lock);
	return (struct fd){ NULL };
}

void fdput(struct fd fd)
{
	if (fd.file)
		pthread_mutex_unlock(&shim_files_lock);
}

int remap_vmalloc_range(struct vm_area_struct *vma, void *memory, unsigned long offset)
{
	vma->mapped = (char *)memory + offset;
	return 0;
}

void debugfs_create_file_unsafe(const char *name, int mode, void *parent, void *data,
				const struct file_operations *fops)
{
	check(!strcmp(name, "kcov") && mode == 0600 && !parent && !data, "debugfs file");
	shim_fops = fops;
}
