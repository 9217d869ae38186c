// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tests of symbolize/ read this instead of a kernel. They compile it with
 * -fsanitize-coverage=trace-pc in many forms (see
 * symbolize/image/tests/image_fixture.h), and never run it.
 */
extern volatile int sink;
volatile int sink;

#include "chain.h"

int outermost(int x); /* an index must have the line of the definition instead */
void loops(int n);
void start(void);

int outermost(int x)
{
	return middle(x) * 2; /* CALL middle */
}

static __attribute__((noinline)) int not_inlined(int x)
{
	if (x & 1)
		return sink;
	return x;
}

void loops(int n)
{
	for (int i = 0; i < n; i++) {
		if (i % 3)
			sink += not_inlined(i);
		else
			sink -= outermost(i);
	}
}

#ifdef MODULE
#define __init __attribute__((section(".init.text")))
#define __exit __attribute__((section(".exit.text")))
int init_module(void);
void cleanup_module(void);

__init int init_module(void)
{
	if (sink)
		loops(3);
	return 0;
}

__exit void cleanup_module(void)
{
	if (sink)
		sink = 0;
}
#else
void start(void)
{
	loops(10);
}
#endif
