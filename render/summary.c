// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the summary for terminals: runs, table, and everything that is missing. */
#include "render/summary.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "render/formats.h"

void summary_print_text(const char *s, FILE *out)
{
	write_masked(s, strlen(s), "", out);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* Tasks with a source of their own, and those that a set stands for. */
static uint64_t count_tasks(const struct coverage_run *run)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < run->nr_sources; i++)
		nr += run->sources[i].nr_tasks;
	return nr;
}

/* Print what was run, and on which kernel. */
static void print_runs(const struct coverage *coverage, FILE *out)
{
	for (size_t i = 0; i < coverage->nr_runs; i++) {
		const struct coverage_run *run = &coverage->runs[i];

		summary_print_text(run->path ? run->path : "(unnamed)", out);
		fputs(": ", out);
		summary_print_text(run->command ? run->command : "command not known", out);
		fputs("\n  Linux ", out);
		summary_print_text(run->release ? run->release : "(release not known)", out);
		if (run->build_id && *run->build_id) {
			fputs(", build id ", out);
			summary_print_text(run->build_id, out);
		}
		fprintf(out, ", %" PRIu64 " task%s\n", count_tasks(run), plural(count_tasks(run)));
	}
}

/* One line, since the damage of an unfinished run names the missing end too. */
static void print_run_damage(const struct coverage_run *run, const char *path, FILE *out)
{
	summary_print_text(path, out);
	fputs(run->finished ? ": " : ": unfinished", out);
	if (run->damaged_bytes)
		fprintf(out, "%sdamaged, %" PRIu64 " byte%s skipped", run->finished ? "" : " and ",
			run->damaged_bytes, plural(run->damaged_bytes));
	else
		fputs(run->finished ? "incomplete" : ", its last PCs may be missing", out);
	if (run->damage) {
		fputs(": ", out);
		summary_print_text(run->damage, out);
	}
	fputc('\n', out);
}

/* Print which run files end early or are damaged, and the notes of the collections. */
static void print_run_problems(const struct coverage *coverage, FILE *out)
{
	for (size_t i = 0; i < coverage->nr_runs; i++) {
		const struct coverage_run *run = &coverage->runs[i];
		const char *path = run->path ? run->path : "(unnamed)";
		bool is_whole = run->finished && !run->damaged_bytes && !run->damage;

		if (!is_whole || run->nr_notes)
			fputc('\n', out);
		if (!is_whole)
			print_run_damage(run, path, out);
		for (size_t n = 0; n < run->nr_notes; n++) {
			summary_print_text(path, out);
			fputs(": ", out);
			summary_print_text(run->notes[n], out);
			fputc('\n', out);
		}
	}
}

static void print_images(const struct coverage *coverage, FILE *out)
{
	uint64_t silent = 0;
	bool any = false;

	for (size_t i = 0; i < coverage->nr_images; i++) {
		const struct coverage_image *image = &coverage->images[i];

		if (!image->problem)
			continue;
		/* Without the file it is not known which PCs are those of the init code. */
		if (!image->pcs && !image->ran_init) {
			silent++;
			continue;
		}
		fputs(any ? "" : "\nImages that could not be used:\n", out);
		any = true;
		fputs("  ", out);
		summary_print_text(image->name, out);
		fprintf(out, " (%" PRIu64 " PC%s%s): ", image->pcs, plural(image->pcs),
			image->ran_init ? ", without those of its init code" : "");
		summary_print_text(image->problem, out);
		fputc('\n', out);
	}
	if (silent)
		fprintf(out,
			"%snot in the report: %" PRIu64
			" %simage%s without a usable file and without recorded PCs\n",
			any ? "  " : "\n", silent, any ? "other " : "", plural(silent));
}

void summary_pcs_render(const struct coverage *coverage, FILE *out)
{
	char percent[16];

	print_images(coverage, out);
	if (!coverage->nr_unmatched)
		return;
	struct coverage_ratio ratio = { coverage->nr_unmatched, coverage->pcs };
	fprintf(out, "\n%zu of %" PRIu64 " distinct PCs (%s%%) are not coverage points:\n",
		coverage->nr_unmatched, coverage->pcs, render_percent(ratio, percent));
	for (int c = 0; c < COVERAGE_UNMATCHED_CLASSES; c++)
		if (coverage->unmatched_classes[c])
			fprintf(out, "  %8" PRIu64 "  %s: %s\n", coverage->unmatched_classes[c],
				coverage_unmatched_name(c), coverage_unmatched_text(c));
}

/* Of a kind; a report of everything would name some ten. */
#define HANDOFF_FUNCTIONS_SHOWN 3

/* Those of one kind. Returns how many are not recorded. */
static size_t print_handoff_kind(const struct coverage *coverage,
				 const struct coverage_handoff *first, size_t nr, bool is_first,
				 FILE *out)
{
	const char *names[HANDOFF_FUNCTIONS_SHOWN];
	size_t nr_missed = 0;
	uint64_t count = 0;
	bool is_least = false;

	for (size_t i = 0; i < nr; i++) {
		if (coverage_handoff_is_recorded(coverage, &first[i]))
			continue;
		if (nr_missed < HANDOFF_FUNCTIONS_SHOWN)
			names[nr_missed] = first[i].function;
		nr_missed++;
		count += first[i].count;
		is_least |= first[i].is_least;
	}
	if (nr_missed && is_first)
		fputs("\nWork handed on, which is not recorded, except in remote sections; what it "
		      "executed shows as missed:\n",
		      out);
	if (nr_missed)
		fprintf(out, "  %8" PRIu64 "%s  %s: ", count, is_least ? " or more" : "",
			coverage_handoff_text(first->kind));
	for (size_t i = 0; i < nr_missed && i < HANDOFF_FUNCTIONS_SHOWN; i++) {
		fputs(i ? ", " : "", out);
		summary_print_text(names[i], out);
	}
	if (nr_missed)
		fputs(nr_missed > HANDOFF_FUNCTIONS_SHOWN ? ", ...\n" : "\n", out);
	return nr_missed;
}

void summary_handoffs_render(const struct coverage *coverage, FILE *out)
{
	const struct coverage_handoff *h = coverage->handoffs;
	size_t nr = coverage->nr_handoffs, nr_missed = 0;

	for (size_t i = 0, n; i < nr; i += n) {
		for (n = 1; i + n < nr && h[i + n].kind == h[i].kind;)
			n++;
		nr_missed += print_handoff_kind(coverage, &h[i], n, !nr_missed, out);
	}
}

/* Why the machine code alone judges the lines of files. */
static void print_unused_sources(const struct coverage_refined *refined, uint64_t nr, FILE *out)
{
	const char *separator = ": ";

	fprintf(out, "%" PRIu64 " of %" PRIu64 " source file%s with an executed line",
		nr - refined->files[COVERAGE_SOURCE_USED], nr, plural(nr));
	for (int i = COVERAGE_SOURCE_USED + 1; i < COVERAGE_SOURCE_STATES; i++) {
		if (!refined->files[i])
			continue;
		fprintf(out, "%s%" PRIu64 " %s", separator, refined->files[i],
			coverage_source_text(i));
		separator = ", ";
	}
	fputc('\n', out);
}

static void print_refined(const struct coverage_refined *r, FILE *out)
{
	fprintf(out,
		"\nLines corrected by the statements of %" PRIu64 " of %" PRIu64
		" executed function%s",
		r->functions - r->functions_not_understood, r->functions, plural(r->functions));
	if (r->functions_not_understood)
		fprintf(out, " (%" PRIu64 " not understood)", r->functions_not_understood);
	fprintf(out,
		": %" PRIu64 " line%s changed, %" PRIu64 " hit and %" PRIu64
		" missed ones without machine code added\n",
		r->changed, plural(r->changed), r->added, r->added_missed);
}

void summary_refined_render(const struct coverage *coverage, FILE *out)
{
	const struct coverage_refined *r = &coverage->refined;
	uint64_t nr = 0;

	for (int i = 0; i < COVERAGE_SOURCE_STATES; i++)
		nr += r->files[i];
	if (r->files[COVERAGE_SOURCE_USED])
		print_refined(r, out);
	if (nr == r->files[COVERAGE_SOURCE_USED])
		return;
	fputs(r->files[COVERAGE_SOURCE_USED] ? "  not in "
					     : "\nLines not corrected by the statements of ",
	      out);
	print_unused_sources(r, nr, out);
}

static void print_files(const struct view_files *files, const char *what, FILE *out)
{
	fprintf(out, "\n%" PRIu64 " source file%s %s (", files->nr, plural(files->nr), what);
	summary_print_text(files->first, out);
	fputs(files->nr > 1 ? ", ...)" : ")", out);
}

static void print_share(const char *what, struct coverage_ratio ratio, FILE *out)
{
	char percent[16];

	fprintf(out, "%s %" PRIu64 "/%" PRIu64, what, ratio.hit, ratio.found);
	if (ratio.found)
		fprintf(out, " (%s%%)", render_percent(ratio, percent));
}

/* How the totals of the files relate to those of the table. */
static void print_written(const struct view *view, FILE *out)
{
	const struct view_written *w = &view->written;

	fprintf(out,
		"\n--touched: the report has the %" PRIu64
		" of %zu source file%s in which a line or "
		"function was executed:\n",
		w->nr_files, view->coverage.nr_files, plural(view->coverage.nr_files));
	print_share("  lines", w->lines, out);
	print_share(", functions", w->functions, out);
	print_share(", branches", w->branches, out);
	fputs("\n  these have all that was hit; the totals above count every instrumented file\n",
	      out);
}

void summary_sources_render(const struct view *view, FILE *out)
{
	if (view->touched)
		print_written(view, out);
	if (view->nr_files_left)
		fprintf(out, "\n%" PRIu64 " source file%s filtered out by %s\n",
			view->nr_files_left, plural(view->nr_files_left),
			view->has_names ? "--include, --exclude and --maintainer"
					: "--include and --exclude");
	if (view->not_below.nr) {
		print_files(&view->not_below, "not below the directory of --relative", out);
		fputs(": they have absolute paths\n", out);
	}
	if (view->missing.nr) {
		print_files(&view->missing, "missing", out);
		fputs(": name the kernel's source tree with --source-dir DIR\n"
		      "  without them genhtml 1.x needs --ignore-errors source,\n"
		      "  and 2.x --ignore-errors source --synthesize-missing\n",
		      out);
	}
	if (view->unreadable.nr) {
		print_files(&view->unreadable, "not readable", out);
		fputs(": ", out);
		summary_print_text(view->unreadable_why ? view->unreadable_why : "", out);
		fputc('\n', out);
	}
	if (view->outside.nr) {
		print_files(&view->outside, "not read", out);
		fputs(": outside the source tree, or not named like a source; --include GLOB "
		      "asks for them\n",
		      out);
	}
	if (view->changed.nr) {
		print_files(&view->changed, "changed since the build", out);
		fputs(": the debug info has another MD5, lines may be shifted\n", out);
	}
	if (view->newer.nr) {
		print_files(&view->newer, "newer than the image", out);
		fputs(": if changed since the build, lines are shifted\n", out);
	}
	if (view->too_short.nr) {
		print_files(&view->too_short, "shorter than when the kernel was compiled", out);
		fprintf(out,
			": the sources do not match the kernel, %" PRIu64
			" line%s beyond their end skipped\n",
			view->lines_beyond, plural(view->lines_beyond));
	}
}

static void print_unknown_branches(const struct view *view, FILE *out)
{
	uint64_t nr = view->nr_branches_unknown;

	if (nr)
		fprintf(out,
			"\n%" PRIu64 " branch%s not counted: the flow of control does not tell how "
			"%s jump%s went\n",
			nr, nr == 1 ? "" : "es", nr == 1 ? "its" : "their", plural(nr));
}

static struct error *render_text(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	const struct coverage *coverage = &view->coverage;
	struct writer *writer;
	struct error *err = sink_open(sink, "summary.txt", &writer);

	(void)options;
	if (err)
		return err;
	FILE *out = writer_stream(writer);
	print_runs(coverage, out);
	fputc('\n', out);
	err = summary_table_render(view, out);
	if (err)
		return err;
	print_run_problems(coverage, out);
	err = summary_tasks_render(coverage, out);
	if (err)
		return err;
	summary_pcs_render(coverage, out);
	summary_handoffs_render(coverage, out);
	summary_refined_render(coverage, out);
	print_unknown_branches(view, out);
	summary_sources_render(view, out);
	return NULL;
}

const struct renderer renderer_text = {
	.name = "text",
	.summary = "only the summary, which is always printed",
	.kind = RENDER_FILE,
	.render = render_text,
};
