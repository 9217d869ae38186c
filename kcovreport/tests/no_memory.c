// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For LD_PRELOAD: makes an allocation fail. NO_MEMORY=N: the Nth one of the program, counted
 * from 1. NO_MEMORY=N+: all from the Nth on. A child goes on counting where its parent was. Without
 * it, the program prints at its end the largest count of it and its children, to the descriptor
 * that NO_MEMORY_COUNT names.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t nr_calls, fail_at;
static bool sticky;
static __thread bool exempt; /* this thread, for now */
static pid_t counted;	     /* the process that prints: not its children */
static uint64_t *most;	     /* shared with the children */

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);

/* dlsym() itself may allocate before the real functions are known. */
static char early[65536];
static size_t early_used;

static void *take_early(size_t size)
{
	size = (size + 15) & ~(size_t)15;
	if (size > sizeof(early) - early_used)
		return NULL;
	void *p = early + early_used;
	early_used += size;
	return p;
}

static bool is_early(const void *p)
{
	return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

__attribute__((constructor)) static void start(void)
{
	const char *text = getenv("NO_MEMORY");

	next_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	next_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	next_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	if (text) {
		fail_at = strtoull(text, NULL, 10);
		sticky = strchr(text, '+');
	}
	counted = getpid();
	most = mmap(NULL, sizeof(*most), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (most == MAP_FAILED)
		abort();
	__atomic_store_n(&nr_calls, 0, __ATOMIC_SEQ_CST);
}

__attribute__((destructor)) static void stop(void)
{
	const char *fd = getenv("NO_MEMORY_COUNT");

	if (fd && getpid() == counted)
		dprintf(atoi(fd), "%ju\n", (uintmax_t)*most);
}

/* ASan ends the program if this fails in a new thread. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
	static int (*next)(pthread_t, pthread_attr_t *);

	if (!next)
		next = (int (*)(pthread_t, pthread_attr_t *))dlsym(RTLD_NEXT, "pthread_getattr_np");
	exempt = true;
	int error = next(thread, attributes);
	exempt = false;
	return error;
}

static bool fails(void)
{
	if (exempt)
		return false;
	uint64_t n = __atomic_add_fetch(&nr_calls, 1, __ATOMIC_SEQ_CST);

	if (most && n > *most)
		*most = n;
	if (!fail_at || (sticky ? n < fail_at : n != fail_at))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	if (!next_malloc)
		return take_early(size);
	return fails() ? NULL : next_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	if (!next_calloc)
		return take_early(n * size);
	return fails() ? NULL : next_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	if (!next_realloc || is_early(p)) {
		void *q = malloc(size);

		/* What is behind p is in early too, and not less than size is read. */
		if (q && p)
			memcpy(q, p, size);
		return q;
	}
	return fails() ? NULL : next_realloc(p, size);
}

void free(void *p)
{
	static void (*next_free)(void *);

	if (is_early(p))
		return;
	if (!next_free)
		next_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
	next_free(p);
}

/* That of ASan does not call malloc(). */
char *strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, s, size) : NULL;
}

char *strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	copy[len] = '\0';
	return memcpy(copy, s, len);
}
