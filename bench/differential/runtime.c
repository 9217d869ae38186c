// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls all generated functions, with random arguments, and prints a checksum of what they did.
 * With an argument, writes the recorded PCs to that file: "PC COUNT" lines, return addresses.
 *
 * It must be compiled with -mgeneral-regs-only: kernel flags align the stack to 8 bytes, which is
 * not enough for SSE registers.
 */
#include "runtime.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

extern const char __executable_start[], etext[];

#define TEXT_MAX (64 << 20)
static uint64_t counts[TEXT_MAX];
static jmp_buf caller;
static uint32_t checksum;

/* The addresses of the file: the program is linked without -pie. */
void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
	size_t at = (const char *)__builtin_return_address(0) - __executable_start;

	if (at < TEXT_MAX)
		counts[at]++;
}

static unsigned int mix(struct ctx *c, unsigned int x)
{
	c->random = c->random * 1664525 + 1013904223 + x;
	checksum = (checksum ^ c->random) * 16777619;
	return c->random >> 16;
}

unsigned int ext_get(struct ctx *c, unsigned int x)
{
	return mix(c, x) & 31;
}

int ext_try(struct ctx *c, unsigned int x)
{
	return mix(c, x) & 3 ? 0 : -ENOMEM;
}

void ext_touch(struct ctx *c, unsigned int x)
{
	mix(c, x ^ 5);
}

void ext_warn(struct ctx *c)
{
	mix(c, 77);
}

/* The C library expects a stack that is aligned to 16 bytes. */
__attribute__((__force_align_arg_pointer__)) void ext_die(struct ctx *c)
{
	mix(c, 99);
	longjmp(caller, 1);
}

static const struct ops ops = { ext_get, ext_try };

static void fill(struct ctx *c, size_t nr, unsigned int random)
{
	memset(c, 0, nr * sizeof(*c));
	for (size_t i = 0; i < nr; i++) {
		c[i].random = random + i;
		for (size_t k = 0; k < 8; k++)
			c[i].n[k] = ext_get(&c[i], k);
		c[i].flags = ext_get(&c[i], 9);
		c[i].ops = &ops;
		c[i].next = i + 1 < nr ? &c[i + 1] : NULL;
	}
}

static noinline void call(const struct call *call, struct ctx *c)
{
	if (!setjmp(caller))
		call->function(c, c->n[6], c->n[7]);
}

static void call_all(void)
{
	for (unsigned int i = 0; i < nr_calls; i++) {
		for (unsigned int k = 0; k < calls[i].times; k++) {
			struct ctx c[4];

			fill(c, 1 + (i + k) % 4, (seed * 31 + i) * 31 + k);
			call(&calls[i], c);
			for (size_t j = 0; j < sizeof(c->n) / sizeof(*c->n); j++)
				mix(c, c->n[j]);
			mix(c, c->flags ^ c->held);
		}
	}
}

static int write_counts(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return 1;
	for (size_t i = 0; __executable_start + i < etext; i++)
		if (counts[i])
			fprintf(f, "%lx %lu\n", (unsigned long)(uintptr_t)(__executable_start + i),
				counts[i]);
	return fclose(f) ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (etext - __executable_start > TEXT_MAX)
		return 1;
	call_all();
	printf("%08x\n", checksum);
	return argc > 1 ? write_counts(argv[1]) : 0;
}
