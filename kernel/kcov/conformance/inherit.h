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

/* The first calls gettid, which no other task calls; the second expects that in the set, or not. */
void child_gettid(void *unused);
void expect_gettid(const struct set *set, bool is_there);

/* Waits for this many tasks: some references are dropped later than the task exits. */
void expect_tasks(const struct set *set, uint64_t count, uint64_t inherited);
void expect_no_tasks(const struct set *set);

long clone3(struct clone_args *arguments);

#endif
