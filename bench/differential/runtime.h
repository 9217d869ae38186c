/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What generated functions use. Nothing of it is instrumented, except the macros and inline
 * functions, whose code is in the functions.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#define EINVAL		     22
#define ENOMEM		     12
#define EBUSY		     16

#define noinline	     __attribute__((__noinline__))
#define __always_inline	     inline __attribute__((__always_inline__))
#define fallthrough	     __attribute__((__fallthrough__))
#define likely(x)	     __builtin_expect(!!(x), 1)
#define unlikely(x)	     __builtin_expect(!!(x), 0)
#define READ_ONCE(x)	     (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))

struct ctx;

struct ops {
	unsigned int (*get)(struct ctx *c, unsigned int x);
	int (*try)(struct ctx *c, unsigned int x);
};

struct ctx {
	unsigned int n[8];
	unsigned int flags;
	unsigned int held;
	unsigned int random; /* state of ext_get() and ext_try() */
	const struct ops *ops;
	struct ctx *next; /* at most 3 more */
};

/* A number below 32 that no compiler can know. */
unsigned int ext_get(struct ctx *c, unsigned int x);
/* 0, or a negative error number in one of four calls. */
int ext_try(struct ctx *c, unsigned int x);
void ext_touch(struct ctx *c, unsigned int x);
/* As panic(): back to the caller of the generated function. */
__attribute__((__noreturn__, __cold__)) void ext_die(struct ctx *c);
__attribute__((__cold__)) void ext_warn(struct ctx *c);

static __always_inline void put_ctx(struct ctx **c)
{
	if (*c)
		ext_touch(*c, 1);
}
#define __put __attribute__((__cleanup__(put_ctx)))

#define bump(c, i, x)                                                                              \
	do {                                                                                       \
		(c)->n[(i)&7] += (x);                                                              \
		(c)->flags ^= 1;                                                                   \
	} while (0)
#define note_if(c, cond, x)                                                                        \
	do {                                                                                       \
		if (cond)                                                                          \
			ext_touch((c), (x));                                                       \
	} while (0)
#define max_of(a, b)                                                                               \
	({                                                                                         \
		unsigned int x_ = (a);                                                             \
		unsigned int y_ = (b);                                                             \
		x_ > y_ ? x_ : y_;                                                                 \
	})
#define warn_on(cond)                                                                              \
	({                                                                                         \
		bool warned_ = (cond);                                                             \
		if (unlikely(warned_))                                                             \
			ext_warn(c);                                                               \
		unlikely(warned_);                                                                 \
	})

/* The table of calls that the generator makes. */
struct call {
	void (*function)(struct ctx *c, unsigned int a, unsigned int b);
	unsigned int times;
};
extern const struct call calls[];
extern const unsigned int nr_calls;
extern const unsigned int seed;

#endif
