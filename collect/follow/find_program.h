/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_FOLLOW_FIND_PROGRAM_H
#define COLLECT_FOLLOW_FIND_PROGRAM_H

/*
 * The first file that execvp(3) can execute for name, without trying: the attempts would be seen in
 * the coverage of who makes them. NULL: none, or no memory; execvp() knows. The caller frees it.
 */
char *find_program(const char *name);

#endif
