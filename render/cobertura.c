// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes coverage.xml in Cobertura's form, as coverage-04.dtd describes it and as GitLab and
 * Jenkins read it: a package for each directory, a class for each file, a method for each function.
 *
 * Names of files are relative to the source root (or to --relative), which is the first <source>;
 * those of other files are relative to "/", the second one. A method has one line, that of its
 * declaration with its count: repeating its lines would double the file.
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "render/directories.h"
#include "render/escape.h"
#include "render/formats.h"

/* A renderer in the making. */
struct cobertura {
	const struct view *view;
	struct writer *out;
	struct strbuf text; /* scratch */
};

static void cobertura_deinit(struct cobertura *c)
{
	strbuf_deinit(&c->text);
}

static void write_number(struct cobertura *c, const char *before, uint64_t number)
{
	writer_str(c->out, before);
	writer_u64(c->out, number);
}

/* NAME="TEXT", with a blank in front. */
static void write_attribute(struct cobertura *c, const char *name, const char *text)
{
	strbuf_reset(&c->text);
	strbuf_addf(&c->text, " %s=\"", name);
	escape_xml(text, &c->text);
	strbuf_addch(&c->text, '"');
	writer_str(c->out, strbuf_str(&c->text));
}

/* A share of 1 with four decimals, rounded down. Nothing was missed of nothing. */
static void write_rate(struct cobertura *c, const char *name, struct coverage_ratio ratio)
{
	unsigned __int128 hit = ratio.hit < ratio.found ? ratio.hit : ratio.found;
	unsigned int share = ratio.found ? (unsigned int)(hit * 10000 / ratio.found) : 10000;
	char text[16];

	snprintf(text, sizeof(text), "%u.%04u", share / 10000, share % 10000);
	write_attribute(c, name, text);
}

static void write_rates(struct cobertura *c, struct coverage_ratio lines,
			struct coverage_ratio branches)
{
	write_rate(c, "line-rate", lines);
	write_rate(c, "branch-rate", branches);
	writer_str(c->out, " complexity=\"0\"");
}

/* Jenkins refuses a report in which two methods of a file have one name and one signature. */
static void write_method(struct cobertura *c, const struct coverage_function *f, bool is_repeated)
{
	const struct coverage_ratio lines = { f->count > 0, 1 };

	writer_str(c->out, "<method");
	write_attribute(c, "name", f->name);
	writer_str(c->out, " signature=\"");
	if (is_repeated)
		write_number(c, "line ", f->line);
	writer_byte(c->out, '"');
	write_rates(c, lines, (struct coverage_ratio){ 0 });
	write_number(c, "><lines><line number=\"", f->line);
	write_number(c, "\" hits=\"", f->count);
	writer_str(c->out, "\"/></lines></method>\n");
}

/* A header has several functions of one name if its users are compiled with other macros. */
static struct error *write_methods(struct cobertura *c, const struct coverage_file *file)
{
	_cleanup_intern_ struct intern *names = NULL;
	struct error *err = intern_create(&names);

	for (size_t i = 0; !err && i < file->nr_functions; i++) {
		uint32_t id, nr = intern_count(names);

		strbuf_reset(&c->text);
		escape_xml(file->functions[i].name, &c->text);
		err = intern_id(names, strbuf_str(&c->text), &id);
		if (!err)
			write_method(c, &file->functions[i], id < nr);
	}
	return err;
}

/* condition-coverage="50% (1/2)" */
static void write_line(struct cobertura *c, const struct coverage_line *line)
{
	struct coverage_ratio outcomes = coverage_line_outcomes(line);

	write_number(c, "<line number=\"", line->line);
	write_number(c, "\" hits=\"", line->count);
	if (outcomes.found) {
		write_number(c, "\" branch=\"true\" condition-coverage=\"",
			     outcomes.hit * 100 / outcomes.found);
		write_number(c, "% (", outcomes.hit);
		write_number(c, "/", outcomes.found);
		writer_byte(c->out, ')');
	}
	writer_str(c->out, "\"/>\n");
}

/* Relative to one of the sources. */
static const char *relative_path(const struct cobertura *c, const struct coverage_file *file)
{
	const char *path = view_short_path(c->view, file);

	return *path == '/' ? path + 1 : path;
}

static struct error *write_class(struct cobertura *c, const struct coverage_file *file)
{
	const char *path = relative_path(c, file), *slash = strrchr(path, '/');

	writer_str(c->out, "<class");
	write_attribute(c, "name", slash ? slash + 1 : path);
	write_attribute(c, "filename", path);
	write_rates(c, file->line_ratio, file->branch_ratio);
	writer_str(c->out, ">\n<methods>\n");
	struct error *err = write_methods(c, file);
	writer_str(c->out, "</methods>\n<lines>\n");
	for (size_t i = 0; i < file->nr_lines; i++)
		write_line(c, &file->lines[i]);
	writer_str(c->out, "</lines>\n</class>\n");
	return err;
}

/*
 * Its name is that of the directory. Dots instead of slashes would give a/b and a.b one name.
 * Readers that want dots put them in: Jenkins does.
 */
static struct error *write_package(struct cobertura *c, const struct directory *d)
{
	_cleanup_free_ char *name = strndup(d->name, d->length);
	struct error *err = NULL;

	writer_str(c->out, "<package");
	write_attribute(c, "name", name ? name : "");
	write_rates(c, d->lines, d->branches);
	writer_str(c->out, ">\n<classes>\n");
	for (size_t i = 0; !err && i < d->nr_files; i++)
		err = write_class(c, d->files[i]);
	writer_str(c->out, "</classes>\n</package>\n");
	return err;
}

static bool has_other_files(const struct cobertura *c)
{
	for (size_t i = 0; i < c->view->coverage.nr_files; i++) {
		const struct coverage_file *file = &c->view->coverage.files[i];

		if (view_writes(c->view, file) && *view_short_path(c->view, file) == '/')
			return true;
	}
	return false;
}

static void write_source(struct cobertura *c, const char *path)
{
	strbuf_reset(&c->text);
	strbuf_addstr(&c->text, "<source>");
	escape_xml(path, &c->text);
	strbuf_addstr(&c->text, "</source>\n");
	writer_str(c->out, strbuf_str(&c->text));
}

static void write_sources(struct cobertura *c)
{
	const char *root = c->view->relative ? c->view->relative : c->view->root;

	writer_str(c->out, "<sources>\n");
	if (root)
		write_source(c, *root ? root : "/");
	if (!root || (*root && has_other_files(c)))
		write_source(c, "/");
	writer_str(c->out, "</sources>\n");
}

static void write_head(struct cobertura *c, const struct render_options *options)
{
	const struct view_written *w = &c->view->written;

	writer_str(c->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE coverage SYSTEM "
			   "\"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">\n<coverage");
	write_rates(c, w->lines, w->branches);
	write_number(c, " lines-covered=\"", w->lines.hit);
	write_number(c, "\" lines-valid=\"", w->lines.found);
	write_number(c, "\" branches-covered=\"", w->branches.hit);
	write_number(c, "\" branches-valid=\"", w->branches.found);
	write_number(c, "\" timestamp=\"", options->time * 1000);
	writer_byte(c->out, '"');
	write_attribute(c, "version", options->generator ? options->generator : "");
	writer_str(c->out, ">\n");
}

static struct error *render_cobertura(const struct view *view, const struct render_options *options,
				      struct sink *sink)
{
	_cleanup_(cobertura_deinit) struct cobertura c = { .view = view };
	_cleanup_(directories_deinit) struct directories directories = { 0 };
	struct error *err = directories_init(&directories, view);

	if (!err)
		err = sink_open(sink, "coverage.xml", &c.out);
	if (err)
		return err;
	write_head(&c, options);
	write_sources(&c);
	writer_str(c.out, "<packages>\n");
	vector_for_each(&directories.all, d) {
		err = write_package(&c, d);
		if (err)
			return err;
	}
	writer_str(c.out, "</packages>\n</coverage>\n");
	return c.text.failed ? &error_no_memory : NULL;
}

const struct renderer renderer_cobertura = {
	.name = "cobertura",
	.summary = "coverage.xml, for GitLab, Jenkins and other readers of Cobertura's format",
	.kind = RENDER_FILE,
	.render = render_cobertura,
};
