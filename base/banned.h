/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compiler includes this into every file (see CFLAGS). It bans functions that we do not use. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison sprintf vsprintf strcpy strcat strncpy strncat strtok atoi atol atoll atof gets

#endif
