/* SPDX-License-Identifier: GPL-2.0 */
/* What the cases of KCOV_INHERIT share. */
#ifndef KCOV_CONFORMANCE_INHERIT_H
#define KCOV_CONFORMANCE_INHERIT_H

#include <linux/sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "device.h"

/* A set that the calling task records into, with KCOV_INHERIT. */
struct set inherit_create(void);

/* Calls gettid, which nobody else does; and is that in the set? */
void child_gettid(void *unused);
void expect_gettid(const struct set *set, bool is_there);

/* So many tasks, after a while: some references are released later than the task is gone. */
void expect_tasks(const struct set *set, uint64_t count, uint64_t inherited);
void expect_no_tasks(const struct set *set);

long clone3(struct clone_args *arguments);

#endif
