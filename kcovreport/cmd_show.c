// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport show: prints a source file with its coverage in the margin. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/report.h"
#include "kcovreport/report_args.h"

static const char doc[] =
	"Print a source file, or one function of it, with the coverage of run files (./kcov.data) "
	"in the margin.\v"
	"The margin of a line shows how often it was executed, and its state: + hit, ~ partial, - "
	"missed. After the line number, T and F say that the condition of an if or a loop was "
	"true, "
	"and that it was false (- it never was). Where that is not known, and where a condition "
	"has "
	"several operands, there are two signs for each conditional jump that was reached: whether "
	"it jumped, and whether it fell through (+ yes, - no, ? not known).\n\n"
	"FILE is the end of a path, as in fs/namei.c or namei.c.\n\n"
	"Examples:\n"
	"  kcovreport show fs/namei.c:do_unlinkat\n"
	"  kcovreport show kernel/fork.c before.kcov after.kcov | less";

struct arguments {
	struct report_arguments common;
	struct report_selection selection;
};

static void set_selection(struct arguments *a, char *arg)
{
	char *colon = strrchr(arg, ':');

	if (colon)
		*colon = '\0';
	a->selection.file = arg;
	a->selection.function = colon ? colon + 1 : NULL;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->common;
		break;
	case ARGP_KEY_ARG:
		if (!a->selection.file)
			set_selection(a, arg);
		else
			report_arguments_add_file(&a->common, arg);
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no source file to show");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &report_argp, 0, NULL, 0 }, { 0 } };
static const struct argp argp = { NULL, parse_option, "FILE[:FUNCTION] [RUN...]", doc, children,
				  NULL, NULL };

int cmd_show(int argc, char **argv)
{
	struct arguments a = { 0 };

	parse_options(&argp, argc, argv, 0, &a);
	/* Many programs honour this variable: https://no-color.org */
	const char *no_color = getenv("NO_COLOR");
	a.selection.color = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	struct error *err = report_arguments_finish(&a.common);
	if (!err)
		err = report_show(&a.common.report, &a.selection);
	report_arguments_deinit(&a.common);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
