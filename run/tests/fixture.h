/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small run for the suites, and functions to write and compare run files. */
#ifndef RUN_TESTS_FIXTURE_H
#define RUN_TESTS_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/search.h"
#include "base/tests/assert.h"
#include "run/writer.h"

#define TEXT 0xffffffff81000000ULL

/* A new name under /tmp; the caller unlinks the file. */
static inline char *fixture_path(char path[32])
{
	memcpy(path, "/tmp/kcovreport-test-XXXXXX", 28);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	return path;
}

static inline void fixture_put(const char *path, const void *data, size_t size)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

static inline struct run_meta fixture_meta(void)
{
	return (struct run_meta){
		.command = (char *)"./test 'a b'",
		.name = (char *)"a name",
		.directory = (char *)"/home/user",
		.release = (char *)"6.12.0",
		.version = (char *)"#1 SMP",
		.machine = (char *)"x86_64",
		.follow = (char *)"ptrace",
		.build_id = { .size = 4, .bytes = { 0xde, 0xad, 0xbe, 0xef } },
		.kaslr_offset = 0x1ba00000,
		.kaslr_known = true,
		.buffer_words = 1 << 20,
		.start_ns = 1700000000123456789,
	};
}

/* A task with two records of PCs (sum of counts 10), and a set with one (sum 5). */
static inline void fixture_write(struct run_writer *w)
{
	const struct run_meta meta = fixture_meta();
	const struct run_module module = { .name = (char *)"ext4",
					   .base = 0xffffffffa5600000,
					   .size = 0x6000,
					   .build_id = { .size = 2, .bytes = { 1, 2 } },
					   .init_base = 0xffffffffa5610000 };
	struct run_source root = { .id = 0,
				   .pid = 100,
				   .tgid = 100,
				   .parent = -1,
				   .nr_tasks = 1,
				   .name = (char *)"test" };
	const struct run_source child = {
		.kind = RUN_SOURCE_SET,
		.id = 1,
		.pid = 101,
		.tgid = 100,
		.parent = 0,
		.nr_tasks = 300,
		.name = (char *)"test",
		.state = RUN_STATE_CUT,
		.reason = (char *)"it was let go",
		.losses = { .saturations = 3,
			    .dropped_pcs = (uint64_t)1 << 40,
			    .dropped_tasks = 2 },
	};
	const struct pc_count first[] = { { TEXT + 5, 1 }, { TEXT + 0x20, 2 } };
	const struct pc_count second[] = { { TEXT + 0x20, 3 }, { UINT64_MAX, 4 } };
	const struct pc_count other[] = { { TEXT + 5, 5 } };

	assert_ok(run_writer_meta(w, &meta));
	assert_ok(run_writer_module(w, &module));
	assert_ok(run_writer_source(w, &root));
	assert_ok(run_writer_pcs(w, 0, first, 2));
	assert_ok(run_writer_source(w, &child));
	assert_ok(run_writer_pcs(w, 1, other, 1));
	assert_ok(run_writer_pcs(w, 0, second, 2));
	root.exited = true;
	root.status = 0x100;
	assert_ok(run_writer_source(w, &root));
	assert_ok(run_writer_note(w, "a note"));
	assert_ok(run_writer_end(w));
	assert_ok(run_writer_flush(w));
}

static inline void fixture_write_file(const char *path)
{
	struct run_writer *w;

	assert_ok(run_writer_create(path, &w));
	fixture_write(w);
	run_writer_destroy(w);
}

static inline uint64_t source_sum(const struct run_source *source)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < source->nr_pcs; i++)
		sum += source->pcs[i].count;
	return sum;
}

/* The count of a PC; 0 if the source does not have it. */
static inline uint64_t source_count(const struct run_source *source, uint64_t pc)
{
	size_t i = search_first(source->nr_pcs, n, source->pcs[n].pc >= pc);

	return i < source->nr_pcs && source->pcs[i].pc == pc ? source->pcs[i].count : 0;
}

static inline uint64_t run_sum(const struct run *run)
{
	uint64_t sum = 0;

	vector_for_each(&run->sources, source)
		sum += source_sum(source);
	return sum;
}

#endif
