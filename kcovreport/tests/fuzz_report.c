// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: from an image and a run file to every format. The input is the size of the image
 * (4 bytes, little endian), the image, and the run file. What is written must be whole: JSON that
 * can be parsed, one record per line of a tracefile, and no character that is not plain.
 */
#include <cjson/cJSON.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/tests/fuzz_files.h"
#include "base/tests/fuzz_main.h"
#include "base/utf8.h"
#include "render/render.h"
#include "render/source_view.h"
#include "run/tests/repair.h"
#include "symbolize/coverage/build.h"

#define SOURCES_MAX 64
#define SHOWN_MAX   4

static struct error *load_run(const uint8_t *data, size_t size, struct run **ret)
{
	_cleanup_close_ int fd = memfd_create("run", MFD_CLOEXEC);
	_cleanup_free_ uint8_t *copy = malloc(size + 1);
	char path[40];

	if (fd < 0 || !copy)
		return &error_no_memory;
	memcpy(copy, data, size);
	repair(copy, size);
	if (write_all(fd, copy, size))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return run_load(path, ret);
}

/* The sources of the run, and as the last one the return addresses of all points. */
static struct error *make_coverage(const struct index *index, const struct run *run,
				   struct coverage **ret)
{
	size_t nr = 0, nr_points;
	const struct index_point *points = index_points(index, &nr_points);
	_cleanup_free_ struct pc_count *pcs = calloc(nr_points + 1, sizeof(*pcs));
	const struct coverage_input_image images[] = {
		{ .name = "vmlinux", .index = index },
		{ .name = run->modules.len ? run->modules.data[0].name : "none",
		  .problem = "\x1b" },
	};
	const struct coverage_mapping mapping = { .image = 0 };
	const struct coverage_run description = {
		.path = run->path,
		.command = run->meta.command,
		.release = run->meta.release,
		.finished = run->finished,
		.damage = run->damage,
		.sources = run->sources.data,
		.nr_sources = run->sources.len,
		.notes = (const char **)run->notes.data,
		.nr_notes = run->notes.len,
	};
	const struct coverage_question question = { .file = "" };
	struct coverage_source sources[SOURCES_MAX + 1];

	if (!pcs)
		return &error_no_memory;
	for (size_t i = 0; i < nr_points; i++)
		pcs[i] = (struct pc_count){ index_base(index) + points[i].offset + points[i].size,
					    i };
	for (; nr < run->sources.len && nr < SOURCES_MAX; nr++)
		sources[nr] = (struct coverage_source){
			.pcs = run->sources.data[nr].pcs,
			.nr_pcs = run->sources.data[nr].nr_pcs,
			.pcs_are_calls = run->meta.pc_kind == RUN_PC_CALL,
			.mappings = &mapping,
			.nr_mappings = 1,
		};
	sources[nr++] = (struct coverage_source){
		.pcs = pcs, .nr_pcs = nr_points, .mappings = &mapping, .nr_mappings = 1
	};
	return coverage_build(&(struct coverage_input){ .images = images,
							.nr_images = 2,
							.sources = sources,
							.nr_sources = nr,
							.runs = &description,
							.nr_runs = 1,
							.question = &question,
							.list_points = true },
			      ret);
}

static void check_plain(const char *text, size_t size)
{
	bool is_plain;

	for (size_t i = 0, n; i < size; i += n) {
		n = text_next(text + i, size - i, &is_plain);
		if (!is_plain && text[i] != '\n' && text[i] != '\t' && strncmp(text + i, "\r\n", 2))
			abort();
	}
}

static void check_json(const char *text, size_t size)
{
	cJSON *json = cJSON_ParseWithLength(text, size);

	if (!json)
		abort();
	cJSON_Delete(json);
}

static void check_lcov(const char *text)
{
	static const char *const tags[] = {
		"TN:",	"SF:",	"FN:", "FNDA:", "FNF:", "FNH:",		  "BRDA:",
		"BRF:", "BRH:", "DA:", "LF:",	"LH:",	"end_of_record\n"
	};

	while (*text) {
		size_t i = 0, nr = sizeof(tags) / sizeof(*tags);

		while (i < nr && strncmp(text, tags[i], strlen(tags[i])))
			i++;
		text = strchr(text, '\n');
		if (i == nr || !text)
			abort();
		text++;
	}
}

/* The page, which is ours, and then chunks: calls with an object in which nothing can begin an
 * element. */
static void check_html(const char *text)
{
	static const char start[] = "kcovreport.add(", end[] = ");\n";
	const char *at = strstr(text, start);
	size_t nr = 0;

	for (; at && *at; nr++) {
		const char *stop = strstr(at, end);

		if (strncmp(at, start, strlen(start)) || !stop || memchr(at, '<', stop - at))
			abort();
		at += strlen(start);
		check_json(at, stop - at);
		at = stop + strlen(end);
	}
	/* At least the index, functions, and runs. */
	if (nr < 3)
		abort();
}

/* Each line is an object. */
static void check_jsonl(const char *text)
{
	for (const char *end; (end = strchr(text, '\n')); text = end + 1)
		check_json(text, end - text);
	if (*text)
		abort();
}

/* Elements are closed in the order in which they are opened, and text has no markup. */
static void check_xml(const char *text)
{
	const char *open[16];
	size_t depth = 0;

	while ((text = strchr(text, '<'))) {
		const char *end = text + strcspn(text + 1, "<>") + 1;

		if (*end != '>')
			abort();
		if (text[1] == '/') {
			size_t length = end - text - 2;

			if (!depth-- || strncmp(open[depth] + 1, text + 2, length) ||
			    !strchr(" >", open[depth][1 + length]))
				abort();
		} else if (end[-1] != '/' && text[1] != '?' && text[1] != '!') {
			if (depth == sizeof(open) / sizeof(*open))
				abort();
			open[depth++] = text;
		}
		text = end;
	}
	if (depth)
		abort();
}

/* All records have as many fields; a field is not a formula. */
static void check_csv(const char *text)
{
	size_t fields = 0, nr = 1;
	bool is_quoted = false, is_start = true;

	for (; *text; text++) {
		if (is_start && strchr("=+-@", text[*text == '"']))
			abort();
		is_start = !is_quoted && strchr(",\n", *text);
		is_quoted ^= *text == '"';
		nr += !is_quoted && *text == ',';
		if (is_quoted || *text != '\n')
			continue;
		if (text[-1] != '\r' || (fields && nr != fields))
			abort();
		fields = nr;
		nr = 1;
	}
	if (is_quoted || !is_start)
		abort();
}

/* A code span of one line: what is in it is text. Returns its last character. */
static const char *check_code(const char *text, const char *end)
{
	const char *last = memchr(text + 1, '`', end - text - 1);

	if (!last || last == text + 1 || memchr(text, '|', last - text))
		abort();
	return last;
}

/* A table has the same number of cells in each row. Names mention and link nothing. */
static void check_markdown(const char *text)
{
	size_t cells = 0;

	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		size_t nr = 0;

		for (const char *c = text + strspn(text, "#"); c < end; c++) {
			if (*c == '`')
				c = check_code(c, end);
			else if (*c == '\\' || !strncmp(c, "&#", 2))
				c++;
			else if (strchr("<@#", *c))
				abort();
			else
				nr += *c == '|';
		}
		if (*text != '|' ? nr : cells && nr != cells)
			abort();
		cells = nr;
	}
}

static void check_format(const char *name, const char *text, size_t size)
{
	if (!strcmp(name, "json") || !strcmp(name, "summary"))
		check_json(text, size);
	else if (!strcmp(name, "lcov"))
		check_lcov(text);
	else if (!strcmp(name, "jsonl"))
		check_jsonl(text);
	else if (!strcmp(name, "cobertura"))
		check_xml(text);
	else if (!strcmp(name, "csv"))
		check_csv(text);
	else if (!strcmp(name, "html"))
		check_html(text);
	else if (!strcmp(name, "markdown"))
		check_markdown(text);
	else if (strcmp(name, "text"))
		abort(); /* a format without a check */
}

static struct error *try_format(const struct renderer *renderer, const struct view *view)
{
	const struct render_options options = {
		.test_name = view->coverage.runs[0].command,
		.generator = "fuzz",
	};
	_cleanup_free_ char *text = NULL;
	_cleanup_sink_ struct sink *sink = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct error *err = sink_create_stream(out, &sink);

	if (!err)
		err = renderer->render(view, &options, sink);
	if (!err)
		err = sink_commit(sink);
	fclose(out);
	if (err)
		return err;
	check_plain(text, size);
	check_format(renderer->name, text, size);
	return NULL;
}

static struct error *show_files(const struct view *view)
{
	for (size_t i = 0; i < view->coverage.nr_files && i < SHOWN_MAX; i++) {
		_cleanup_free_ char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		error_destroy(source_view_render(&view->coverage.files[i], NULL, false, out));
		fclose(out);
		check_plain(text, size);
	}
	return NULL;
}

static struct error *try_view(const struct coverage *coverage, const struct view_options *options)
{
	_cleanup_view_ struct view *view = NULL;
	struct error *err = view_create(coverage, options, &view);

	if (!err && !view->subsystems != !options->by_subsystem)
		abort();
	for (const struct renderer *const *r = renderers; !err && *r; r++)
		err = try_format(*r, view);
	return err ? err : show_files(view);
}

/* A tree without sources, whose MAINTAINERS has titles that each format has to escape. */
static const char *maintained_tree(void)
{
	static const char text[] = "ALL \033[2J\302\233 <b>&\"|`x`\376 [x](y)\nF:\t*\nF:\t*/\n\n"
				   "=1,\"x\"\nN:\t[aeiou].*\\.c\nX:\tk*\n\n"
				   "THE REST\nF:\t*\nF:\t*/\n";
	static char path[128];

	if (!*path)
		fuzz_write("MAINTAINERS", text, sizeof(text) - 1, path);
	return fuzz_directory();
}

static struct error *try_report(const uint8_t *data, size_t image_size, size_t size)
{
	const struct image_options options = { .allow_no_debug = true };
	_cleanup_image_ struct image *image = NULL;
	_cleanup_index_ struct index *index = NULL;
	_cleanup_run_ struct run *run = NULL;
	_cleanup_coverage_ struct coverage *coverage = NULL;

	struct error *err = image_open_memory(data, image_size, "image", &options, &image);
	if (!err)
		err = index_build(image, NULL, &index);
	if (!err)
		err = load_run(data + image_size, size - image_size, &run);
	if (!err)
		err = make_coverage(index, run, &coverage);
	if (!err)
		err = try_view(coverage,
			       &(struct view_options){ .touched = true, .relative = "/" });
	if (!err)
		err = try_view(coverage, &(struct view_options){ .read_all = true });
	if (!err)
		err = try_view(coverage, &(struct view_options){ .source_dir = "/usr" });
	return err ? err
		   : try_view(coverage, &(struct view_options){ .source_dir = maintained_tree(),
								.by_subsystem = true });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 4)
		return 0;
	size_t image_size = run_get_le(data, 4);
	if (image_size > size - 4)
		image_size = size - 4;
	error_destroy(try_report(data + 4, image_size, size - 4));
	return 0;
}
