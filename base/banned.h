/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Included by the compiler into every file (see CFLAGS): functions that are not used here. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison sprintf vsprintf strcpy strcat strncpy strncat strtok atoi atol atoll atof gets

#endif
