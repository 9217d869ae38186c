// SPDX-License-Identifier: GPL-2.0-or-later
/* Builds the command line of vm.sh, runs it, and checks the run file that it wrote. */
#include "kcovreport/vm.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "collect/collect.h"

DEFINE_VECTOR(argument_vector, char *);

/* The command line of vm.sh; everything in it is on the heap. */
struct command_line {
	struct argument_vector arguments;
	bool failed;
};

static void command_line_deinit(struct command_line *line)
{
	vector_for_each(&line->arguments, a)
		free(*a);
	argument_vector_deinit(&line->arguments);
}

static void add(struct command_line *line, const char *argument)
{
	char *copy = strdup(argument);

	if (!copy || !argument_vector_append(&line->arguments, &copy)) {
		free(copy);
		line->failed = true;
	}
}

static void add_option(struct command_line *line, const char *option, const char *value)
{
	if (!value)
		return;
	add(line, option);
	add(line, value);
}

/* vm.sh is next to the program in the build tree, and in libexec if installed. */
static struct error *find_vm_script(const char *self, char **ret)
{
	static const char *const places[] = { "vm/vm.sh", "../libexec/kcovreport/vm.sh" };
	_cleanup_free_ char *copy = strdup(self);

	if (!copy)
		return &error_no_memory;
	const char *directory = dirname(copy);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", directory, places[i]) < 0) {
			path = NULL;
			return &error_no_memory;
		}
		if (access(path, X_OK) == 0) {
			*ret = steal_ptr(&path);
			return NULL;
		}
	}
	return error_hint(error_create(ERROR_NOT_FOUND, "no vm.sh beside '%s'", self),
			  "run kcovreport from its build tree, or 'make install' it");
}

/* The directory of the run file, and its absolute path. */
static struct error *resolve_output(const char *output, char **ret_directory, char **ret_path)
{
	_cleanup_free_ char *copy = strdup(output), *copy2 = strdup(output);
	_cleanup_free_ char *path = NULL;

	if (!copy || !copy2)
		return &error_no_memory;
	_cleanup_free_ char *directory = realpath(dirname(copy), NULL);
	if (!directory)
		return error_errno(errno, "cannot write '%s'", output);
	if (asprintf(&path, "%s/%s", strcmp(directory, "/") ? directory : "", basename(copy2)) <
	    0) {
		path = NULL;
		return &error_no_memory;
	}
	*ret_directory = steal_ptr(&directory);
	*ret_path = steal_ptr(&path);
	return NULL;
}

/* The caller's ids, in the form that collect --user accepts. */
static struct error *caller_user(char **ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	int n = getgroups(0, NULL);
	_cleanup_free_ gid_t *groups = array_realloc(NULL, n > 0 ? n : 1, sizeof(*groups));

	if (!groups)
		return &error_no_memory;
	n = getgroups(n > 0 ? n : 0, groups);
	strbuf_addf(&sb, "%u:%u", getuid(), getgid());
	for (int i = 0; i < n; i++)
		strbuf_addf(&sb, ":%u", groups[i]);
	return strbuf_steal(&sb, ret);
}

static void add_guest_command(struct command_line *line, const struct vm_collect *vm,
			      const char *self, const char *output, const char *user)
{
	add(line, self);
	add(line, "collect");
	add_option(line, "-o", output);
	add_option(line, "--user", vm->has_user ? NULL : user);
	for (size_t i = 0; i < vm->nr_options; i++)
		add(line, vm->options[i]);
	add(line, "--");
	for (char **a = vm->argv; *a; a++)
		add(line, *a);
}

static bool is_in(const char *path, const char *directory)
{
	size_t n = strlen(directory);

	return !strncmp(path, directory, n) && (!path[n] || path[n] == '/');
}

/* Is the directory, or one that it is in, already in the line? */
static bool is_shared(const struct command_line *line, const char *path)
{
	for (size_t i = 1; i < line->arguments.len; i++)
		if (!strcmp(line->arguments.data[i - 1], "--share") &&
		    is_in(path, line->arguments.data[i]))
			return true;
	return false;
}

static struct error *share(struct command_line *line, const char *directory)
{
	_cleanup_free_ char *path = realpath(directory, NULL);

	if (!path)
		return error_errno(errno, "cannot share '%s' with the virtual machine", directory);
	/* It would hide the machine's own /proc, /sys and /dev. */
	if (!strcmp(path, "/"))
		return error_hint(
			error_create(ERROR_INVALID, "cannot share '/' with the virtual machine"),
			"run collect in another directory, and name one with -o");
	if (!is_shared(line, path))
		add_option(line, "--share", path);
	return NULL;
}

static struct error *add_shares(struct command_line *line, const struct vm_collect *vm,
				const char *directory)
{
	struct error *err = share(line, directory);

	if (!err)
		err = share(line, ".");
	for (size_t i = 0; !err && i < vm->nr_shares; i++)
		err = share(line, vm->shares[i]);
	return err;
}

struct error *vm_collect(const struct vm_collect *vm, int *ret)
{
	__attribute__((__cleanup__(command_line_deinit))) struct command_line line = { 0 };
	_cleanup_free_ char *self = realpath("/proc/self/exe", NULL);
	_cleanup_free_ char *script = NULL, *directory = NULL, *output = NULL, *user = NULL;
	char *end = NULL;

	if (!self)
		return error_errno(errno, "cannot find this program");
	/* A pipe or a device of that name is another one there. */
	if (vm->lock_fd < 0)
		return error_create(ERROR_INVALID,
				    "the run file is written in the machine, but '%s' is not a "
				    "regular file",
				    vm->output);
	struct error *err = find_vm_script(self, &script);
	if (!err)
		err = resolve_output(vm->output, &directory, &output);
	if (!err)
		err = caller_user(&user);
	if (err)
		return err;
	add(&line, script);
	add_option(&line, "--kernel", vm->kernel);
	add_option(&line, "--append", vm->from_boot ? "kcov_boot" : NULL);
	err = add_shares(&line, vm, directory);
	if (err)
		return err;
	add(&line, "--root");
	add(&line, "--");
	add_guest_command(&line, vm, self, output, user);
	if (line.failed || !argument_vector_append(&line.arguments, &end))
		return &error_no_memory;
	if (vm->lock_fd >= 0)
		fcntl(vm->lock_fd, F_SETFD, 0);
	return collect_run_plain(line.arguments.data, ret);
}
