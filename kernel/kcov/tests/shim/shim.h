/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of a kernel as KCOV's core needs, in a user-space program. A task is a thread; one thread
 * may also run several tasks, one at a time. The test sets the context of a task. RCU has real
 * grace periods and frees late, allocations can be made to fail, and the sanitizers understand the
 * locks and atomics. The headers beside this one only include it.
 */
#ifndef KCOV_SHIM_H
#define KCOV_SHIM_H

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef u64 kcov_u64;

#define CONFIG_64BIT			1
#define CONFIG_X86_64			1
#define CONFIG_MODULES			1
#define CONFIG_KCOV			1
#define CONFIG_KCOV_ENABLE_COMPARISONS	1
#define CONFIG_KCOV_IRQ_AREA_SIZE	0x80
#define ENOTSUPP			524

/* 1 where the option is defined to 1. */
#define SHIM_COMMA_1			0,
#define SHIM_SECOND(a, b, ...)		b
#define SHIM_IS_1(comma_or_not)		SHIM_SECOND(comma_or_not 1, 0, 0)
#define SHIM_PASTE(value)		SHIM_IS_1(SHIM_COMMA_##value)
#define IS_ENABLED(option)		SHIM_PASTE(option)

/* compiler: the headers of libc and of the kernel may define these too */
#undef __user
#undef __rcu
#undef __init
#undef notrace
#undef __counted_by
#undef __always_inline
#define __user
#define __rcu
#define __init
#define notrace
#define __counted_by(member)
#define __always_inline			inline __attribute__((always_inline))
#define likely(x)			__builtin_expect(!!(x), 1)
#define unlikely(x)			__builtin_expect(!!(x), 0)
#define READ_ONCE(x)			__atomic_load_n(&(x), __ATOMIC_RELAXED)

/*
 * Where a test may interrupt this thread: at each barrier() and WRITE_ONCE(). An interrupt comes
 * while interrupts are on, an NMI always.
 */
extern _Thread_local void (*shim_interrupt)(void);
extern _Thread_local void (*shim_nmi)(void);
extern _Thread_local unsigned int shim_irqs_off;
static inline void shim_call_once(void (**hook)(void))
{
	void (*call)(void) = *hook;

	if (!call)
		return;
	*hook = NULL;
	call();
	*hook = call;
}
static inline void shim_interruptible(void)
{
	shim_call_once(&shim_nmi);
	if (!shim_irqs_off)
		shim_call_once(&shim_interrupt);
}
#define shim_compiler_barrier()		__asm__ volatile("" ::: "memory")
#define barrier()			(shim_interruptible(), ({ shim_compiler_barrier(); }))
#define WRITE_ONCE(x, value)		\
	(__atomic_store_n(&(x), (value), __ATOMIC_RELAXED), shim_interruptible())
#define smp_wmb()			barrier() /* what it is on x86 */
#define data_race(x)			READ_ONCE(x)
#define OPTIMIZER_HIDE_VAR(x)		__asm__("" : "+r"(x))
#define smp_load_acquire(p)		__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, value)	\
	(__atomic_store_n(p, value, __ATOMIC_RELEASE), shim_interruptible())
#define cmpxchg(p, old, new)							\
	({									\
		__typeof__(*(p)) shim_old = (old);				\
		__atomic_compare_exchange_n(p, &shim_old, new, false, __ATOMIC_SEQ_CST,	\
					    __ATOMIC_SEQ_CST);			\
		shim_old;							\
	})
#define xchg(p, value)			__atomic_exchange_n(p, value, __ATOMIC_SEQ_CST)
#define min(a, b)			((a) < (b) ? (a) : (b))
#define max(a, b)			((a) > (b) ? (a) : (b))
#define min_t(type, a, b)		min((type)(a), (type)(b))
#define ALIGN(x, a)			(((x) + (a) - 1) / (a) * (a))
#define DIV_ROUND_UP(x, n)		(((x) + (n) - 1) / (n))
#define PAGE_SIZE			4096UL
#define PAGE_ALIGN(x)			ALIGN(x, PAGE_SIZE)
#define container_of(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))
#define array_size(n, size)		((n) * (size))
#define size_add(a, b)			((a) + (b))
#define struct_size(p, member, n)	(sizeof(*(p)) + (n) * sizeof((p)->member[0]))
#define EXPORT_SYMBOL(name)		struct shim_nothing
#define device_initcall(fn)		int shim_initcall(void) { return fn(); } struct shim_nothing
int shim_initcall(void);
/* The core has one of each. The test calls the parameter's function, and may count messages. */
#define early_param(name, fn)		int (*const shim_early_param)(char *) = (fn); struct shim_nothing
extern int (*const shim_early_param)(char *value);
extern unsigned int shim_errors_printed;
#define pr_err(...)			((void)sizeof(printf(__VA_ARGS__)), (void)shim_errors_printed++)

/* The test sets the return address. Text is a range that contains no code. */
extern _Thread_local unsigned long shim_ip;
#define _RET_IP_			shim_ip
extern char shim_text[];
#define SHIM_TEXT_SIZE			100001
#define _stext				shim_text
#define _etext				(shim_text + SHIM_TEXT_SIZE)
/* Somewhere after text, at a distance that is not round. */
#define MODULES_VADDR			((unsigned long)shim_text + 654321)
#define MODULES_LEN			70000
#define SZ_64M				(64ul << 20)

/* bits */
static inline unsigned long hash_64(u64 value, unsigned int bits)
{
	return value * 0x9e3779b97f4a7c15ull >> (64 - bits);
}
#define hash_long			hash_64
#define hash_ptr(p, bits)		hash_64((unsigned long)(p), bits)
#define ilog2(n)			(63 - __builtin_clzll(n))
#define is_power_of_2(n)		((n) && !((n) & ((n) - 1)))

#define BITOP_LE_SWIZZLE		0

#define BIT_WORD(n)			((n) / 64)
#define BIT_MASK(n)			(1ul << (n) % 64)

static inline void set_bit_le(unsigned long n, unsigned long *bitmap)
{
	__atomic_fetch_or(&bitmap[n / 64], 1ul << n % 64, __ATOMIC_RELAXED);
}

/* atomics */
typedef struct {
	int value;
} atomic_t;
typedef struct {
	long value;
} atomic_long_t;
typedef struct {
	int value;
} refcount_t;

#define atomic_read(a)			__atomic_load_n(&(a)->value, __ATOMIC_RELAXED)
#define atomic_inc(a)			__atomic_fetch_add(&(a)->value, 1, __ATOMIC_RELAXED)
#define atomic_dec_and_test(a)		(__atomic_sub_fetch(&(a)->value, 1, __ATOMIC_SEQ_CST) == 0)
#define atomic_set_release(a, v)	__atomic_store_n(&(a)->value, v, __ATOMIC_RELEASE)
#define atomic_cmpxchg(a, old, new)	cmpxchg(&(a)->value, old, new)
#define atomic_long_read		atomic_read
#define atomic_long_set(a, v)		__atomic_store_n(&(a)->value, v, __ATOMIC_RELAXED)
#define atomic_long_add(n, a)		__atomic_fetch_add(&(a)->value, n, __ATOMIC_RELAXED)
#define atomic_long_inc(a)		atomic_long_add(1, a)
#define atomic_long_dec(a)		atomic_long_add(-1, a)

/* Where the kernel would warn, these end the program. */
void refcount_set(refcount_t *refs, int n);
void refcount_inc(refcount_t *refs);
bool refcount_inc_not_zero(refcount_t *refs);
bool refcount_dec_and_test(refcount_t *refs);

/* locks */
typedef pthread_mutex_t spinlock_t;
#define spin_lock_init(lock)		pthread_mutex_init(lock, NULL)
#define spin_lock_irqsave(lock, flags)	((flags) = shim_irqs_off++, pthread_mutex_lock(lock))
#define spin_unlock_irqrestore(lock, flags)	\
	(pthread_mutex_unlock(lock), shim_irqs_off = (flags))
/* A raw one, since it is taken under other raw ones and in interrupts. */
typedef struct {
	pthread_mutex_t mutex;
} raw_spinlock_t;
#define raw_spin_lock_init(lock)	pthread_mutex_init(&(lock)->mutex, NULL)
#define raw_spin_lock_irqsave(lock, flags)	\
	((flags) = shim_irqs_off++, shim_raw_lock(lock))
#define raw_spin_trylock_irqsave(lock, flags)	\
	((flags) = shim_irqs_off, !pthread_mutex_trylock(&(lock)->mutex) && ++shim_irqs_off)
#define raw_spin_unlock_irqrestore(lock, flags)	\
	(pthread_mutex_unlock(&(lock)->mutex), shim_irqs_off = (flags))
void shim_raw_lock(raw_spinlock_t *lock); /* fails in an NMI, and if this thread has the lock */
#define DEFINE_MUTEX(name)		pthread_mutex_t name = PTHREAD_MUTEX_INITIALIZER
void mutex_lock(pthread_mutex_t *mutex); /* fails in a context that must not sleep */
#define mutex_unlock(mutex)		pthread_mutex_unlock(mutex)
#define lockdep_is_held(lock)		1

/* RCU: read-side sections delay the end of a grace period */
struct rcu_head {
	struct rcu_head *next;
	void *object;
};
void rcu_read_lock(void);
void rcu_read_unlock(void);
/* These wait for nothing and do not end a deferred section: any context may use them. */
void rcu_read_lock_sched(void);
void rcu_read_unlock_sched(void);
unsigned long get_state_synchronize_rcu(void);
bool poll_state_synchronize_rcu(unsigned long state);
void cond_synchronize_rcu(unsigned long state);
void shim_free_rcu(struct rcu_head *head, void *object);
void rcu_barrier(void); /* frees all that was passed to kvfree_rcu() */
int rcu_preempt_depth(void);
#define kvfree_rcu(object, head)	shim_free_rcu(&(object)->head, object)
#define kfree_rcu			kvfree_rcu
#define rcu_dereference_check(p, held)	((void)(held), __atomic_load_n(&(p), __ATOMIC_ACQUIRE))
#define rcu_dereference(p)		__atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define rcu_assign_pointer(p, value)	__atomic_store_n(&(p), value, __ATOMIC_RELEASE)

struct hlist_node {
	struct hlist_node *next, **pprev;
};
struct hlist_head {
	struct hlist_node *first;
};
#define hlist_first_rcu(head)		((head)->first)
#define hlist_next_rcu(node)		((node)->next)
void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head);
void hlist_del_rcu(struct hlist_node *node);

/* memory */
typedef unsigned int gfp_t;
#define GFP_KERNEL			1
#define __GFP_NOWARN			2
void *shim_alloc(size_t size, bool zero); /* fails in a context that must not sleep */
void shim_free(void *memory);
#define kzalloc(size, gfp)		shim_alloc(size, true)
#define kvmalloc(size, gfp)		shim_alloc(size, false)
#define kvzalloc(size, gfp)		shim_alloc(size, true)
#define kvmalloc_array(n, size, gfp)	shim_alloc((n) * (size), false)
#define kvcalloc(n, size, gfp)		shim_alloc((n) * (size), true)
#define vmalloc_user(size)		shim_vmalloc(size)
#define vmalloc_node(size, node)	shim_alloc(size, false)
#define kfree				shim_free
#define kvfree				shim_free
#define vfree				shim_vfree
#define vfree_atomic			shim_vfree
#define is_vmalloc_addr(object)		((void)(object), false)
/* Pages: those of vmalloc_user() and of alloc_page(). */
struct page;
void *shim_vmalloc(size_t size);
void *shim_vmap(struct page **pages, unsigned long count);
void shim_vfree(void *memory);
struct page *shim_alloc_page(void);
struct page *vmalloc_to_page(const void *memory);
void get_page(struct page *page);
void put_page(struct page *page);
#define __GFP_ZERO			4
#define VM_MAP				1
#define VM_MAP_PUT_PAGES		2
#define PAGE_KERNEL			0
#define alloc_page(gfp)			shim_alloc_page()
#define vmap(pages, count, flags, prot)	shim_vmap(pages, count)
void *vmemdup_user(const void *user, size_t size);
#define ERR_PTR(err)			((void *)(long)(err))
#define PTR_ERR(p)			((long)(p))
#define IS_ERR(p)			((unsigned long)(p) >= -4095ul)

/* A user address below the first page faults. */
unsigned long copy_from_user(void *to, const void *from, size_t size);
unsigned long copy_to_user(void *to, const void *from, size_t size);
#define get_user(x, p)			(copy_from_user(&(x), p, sizeof(x)) ? -EFAULT : 0)

/* tasks, contexts, CPUs: at any time each thread has one of each */
enum shim_context { SHIM_TASK, SHIM_ATOMIC, SHIM_BH_OFF, SHIM_SOFTIRQ, SHIM_HARDIRQ, SHIM_NMI };
extern _Thread_local enum shim_context shim_context;
extern _Thread_local unsigned int shim_cpu;
#define SHIM_CPUS			16

struct task_struct {
	unsigned int kcov_mode;
	unsigned int kcov_size;
	void *kcov_area;
	struct kcov *kcov;
	u64 kcov_handle;
	int kcov_sequence;
	unsigned int kcov_softirq;
};
extern _Thread_local struct task_struct *current;

#define in_nmi()			(shim_context == SHIM_NMI)
#define in_hardirq()			(shim_context == SHIM_HARDIRQ)
#define in_serving_softirq()		(shim_context == SHIM_SOFTIRQ)
#define in_softirq()			(in_serving_softirq() || shim_context == SHIM_BH_OFF)
#define in_task()			(shim_context <= SHIM_BH_OFF)
#define in_atomic()			(shim_context != SHIM_TASK)
#define irqs_disabled()			shim_irqs_off
#define cond_resched()			((void)0)
/* As in the kernel: what is defined is never used, it has the type and the place of the copies. */
#define DEFINE_PER_CPU(type, name)	\
	__attribute__((section("shim_percpu"))) __typeof__(type) name
void *shim_cpu_copy(const void *p, unsigned int cpu);
#define per_cpu_ptr(p, cpu)		((__typeof__(&(p)[0]))shim_cpu_copy(p, cpu))
#define this_cpu_ptr(p)			per_cpu_ptr(p, shim_cpu)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < SHIM_CPUS; (cpu)++)
#define cpu_to_node(cpu)		0

/* softirqs: the test raises and runs them */
#define NR_SOFTIRQS			10
extern unsigned int shim_softirqs[SHIM_CPUS];
#define local_softirq_pending()		shim_softirqs[shim_cpu]

/* static keys: to see one that is on does not tell that anything else was written */
struct static_key_false {
	bool on;
};
#define DECLARE_STATIC_KEY_FALSE(name)	extern struct static_key_false name
#define DEFINE_STATIC_KEY_FALSE(name)	struct static_key_false name
#define static_branch_unlikely(key)	unlikely(READ_ONCE((key)->on))
#define static_branch_enable(key)	shim_set_key(key, true)
#define static_branch_disable(key)	shim_set_key(key, false)
void shim_set_key(struct static_key_false *key, bool on); /* fails where one must not sleep */

/* work: is queued, and runs when the test calls shim_run_work() */
struct work_struct {
	void (*func)(struct work_struct *work);
	bool pending;
	struct work_struct *next;
};
#define INIT_WORK(work, fn)		(*(work) = (struct work_struct){ .func = (fn) })
#define DECLARE_WORK(name, fn)		struct work_struct name = { .func = (fn) }
bool schedule_work(struct work_struct *work);

/* files */
struct inode;
struct vm_area_struct {
	unsigned long vm_start, vm_end, vm_pgoff;
	void *mapped;
};
struct file {
	const struct file_operations *f_op;
	void *private_data;
};
struct file_operations {
	int (*open)(struct inode *inode, struct file *file);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*release)(struct inode *inode, struct file *file);
};
struct fd {
	struct file *file;
};
#define fd_file(fd)			((fd).file)
struct fd fdget(unsigned int number);
void fdput(struct fd fd);
#define nonseekable_open(inode, file)	((void)(inode), (void)(file), 0)
int remap_vmalloc_range(struct vm_area_struct *vma, void *memory, unsigned long offset);
void debugfs_create_file_unsafe(const char *name, int mode, void *parent, void *data,
				const struct file_operations *fops);
extern bool shim_cache_is_aliasing;
#define cpu_dcache_is_aliasing()	shim_cache_is_aliasing

#endif /* KCOV_SHIM_H */
