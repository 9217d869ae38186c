// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the formats of a report, and its summary. */
#include "kcovreport/report_files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/strbuf.h"
#include "kcovreport/jobs.h"
#include "kcovreport/kcovreport.h"
#include "render/formats.h"

/* What GitLab takes of a Cobertura report: a larger one is ignored. */
#define COBERTURA_MAX (10 << 20)

bool report_has_files(const struct report_options *options)
{
	for (size_t i = 0; i < options->nr_formats; i++)
		if (options->formats[i] != &renderer_text)
			return true;
	return false;
}

bool report_needs_points(const struct report_options *options)
{
	for (size_t i = 0; i < options->nr_formats; i++)
		if (options->formats[i]->needs_points)
			return true;
	return false;
}

/* Now, or what reproducible builds say. */
static uint64_t report_time(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	if (epoch && parse_u64(epoch, 10, UINT32_MAX, &seconds))
		return seconds;
	return time(NULL);
}

static struct error *render(const struct report_options *options, const struct renderer *renderer,
			    const struct view *view, const struct unmeasured *unmeasured,
			    struct sink *sink)
{
	const struct coverage *coverage = &view->coverage;
	const struct render_options render_options = {
		.test_name = coverage->nr_runs == 1 ? coverage->runs[0].command : NULL,
		.generator = "kcovreport " KCOVREPORT_VERSION,
		.time = report_time(),
		.jobs = jobs_or_default(options->jobs),
		.compare = options->compare,
		.compare_names = options->compare_names,
		.unmeasured = unmeasured,
	};

	return renderer->render(view, &render_options, sink);
}

/* The first directory below the source root that most of the lines are in. */
static void find_largest(const struct view *view, char *name, size_t size, unsigned int *percent)
{
	uint64_t best = 0;

	/* Files are in the order of their paths. */
	for (size_t i = 0, n; i < view->coverage.nr_files; i += n) {
		const struct coverage_file *files = &view->coverage.files[i];
		const char *path = view_short_path(view, files);
		size_t length = strcspn(path + 1, "/") + 1;
		uint64_t lines = 0;

		for (n = 0; i + n < view->coverage.nr_files &&
			    !strncmp(view_short_path(view, &files[n]), path, length);
		     n++)
			if (view_writes(view, &files[n]))
				lines += files[n].line_ratio.found;
		if (lines <= best)
			continue;
		best = lines;
		snprintf(name, size, "%.*s", (int)length, path);
	}
	*percent = view->written.lines.found ? best * 100 / view->written.lines.found : 0;
}

static void check_size(const struct view *view, const char *directory)
{
	_cleanup_strbuf_ struct strbuf path = STRBUF_INIT;
	char largest[80] = "";
	unsigned int percent;
	struct stat st;

	strbuf_addf(&path, "%s/coverage.xml", directory);
	if (path.failed || stat(strbuf_str(&path), &st) || st.st_size <= COBERTURA_MAX)
		return;
	find_largest(view, largest, sizeof(largest), &percent);
	say_warning("'%s' has %ju.%ju MiB, and GitLab ignores reports of more than 10 MiB: %s"
		    "--include or --exclude make it smaller (%u %% of the lines are in '%s')",
		    strbuf_str(&path), (uintmax_t)st.st_size >> 20,
		    ((uintmax_t)st.st_size % (1 << 20)) * 10 >> 20,
		    view->touched ? "" : "--touched, ", percent, largest);
}

bool report_has_format(const struct report_options *options, const struct renderer *renderer)
{
	for (size_t i = 0; i < options->nr_formats; i++)
		if (options->formats[i] == renderer)
			return true;
	return false;
}

struct error *report_files_write(const struct report_options *options, const struct view *view,
				 const struct unmeasured *unmeasured, struct sink *sink,
				 const char *directory)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < options->nr_formats; i++)
		if (options->formats[i] != &renderer_text)
			err = render(options, options->formats[i], view, unmeasured, sink);
	if (!err)
		err = sink_commit(sink);
	if (!err && report_has_format(options, &renderer_cobertura))
		check_size(view, directory);
	return err;
}

struct error *report_summary_print(const struct report_options *options, const struct view *view)
{
	_cleanup_sink_ struct sink *sink = NULL;
	struct error *err = sink_create_stream(stdout, &sink);

	return err ? err : render(options, &renderer_text, view, NULL, sink);
}
