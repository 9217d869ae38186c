// SPDX-License-Identifier: GPL-2.0
/*
 * The callbacks that the compiler inserts into the kernel.
 *
 * They run anywhere: with any lock held, in any interrupt, with access to user memory open. So they
 * take no locks, and call nothing but what objtool's list allows there. Whatever user space did to
 * its mapping, it can only lose its own records.
 *
 * What user space may rely on: The count is stored before its record, with only a compiler barrier
 * in between. So an interrupt on this CPU that records too does not use the same place. The
 * recorded task itself sees all its records, and so do other tasks after it was disabled or has
 * ended. A reader in another task, while the recorded one runs, has to load the count with acquire
 * semantics. On any architecture it may still see a counted record that is not written yet. So such
 * a reader clears the records before it sets the count to 0, and waits for a record that is 0. The
 * count may be set to anything at any time; a task that is recording may set it back to what it
 * had. Bits and hash slots of a set appear whole, and in no order.
 */
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include "kcov.h"
#include "text.h"

/* How many slots to try for a PC, from its own slot on. */
#define HASH_PROBES 64

/*
 * True in a task, and in a softirq that is in its own remote section. An interrupt never records
 * into the task's area.
 */
static __always_inline bool check_context(struct task_struct *t)
{
	if (likely(in_task()))
		return true;
	/*
	 * Without this the compiler loads the preempt count into a register for both tests. With
	 * it, the first test has the count as a memory operand.
	 */
	barrier();
	return READ_ONCE(t->kcov_softirq) && in_serving_softirq() && !in_hardirq() && !in_nmi();
}

/*
 * Some code of interrupts is traced before preempt_count says that it is in an interrupt. It may
 * find t->kcov already changed and t->kcov_mode not yet.
 */
static __always_inline void count_dropped(struct task_struct *t)
{
	struct kcov *kcov = READ_ONCE(t->kcov);

	if (kcov)
		atomic_long_inc(kcov->dropped);
}

static __always_inline void trace_pc(struct task_struct *t, unsigned long ip)
{
	unsigned long *area = t->kcov_area;
	unsigned long pos = READ_ONCE(area[0]);

	if (unlikely(pos >= t->kcov_size)) {
		count_dropped(t);
		return;
	}
	WRITE_ONCE(area[0], pos + 1);
	barrier();
	/* Not WRITE_ONCE(): compilers compute the address of a volatile access separately. */
	area[pos + 1] = kcov_canonicalize(ip);
}

/*
 * For user space a slot is always u64; the kernel uses it as a long. If long is smaller, the other
 * half stays 0.
 */
static __always_inline unsigned long *hash_slot(u64 *hash, unsigned long n)
{
	bool low_half_last = sizeof(long) < sizeof(u64) && IS_ENABLED(CONFIG_CPU_BIG_ENDIAN);

	return (unsigned long *)&hash[n] + low_half_last;
}

/* False: no slot is free. */
static __always_inline bool hash_add(struct kcov_store *store, unsigned long pc)
{
	unsigned long mask = (1UL << store->hash_bits) - 1, n;
	unsigned int probes;

	/* A constant number of bits: that of the largest table. A smaller one uses the low bits. */
	n = hash_long(pc, KCOV_MAX_HASH_BITS);
	for (probes = 0; probes < HASH_PROBES; probes++, n++) {
		unsigned long *slot = hash_slot(store->hash, n & mask);
		unsigned long old = READ_ONCE(*slot);

		if (!old)
			old = cmpxchg(slot, 0, pc);
		if (!old || old == pc)
			return true;
	}
	return false;
}

static __always_inline void set_hash(struct task_struct *t, unsigned long pc)
{
	struct kcov *kcov = READ_ONCE(t->kcov);

	/* As in count_dropped(): t->kcov may have changed. */
	if (!kcov || kcov->mode != KCOV_MODE_SET)
		return;
	if (!hash_add(kcov->desc->store, pc))
		count_dropped(t);
}

/*
 * Nearly every PC is in the set already. That case costs a range check and a test of a bit. It
 * writes nothing, so any number of CPUs can share the cache lines. The KASLR offset is not needed
 * for the distance, since both addresses contain it. This does not use test_bit(), which on x86 is
 * one slow instruction if the bit is variable. If the word is stale, that costs an atomic
 * operation.
 */
static __always_inline void set_add(struct task_struct *t, unsigned long ip)
{
	unsigned long distance = ip - (unsigned long)_stext, *bitmap = t->kcov_area;
	unsigned long n = distance >> KCOV_TEXT_SHIFT;

	if (unlikely((kcov_offset)n >= t->kcov_size)) {
		/*
		 * Compute ip from the distance again, so that no register has to hold it until
		 * here.
		 */
		OPTIMIZER_HIDE_VAR(distance);
		set_hash(t, kcov_canonicalize(distance + (unsigned long)_stext));
	} else if (unlikely(!(data_race(bitmap[BIT_WORD(n)]) & BIT_MASK(n ^ BITOP_LE_SWIZZLE)))) {
		set_bit_le(n, bitmap);
	}
}

/*
 * The set of the system records in every context: what it writes to is neither the task's nor the
 * CPU's, and each write is atomic. It is never freed. Code that runs only at boot lies between text
 * and modules, where no bits are.
 *
 * The acquire pairs with the release in create() of system.c: a CPU that sees the set sees what is
 * in it. Nothing orders the key, which is patched code or a plain load, before the pointer. So on
 * weakly ordered machines a CPU may see the key on and no set yet. The end of KCOV_ENABLE does not
 * come before this PC on such a CPU, so the set need not have it.
 */
static __always_inline void system_add(unsigned long ip)
{
	struct kcov_store *store = smp_load_acquire(&kcov_system);
	unsigned long n = (ip - (unsigned long)_stext) >> KCOV_TEXT_SHIFT;

	if (unlikely(!store))
		return;
	if (likely(n < store->nr_text_bits ||
		   (n >= store->first_module_bit && n < store->nr_bits))) {
		if (unlikely(!(data_race(store->bits[BIT_WORD(n)]) &
			       BIT_MASK(n ^ BITOP_LE_SWIZZLE))))
			set_bit_le(n, store->bits);
	} else if (!hash_add(store, kcov_canonicalize(ip))) {
		atomic_long_inc(&store->dropped_pcs);
	}
}

/*
 * Entry from instrumented code, once per basic block. Most tasks are not traced, so the mode is
 * tested first. It says what the other fields are: an interrupt may have changed them before the
 * mode was read, but not after. KCOV_MODE_SET explains the comparison.
 */
void notrace __sanitizer_cov_trace_pc(void)
{
	struct task_struct *t = current;
	unsigned int mode;

	if (static_branch_unlikely(&kcov_system_on))
		system_add(_RET_IP_);
	if (KCOV_EARLY_TRACE && unlikely(!t))
		return;
	mode = READ_ONCE(t->kcov_mode);
	barrier();
	if (unlikely((int)mode < (int)KCOV_MODE_PC)) {
		if (check_context(t))
			set_add(t, _RET_IP_);
	} else if (unlikely(mode == KCOV_MODE_PC)) {
		if (check_context(t))
			trace_pc(t, _RET_IP_);
	}
}
EXPORT_SYMBOL(__sanitizer_cov_trace_pc);

#ifdef CONFIG_KCOV_ENABLE_COMPARISONS
static __always_inline bool traces_comparisons(struct task_struct *t)
{
	if (KCOV_EARLY_TRACE && unlikely(!t))
		return false;
	return READ_ONCE(t->kcov_mode) == KCOV_MODE_TRACE_CMP && check_context(t);
}

static void notrace write_comp_data(u64 type, u64 arg1, u64 arg2, unsigned long ip)
{
	struct task_struct *t = current;
	u64 *area, count, *record;

	if (likely(!traces_comparisons(t)))
		return;
	barrier();
	area = t->kcov_area;
	count = READ_ONCE(area[0]);
	if (unlikely(count >= t->kcov_size)) {
		count_dropped(t);
		return;
	}
	record = &area[1 + (unsigned long)count * KCOV_WORDS_PER_CMP];
	WRITE_ONCE(area[0], count + 1);
	barrier();
	WRITE_ONCE(record[0], type);
	WRITE_ONCE(record[1], arg1);
	WRITE_ONCE(record[2], arg2);
	WRITE_ONCE(record[3], kcov_canonicalize(ip));
}

void notrace __sanitizer_cov_trace_cmp1(u8 arg1, u8 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(0), arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_cmp1);

void notrace __sanitizer_cov_trace_cmp2(u16 arg1, u16 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(1), arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_cmp2);

void notrace __sanitizer_cov_trace_cmp4(u32 arg1, u32 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(2), arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_cmp4);

void notrace __sanitizer_cov_trace_cmp8(kcov_u64 arg1, kcov_u64 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(3), arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_cmp8);

void notrace __sanitizer_cov_trace_const_cmp1(u8 arg1, u8 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(0) | KCOV_CMP_CONST, arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_const_cmp1);

void notrace __sanitizer_cov_trace_const_cmp2(u16 arg1, u16 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(1) | KCOV_CMP_CONST, arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_const_cmp2);

void notrace __sanitizer_cov_trace_const_cmp4(u32 arg1, u32 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(2) | KCOV_CMP_CONST, arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_const_cmp4);

void notrace __sanitizer_cov_trace_const_cmp8(kcov_u64 arg1, kcov_u64 arg2)
{
	write_comp_data(KCOV_CMP_SIZE(3) | KCOV_CMP_CONST, arg1, arg2, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_const_cmp8);

/*
 * cases: the number of cases, the number of bits in val, and then the values that val is compared
 * with. Makes one record per value.
 */
void notrace __sanitizer_cov_trace_switch(kcov_u64 val, void *cases)
{
	const u64 *words = cases;
	u64 type = KCOV_CMP_CONST, i;

	if (likely(!traces_comparisons(current)))
		return;
	switch (words[1]) {
	case 8:
		type |= KCOV_CMP_SIZE(0);
		break;
	case 16:
		type |= KCOV_CMP_SIZE(1);
		break;
	case 32:
		type |= KCOV_CMP_SIZE(2);
		break;
	case 64:
		type |= KCOV_CMP_SIZE(3);
		break;
	default:
		return;
	}
	for (i = 0; i < words[0]; i++)
		write_comp_data(type, words[2 + i], val, _RET_IP_);
}
EXPORT_SYMBOL(__sanitizer_cov_trace_switch);
#endif /* CONFIG_KCOV_ENABLE_COMPARISONS */
