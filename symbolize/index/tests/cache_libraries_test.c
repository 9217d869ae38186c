// SPDX-License-Identifier: GPL-2.0-or-later
/* An index belongs to the libdw and libelf that it was made with. */
#include "symbolize/index/tests/cache_fixture.h"

#include <link.h>

typedef int visitor(struct dl_phdr_info *info, size_t size, void *arg);

int __real_dl_iterate_phdr(visitor *visit, void *arg);
int __wrap_dl_iterate_phdr(visitor *visit, void *arg);

/* The library that is loaded besides the program. */
static const char *library_name;
static char library_id[] = "abcdefgh";

struct visit {
	visitor *visit;
	void *arg;
};

static int visit_first(struct dl_phdr_info *info, size_t size, void *arg)
{
	const struct visit *v = arg;

	v->visit(info, size, v->arg);
	return 1;
}

int __wrap_dl_iterate_phdr(visitor *visit, void *arg)
{
	struct {
		ElfW(Nhdr) header;
		char name[4], id[8];
	} note = { { 4, 8, NT_GNU_BUILD_ID }, "GNU", "" };
	const ElfW(Phdr)
		phdr = { .p_type = PT_NOTE, .p_vaddr = (uintptr_t)&note, .p_memsz = sizeof(note) };
	struct dl_phdr_info info = { .dlpi_name = library_name,
				     .dlpi_phdr = &phdr,
				     .dlpi_phnum = 1 };

	memcpy(note.id, library_id, sizeof(note.id));
	__real_dl_iterate_phdr(visit_first, &(struct visit){ visit, arg });
	return visit(&info, sizeof(info), arg);
}

static void test_upgraded(void **state)
{
	static const char *const names[] = { "/usr/lib/libdw.so.1", "libelf-0.188.so" };
	_cleanup_free_ char *one = NULL;

	(void)state;
	build_kernel("one", "gcc", "-g");
	one = expect(fixture("one"));
	for (size_t i = 0; i < 2; i++) {
		library_name = names[i];
		library_id[0]++;
		check_get(fixture("one"), one, false);
		check_get(fixture("one"), one, true);
		/* No note, and no warning. */
		assert_string_equal(logged, "");
	}
	/* The old one still has its index, and other libraries do not matter. */
	library_id[0]--;
	library_name = names[0];
	check_get(fixture("one"), one, true);
	library_name = "/usr/lib/libz.so.1";
	check_get(fixture("one"), one, false);
	library_id[0]++;
	check_get(fixture("one"), one, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_upgraded) };

	return cmocka_run_group_tests(tests, make_fixture_dir, remove_fixture_dir);
}
