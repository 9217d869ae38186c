// SPDX-License-Identifier: GPL-2.0-or-later
/* Open and close libdw sessions over an image. */
#include "symbolize/image/dwarf_session.h"

#include "symbolize/image/private.h"

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
	if (!empty_supplement_init(&s.empty)) {
		dwarf_session_deinit(&s);
		return &error_no_memory;
	}
	if (image->alt.elf) {
		s.alt = dwarf_begin_elf(image->alt.elf, DWARF_C_READ, NULL);
		if (!s.alt) {
			dwarf_session_deinit(&s);
			return dwarf_error(image->alt.path, "shared debug info");
		}
		dwarf_setalt(s.alt, s.empty.dwarf);
	}
	dwarf_setalt(s.dwarf, s.alt ? s.alt : s.empty.dwarf);
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
	empty_supplement_deinit(&session->empty);
	*session = (struct dwarf_session){ 0 };
}
