/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which symbols are coverage callbacks: when one is called, KCOV records the return address. */
#ifndef SYMBOLIZE_CODE_CALLBACKS_H
#define SYMBOLIZE_CODE_CALLBACKS_H

#include <stdbool.h>

bool callback_is_name(const char *symbol);
/*
 * One that is called before a function returns, in a block that has another point or none. KCOV
 * records it in some modes only: if it was not recorded, nothing follows.
 */
bool callback_is_exit(const char *symbol);

#endif
