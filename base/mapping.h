/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which file is mapped at an address, and why it cannot be read there: for handlers of SIGBUS. */
#ifndef BASE_MAPPING_H
#define BASE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Get the absolute path of the file that is mapped at address, cut to size - 1 bytes; a removed one
 * ends with " (deleted)". False: no file is, or there is no /proc. *ret_errno, unless NULL: the
 * error of reading that file at that place. 0: none, as far as can be told; then the file was
 * truncated. Only makes system calls, so signal handlers may call it.
 */
bool mapping_path(const void *address, char *ret, size_t size, int *ret_errno);

#endif
