// SPDX-License-Identifier: GPL-2.0
/* Where records go: the memory that user space maps. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "kcov.h"
#include "text.h"

static struct kcov_store *store_create(unsigned long bytes)
{
	struct kcov_store *store = kzalloc(sizeof(*store), GFP_KERNEL);

	if (!store)
		return NULL;
	store->memory = vmalloc_user(bytes);
	if (!store->memory) {
		kfree(store);
		return NULL;
	}
	store->map_size = bytes;
	refcount_set(&store->refs, 1);
	return store;
}

struct kcov_store *kcov_trace_create(unsigned long words)
{
	struct kcov_store *store = store_create(words * sizeof(unsigned long));

	if (store)
		store->words = words;
	return store;
}

static unsigned long text_size(void)
{
	return (unsigned long)_etext - (unsigned long)_stext;
}

unsigned int kcov_set_bits(void)
{
	return ((text_size() - 1) >> KCOV_TEXT_SHIFT) + 1;
}

/* In pages, so that the hash table begins at one. */
static unsigned long bitmap_bytes(void)
{
	return PAGE_ALIGN(DIV_ROUND_UP(kcov_set_bits(), 8));
}

struct kcov_store *kcov_set_create(unsigned int hash_bits)
{
	unsigned long hash_bytes = PAGE_ALIGN(sizeof(u64) << hash_bits);
	struct kcov_store *store = store_create(bitmap_bytes() + hash_bytes);

	if (!store)
		return NULL;
	store->is_set = true;
	store->hash = store->memory + bitmap_bytes();
	store->hash_bits = hash_bits;
	return store;
}

void kcov_set_layout(const struct kcov_store *store, struct kcov_set_init *ret)
{
	*ret = (struct kcov_set_init){
		.size = sizeof(*ret),
		.hash_slots = 1ULL << store->hash_bits,
		.text_start = kcov_canonicalize((unsigned long)_stext),
		.text_size = text_size(),
		.bitmap_offset = 0,
		.hash_offset = bitmap_bytes(),
		.map_size = store->map_size,
		.text_shift = KCOV_TEXT_SHIFT,
	};
}

/*
 * Where page tables get vmalloc memory by a fault, the code of that fault is traced itself: a
 * callback must not be the first to touch it.
 */
void kcov_fault_in(const void *memory, unsigned long bytes)
{
	unsigned long at;

	for (at = 0; at < bytes; at += PAGE_SIZE)
		READ_ONCE(*(const char *)(memory + at));
}

/* Other tasks may record meanwhile: no memset, which may store a word in pieces, or twice. */
void kcov_set_reset(struct kcov_store *store)
{
	unsigned long *words = store->memory, n = store->map_size / sizeof(*words), i;

	for (i = 0; i < n; i++) {
		if (READ_ONCE(words[i]))
			WRITE_ONCE(words[i], 0);
		if (i % 65536 == 0)
			cond_resched();
	}
}

/* A mapping has references of its own to the pages. */
void kcov_store_put(struct kcov_store *store)
{
	if (!store || !refcount_dec_and_test(&store->refs))
		return;
	/* The last one may be a section that stops in atomic context. */
	vfree_atomic(store->memory);
	kfree(store);
}
