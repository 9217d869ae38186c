// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport patch: says which lines of a diff were executed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/parse.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/patch.h"
#include "kcovreport/report_args.h"

enum { OPT_RUN = 256, OPT_GIT, OPT_JSON, OPT_MARKDOWN, OPT_MAIL, OPT_FAIL_UNDER };

static const struct argp_option options[] = {
	{ "run", OPT_RUN, "RUNFILE", 0,
	  "Take the coverage of this run file (./kcov.data; repeatable: counts are added up)", 0 },
	{ "git", OPT_GIT, "REV", 0,
	  "Take what the source tree changes since the revision REV, as git diff has it; of the "
	  "revision that the tree is, what that one changes; of A..B, what is between them",
	  0 },
	{ "json", OPT_JSON, NULL, 0, "Print JSON", 0 },
	{ "markdown", OPT_MARKDOWN, NULL, 0, "Print Markdown", 0 },
	{ "mail", OPT_MAIL, NULL, 0,
	  "Print text for a reply to the patch, of at most 72 columns: the summary, and the lines "
	  "that were not executed",
	  0 },
	{ "fail-under", OPT_FAIL_UNDER, "PERCENT", 0,
	  "Exit with 1 if fewer of the changed lines with code were executed", 0 },
	{ 0 },
};

static const char doc[] =
	"Print the lines of a diff with the coverage of run files in the margin. DIFF is a unified "
	"diff or a mail with one; several follow each other, as the patches of a series. '-', or "
	"no "
	"DIFF, is standard input.\v"
	"The margin of a changed line shows how often it was executed, and its state: + hit, ~ "
	"partial, - missed, ? not instrumented, x not built; a line without a sign has no code. "
	"After the line number, T and F say that its condition was true, and that it was false.\n\n"
	"Examples:\n"
	"  git diff master | kcovreport patch\n"
	"  kcovreport patch --run tests.kcov 0001-fs-check-the-flags.patch\n"
	"  kcovreport patch --git HEAD --fail-under 80";

struct arguments {
	struct report_arguments common;
	struct string_vector diffs;
	const char *revision;
	int format; /* OPT_JSON ... 0 = for a terminal */
	bool has_limit;
	uint64_t limit; /* tenths of a per cent */
};

static void set_format(struct arguments *a, int format, const struct argp_state *state)
{
	if (a->format && a->format != format)
		argp_error(state, "only one of --json, --markdown and --mail can be given");
	a->format = format;
}

/* "80" or "79.5" */
static void set_limit(struct arguments *a, char *arg, const struct argp_state *state)
{
	if (!percent_parse(arg, &a->limit))
		argp_error(state, "--fail-under takes a number from 0 to 100, not '%s'", arg);
	a->has_limit = true;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->common;
		break;
	case OPT_RUN:
		report_arguments_add_file(&a->common, arg);
		break;
	case OPT_GIT:
		if (a->revision)
			argp_error(state, "only one --git can be given");
		a->revision = arg;
		break;
	case OPT_JSON:
	case OPT_MARKDOWN:
	case OPT_MAIL:
		set_format(a, key, state);
		break;
	case OPT_FAIL_UNDER:
		set_limit(a, arg, state);
		break;
	case ARGP_KEY_ARG:
		if (!string_vector_append(&a->diffs, &(const char *){ arg }) && !a->common.err)
			a->common.err = &error_no_memory;
		break;
	case ARGP_KEY_END:
		if (a->revision && a->diffs.len)
			argp_error(state, "give either --git or a DIFF");
		if (!a->common.err && !a->revision && !a->diffs.len && isatty(STDIN_FILENO))
			argp_error(state, "no diff: give a DIFF, --git, or one on standard input");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &report_argp, 0, NULL, 0 }, { 0 } };
static const struct argp argp = { options, parse_option, "[DIFF...]", doc, children, NULL, NULL };

DEFINE_VECTOR(text_vector, struct diff_text);

/* Owns the texts. */
struct input {
	struct text_vector texts;
	struct diff *diff;
};

static void input_deinit(struct input *input)
{
	diff_destroy(input->diff);
	vector_for_each(&input->texts, text)
		free((char *)text->text);
	text_vector_deinit(&input->texts);
}

static struct error *add_text(struct input *input, char *text, size_t size, const char *name)
{
	const struct diff_text added = { text, size, name };

	if (text_vector_append(&input->texts, &added))
		return NULL;
	free(text);
	return &error_no_memory;
}

static struct error *read_diff(struct input *input, const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	size_t size;
	char *text;
	struct stat st;

	if (!is_stdin && !stat(name, &st) && S_ISDIR(st.st_mode))
		return error_create(ERROR_INVALID, "'%s' is a directory, not a diff", name);
	struct error *err = file_read(is_stdin ? "/dev/stdin" : name, DIFF_SIZE_MAX, &text, &size);
	if (err)
		return error_context(err, "diff");
	return add_text(input, text, size, is_stdin ? "standard input" : name);
}

static struct error *read_diffs(struct input *input, const struct string_vector *names)
{
	struct error *err = names->len ? NULL : read_diff(input, "-");

	for (size_t i = 0; !err && i < names->len; i++)
		err = read_diff(input, names->data[i]);
	return err ? err : diff_parse_texts(input->texts.data, input->texts.len, &input->diff);
}

static struct error *check_texts(const struct input *input)
{
	vector_for_each(&input->texts, t) {
		struct error *err = patch_check_text(t, input->diff);

		if (err)
			return error_hint(err, "run files are named with --run");
	}
	return NULL;
}

static bool has_sources(const struct diff *diff)
{
	for (size_t i = 0; i < diff->nr_files; i++)
		if (patch_is_source(diff->files[i].path))
			return true;
	return false;
}

static struct error *read_git(struct input *input, const struct arguments *a,
			      const struct view *view)
{
	size_t size;
	char *text;
	struct error *err = patch_run_git(view->root ? view->root : ".", a->revision, &text, &size);

	if (!err)
		err = add_text(input, text, size, NULL);
	return err ? err : diff_parse_texts(input->texts.data, input->texts.len, &input->diff);
}

static struct error *render(const struct arguments *a, const struct patch *patch)
{
	const char *no_color = getenv("NO_COLOR");
	bool color = isatty(STDOUT_FILENO) && !(no_color && *no_color);

	switch (a->format) {
	case OPT_JSON:
		return patch_render_json(patch, stdout);
	case OPT_MARKDOWN:
		return patch_render_markdown(patch, stdout);
	case OPT_MAIL:
		return patch_render_mail(patch, stdout);
	default:
		return patch_render_text(patch, color, stdout);
	}
}

static struct error *check_limit(const struct arguments *a, const struct patch *patch)
{
	struct coverage_ratio ratio = patch_ratio(&patch->counts);
	char percent[16];

	/* As the gates of a report. */
	if (a->has_limit && !ratio.found && patch_changed(&patch->counts))
		say_warning("--fail-under: no changed line has code");
	if (!a->has_limit || !ratio.found ||
	    (unsigned __int128)ratio.hit * 1000 >= (unsigned __int128)ratio.found * a->limit)
		return NULL;
	/* Rounded down as percentages are, so that what is missing is rounded up. */
	uint64_t missing = a->limit - ratio.hit * 1000 / ratio.found;
	return error_create(ERROR_MISMATCH,
			    "%s %% of %" PRIu64 " changed lines with code were executed, %" PRIu64
			    ".%" PRIu64 " less than the %" PRIu64 ".%" PRIu64 " %% of --fail-under",
			    render_percent(ratio, percent), ratio.found, missing / 10, missing % 10,
			    a->limit / 10, a->limit % 10);
}

static struct error *patch_command(const struct arguments *a)
{
	_cleanup_(input_deinit) struct input input = { 0 };
	_cleanup_(patch_job_deinit) struct patch_job job = { .options = &a->common.report };
	struct error *err =
		a->revision ? patch_check_revision(a->revision) : read_diffs(&input, &a->diffs);

	if (!err && input.diff)
		err = check_texts(&input);
	if (!err && (!input.diff || has_sources(input.diff)))
		err = report_read(job.options, &job.images, &job.coverage, &job.view);
	if (!err && !input.diff)
		err = read_git(&input, a, job.view);
	job.diff = input.diff;
	if (!err)
		err = patch_find_states(&job);
	if (err)
		return err;
	/* Lines of these are taken for not built. */
	if (job.coverage && job.patch.counts.states[PATCH_NOT_BUILT])
		report_warn_of_images(job.coverage);
	if (!input.diff->nr_files)
		say("the diff is empty: it changes no line");
	else if (!has_sources(input.diff))
		say("the diff changes no source file");
	err = render(a, &job.patch);
	return err ? err : check_limit(a, &job.patch);
}

int cmd_patch(int argc, char **argv)
{
	struct arguments a = { 0 };

	parse_options(&argp, argc, argv, 0, &a);
	struct error *err = report_arguments_finish(&a.common);
	if (!err)
		err = patch_command(&a);
	report_arguments_deinit(&a.common);
	string_vector_deinit(&a.diffs);
	if (err) {
		finish_stdout();
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
