// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz entry: take any text as syz-manager's list of modules, and sort what was read. */
#include "base/tests/fuzz_main.h"

#include "base/cleanup.h"
#include "base/tests/fuzz_files.h"
#include "run/syz_modules.h"

static void check_sorted(const struct run_module_vector *modules)
{
	for (size_t i = 0; i < modules->len; i++) {
		const struct run_module *m = &modules->data[i];

		if (!m->name[0] || strchr(m->name, '-') || (i && m->base < m[-1].base))
			abort();
		if (i && m[-1].size > m->base - m[-1].base)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);
	struct run_module_vector modules = VECTOR_INIT;

	struct error *err = syz_modules_read(text, "modules", &modules);
	if (!err)
		err = syz_modules_sort(&modules);
	if (!err)
		check_sorted(&modules);
	error_destroy(err);
	vector_for_each(&modules, module)
		run_module_deinit(module);
	run_module_vector_deinit(&modules);
	return 0;
}
