// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks the KCOV device: uses it as a collection does, and finds out what only the
 * device can tell. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "collect/doctor/checks.h"
#include "collect/kcov/contexts.h"
#include "collect/kcov/kcov.h"
#include "collect/kcov/kcov_set.h"
#include "collect/machine/vmcoreinfo.h"

#define PROBE_WORDS ((size_t)4096)
#define PROBE_PCS   ((size_t)256)
#define TEXT_MAX    ((size_t)64 << 10)

/* EPERM for root: a security policy forbids it. */
static const char *why_forbidden(struct doctor *d)
{
	_cleanup_free_ char *lockdown = doctor_read(d, "/sys/kernel/security/lockdown", TEXT_MAX);
	_cleanup_free_ char *cmdline = doctor_read(d, "/proc/cmdline", TEXT_MAX);

	if (lockdown && !strstr(lockdown, "[none]") && strchr(lockdown, '['))
		return "the kernel is locked down, which forbids debugfs: boot without lockdown= "
		       "and with Secure Boot off";
	if (cmdline && (strstr(cmdline, "debugfs=off") || strstr(cmdline, "debugfs=no-mount")))
		return "remove debugfs= from the kernel command line";
	return "run as root, outside of containers";
}

static void check_open(struct doctor *d, int *ret)
{
	_cleanup_free_ char *path = identity_path(&d->identity, KCOV_DEVICE);

	if (!path) {
		d->failed = true;
		return;
	}
	struct error *err = kcov_device_open(path, ret);
	if (err && err->errnum == EPERM)
		err = error_hint(err, "%s", why_forbidden(d));
	else if (err && err->errnum == ENOENT)
		err = error_hint(err, doctor_count_problems(d->report)
					      ? "fix the problems above first"
					      : "boot a kernel built with CONFIG_KCOV=y");
	if (err)
		doctor_add_error(d, DOCTOR_PROBLEM, "device", err);
	else
		doctor_add(d, DOCTOR_OK, "device", NULL, "'%s' can be opened", path);
}

static void report_count(struct doctor *d, size_t nr_pcs)
{
	bool partial =
		d->config && kernel_config_get(d->config, "CONFIG_KCOV_INSTRUMENT_ALL") != 'y';

	if (nr_pcs)
		doctor_add(d, DOCTOR_OK, "recording", NULL, "one getpid() recorded %zu PCs",
			   nr_pcs);
	else
		doctor_add(d, partial ? DOCTOR_WARNING : DOCTOR_PROBLEM, "recording",
			   "build the kernel with CONFIG_KCOV_INSTRUMENT_ALL=y",
			   "one getpid() recorded no PC: system calls are not instrumented");
}

/* As a collection does: from what the kernel says, otherwise from the trace and the symbols. */
static void check_kaslr(struct doctor *d, const uint64_t *pcs, size_t nr_pcs)
{
	struct kallsyms *kallsyms = NULL;
	uint64_t offset;

	struct error *err = vmcoreinfo_kaslr_offset(&d->identity, &offset);
	if (!err) {
		doctor_add(d, DOCTOR_OK, "KASLR offset", NULL, "0x%" PRIx64 ", from '/proc/kcore'",
			   offset);
		return;
	}
	error_destroy(err);
	err = kallsyms_load(&d->identity, &kallsyms);
	if (err) {
		doctor_add_error(d, DOCTOR_WARNING, "kallsyms", err);
		return;
	}
	doctor_add(d, DOCTOR_OK, "kallsyms", NULL, "'/proc/kallsyms' shows addresses");
	err = nr_pcs ? identity_kaslr_offset(pcs, nr_pcs, kallsyms, &offset) : NULL;
	if (err)
		doctor_add_error(d, DOCTOR_WARNING, "KASLR offset",
				 error_hint(err, "only PCs of modules need it; boot with nokaslr "
						 "to do without"));
	else if (nr_pcs)
		doctor_add(d, DOCTOR_OK, "KASLR offset", NULL, "0x%" PRIx64 ", from a getpid()",
			   offset);
	kallsyms_destroy(kallsyms);
}

/*
 * As `collect` without --contexts does. Do not open the set of the whole system: `collect --boot`
 * could no longer get it.
 */
static void check_contexts(struct doctor *d, const char *path, const struct kcov_set *set)
{
	struct contexts contexts = { 0 };
	struct error *err = contexts_open(&contexts, path, 1, set, CONTEXTS_CERTAIN, false);

	if (err)
		doctor_add_error(d, DOCTOR_INFO, "contexts", err);
	else if (!contexts.nr)
		doctor_add(d, DOCTOR_INFO, "contexts", NULL,
			   "this kernel's KCOV records only what tasks execute themselves");
	for (size_t i = 0; i < contexts.nr; i++) {
		const struct context *context = &contexts.all[i];
		const char *name = run_kind_words(context->kind)->name;

		if (context->problem)
			doctor_add(d, DOCTOR_INFO, "contexts", NULL, "%s is not recorded: %s", name,
				   context->problem);
		else
			doctor_add(d, DOCTOR_OK, "contexts", NULL, "%s is recorded for tasks, too",
				   name);
	}
	contexts_close(&contexts);
}

/* As `collect --follow auto` does. */
static void check_set(struct doctor *d)
{
	_cleanup_free_ char *path = identity_path(&d->identity, KCOV_DEVICE);
	struct kcov_set set = KCOV_SET_CLOSED;

	if (!path) {
		d->failed = true;
		return;
	}
	struct error *err = kcov_set_open(path, 1, &set);
	d->follows = !err;
	if (!err) {
		doctor_add(d, DOCTOR_OK, "set", NULL,
			   "KCOV_INIT_SET works: the kernel follows tasks by itself");
		check_contexts(d, path, &set);
	} else if (err->code == ERROR_UNSUPPORTED) {
		doctor_add(d, DOCTOR_INFO, "set", NULL, "%s: ptrace follows tasks", err->message);
	} else {
		doctor_add(d, DOCTOR_INFO, "set", NULL, "%s: %s: ptrace follows tasks",
			   err->message, strerror(err->errnum));
	}
	kcov_set_close(&set);
	error_destroy(err);
}

void doctor_check_device(struct doctor *d)
{
	_cleanup_kcov_ struct kcov kcov = KCOV_CLOSED;
	_cleanup_close_ int fd = -1;
	uint64_t pcs[PROBE_PCS];
	size_t nr_pcs = 0;

	check_open(d, &fd);
	if (fd >= 0) {
		struct error *err = kcov_init_fd(fd, PROBE_WORDS, &kcov);

		if (err) {
			doctor_add_error(d, DOCTOR_PROBLEM, "buffer", err);
		} else {
			steal_fd(&fd);
			doctor_add(d, DOCTOR_OK, "buffer", NULL, "KCOV_INIT_TRACE and mmap() work");
			err = kcov_trace_getpid(&kcov, pcs, PROBE_PCS, &nr_pcs);
			if (err)
				doctor_add_error(d, DOCTOR_PROBLEM, "recording", err);
			else
				report_count(d, nr_pcs);
			check_set(d);
		}
	}
	d->records = nr_pcs > 0;
	check_kaslr(d, pcs, nr_pcs);
}
