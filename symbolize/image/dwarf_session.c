// SPDX-License-Identifier: GPL-2.0-or-later
/* Open and close libdw sessions over an image, and visit its compile units. */
#include "symbolize/image/dwarf_session.h"

#include <dwarf.h>

#include "symbolize/image/addresses.h"
#include "symbolize/image/private.h"

/* libdw frees what it has read only when a session ends: start a new one after this many units. */
#define UNITS_PER_SESSION 32

struct error *dwarf_error(const char *path, const char *what)
{
	return error_create(ERROR_FORMAT, "cannot read '%s': %s: %s", path, what, dwarf_errmsg(-1));
}

struct error *dwarf_session_init(struct dwarf_session *session, const struct image *image)
{
	Elf *elf = image->debug.elf ? image->debug.elf : image->main.elf;
	struct dwarf_session s = { 0 };

	s.dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
	if (!s.dwarf)
		return dwarf_error(image_debug_path(image), "debug info");
	if (image->alt.elf) {
		s.alt = dwarf_begin_elf(image->alt.elf, DWARF_C_READ, NULL);
		if (!s.alt) {
			dwarf_session_deinit(&s);
			return dwarf_error(image_debug_path(image), "shared debug info");
		}
	}
	if (s.alt)
		dwarf_setalt(s.dwarf, s.alt);
	if (image->guard) {
		dwarf_new_oom_handler(s.dwarf, image->guard->no_memory);
		if (s.alt)
			dwarf_new_oom_handler(s.alt, image->guard->no_memory);
	}
	*session = s;
	return NULL;
}

void dwarf_session_deinit(struct dwarf_session *session)
{
	if (session->dwarf)
		dwarf_end(session->dwarf);
	if (session->alt)
		dwarf_end(session->alt);
	*session = (struct dwarf_session){ 0 };
}

/* The offsets of the root DIEs of the units that may hold code. */
static struct error *list_units(const struct image *image, const struct log *log,
				struct address_vector *ret)
{
	struct dwarf_session session;
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;
	int rc;

	struct error *err = dwarf_session_init(&session, image);
	if (err)
		return err;
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
		err = dwarf_error(image_debug_path(image), "units of debug info");
	else if (!err && rc < 0)
		log_line(log, LOG_WARNING, "'%s': debug info is broken after unit %zu: %s",
			 image_debug_path(image), ret->len, dwarf_errmsg(-1));
	dwarf_session_deinit(&session);
	return err;
}

/* With -gsplit-dwarf the DIEs of a unit are in a .dwo file, which libdw finds. */
static bool unit_root(Dwarf *dwarf, uint64_t offset, Dwarf_Die *ret)
{
	Dwarf_Die skeleton, split;
	uint8_t type;

	if (!dwarf_offdie(dwarf, offset, &skeleton))
		return false;
	*ret = skeleton;
	if (!dwarf_cu_info(skeleton.cu, NULL, &type, NULL, &split, NULL, NULL, NULL) &&
	    type == DW_UT_skeleton && split.cu)
		*ret = split;
	return true;
}

static bool is_skipped(const struct unit_guard *guard, uint64_t offset)
{
	const uint64_t *units = guard->skipped;
	size_t i = search_first(guard->nr_skipped, n, units[n] >= offset);

	return i < guard->nr_skipped && units[i] == offset;
}

/*
 * Visit a unit, and let the guard know. list_units() has read this root DIE before,
 * so unit_root() finds it again.
 */
static struct error *visit_guarded(const struct image *image, Dwarf *dwarf, uint64_t offset,
				   unit_visitor *visit, void *arg)
{
	const struct unit_guard *guard = image->guard;
	Dwarf_Die die;

	if (guard && is_skipped(guard, offset))
		return NULL;
	if (guard)
		guard->begin(guard->arg, 0, offset, NULL);
	if (unit_root(dwarf, offset, &die)) {
		if (guard)
			guard->begin(guard->arg, 0, offset, dwarf_diename(&die));
		struct error *err = visit(&die, arg);
		if (err)
			return err;
	}
	if (guard)
		guard->end(guard->arg, 0);
	return NULL;
}

static struct error *visit_units(const struct image *image, const struct address_vector *units,
				 const struct log *log, const char *what, unit_visitor *visit,
				 void *arg)
{
	struct dwarf_session session = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; !err && i < units->len; i++) {
		if (i % UNITS_PER_SESSION == 0) {
			dwarf_session_deinit(&session);
			err = dwarf_session_init(&session, image);
			log_progress(log, what, i, units->len);
		}
		if (!err)
			err = visit_guarded(image, session.dwarf, units->data[i], visit, arg);
	}
	dwarf_session_deinit(&session);
	log_progress(log, what, units->len, units->len);
	return err;
}

struct error *dwarf_visit_units(const struct image *image, const struct log *log, const char *what,
				unit_visitor *visit, void *arg)
{
	struct address_vector units = VECTOR_INIT;

	struct error *err = list_units(image, log, &units);
	if (!err)
		err = visit_units(image, &units, log, what, visit, arg);
	address_vector_deinit(&units);
	return err;
}
