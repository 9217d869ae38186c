// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the checks in order and keeps their findings. */
#include "collect/doctor/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "collect/doctor/checks.h"

void doctor_add(struct doctor *d, enum doctor_status status, const char *check, const char *remedy,
		const char *format, ...)
{
	struct doctor_finding finding = { .check = check, .status = status };
	va_list ap;

	va_start(ap, format);
	int n = vasprintf(&finding.text, format, ap);
	va_end(ap);
	if (n < 0)
		finding.text = NULL;
	finding.remedy = remedy ? strdup(remedy) : NULL;
	if (finding.text && (finding.remedy || !remedy) &&
	    doctor_finding_vector_append(&d->report->findings, &finding))
		return;
	d->failed = true;
	free(finding.text);
	free(finding.remedy);
}

void doctor_add_error(struct doctor *d, enum doctor_status status, const char *check,
		      struct error *err)
{
	const char *colon = err->errnum ? ": " : "";
	const char *text = err->errnum ? strerror(err->errnum) : "";

	if (err->code == ERROR_NO_MEMORY)
		d->failed = true;
	doctor_add(d, status, check, err->hint, "%s%s%s", err->message, colon, text);
	error_destroy(err);
}

char *doctor_read(struct doctor *d, const char *path, size_t limit)
{
	_cleanup_free_ char *full = identity_path(&d->identity, path);
	_cleanup_error_ struct error *err = NULL;
	char *text = NULL;

	err = full ? file_read(full, limit, &text, NULL) : &error_no_memory;
	if (err && err->code == ERROR_NO_MEMORY)
		d->failed = true;
	return text;
}

static void load_config(struct doctor *d)
{
	struct error *err = kernel_config_load(&d->identity, d->meta.release ? d->meta.release : "",
					       &d->config);

	if (err && err->code == ERROR_NO_MEMORY)
		d->failed = true;
	error_destroy(err);
}

/* The device works, so a configuration without KCOV belongs to another kernel. */
static void forgive_config(struct doctor *d)
{
	vector_for_each(&d->report->findings, finding) {
		char *text;

		if (finding->status != DOCTOR_PROBLEM ||
		    !string_starts_with(finding->check, "CONFIG_"))
			continue;
		if (asprintf(&text, "ignored, since KCOV works on this kernel: %s", finding->text) <
		    0) {
			d->failed = true;
			return;
		}
		free(finding->text);
		free(steal_ptr(&finding->remedy));
		finding->text = text;
		finding->status = DOCTOR_INFO;
	}
}

static struct error *run_checks(struct doctor *d)
{
	struct error *err = identity_kernel(&d->identity, &d->meta);

	if (err)
		return err;
	load_config(d);
	doctor_check_kernel(d);
	doctor_check_device(d);
	if (d->records)
		forgive_config(d);
	doctor_check_remote(d);
	doctor_check_ptrace(d);
	doctor_check_compiler(d);
	doctor_check_vmlinux(d);
	return d->failed ? &error_no_memory : NULL;
}

struct error *doctor_run(const struct doctor_options *options, struct doctor_report **ret)
{
	static const struct doctor_options none;
	struct doctor d = { .options = options ? options : &none };

	d.identity.root = d.options->root;
	d.report = calloc(1, sizeof(*d.report));
	if (!d.report)
		return &error_no_memory;
	struct error *err = run_checks(&d);
	kernel_config_destroy(d.config);
	run_meta_deinit(&d.meta);
	if (err)
		doctor_report_destroy(d.report);
	else
		*ret = d.report;
	return err;
}

void doctor_report_destroy(struct doctor_report *report)
{
	if (!report)
		return;
	vector_for_each(&report->findings, finding) {
		free(finding->text);
		free(finding->remedy);
	}
	doctor_finding_vector_deinit(&report->findings);
	free(report);
}

size_t doctor_count_problems(const struct doctor_report *report)
{
	size_t n = 0;

	vector_for_each(&report->findings, finding)
		n += finding->status == DOCTOR_PROBLEM;
	return n;
}

const char *doctor_status_name(enum doctor_status status)
{
	switch (status) {
	case DOCTOR_OK:
		return "ok";
	case DOCTOR_INFO:
		return "info";
	case DOCTOR_UNKNOWN:
		return "unknown";
	case DOCTOR_WARNING:
		return "warning";
	case DOCTOR_PROBLEM:
		return "problem";
	}
	return "?";
}

struct error *doctor_verdict(void)
{
	struct doctor_report *report;

	struct error *err = doctor_run(NULL, &report);
	if (err)
		return err;
	vector_for_each(&report->findings, finding) {
		if (finding->status != DOCTOR_PROBLEM)
			continue;
		err = error_create(ERROR_UNSUPPORTED, "%s", finding->text);
		if (finding->remedy)
			err = error_hint(err, "%s", finding->remedy);
		break;
	}
	doctor_report_destroy(report);
	return err;
}
