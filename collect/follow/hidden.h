/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks that no tracer is told of. Internal to collect/follow/. */
#ifndef COLLECT_FOLLOW_HIDDEN_H
#define COLLECT_FOLLOW_HIDDEN_H

#include <stdint.h>

struct collector;

/*
 * Name the tasks that the coverage of their creators shows and that were not followed. strays:
 * tasks that were followed although no event of their creators announced them; these are not
 * hidden.
 */
void name_hidden_clones(struct collector *collector, uint64_t strays);

#endif
