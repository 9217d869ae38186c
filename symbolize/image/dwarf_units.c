// SPDX-License-Identifier: GPL-2.0-or-later
/* List the units of an image that may hold code, and visit them. */
#include "symbolize/image/dwarf_units.h"

#include <dwarf.h>
#include <pthread.h>

#include "base/workers.h"
#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/private.h"

/*
 * libdw frees what it has read only when a session ends: a part of a kernel takes some
 * 10 MB. A session reads the headers of all units before its own, which takes less
 * than a millisecond. With very many units the parts are larger, so that this is not most of the
 * work.
 */
#define UNITS_PER_PART_MIN 32
#define HEADERS_READ_MAX   (1 << 22)

static size_t units_per_part(size_t nr)
{
	size_t units = nr * nr / HEADERS_READ_MAX;

	return units > UNITS_PER_PART_MIN ? units : UNITS_PER_PART_MIN;
}

/* Sessions read the headers of partial units and type units, too: all units count. */
static struct error *check_units(const struct image *image, Dwarf *dwarf)
{
	struct error *err = NULL;
	Dwarf_CU *cu = NULL;

	for (uint64_t nr = 1; !err && !dwarf_get_units(dwarf, cu, &cu, NULL, NULL, NULL, NULL);
	     nr++)
		err = budget_check(image->budget, BUDGET_UNITS, nr);
	return err;
}

/* libdw finds no unit without the section that all of them need. */
static struct error *no_units(const struct image *image)
{
	static const char what[] = "units of debug info";
	const struct elf_file *file = image->debug.elf ? &image->debug : &image->main;
	struct error *err = elf_file_lacks(file, what, ".debug_abbrev");

	return err ? err : dwarf_error(file->path, what);
}

struct error *dwarf_list_units(const struct image *image, const struct log *log,
			       struct address_vector *ret)
{
	struct dwarf_session session;
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;
	int rc = 0;

	struct error *err = dwarf_session_init(&session, image);
	if (err)
		return err;
	err = check_units(image, session.dwarf);
	if (!err && session.alt)
		err = check_units(image, session.alt);
	while (!err &&
	       (rc = dwarf_get_units(session.dwarf, cu, &cu, NULL, NULL, &die, NULL)) == 0) {
		uint64_t offset = dwarf_dieoffset(&die);
		int tag = dwarf_tag(&die);

		if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit)
			continue;
		if (!address_vector_append(ret, &offset))
			err = &error_no_memory;
	}
	if (!err && rc < 0 && !ret->len)
		err = no_units(image);
	else if (!err && rc < 0)
		log_line(log, LOG_WARNING, "'%s': debug info is broken after unit %zu: %s",
			 image_debug_path(image), ret->len, dwarf_errmsg(-1));
	dwarf_session_deinit(&session);
	return err;
}

static bool is_skipped(const struct unit_guard *guard, uint64_t offset)
{
	const uint64_t *units = guard->skipped;
	size_t i = search_first(guard->nr_skipped, n, units[n] >= offset);

	return i < guard->nr_skipped && units[i] == offset;
}

/* A visit of all units, in several threads. */
struct units_visit {
	const struct image *image;
	const struct address_vector *units;
	const struct dwarf_visit *visit;
	/*
	 * libelf is not thread-safe: one session is opened at a time, and one .dwo file.
	 */
	pthread_mutex_t lock;
	struct split_missing missing;
};

/* dwarf_list_units() has read this root DIE before, so it is found again. */
static void open_unit(struct units_visit *v, const struct dwarf_session *session, uint64_t offset,
		      struct dwarf_unit *ret)
{
	pthread_mutex_lock(&v->lock);
	split_open_unit(v->image, session, offset, ret, &v->missing);
	pthread_mutex_unlock(&v->lock);
}

/* Visit a unit, and let the guard know. */
static struct error *visit_unit(struct units_visit *v, const struct dwarf_session *session,
				unsigned int worker, size_t part, uint64_t offset)
{
	const struct unit_guard *guard = v->image->guard;
	struct error *err = NULL;
	struct dwarf_unit unit;

	if (guard && is_skipped(guard, offset))
		return NULL;
	if (guard)
		guard->begin(guard->arg, worker, offset, NULL);
	open_unit(v, session, offset, &unit);
	if (unit.die.addr) {
		if (guard)
			guard->begin(guard->arg, worker, offset, dwarf_diename(&unit.die));
		err = v->visit->visit(&unit, v->visit->arg, part);
	}
	if (guard && !err)
		guard->end(guard->arg, worker);
	return err;
}

/*
 * What was read of the files is given back after so many parts: not after each, since every session
 * reads the headers of all units before its own.
 */
#define PARTS_PER_FORGET 8

static struct error *visit_part(void *arg, unsigned int worker, size_t part)
{
	struct units_visit *v = arg;
	size_t size = units_per_part(v->units->len), end = (part + 1) * size;
	struct dwarf_session session;

	if (worker == 0)
		log_progress(v->visit->log, v->visit->what, part, dwarf_nr_parts(v->units->len));
	pthread_mutex_lock(&v->lock);
	struct error *err = dwarf_session_init(&session, v->image);
	pthread_mutex_unlock(&v->lock);
	if (err)
		return err;
	for (size_t i = part * size; !err && i < end && i < v->units->len; i++)
		err = visit_unit(v, &session, worker, part, v->units->data[i]);
	dwarf_session_deinit(&session);
	if (part % PARTS_PER_FORGET == PARTS_PER_FORGET - 1)
		image_forget_files(v->image);
	return err;
}

size_t dwarf_nr_parts(size_t nr)
{
	size_t size = units_per_part(nr);

	return (nr + size - 1) / size;
}

struct error *dwarf_visit_units(const struct image *image, const struct address_vector *units,
				const struct dwarf_visit *visit)
{
	struct units_visit v = { .image = image, .units = units, .visit = visit };
	size_t nr = dwarf_nr_parts(units->len);

	pthread_mutex_init(&v.lock, NULL);
	struct error *err = workers_run(visit->jobs, nr, visit_part, &v);
	pthread_mutex_destroy(&v.lock);
	if (!err)
		split_missing_warn(&v.missing, image, visit->log);
	split_missing_deinit(&v.missing);
	image_forget_files(image);
	log_progress(visit->log, visit->what, nr, nr);
	return err;
}

/* Visit the partial units of one file. mark: of their offsets in the guard. */
static struct error *visit_partial_units(const struct image *image, Dwarf *dwarf, uint64_t mark,
					 unit_visitor *visit, void *arg)
{
	const struct unit_guard *guard = image->guard;
	struct dwarf_unit unit = { 0 };
	struct error *err = NULL;
	Dwarf_CU *cu = NULL;

	while (!err && !dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit.die, NULL)) {
		uint64_t offset = dwarf_dieoffset(&unit.die) | mark;

		if (dwarf_tag(&unit.die) != DW_TAG_partial_unit ||
		    (guard && is_skipped(guard, offset)))
			continue;
		if (guard) {
			guard->begin(guard->arg, 0, offset, NULL);
			guard->begin(guard->arg, 0, offset, dwarf_diename(&unit.die));
		}
		unit.ranges = unit.die;
		err = visit(&unit, arg, 0);
		if (guard && !err)
			guard->end(guard->arg, 0);
	}
	return err;
}

struct error *dwarf_visit_shared(const struct image *image, unit_visitor *visit, void *arg)
{
	struct dwarf_session session;
	struct error *err = dwarf_session_init(&session, image);

	if (err)
		return err;
	err = visit_partial_units(image, session.dwarf, 0, visit, arg);
	if (!err && session.alt)
		err = visit_partial_units(image, session.alt, UNIT_OF_SUPPLEMENT, visit, arg);
	dwarf_session_deinit(&session);
	return err;
}
