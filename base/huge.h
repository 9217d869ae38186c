/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Huge pages for large arrays that are written from end to end: 512 page faults fewer for each. On
 * virtual machines page faults can cost more than the work on the array.
 */
#ifndef BASE_HUGE_H
#define BASE_HUGE_H

#include <stddef.h>

/* Arrays below this gain nothing. */
#define HUGE_ARRAY_MIN ((size_t)4 << 20)

/* Ask for huge pages for memory that malloc() gave. A wish: the kernel may have none. */
void advise_huge(void *memory, size_t size);

#endif
