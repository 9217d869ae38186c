/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes of the workload that use KCOV themselves. Internal to collect/follow/. */
#ifndef COLLECT_FOLLOW_OPENERS_H
#define COLLECT_FOLLOW_OPENERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct collector;

/* Say in the run that this many processes opened the KCOV device; nothing if it is 0. */
void note_openers(struct collector *collector, uint64_t nr);
/*
 * Whether root is pid, or an ancestor of it. False if pid has ended, or one of the ancestors below
 * root has.
 */
bool is_descendant(pid_t pid, pid_t root);

#endif
