// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/huge.h"

#include <stdint.h>
#include <sys/mman.h>

#define HUGE_SIZE ((uintptr_t)2 << 20)

void advise_huge(void *memory, size_t size)
{
	/* Only whole huge pages: the rest of the first and last one is somebody else's. */
	uintptr_t start = ((uintptr_t)memory + HUGE_SIZE - 1) / HUGE_SIZE * HUGE_SIZE;
	uintptr_t end = ((uintptr_t)memory + size) / HUGE_SIZE * HUGE_SIZE;

	if (start < end)
		madvise((void *)start, end - start, MADV_HUGEPAGE);
}
