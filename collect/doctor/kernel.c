// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks configuration, debugfs, build id and compiler: all that does not need the device. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/strbuf.h"
#include "collect/doctor/checks.h"

#define TEXT_MAX ((size_t)1 << 20)

/* The options that matter, in the order in which they have to be enabled. */
static const struct option_row {
	const char *name;
	const char *needs;	    /* checked only if this option is set; NULL = always */
	enum doctor_status missing; /* status of the finding if the option is off */
	const char *lacking;	    /* the effect in that case */
	const char *remedy;
} option_rows[] = {
	{ "CONFIG_KCOV", NULL, DOCTOR_PROBLEM, "the kernel is built without KCOV",
	  "boot a kernel built with CONFIG_KCOV=y, or let 'kcovreport collect --vm' do it" },
	{ "CONFIG_KCOV_INSTRUMENT_ALL", "CONFIG_KCOV", DOCTOR_WARNING,
	  "only directories with KCOV_INSTRUMENT := y in their Makefile are instrumented",
	  "build the kernel with CONFIG_KCOV_INSTRUMENT_ALL=y" },
	{ "CONFIG_DEBUG_FS", NULL, DOCTOR_PROBLEM, "the kernel is built without debugfs",
	  "boot a kernel built with CONFIG_DEBUG_FS=y" },
	{ "CONFIG_DEBUG_INFO", NULL, DOCTOR_WARNING,
	  "the kernel is built without debug information, so no report can name lines",
	  "build the kernel with CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y" },
};

static void check_options(struct doctor *d)
{
	if (!d->config) {
		doctor_add(d, DOCTOR_UNKNOWN, "configuration", NULL,
			   "no /proc/config.gz, and no configuration of kernel '%s' is installed",
			   d->meta.release ? d->meta.release : "?");
		return;
	}
	for (size_t i = 0; i < sizeof(option_rows) / sizeof(*option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		const char *path = kernel_config_path(d->config);

		if (row->needs && kernel_config_get(d->config, row->needs) != 'y')
			continue;
		if (kernel_config_get(d->config, row->name) == 'y')
			doctor_add(d, DOCTOR_OK, row->name, NULL, "set in '%s'", path);
		else
			doctor_add(d, row->missing, row->name, row->remedy, "%s (not set in '%s')",
				   row->lacking, path);
	}
}

/* "DEVICE MOUNTPOINT TYPE ..." */
static bool is_debugfs_line(char *line)
{
	strsep(&line, " ");
	char *where = strsep(&line, " ");
	char *type = strsep(&line, " ");

	return type && !strcmp(where, "/sys/kernel/debug") && !strcmp(type, "debugfs");
}

static void check_debugfs(struct doctor *d)
{
	_cleanup_free_ char *mounts = doctor_read(d, "/proc/mounts", TEXT_MAX);
	char *rest = mounts;

	for (char *line; (line = strsep(&rest, "\n"));)
		if (is_debugfs_line(line)) {
			doctor_add(d, DOCTOR_OK, "debugfs", NULL, "mounted at '/sys/kernel/debug'");
			return;
		}
	if (mounts)
		doctor_add(d, DOCTOR_PROBLEM, "debugfs",
			   "mount -t debugfs none /sys/kernel/debug, as root",
			   "debugfs is not mounted at '/sys/kernel/debug'");
	else
		doctor_add(d, DOCTOR_UNKNOWN, "debugfs", NULL, "cannot read '/proc/mounts'");
}

void doctor_check_kernel(struct doctor *d)
{
	char hex[BUILD_ID_HEX_SIZE];

	doctor_add(d, DOCTOR_INFO, "kernel", NULL, "%s %s, %s",
		   d->meta.release ? d->meta.release : "?", d->meta.version ? d->meta.version : "?",
		   d->meta.machine ? d->meta.machine : "?");
	check_options(d);
	check_debugfs(d);
	if (d->meta.build_id.size)
		doctor_add(d, DOCTOR_OK, "build id", NULL, "%s",
			   build_id_format(&d->meta.build_id, hex));
	else
		doctor_add(
			d, DOCTOR_WARNING, "build id",
			"mount sysfs at /sys, and link the kernel with --build-id",
			"no build id in '/sys/kernel/notes', so no vmlinux can be checked against "
			"this kernel");
}

/* The major number in "... gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld ..."; 0 = not gcc. */
static unsigned int gcc_major(const char *version)
{
	_cleanup_free_ char *compiler = NULL;
	const char *gcc = strstr(version, "gcc");
	uint64_t major;

	if (!gcc || strstr(version, "clang version"))
		return 0;
	/* The version is before the linker's name, or at the end of the brackets. */
	const char *end = strstr(gcc, ", ");
	if (!end)
		end = strstr(gcc, ") #");
	compiler = strndup(gcc, end ? (size_t)(end - gcc) : strcspn(gcc, "\n"));
	if (!compiler)
		return 0;
	char *number = strrchr(compiler, ' ');
	if (!number)
		return 0;
	number++;
	number[strcspn(number, ".)")] = '\0';
	return parse_u64(number, 10, 1000, &major) ? major : 0;
}

void doctor_check_compiler(struct doctor *d)
{
	_cleanup_free_ char *version = doctor_read(d, "/proc/version", TEXT_MAX);
	unsigned int major;

	if (!version)
		return;
	major = gcc_major(version);
	/* GCC PR 90746, fixed in gcc 14. */
	if (major && major < 14)
		doctor_add(
			d, DOCTOR_INFO, "compiler", NULL,
			"gcc %u makes some functions jump to the coverage callback: about 4%% of "
			"the PCs are then in their callers, which reports account for",
			major);
	else if (major)
		doctor_add(d, DOCTOR_OK, "compiler", NULL, "gcc %u", major);
	else
		doctor_add(d, DOCTOR_OK, "compiler", NULL, "%s",
			   strstr(version, "clang") ? "clang" : "not gcc");
}
