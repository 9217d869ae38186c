/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which symbols are coverage callbacks: when one is called, KCOV records the return address. */
#ifndef SYMBOLIZE_CODE_CALLBACKS_H
#define SYMBOLIZE_CODE_CALLBACKS_H

#include <stdbool.h>

bool callback_is_name(const char *symbol);

#endif
