// SPDX-License-Identifier: GPL-2.0-or-later
/* Count the units that have the same fault. */
#include "symbolize/image/unit_faults.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"

void unit_faults_init(struct unit_faults *faults)
{
	*faults = (struct unit_faults){ 0 };
	pthread_mutex_init(&faults->lock, NULL);
}

void unit_faults_deinit(struct unit_faults *faults)
{
	vector_for_each(&faults->faults, fault) {
		free(fault->reason);
		free(fault->name);
	}
	unit_fault_vector_deinit(&faults->faults);
	pthread_mutex_destroy(&faults->lock);
}

/* The fault with this reason, which is added if it is new. NULL: no memory. */
static struct unit_fault *find_fault(struct unit_faults *faults, const char *reason)
{
	struct unit_fault new = { .first = UINT64_MAX };

	vector_for_each(&faults->faults, fault)
		if (!strcmp(fault->reason, reason))
			return fault;
	new.reason = strdup(reason);
	struct unit_fault *ret =
		new.reason ? unit_fault_vector_append(&faults->faults, &new) : NULL;
	if (!ret)
		free(new.reason);
	return ret;
}

static bool count_unit(struct unit_fault *fault, uint64_t offset, const char *name)
{
	fault->nr++;
	if (offset >= fault->first)
		return true;
	fault->first = offset;
	free(fault->name);
	fault->name = strdup(name ? name : "?");
	return fault->name;
}

struct error *unit_faults_add(struct unit_faults *faults, struct error *fault, uint64_t offset,
			      const char *name)
{
	_cleanup_free_ char *reason = error_format(fault);

	error_destroy(fault);
	if (!reason)
		return &error_no_memory;
	pthread_mutex_lock(&faults->lock);
	struct unit_fault *found = find_fault(faults, reason);
	bool ok = found && count_unit(found, offset, name);
	pthread_mutex_unlock(&faults->lock);
	return ok ? NULL : &error_no_memory;
}

static int compare_faults(const void *va, const void *vb)
{
	const struct unit_fault *a = va, *b = vb;

	if (a->first != b->first)
		return compare_values(a->first, b->first);
	return strcmp(a->reason, b->reason);
}

void unit_faults_warn(struct unit_faults *faults, const struct log *log)
{
	struct unit_fault_vector *v = &faults->faults;

	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_faults);
	vector_for_each(v, fault)
		if (fault->nr == 1)
			log_line(log, LOG_WARNING, "debug info of unit '%s' is not complete: %s",
				 fault->name, fault->reason);
		else
			log_line(log, LOG_WARNING,
				 "debug info of %zu units is not complete, the first is '%s': %s",
				 fault->nr, fault->name, fault->reason);
}
