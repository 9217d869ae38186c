// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: read any bytes as MAINTAINERS, and look for some paths, and for the first line of the
 * bytes as one. Entries must be in order and without duplicates.
 */
#include "base/tests/fuzz_main.h"

#include <stdlib.h>
#include <string.h>

#include "render/maintainers.h"

static void check_entry(const struct maintainers_entry *entry)
{
	if (!*entry->title || !entry->line)
		abort();
	for (size_t i = 0; i < entry->nr_contacts; i++)
		if (strchr(entry->contacts[i], '\n') || *entry->contacts[i] == ' ' ||
		    !maintainers_entry_has(entry, entry->contacts[i]))
			abort();
}

static void look_for(const struct maintainers *m, const char *path, size_t nr_entries)
{
	_cleanup_(entry_vector_deinit) struct entry_vector all = VECTOR_INIT, some = VECTOR_INIT;
	struct error *err = maintainers_find(m, path, &all);

	if (!err)
		err = maintainers_find_subsystems(m, path, &some);
	if (err) {
		if (err->code != ERROR_FORMAT)
			abort();
		error_destroy(err);
		return;
	}
	for (size_t i = 0; i < all.len; i++)
		if (all.data[i] >= nr_entries || (i && all.data[i] <= all.data[i - 1]))
			abort();
	if (some.len > all.len || !some.len != !all.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "Makefile", "fs/open.c", "fs/ext4/inode.c",
					     "drivers/spi/spi-mt65xx.c", "aaaaaaaaaaaaaaaaaaaa/a" };
	_cleanup_maintainers_ struct maintainers *m = NULL;
	_cleanup_free_ char *line = strndup((const char *)data, size);
	size_t nr;
	struct error *err = maintainers_parse((const char *)data, size, "/", &m);

	if (!line)
		abort();
	if (err) {
		if (err->code != ERROR_FORMAT)
			abort();
		error_destroy(err);
		return 0;
	}
	line[strcspn(line, "\n")] = '\0';
	const struct maintainers_entry *entries = maintainers_entries(m, &nr);
	for (size_t i = 0; i < nr; i++)
		check_entry(&entries[i]);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		look_for(m, paths[i], nr);
	look_for(m, line, nr);
	return 0;
}
