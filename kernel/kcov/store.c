// SPDX-License-Identifier: GPL-2.0
/* Stores: the memory that records go to and that user space maps. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "kcov.h"
#include "text.h"

static void store_free(struct work_struct *work)
{
	struct kcov_store *store = container_of(work, struct kcov_store, free_work);

	vfree(store->mapped_bits);
	vfree(store->memory);
	kfree_rcu(store, rcu);
}

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
	INIT_WORK(&store->free_work, store_free);
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

/* Bytes of code that a page of a bitmap covers. */
#define CODE_OF_PAGE (PAGE_SIZE * 8 << KCOV_TEXT_SHIFT)

/* Pages of the bitmap for this much code. Each part of a set begins at a page. */
static unsigned long bitmap_pages(unsigned long size)
{
	return DIV_ROUND_UP(size, CODE_OF_PAGE);
}

/* The page where modules begin, in a bitmap that begins with text. */
static unsigned long modules_page(void)
{
	return (KCOV_MODULES_START - (unsigned long)_stext) / CODE_OF_PAGE;
}

/* The first address of that page. */
static unsigned long modules_start(void)
{
	return (unsigned long)_stext + modules_page() * CODE_OF_PAGE;
}

static unsigned int nr_bits(unsigned long modules_size)
{
	unsigned long size = text_size();

	if (modules_size)
		size = modules_start() + modules_size - (unsigned long)_stext;
	return ((size - 1) >> KCOV_TEXT_SHIFT) + 1;
}

static unsigned long hash_bytes(unsigned int hash_bits)
{
	return PAGE_ALIGN(sizeof(u64) << hash_bits);
}

/*
 * Page n of the bits as the callbacks see them. In the memory, the pages of modules follow those
 * of text directly.
 */
static struct page *page_of_bits(struct kcov_store *store, unsigned long n, struct page *between)
{
	unsigned long text = bitmap_pages(text_size()), modules = modules_page();

	if (n >= text && n < modules)
		return between;
	if (n >= modules)
		n -= modules - text;
	return vmalloc_to_page(store->memory + hash_bytes(store->hash_bits) + n * PAGE_SIZE);
}

/*
 * The callback sees text and modules as one bitmap, so that it has only one range to check.
 * Between them are up to 1 GiB of addresses without code. One page is mapped again and again for
 * these: that takes no memory except page tables, and a bit that was set there would do no harm.
 */
static unsigned long *map_bits(struct kcov_store *store)
{
	unsigned long count = modules_page() + bitmap_pages(store->modules_size), i;
	struct page **pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL), *between;
	void *bits;

	if (!pages)
		return NULL;
	between = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!between) {
		kvfree(pages);
		return NULL;
	}
	for (i = 0; i < count; i++) {
		pages[i] = page_of_bits(store, i, between);
		get_page(pages[i]);
	}
	put_page(between);
	/* From here vfree() frees the array and drops the reference to each page in it. */
	bits = vmap(pages, count, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	if (!bits) {
		while (i--)
			put_page(pages[i]);
		kvfree(pages);
	}
	return bits;
}

/*
 * vmap() refuses more pages than the machine has, also if most are the same one. map_bits() asks
 * for up to 136 MB, so on a machine with less memory than that the PCs of modules go to the hash
 * table.
 */
struct kcov_store *kcov_set_create(unsigned int hash_bits, bool hash_modules)
{
	unsigned long modules_size = hash_modules ? 0 : KCOV_MODULES_SIZE;
	unsigned long pages = bitmap_pages(text_size()) + bitmap_pages(modules_size);
	struct kcov_store *store = store_create(hash_bytes(hash_bits) + pages * PAGE_SIZE);

	if (!store)
		return NULL;
	store->is_set = true;
	store->hash = store->memory;
	store->hash_bits = hash_bits;
	store->modules_size = modules_size;
	store->nr_bits = nr_bits(modules_size);
	store->nr_text_bits = nr_bits(0);
	store->first_module_bit =
		modules_size ? (modules_start() - (unsigned long)_stext) >> KCOV_TEXT_SHIFT
			     : store->nr_bits;
	store->bits = store->memory + hash_bytes(hash_bits);
	if (modules_size) {
		store->bits = store->mapped_bits = map_bits(store);
		if (!store->bits) {
			kcov_store_put(store);
			return kcov_set_create(hash_bits, true);
		}
	}
	return store;
}

void kcov_set_layout(const struct kcov_store *store, struct kcov_set_init *ret)
{
	unsigned long text_offset = hash_bytes(store->hash_bits);

	*ret = (struct kcov_set_init){
		.size = sizeof(*ret),
		.flags = ret->flags,
		.hash_slots = 1ULL << store->hash_bits,
		.text_start = kcov_canonicalize((unsigned long)_stext),
		.text_size = text_size(),
		.bitmap_offset = text_offset,
		.modules_start = store->modules_size ? kcov_canonicalize(modules_start()) : 0,
		.modules_size = store->modules_size,
		.modules_offset = text_offset + bitmap_pages(text_size()) * PAGE_SIZE,
		.hash_offset = 0,
		.map_size = store->map_size,
		.text_shift = KCOV_TEXT_SHIFT,
	};
}

/*
 * On some kernels a page fault adds vmalloc memory to the page tables of a task, and the code of
 * that fault is itself traced. So a callback must not be the first to touch the memory.
 */
void kcov_fault_in(const void *memory, unsigned long bytes)
{
	unsigned long at;

	for (at = 0; at < bytes; at += PAGE_SIZE)
		READ_ONCE(*(const char *)(memory + at));
}

/* Other tasks may record meanwhile. So no memset(), which may store a word in pieces, or twice. */
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

/*
 * A mapping holds its own references to the pages. The last reference to the store may be that of a
 * section that stops in atomic context, so a worker frees the memory. vfree_atomic() would link
 * what it frees through the first word, which user space may still be able to write: vmsplice() and
 * io_uring hold pages without a mapping.
 */
void kcov_store_put(struct kcov_store *store)
{
	if (!store || !refcount_dec_and_test(&store->refs))
		return;
	kcov_context_release(store);
	schedule_work(&store->free_work);
}
