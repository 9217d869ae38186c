// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: take any bytes as a file of /proc, /sys or /boot, or as an event of the kernel. The
 * first byte is a letter that says which; the rest is the file.
 */
#include "base/tests/fuzz_main.h"

#include "base/build_id.h"
#include "base/cleanup.h"
#include "base/tests/fuzz_files.h"
#include "collect/machine/identity.h"
#include "collect/machine/kernel_config.h"
#include "collect/machine/module_watch.h"
#include "collect/machine/vmcoreinfo.h"

static struct identity_options options;

static void put(const char *path, const void *data, size_t size)
{
	char full[128];

	fuzz_write(path, data, size, full);
}

static void make_root(void)
{
	static const char address[] = "0xffffffffc0000000\n";

	if (options.root)
		return;
	options.root = fuzz_directory();
	put("sys/module/first/sections/.text", address, sizeof(address) - 1);
	put("sys/module/first/coresize", "4096\n", 5);
	put("sys/module/second/sections/.text", address, sizeof(address) - 3);
}

static void try_kallsyms(void)
{
	static const char *const names[] = { "__x64_sys_getpid", "pid_vnr", "a", "" };
	uint64_t pcs[16], offset, end;
	struct kallsyms *k;
	size_t nr = 0;

	struct error *err = kallsyms_load(&options, &k);
	if (err) {
		error_destroy(err);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		uint64_t start;

		if (!kallsyms_find(k, names[i], &start, &end))
			continue;
		if (end <= start)
			abort();
		pcs[nr++] = start + 1;
		pcs[nr++] = end - ((uint64_t)2 << 20);
	}
	err = identity_kaslr_offset(pcs, nr, k, &offset);
	if (!err && offset % ((uint64_t)2 << 20))
		abort();
	error_destroy(err);
	kallsyms_destroy(k);
}

static void try_modules(void)
{
	struct run_module_vector modules = VECTOR_INIT;

	error_destroy(identity_modules(&options, 0, &modules));
	for (size_t i = 1; i < modules.len; i++)
		if (modules.data[i].base < modules.data[i - 1].base)
			abort();
	vector_for_each(&modules, module)
		run_module_deinit(module);
	run_module_vector_deinit(&modules);
}

/* Every file of one module, and of the kernel, with the same content. */
static void try_attributes(const void *data, size_t size)
{
	static const char *const paths[] = {
		"sys/module/all/sections/.text",
		"sys/module/all/sections/.init.text",
		"sys/module/all/notes/.note.gnu.build-id",
		"sys/module/all/coresize",
		"sys/kernel/notes",
		"proc/sys/kernel/osrelease",
		"proc/sys/kernel/version",
	};
	struct run_module module;
	struct run_meta meta = { 0 };
	struct build_id id;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		put(paths[i], data, size);
	if (identity_module(&options, "all", 0, &module) || !module.name ||
	    identity_kernel(&options, &meta))
		abort();
	run_module_deinit(&module);
	run_meta_deinit(&meta);
	_cleanup_free_ void *notes = fuzz_text(data, size);
	if (build_id_from_notes(notes, size, &id) && (!id.size || id.size > BUILD_ID_MAX))
		abort();
}

static void try_config(void)
{
	struct kernel_config *config;

	struct error *err = kernel_config_load(&options, "none", &config);
	if (err) {
		error_destroy(err);
		return;
	}
	if (!kernel_config_get(config, "CONFIG_KCOV") || !kernel_config_path(config))
		abort();
	kernel_config_destroy(config);
}

static void try_event(const void *data, size_t size)
{
	_cleanup_free_ char *copy = malloc(size ? size : 1);
	char name[64];

	if (!copy)
		abort();
	memcpy(copy, data, size);
	if (module_watch_parse(copy, size, name, sizeof(name)) && !identity_is_module_name(name))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t offset;

	if (!size)
		return 0;
	make_root();
	const uint8_t *file = data + 1;
	switch (size--, data[0]) {
	case 'k':
		put("proc/kallsyms", file, size);
		try_kallsyms();
		break;
	case 'm':
		put("proc/modules", file, size);
		try_modules();
		break;
	case 'a':
		try_attributes(file, size);
		break;
	case 'c':
		put("proc/config.gz", file, size);
		try_config();
		break;
	case 'v':
		put("proc/kcore", file, size);
		error_destroy(vmcoreinfo_kaslr_offset(&options, &offset));
		break;
	case 'e':
		try_event(file, size);
		break;
	}
	return 0;
}
