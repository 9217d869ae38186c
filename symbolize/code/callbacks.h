/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which symbols are coverage callbacks: functions whose caller's PC the kernel records. */
#ifndef SYMBOLIZE_CODE_CALLBACKS_H
#define SYMBOLIZE_CODE_CALLBACKS_H

#include <stdbool.h>

bool callback_is_name(const char *symbol);

#endif
