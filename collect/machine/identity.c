// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the identity of the kernel and of its modules from sysfs and procfs. */
#include "collect/machine/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/parse.h"

#define NOTES_MAX   ((size_t)1 << 20)
#define LINE_LIMIT  ((size_t)64 << 10)
#define MODULES_MAX ((size_t)16 << 20)

char *identity_path(const struct identity_options *options, const char *path)
{
	char *full;

	if (!options || !options->root)
		return strdup(path);
	return asprintf(&full, "%s%s", options->root, path) < 0 ? NULL : full;
}

/* A file below the root. */
static struct error *read_below(const struct identity_options *options, const char *path,
				size_t limit, char **ret, size_t *ret_len)
{
	_cleanup_free_ char *full = identity_path(options, path);

	return full ? file_read(full, limit, ret, ret_len) : &error_no_memory;
}

/* The first line of a file, or NULL if there is no such file. */
static struct error *read_line(const struct identity_options *options, const char *path, char **ret)
{
	char *text = NULL;
	struct error *err = read_below(options, path, LINE_LIMIT, &text, NULL);

	if (err && err->code == ERROR_NO_MEMORY)
		return err;
	error_destroy(err);
	if (text)
		text[strcspn(text, "\n")] = '\0';
	*ret = text;
	return NULL;
}

/* Sets size 0 if there is no such file, or no such note in it. */
static struct error *read_build_id(const struct identity_options *options, const char *path,
				   struct build_id *ret)
{
	_cleanup_free_ char *notes = NULL;
	struct build_id id = { 0 };
	size_t len;

	struct error *err = read_below(options, path, NOTES_MAX, &notes, &len);
	if (err && err->code == ERROR_NO_MEMORY)
		return err;
	if (!err && !build_id_from_notes(notes, len, &id))
		id.size = 0;
	error_destroy(err);
	*ret = id;
	return NULL;
}

/* Takes s. */
static struct error *set_string(char **member, char *s)
{
	free(*member);
	*member = s;
	return s ? NULL : &error_no_memory;
}

static struct error *read_names(const struct identity_options *options, struct run_meta *meta)
{
	_cleanup_free_ char *release = NULL, *version = NULL;

	struct error *err = read_line(options, "/proc/sys/kernel/osrelease", &release);
	if (!err)
		err = read_line(options, "/proc/sys/kernel/version", &version);
	if (err)
		return err;
	free(meta->release);
	free(meta->version);
	meta->release = steal_ptr(&release);
	meta->version = steal_ptr(&version);
	return NULL;
}

struct error *identity_kernel(const struct identity_options *options, struct run_meta *meta)
{
	struct utsname u;
	struct error *err;

	if (uname(&u))
		return error_errno(errno, "cannot get the kernel's name");
	err = set_string(&meta->machine, strdup(u.machine));
	if (!err && options && options->root) {
		err = read_names(options, meta);
	} else if (!err) {
		err = set_string(&meta->release, strdup(u.release));
		if (!err)
			err = set_string(&meta->version, strdup(u.version));
	}
	return err ? err : read_build_id(options, "/sys/kernel/notes", &meta->build_id);
}

/* Returns 0 if the file is missing or its value hidden. */
static struct error *read_number(const struct identity_options *options, const char *path, int base,
				 uint64_t *ret)
{
	_cleanup_free_ char *line = NULL;

	*ret = 0;
	struct error *err = read_line(options, path, &line);
	if (!err && line)
		parse_u64(line, base, UINT64_MAX, ret);
	return err;
}

/* The address in a line of /proc/modules, "NAME SIZE REFERENCES USERS STATE ADDRESS"; 0 = none. */
static uint64_t address_of_line(char *line, const char *name)
{
	char *words[6];
	uint64_t address = 0;

	for (int i = 0; i < 6; i++)
		words[i] = strsep(&line, " ");
	if (words[5] && !strcmp(words[0], name))
		parse_u64(words[5], 16, UINT64_MAX, &address);
	return address;
}

/* Where /proc/modules says that the module is; 0 if it does not say, or the address is hidden. */
static struct error *read_core(const struct identity_options *options, const char *name,
			       uint64_t *ret)
{
	_cleanup_free_ char *text = NULL;

	*ret = 0;
	struct error *err = read_below(options, "/proc/modules", MODULES_MAX, &text, NULL);
	if (err && err->code == ERROR_NO_MEMORY)
		return err;
	error_destroy(err);
	char *rest = text;
	for (char *line; !*ret && (line = strsep(&rest, "\n"));)
		*ret = address_of_line(line, name);
	return NULL;
}

/*
 * Sysfs has no file for an empty section (Linux kernel/module/sysfs.c, sect_empty()). The files of
 * sections are made before those of notes: a module with a note and without .text has an empty one.
 */
static struct error *has_empty_text(const struct identity_options *directory,
				    const struct run_module *module, bool *ret)
{
	_cleanup_free_ char *path = identity_path(directory, "/sections/.text");

	if (!path)
		return &error_no_memory;
	*ret = module->build_id.size && access(path, F_OK) && errno == ENOENT;
	return NULL;
}

/*
 * Read the directory of a module in sysfs. Unloading removes the attributes before the notes and
 * the sections (kernel/module/sysfs.c, mod_sysfs_teardown()). coresize is read last: if it is
 * there, no other file was missing because of unloading.
 */
static struct error *read_module(const struct identity_options *options, const char *name,
				 const struct identity_options *directory, uint64_t kaslr_offset,
				 struct run_module *ret)
{
	uint64_t text = 0, init = 0;
	bool empty = false;

	struct error *err = read_build_id(directory, "/notes/.note.gnu.build-id", &ret->build_id);
	if (!err)
		err = read_number(directory, "/sections/.text", 16, &text);
	if (!err)
		err = read_number(directory, "/sections/.init.text", 16, &init);
	if (!err && !text)
		err = has_empty_text(directory, ret, &empty);
	/* .text comes first: an empty one is where the code of the module begins. */
	if (!err && empty)
		err = read_core(options, name, &text);
	if (!err)
		err = read_number(directory, "/coresize", 10, &ret->size);
	if (err)
		return err;
	ret->base = text ? text - kaslr_offset : 0;
	ret->init_base = init ? init - kaslr_offset : 0;
	return NULL;
}

struct error *identity_module(const struct identity_options *options, const char *name,
			      uint64_t kaslr_offset, struct run_module *ret)
{
	_cleanup_free_ char *below = NULL, *path = NULL;
	struct run_module module = { 0 };
	char root[32];

	if (asprintf(&below, "/sys/module/%s", name) < 0 || !(path = identity_path(options, below)))
		return &error_no_memory;
	_cleanup_close_ int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	*ret = module;
	if (fd < 0)
		return NULL;
	/*
	 * Read all files through one fd: they then belong to one load, since a module of the same
	 * name that is loaded later has another directory.
	 */
	snprintf(root, sizeof(root), "/proc/self/fd/%d", fd);
	const struct identity_options directory = { .root = root };
	struct error *err = read_module(options, name, &directory, kaslr_offset, &module);
	if (err)
		return err;
	module.name = strdup(name);
	if (!module.name)
		return &error_no_memory;
	*ret = module;
	return NULL;
}

static struct error *add_module(const struct identity_options *options, const char *name,
				uint64_t size, uint64_t kaslr_offset, struct run_module_vector *ret)
{
	struct run_module module;

	struct error *err = identity_module(options, name, kaslr_offset, &module);
	if (err)
		return err;
	module.size = size;
	bool known = identity_is_module_known(&module);
	if (known && run_module_vector_append(ret, &module))
		return NULL;
	run_module_deinit(&module);
	return known ? &error_no_memory : NULL;
}

bool identity_is_module_known(const struct run_module *module)
{
	return module->base || module->init_base;
}

bool identity_is_module_name(const char *name)
{
	size_t len =
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

	return len && !name[len];
}

/* "NAME SIZE REFERENCES USERS STATE ADDRESS"; Linux kernel/module/procfs.c, m_show(). */
static struct error *parse_module(const struct identity_options *options, char *line,
				  uint64_t kaslr_offset, struct run_module_vector *ret)
{
	char *name = strsep(&line, " ");
	char *size_text = strsep(&line, " ");
	uint64_t size;

	if (!size_text || !identity_is_module_name(name) ||
	    !parse_u64(size_text, 10, UINT64_MAX, &size))
		return NULL;
	return add_module(options, name, size, kaslr_offset, ret);
}

static int compare_base(const void *a, const void *b)
{
	const struct run_module *x = a, *y = b;

	return x->base < y->base ? -1 : x->base > y->base;
}

static void sort_and_cut(struct run_module_vector *modules)
{
	if (!modules->len)
		return;
	qsort(modules->data, modules->len, sizeof(*modules->data), compare_base);
	for (size_t i = 0; i + 1 < modules->len; i++) {
		struct run_module *m = &modules->data[i];
		uint64_t room = modules->data[i + 1].base - m->base;

		if (room && m->size > room)
			m->size = room;
	}
}

struct error *identity_modules(const struct identity_options *options, uint64_t kaslr_offset,
			       struct run_module_vector *ret)
{
	_cleanup_free_ char *text = NULL;

	struct error *err = read_below(options, "/proc/modules", MODULES_MAX, &text, NULL);
	if (err && err->errnum == ENOENT) {
		error_destroy(err);
		return NULL;
	}
	char *rest = text;
	for (char *line; !err && (line = strsep(&rest, "\n"));)
		err = parse_module(options, line, kaslr_offset, ret);
	sort_and_cut(ret);
	return err;
}
