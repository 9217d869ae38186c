// SPDX-License-Identifier: GPL-2.0-or-later
/* The writer writes, and the reader reads, the worked examples of docs/run-file.md. */
#include "run/tests/fixture.h"

#include <ctype.h>

#include "base/strbuf.h"
#include "run/format.h"

static const char document[] = "docs/run-file.md";

static void write_example(const char *path)
{
	const struct run_meta meta = {
		.command = (char *)"true",
		.release = (char *)"6.12.0",
		.machine = (char *)"x86_64",
		.build_id = { .size = 4, .bytes = { 0xde, 0xad, 0xbe, 0xef } },
		.kaslr_known = true,
		.kaslr_offset = 0x2e000000,
		.buffer_words = 1 << 20,
	};
	const struct run_source task = { .pid = 300,
					 .tgid = 300,
					 .parent = -1,
					 .nr_tasks = 1,
					 .name = (char *)"true",
					 .exited = true };
	const struct pc_count pcs[] = { { TEXT + 0x1005, 1 }, { TEXT + 0x1019, 200 } };
	struct run_writer *w;

	assert_ok(run_writer_create(path, &w));
	assert_ok(run_writer_meta(w, &meta));
	assert_ok(run_writer_source(w, &task));
	assert_ok(run_writer_pcs(w, 0, pcs, 2));
	assert_ok(run_writer_end(w));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
}

/* Parse "0010  fe c0 ff 16  what it is": checks the offset; two spaces end the bytes. */
static void read_dump_line(const char *line, struct strbuf *bytes)
{
	char *end;

	assert_int_equal(strtoul(line, &end, 16), bytes->len);
	assert_int_equal(strncmp(end, "  ", 2), 0);
	for (const char *p = end + 1; *p == ' ' && isxdigit((unsigned char)p[1]); p = end)
		strbuf_addch(bytes, strtoul(p + 1, &end, 16));
}

static void read_document(struct strbuf *bytes)
{
	_cleanup_free_ char *text = NULL;

	assert_ok(file_read(document, 1 << 20, &text, NULL));
	char *rest = strstr(text, "\n    0000  ");
	assert_non_null(rest);
	rest++;
	for (char *line; (line = strsep(&rest, "\n")) && string_starts_with(line, "    ");)
		read_dump_line(line + 4, bytes);
}

/* The bytes of the example of a PACK record. */
static void read_pack(struct strbuf *bytes)
{
	_cleanup_free_ char *text = NULL;

	assert_ok(file_read(document, 1 << 20, &text, NULL));
	char *rest = text, *end;
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!string_starts_with(line, "    pack  "))
			continue;
		for (char *p = line + 9; *p == ' ' && isxdigit((unsigned char)p[1]); p = end)
			strbuf_addch(bytes, strtoul(p + 1, &end, 16));
	}
}

static void test_pack(void **state)
{
	_cleanup_strbuf_ struct strbuf bytes = STRBUF_INIT;
	_cleanup_run_ struct run *run = NULL;
	char path[32];

	(void)state;
	run_encode_header(&bytes);
	read_pack(&bytes);
	fixture_put(fixture_path(path), bytes.data, bytes.len);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->damaged_bytes, 0);
	assert_int_equal(run->sources.len, 1);
	assert_int_equal(source_count(&run->sources.data[0], TEXT + 0x1005), 1);
	assert_int_equal(source_count(&run->sources.data[0], TEXT + 0x1019), 200);
	unlink(path);
}

static void test_example(void **state)
{
	_cleanup_strbuf_ struct strbuf bytes = STRBUF_INIT;
	_cleanup_free_ char *written = NULL;
	_cleanup_run_ struct run *run = NULL;
	char path[32];
	size_t len;

	(void)state;
	if (access(document, R_OK))
		fail_msg("no '%s': run this from the top of the source tree", document);
	write_example(fixture_path(path));
	assert_ok(file_read(path, 1 << 20, &written, &len));
	read_document(&bytes);
	for (size_t i = 0; i < len && i < bytes.len; i++)
		if (written[i] != bytes.data[i])
			fail_msg("byte 0x%zx is %02x, documented as %02x", i,
				 (unsigned char)written[i], (unsigned char)bytes.data[i]);
	assert_int_equal(len, bytes.len);

	fixture_put(path, bytes.data, bytes.len);
	assert_ok(run_load(path, &run));
	assert_null(run->damage);
	assert_string_equal(run->meta.command, "true");
	assert_int_equal(run_sum(run), 201);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_pack),
	};

	return cmocka_run_group_tests_name("run file document", tests, NULL, NULL);
}
