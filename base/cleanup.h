/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scope cleanup: a variable that is declared with one of these frees what it
 * holds when its scope ends, on every path. To hand the value out of the
 * scope, use steal_ptr() or steal_fd(), so that each transfer of ownership is
 * visible where it happens.
 *
 *	_cleanup_free_ char *path = ...;
 *	...
 *	return steal_ptr(&path);
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(fn)  __attribute__((__cleanup__(fn)))
#define _cleanup_free_ _cleanup_(cleanup_free)
/* An int file descriptor; -1 means none. */
#define _cleanup_close_ _cleanup_(cleanup_close)
/*
 * A FILE *; NULL means none. Errors of fclose() are lost, so do not use it for
 * output that matters.
 */
#define _cleanup_fclose_ _cleanup_(cleanup_fclose)

/*
 * Define `cleanup_NAME(T **)` for a destroy function, for use as
 * `_cleanup_(cleanup_NAME) T *x = NULL;`.
 */
#define DEFINE_CLEANUP(name, type, destroy)                                                        \
	static inline void cleanup_##name(type **p)                                                \
	{                                                                                          \
		destroy(*p);                                                                       \
	}                                                                                          \
	struct cleanup_##name##_semicolon

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define steal_ptr(p)                                                                               \
	({                                                                                         \
		__auto_type _p = (p);                                                              \
		__auto_type _v = *_p;                                                              \
		*_p = NULL;                                                                        \
		_v;                                                                                \
	})

static inline int steal_fd(int *fd)
{
	int v = *fd;

	*fd = -1;
	return v;
}

#endif
