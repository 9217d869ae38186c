// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport doctor: prints why this machine can or cannot collect coverage. */
#include <stdio.h>

#include "base/strbuf.h"
#include "collect/doctor/doctor.h"
#include "kcovreport/kcovreport.h"

static const char doc[] =
	"Check whether coverage can be collected on this machine, and say how to fix what prevents "
	"it.\v"
	"Each line has a status (ok, info, unknown, warning, problem), what was checked, and what "
	"was found. A line with -> says what to do. The exit status is 0 if there is no problem: "
	"then coverage can be collected.";

static const struct argp_option options[] = {
	{ "vmlinux", 'k', "FILE", 0, "check that FILE belongs to the running kernel" },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct doctor_options *o = state->input;

	switch (key) {
	case 'k':
		o->vmlinux = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Findings contain file names, which may contain any byte. */
static void print_masked(const char *before, char *text)
{
	string_mask_controls(text);
	printf("%s%s\n", before, text);
}

static void print_report(const struct doctor_report *report)
{
	size_t problems = doctor_count_problems(report);

	vector_for_each(&report->findings, finding) {
		printf("%-8s %-27s", doctor_status_name(finding->status), finding->check);
		print_masked(" ", finding->text);
		if (finding->remedy)
			print_masked("         -> ", finding->remedy);
	}
	if (problems)
		printf("\ncoverage cannot be collected: %zu problem%s\n", problems,
		       problems == 1 ? "" : "s");
	else
		printf("\ncoverage can be collected\n");
}

int cmd_doctor(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, NULL, doc };
	struct doctor_options o = { 0 };
	struct doctor_report *report;

	parse_options(&argp, argc, argv, 0, &o);
	struct error *err = doctor_run(&o, &report);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	print_report(report);
	bool healthy = doctor_count_problems(report) == 0;
	doctor_report_destroy(report);
	int status = finish_stdout();
	return healthy ? status : EXIT_FAILED;
}
