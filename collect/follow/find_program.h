/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_FOLLOW_FIND_PROGRAM_H
#define COLLECT_FOLLOW_FIND_PROGRAM_H

/*
 * The first file that execvp(3) could execute for name. It is found without trying, since attempts
 * would appear in the coverage of the task that makes them. NULL: none, or out of memory; let
 * execvp() report that. The caller frees it.
 */
char *find_program(const char *name);

#endif
