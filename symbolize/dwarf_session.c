// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbolize/image_private.h"

struct error *dwarf_session_init(struct dwarf_session *session, const struct image *image)
{
	Elf *elf = image->debug.elf ? image->debug.elf : image->main.elf;
	struct dwarf_session s = { 0 };

	s.dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
	if (!s.dwarf)
		return dwarf_error(image, "debug info");
	if (image->alt.elf) {
		s.alt = dwarf_begin_elf(image->alt.elf, DWARF_C_READ, NULL);
		if (!s.alt) {
			dwarf_session_deinit(&s);
			return dwarf_error(image, "shared debug info");
		}
	}
	if (s.alt)
		dwarf_setalt(s.dwarf, s.alt);
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
