/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Units whose debug info cannot be read to the end, and why. Many units of an image mostly have the
 * same fault, so each fault is said once. Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_UNIT_FAULTS_H
#define SYMBOLIZE_IMAGE_UNIT_FAULTS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "base/vector.h"

struct unit_fault {
	char *reason;
	size_t nr;	/* units that have it */
	uint64_t first; /* offset of the first of them in the debug info */
	char *name;	/* of the first */
};

DEFINE_VECTOR(unit_fault_vector, struct unit_fault);

/* Thread-safe. */
struct unit_faults {
	pthread_mutex_t lock;
	struct unit_fault_vector faults;
};

void unit_faults_init(struct unit_faults *faults);
void unit_faults_deinit(struct unit_faults *faults);
/* The unit at offset has this fault. name may be NULL. Takes fault; returns &error_no_memory or
 * NULL.
 */
struct error *unit_faults_add(struct unit_faults *faults, struct error *fault, uint64_t offset,
			      const char *name);
/* Warn about all of them: a line for each fault, in the order of their first units. */
void unit_faults_warn(struct unit_faults *faults, const struct log *log);

#endif
