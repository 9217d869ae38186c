// SPDX-License-Identifier: GPL-2.0
/*
 * Memory in pages that may be mapped at several addresses: the pages belong to a file. If the size
 * of an allocation is not a multiple of a page, it comes from malloc() instead, so that a
 * sanitizer sees accesses beyond its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "shim_test.h"

#define PAGES	4096
#define REGIONS 1024

struct page {
	int refs;
};

/* What is mapped. Each region holds one reference to each of its pages. */
struct region {
	char *memory;
	unsigned long count;
	struct page **pages;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct page all[PAGES];
static struct region regions[REGIONS];
static int file = -1;
unsigned long shim_ram_pages = PAGES;

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "shim: pages: %s\n", what);
	abort();
}

/*
 * Where all is taken, a kernel would wait for what is being freed, too: the thread that runs work
 * may be behind. Gives it a millisecond, 10,000 times. Called with the lock.
 */
static bool wait_for_room(unsigned int *tries)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	if ((*tries)++ == 10000)
		return false;
	pthread_mutex_unlock(&lock);
	nanosleep(&moment, NULL);
	pthread_mutex_lock(&lock);
	return true;
}

static struct page *free_page(void)
{
	unsigned int tries = 0;

	do
		for (struct page *page = all; page < all + PAGES; page++)
			if (!__atomic_load_n(&page->refs, __ATOMIC_ACQUIRE))
				return page;
	while (wait_for_room(&tries));
	return NULL;
}

static struct region *free_region(void)
{
	unsigned int tries = 0;

	do
		for (struct region *region = regions; region < regions + REGIONS; region++)
			if (!region->memory)
				return region;
	while (wait_for_room(&tries));
	return NULL;
}

static struct page *take_page(void)
{
	static const char zeroes[PAGE_SIZE];

	pthread_mutex_lock(&lock);
	if (file < 0)
		file = memfd_create("shim", MFD_CLOEXEC);
	struct page *page = free_page();
	check(page, "none is free");
	page->refs = 1;
	check(pwrite(file, zeroes, PAGE_SIZE, (page - all) * PAGE_SIZE) == PAGE_SIZE, "no memory");
	pthread_mutex_unlock(&lock);
	__atomic_add_fetch(&shim_live, 1, __ATOMIC_RELAXED);
	return page;
}

struct page *shim_alloc_page(void)
{
	return shim_allocation_fails() ? NULL : take_page();
}

void get_page(struct page *page)
{
	check(__atomic_fetch_add(&page->refs, 1, __ATOMIC_RELAXED) > 0, "reference to a free one");
}

void put_page(struct page *page)
{
	int refs = __atomic_fetch_sub(&page->refs, 1, __ATOMIC_ACQ_REL);

	check(refs > 0, "one reference dropped too much");
	if (refs == 1)
		__atomic_sub_fetch(&shim_live, 1, __ATOMIC_RELAXED);
}

/* Takes the array and the references. */
static void *map_pages(struct page **pages, unsigned long count)
{
	char *memory = mmap(NULL, count * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(memory != MAP_FAILED, "no addresses");
	for (unsigned long i = 0; i < count; i++)
		check(mmap(memory + i * PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_FIXED, file,
			   (pages[i] - all) * PAGE_SIZE) != MAP_FAILED,
		      "cannot map");
	pthread_mutex_lock(&lock);
	struct region *region = free_region();
	check(region, "too many regions");
	*region = (struct region){ memory, count, pages };
	pthread_mutex_unlock(&lock);
	return memory;
}

void *shim_vmap(struct page **pages, unsigned long count)
{
	return shim_allocation_fails() || count > shim_ram_pages ? NULL : map_pages(pages, count);
}

void *shim_vmalloc(size_t size)
{
	unsigned long count = size / PAGE_SIZE;
	struct page **pages;

	if (size % PAGE_SIZE)
		return shim_alloc(size, true);
	pages = shim_alloc(count * sizeof(struct page *), false);
	for (unsigned long i = 0; pages && i < count; i++)
		pages[i] = take_page();
	return pages ? map_pages(pages, count) : NULL;
}

static struct region *region_of(const char *memory)
{
	struct region *region = regions;

	while (region < regions + REGIONS &&
	       (unsigned long)(memory - region->memory) >= region->count * PAGE_SIZE)
		region++;
	return region < regions + REGIONS ? region : NULL;
}

struct page *vmalloc_to_page(const void *memory)
{
	struct region *region;
	struct page *page;

	pthread_mutex_lock(&lock);
	region = region_of(memory);
	check(region, "not of vmalloc");
	page = region->pages[((const char *)memory - region->memory) / PAGE_SIZE];
	pthread_mutex_unlock(&lock);
	return page;
}

void shim_vfree(void *memory)
{
	struct region *region, freed = { 0 };

	if (!memory)
		return;
	pthread_mutex_lock(&lock);
	region = region_of(memory);
	if (region) {
		freed = *region;
		*region = (struct region){ 0 };
	}
	pthread_mutex_unlock(&lock);
	if (!freed.memory) {
		shim_free(memory);
		return;
	}
	/* The kernel stores its list of memory to free there. */
	memset(memory, 0x5a, sizeof(void *));
	for (unsigned long i = 0; i < freed.count; i++)
		put_page(freed.pages[i]);
	munmap(freed.memory, freed.count * PAGE_SIZE);
	shim_free(freed.pages);
}
