// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The HTML report of hostile names and sources. Without arguments, a suite. With `ROOT OUT`: create
 * the sources below ROOT and write html/ and coverage.json to OUT, for html_browser_test.sh.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/outfile.h"
#include "base/utf8.h"
#include "render/formats.h"
#include "render/html_private.h"
#include "render/tests/html_fixture.h"
#include "render/view.h"

#define LONG_LINES 20000
#define MANY_FILES 600

struct hostile {
	struct coverage coverage;
	struct coverage_file *files;
	struct coverage_line *long_lines;
};

static void check(struct error *err)
{
	if (!err)
		return;
	char *text = error_format(err);
	fprintf(stderr, "%s\n", text);
	exit(1);
}

static struct coverage_file make_file(char *path)
{
	return (struct coverage_file){
		.path = path,
		.lines = hostile_lines,
		.nr_lines = sizeof(hostile_lines) / sizeof(*hostile_lines),
		.functions = hostile_functions,
		.nr_functions = sizeof(hostile_functions) / sizeof(*hostile_functions),
		.point_ratio = { 3, 5 },
	};
}

static int compare_files(const void *a, const void *b)
{
	const struct coverage_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* A file of 20,000 lines, every tenth of them without code, every hundredth missed. */
static void make_long_file(struct hostile *h, struct coverage_file *file)
{
	h->long_lines = calloc(LONG_LINES, sizeof(*h->long_lines));
	file->lines = h->long_lines;
	file->nr_lines = 0;
	for (uint32_t i = 1; i <= LONG_LINES; i++)
		if (i % 10)
			h->long_lines[file->nr_lines++] = (struct coverage_line)LINE(
				i, i % 100 == 1 ? 0 : i, i % 100 != 1, 1);
}

/* nr_more files "fs/more/N.c" beside the hostile ones. */
static void hostile_init(struct hostile *h, const char *root, size_t nr_more)
{
	struct coverage *c = &h->coverage;

	*h = (struct hostile){ .files = calloc(NR_PATHS + nr_more, sizeof(*h->files)) };
	for (size_t i = 0; i < NR_PATHS; i++) {
		h->files[i] = make_file(fixture_path(root, hostile_paths[i]));
		if (!strcmp(hostile_paths[i], "/kernel/long.c"))
			make_long_file(h, &h->files[i]);
	}
	for (size_t i = 0; i < nr_more; i++) {
		char name[32];

		snprintf(name, sizeof(name), "/fs/more/%zu.c", i);
		h->files[NR_PATHS + i] = make_file(fixture_path(root, name));
	}
	c->files = h->files;
	c->nr_files = NR_PATHS + nr_more;
	qsort(h->files, c->nr_files, sizeof(*h->files), compare_files);
	snprintf(unknown_path, sizeof(unknown_path), "%s/mm/memory.c", root);
	snprintf(hostile_evidence_path, sizeof(hostile_evidence_path), "%s/kernel/exit.c", root);
	c->evidence = hostile_evidence;
	c->nr_evidence = sizeof(hostile_evidence) / sizeof(*hostile_evidence);
	c->corrections = hostile_corrections;
	c->nr_corrections = 1;
	c->recorders = hostile_recorders;
	c->nr_recorders = 2;
	c->images = hostile_images;
	c->nr_images = 1;
	c->runs = hostile_runs;
	c->nr_runs = 1;
	c->unmatched = fixture_unmatched;
	c->nr_unmatched = sizeof(fixture_unmatched) / sizeof(*fixture_unmatched);
	c->unmatched_classes[COVERAGE_NO_IMAGE] = 2;
	c->handoffs = fixture_handoffs;
	c->nr_handoffs = sizeof(fixture_handoffs) / sizeof(*fixture_handoffs);
	c->points = (struct coverage_ratio){ 14, 30 };
	c->pcs = 17;
}

static void hostile_deinit(struct hostile *h)
{
	for (size_t i = 0; i < h->coverage.nr_files; i++)
		free((char *)h->files[i].path);
	free(h->files);
	free(h->long_lines);
}

static void write_file(const char *path, const char *text, size_t len)
{
	_cleanup_free_ char *directory = strdup(path);
	_cleanup_outfile_ struct outfile *out = NULL;

	*strrchr(directory, '/') = '\0';
	check(make_directories(directory));
	check(outfile_create(path, &out));
	fwrite(text, 1, len, outfile_stream(out));
	check(outfile_commit(out));
}

static void write_long_source(const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int i = 1; i <= LONG_LINES; i++)
		fprintf(out, "\tif (line_%d == 0x%x) return \"%d\"; /* a comment */\n", i, i, i);
	fclose(out);
	write_file(path, text, size);
}

/* One line of this many bytes, after two short ones. */
static void write_wide_source(const char *path, size_t size)
{
	static const char head[] = "/* wide */\nint\n";
	_cleanup_free_ char *text = malloc(size);

	memset(text, 'x', size);
	memcpy(text, head, strlen(head));
	write_file(path, text, size);
}

/* mm/link.c is a symbolic link to a file outside the tree. */
static void write_sources(const struct hostile *h, const char *root)
{
	_cleanup_free_ char *secret = fixture_path(root, "-outside/secret.c");
	_cleanup_free_ char *link = fixture_path(root, "/mm/link.c");

	for (size_t i = 0; i < h->coverage.nr_files; i++) {
		const char *path = h->files[i].path;

		if (strstr(path, "/kernel/long.c"))
			write_long_source(path);
		else if (strstr(path, "/kernel/fork.c"))
			write_wide_source(path, 1 << 20);
		else if (strstr(path, "/fs/more/"))
			write_wide_source(path, 40000);
		else if (strcmp(path, link))
			write_file(path, hostile_source, sizeof(hostile_source) - 1);
	}
	_cleanup_free_ char *maintainers = fixture_path(root, "/MAINTAINERS");
	write_file(maintainers, hostile_maintainers, strlen(hostile_maintainers));
	write_file(secret, "SECRET\n\n\n\n\n\n\n\n\n\n", 16);
	_cleanup_free_ char *directory = strdup(link);
	*strrchr(directory, '/') = '\0';
	check(make_directories(directory));
	if (symlink(secret, link) && access(link, F_OK))
		check(&error_no_memory);
}

static int write_report(const char *root, const char *directory, size_t nr_more, unsigned int jobs)
{
	_cleanup_sink_ struct sink *sink = NULL;
	_cleanup_view_ struct view *view = NULL;
	struct hostile h;

	hostile_init(&h, root, nr_more);
	write_sources(&h, root);
	check(view_create(&h.coverage, &(struct view_options){ 0 }, &view));
	check(make_directories(directory));
	check(sink_create(directory, &sink));
	_cleanup_free_ struct unmeasured_vector *ranges =
		calloc(view->coverage.nr_files, sizeof(*ranges));
	const struct unmeasured unmeasured = { ranges, view->coverage.nr_files };
	struct render_options with_ranges = options;

	with_ranges.unmeasured = &unmeasured;
	with_ranges.jobs = jobs;
	for (size_t i = 0; i < unmeasured.nr_files; i++)
		if (strstr(view->coverage.files[i].path, "/kernel/exit.c"))
			ranges[i] = (struct unmeasured_vector){ hostile_ranges, 3, 3 };
	check(renderer_html.render(view, &with_ranges, sink));
	check(renderer_json.render(view, &options, sink));
	check(sink_commit(sink));
	hostile_deinit(&h);
	return 0;
}

static char *write_text(const char *text, size_t len)
{
	char *ret;
	size_t size;
	FILE *stream = open_memstream(&ret, &size);
	struct writer *out = malloc(sizeof(*out));

	writer_init(out, stream);
	html_write_text(text, len, out);
	assert_int_equal(writer_flush(out), 0);
	free(out);
	fclose(stream);
	return ret;
}

static void test_text(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "\"\"" },
		{ "plain 'text' &>", "\"plain 'text' &>\"" },
		{ "</script><!--", "\"\\u003c/script>\\u003c!--\"" },
		{ "\"\\\n\t\r\x01\x7f", "\"\\\"\\\\\\n\\t\\u000d\\u0001\\u007f\"" },
		{ "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae", "\"\\u2028\\u2029\\u202e\"" },
		{ "\xe2\x80\x8b\xf3\xa0\x81\x81", "\"\\u200b\\udb40\\udc41\"" },
		{ "\xc3\xa9\xff\xe2\x80", "\"\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xf0\x9f\x90\xa7", "\"\xf0\x9f\x90\xa7\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_free_ char *text = write_text(rows[i].text, strlen(rows[i].text));

		assert_string_equal(text, rows[i].expected);
	}
	_cleanup_free_ char *nul = write_text("a\0b", 3);
	assert_string_equal(nul, "\"a\\u0000b\"");
	_cleanup_free_ char *null = write_text(NULL, 0);
	assert_string_equal(null, "null");
}

/* Each chunk is plain text, and one JSON object in the call of a function. */
static void check_chunk(const char *path, const char *name)
{
	static const char start[] = "kcovreport.add(";
	_cleanup_free_ char *text = NULL;
	size_t size;
	bool is_plain;

	assert_null(file_read(path, 1 << 28, &text, &size));
	assert_int_equal(strncmp(text, start, strlen(start)), 0);
	assert_string_equal(text + size - 3, ");\n");
	for (size_t i = 0, n; i < size; i += n) {
		n = text_next(text + i, size - i, &is_plain);
		assert_true(is_plain || text[i] == '\n');
		assert_true(text[i] != '<');
	}
	assert_null(strstr(text, "SECRET"));
	cJSON *json = cJSON_ParseWithLength(text + strlen(start), size - strlen(start) - 3);
	assert_non_null(json);
	assert_string_equal(cJSON_GetObjectItem(json, "chunk")->valuestring, name);
	cJSON_Delete(json);
}

/* A smaller report in its place has no chunks of the larger one, and removes nothing else. */
static void check_removed(const char *root, const char *out, int nr)
{
	_cleanup_free_ char *last = NULL, *other = NULL;

	assert_true(asprintf(&last, "%s/html/data/%d.js", out, nr - 1) > 0);
	assert_true(asprintf(&other, "%s/html/data/%d.js", out, nr) > 0);
	write_file(other, "not ours", 8);
	assert_int_equal(write_report(root, out, 0, 1), 0);
	assert_int_not_equal(access(last, F_OK), 0);
	assert_int_equal(access(other, F_OK), 0);
}

/* The same bytes, however many threads write. */
static void check_jobs(const char *directory, const char *root, const char *out)
{
	_cleanup_free_ char *other = fixture_path(directory, "/other"), *command = NULL;

	assert_int_equal(write_report(root, other, MANY_FILES, 1), 0);
	assert_true(asprintf(&command, "diff -r %s %s", out, other) > 0);
	assert_int_equal(system(command), 0);
}

static void test_chunks(void **state)
{
	char directory[] = "/tmp/html_test.XXXXXX";
	int nr = 0;

	(void)state;
	assert_non_null(mkdtemp(directory));
	_cleanup_free_ char *root = fixture_path(directory, "/linux");
	_cleanup_free_ char *out = fixture_path(directory, "/out");
	/* More chunks than files that may be open. */
	struct rlimit limit = { 64, 64 };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(write_report(root, out, MANY_FILES, 64), 0);
	check_jobs(directory, root, out);
	for (const char *const *name = (const char *const[]){ "index", "functions", "runs", NULL };
	     *name; name++) {
		char path[200];

		snprintf(path, sizeof(path), "%s/html/data/%s.js", out, *name);
		check_chunk(path, *name);
	}
	for (;; nr++) {
		char path[200], name[16];

		snprintf(name, sizeof(name), "%d", nr);
		snprintf(path, sizeof(path), "%s/html/data/%d.js", out, nr);
		if (access(path, F_OK))
			break;
		check_chunk(path, name);
	}
	assert_true(nr > limit.rlim_cur);
	check_removed(root, out, nr);
	_cleanup_free_ char *command = fixture_path("rm -rf ", directory);
	assert_int_equal(system(command), 0);
}

/* The page needs no other file, and the policy lets no script in but its own. */
static void test_page(void **state)
{
	size_t nr = 0;

	(void)state;
	for (const struct html_page_file *file = html_page_files; file->name; file++, nr++) {
		size_t size = file->end - file->start;
		_cleanup_free_ char *text = strndup((const char *)file->start, size);

		assert_true(size > 100);
		assert_null(strstr(text, "innerHTML"));
		assert_null(strstr(text, "http://"));
		assert_null(strstr(text, "https://"));
		assert_null(strstr(text, "eval("));
		assert_non_null(strstr(text, "SPDX-License-Identifier"));
		if (!strcmp(file->name, "index.html"))
			assert_non_null(strstr(text, "default-src 'none'; script-src 'self';"));
	}
	assert_true(nr > 5);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_page),
	};

	if (argc == 3)
		return write_report(argv[1], argv[2], 0, 2);
	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
