// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes run files like those of a collection:
 *
 *	make_runs tasks FILE NR	     one run of short commands, NR tasks; FILE.plain: the same
 *				     PCs without compression, as files of version 1 had them
 *	make_runs files DIR NR PCS   NR runs of one task each, with about PCS PCs
 *
 * Tasks repeat what execve, the loader and exit do, with small differences, and
 * do something of their own. The numbers below are such that a task has as many
 * PCs, and a file is as compressible by xz, as a run of 70 kernel selftests
 * was: 870 tasks, 12.4 MB, 0.87 MB with xz.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run/format.h"
#include "run/writer.h"

#define TEXT	  0xffffffff81000000
#define FUNCTIONS 40000
#define FILE_SIZE 8   /* functions of one file that are executed together */
#define POINTS	  9   /* of a function, on average */
#define COMMON	  750 /* functions that every program executes */
#define OF_KIND	  220 /* functions that all tasks of one program execute */
#define KINDS	  30  /* programs */
#define OWN	  48  /* functions of one task, from ... */
#define FEATURES  100 /* so many files */
#define FLUSH	  5   /* tasks between two flushes */

static uint64_t hash(uint64_t a, uint64_t b)
{
	uint64_t h = a * 0x9e3779b97f4a7c15 + b + 0x7f4a7c15;

	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9;
	h = (h ^ h >> 27) * 0x94d049bb133111eb;
	return h ^ h >> 31;
}

static void check(struct error *err)
{
	if (!err)
		return;
	fprintf(stderr, "make_runs: %s\n", err->message);
	exit(1);
}

static uint64_t starts[FUNCTIONS + 1];

static size_t nr_points(uint32_t function)
{
	return 2 + hash(function, 1) % (2 * POINTS - 3);
}

static void lay_out(void)
{
	uint64_t at = TEXT;

	for (uint32_t f = 0; f < FUNCTIONS; f++) {
		starts[f] = at;
		for (size_t i = 0; i < nr_points(f); i++)
			at += 12 + hash(f, 100 + i) % 60;
	}
}

/*
 * The points of a function that the task executed. In some functions a task goes
 * another way, or loops more often, than the other tasks of its kind.
 */
static void add_function(struct pc_count_vector *pcs, uint32_t f, uint32_t kind, uint32_t task)
{
	uint64_t pc = starts[f], own = hash(f, task + 1000000);
	uint64_t way = own % 80 ? kind % 3 : 3 + own % 4;
	uint64_t more = (own >> 20) % 16 ? 0 : own >> 40 & 15;

	for (size_t i = 0; i < nr_points(f); i++) {
		uint64_t point = hash(f, 1000 * way + i);
		uint64_t count = 1 + (point % 3 ? point % 5 : point % 200);

		pc += 12 + hash(f, 100 + i) % 60;
		if (i && !(point >> 32 & 3))
			continue;
		count += count > 2 ? more : 0;
		pc_count_vector_append(pcs, &(struct pc_count){ pc, count });
	}
}

static int compare_numbers(const void *a, const void *b)
{
	return *(const uint32_t *)a < *(const uint32_t *)b
		       ? -1
		       : *(const uint32_t *)a > *(const uint32_t *)b;
}

/* Functions are executed with their neighbours: these of one file. */
static uint32_t pick(size_t i, uint64_t seed)
{
	return hash(i / FILE_SIZE, seed) % (FUNCTIONS / FILE_SIZE) * FILE_SIZE + i % FILE_SIZE;
}

/* The PCs of a task that executes so many functions of all programs, and of its own program. */
static void make_task(struct pc_count_vector *pcs, uint32_t task, size_t common, size_t of_kind)
{
	static uint32_t functions[100000];
	uint32_t kind = hash(task, 7) % KINDS;
	size_t n = 0;

	for (size_t i = 0; i < common; i++)
		functions[n++] = pick(i, 2);
	for (size_t i = 0; i < of_kind; i++)
		functions[n++] = pick(i, 3 + kind);
	for (size_t i = 0; i < OWN; i++)
		functions[n++] = pick(i, 1000 + hash(task, 8 + i / FILE_SIZE) % FEATURES);
	qsort(functions, n, sizeof(*functions), compare_numbers);
	pcs->len = 0;
	for (size_t i = 0; i < n; i++)
		if (!i || functions[i] != functions[i - 1])
			add_function(pcs, functions[i], kind, task);
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static struct run_writer *start(const char *path)
{
	static const struct run_meta meta = {
		.command = (char *)"./run-all",
		.release = (char *)"6.12.0",
		.machine = (char *)"x86_64",
		.build_id = { .size = 4, .bytes = { 0xde, 0xad, 0xbe, 0xef } },
		.kaslr_known = true,
	};
	struct run_writer *w;

	check(run_writer_create(path, &w));
	check(run_writer_meta(w, &meta));
	return w;
}

static void end(struct run_writer *w)
{
	check(run_writer_end(w));
	check(run_writer_flush(w));
	run_writer_destroy(w);
}

static void add_task(struct run_writer *w, uint32_t id, const char *name,
		     const struct pc_count_vector *pcs)
{
	struct run_source task = { .id = id, .pid = 100 + id, .tgid = 100 + id, .parent = -1 };

	/* As a collection does: when it starts, after its exec, and at its end. */
	task.nr_tasks = 1;
	task.name = (char *)"sh";
	check(run_writer_source(w, &task));
	task.name = (char *)name;
	check(run_writer_source(w, &task));
	check(run_writer_pcs(w, id, pcs->data, pcs->len));
	task.exited = true;
	check(run_writer_source(w, &task));
}

static void write_plain(FILE *f, uint32_t id, const struct pc_count_vector *pcs)
{
	static struct strbuf sb;
	uint64_t nr = 0;

	strbuf_reset(&sb);
	check(run_encode_pcs(&sb, id, pcs->data, pcs->len, &nr));
	fwrite(sb.data, 1, sb.len, f);
}

static void make_tasks(const char *path, uint32_t nr)
{
	struct pc_count_vector pcs = VECTOR_INIT;
	struct strbuf plain_path = STRBUF_INIT;
	double packed = 0, plain = 0, t;
	uint64_t nr_pcs = 0;

	strbuf_addf(&plain_path, "%s.plain", path);
	FILE *f = fopen(plain_path.data, "we");
	struct run_writer *w = start(path);
	for (uint32_t i = 0; i < nr; i++) {
		/* A shell makes a child, which executes a program; one of four does not. */
		make_task(&pcs, i, i % 4 ? COMMON : COMMON / 3, i % 4 ? OF_KIND : 20);
		nr_pcs += pcs.len;
		t = seconds();
		add_task(w, i, "test", &pcs);
		if (i % FLUSH == FLUSH - 1)
			check(run_writer_flush(w));
		packed += seconds() - t;
		t = seconds();
		write_plain(f, i, &pcs);
		plain += seconds() - t;
	}
	end(w);
	fclose(f);
	printf("%" PRIu64 " PCs, ns a PC: %.1f written, %.1f without compression\n", nr_pcs,
	       packed * 1e9 / nr_pcs, plain * 1e9 / nr_pcs);
}

static void make_files(const char *directory, uint32_t nr, size_t nr_pcs)
{
	struct pc_count_vector pcs = VECTOR_INIT;
	char path[4096];

	for (uint32_t i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), "%s/%05u.data", directory, i);
		struct run_writer *w = start(path);

		make_task(&pcs, i, COMMON, nr_pcs / 7 > COMMON ? nr_pcs / 7 - COMMON : 1);
		add_task(w, 0, "test", &pcs);
		end(w);
	}
}

int main(int argc, char **argv)
{
	lay_out();
	if (argc == 4 && !strcmp(argv[1], "tasks"))
		make_tasks(argv[2], atoi(argv[3]));
	else if (argc == 5 && !strcmp(argv[1], "files") && atoi(argv[4]) <= 100000)
		make_files(argv[2], atoi(argv[3]), atoi(argv[4]));
	else
		return 2;
	return 0;
}
