// SPDX-License-Identifier: GPL-2.0
/* A workload with more PCs than a trace can hold: how many of them a trace and a set lose. */
#include "workload.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"

#define SMALL_WORDS (1 << 16)
/* Large enough for every run of the workload. */
#define LARGE_WORDS (1 << 22)
/* Number of PCs at the end of the workload that are known. */
#define LAST_PCS 4096

static void read_file(const char *path)
{
	char buffer[4096];
	int fd = open(path, O_RDONLY);

	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	close(fd);
}

/*
 * Many calls of the same kind, as programs make them, then one call each of other kinds, and then
 * LAST_PCS known PCs. Returns the first of these.
 */
static uint64_t run_workload(void)
{
	char byte = 0;
	struct stat status;
	int fds[2], fd;
	pid_t pid;

	for (int i = 0; i < 100; i++) {
		read_file("/proc/self/status");
		read_file("/proc/self/maps");
		stat("/usr/bin/env", &status);
	}
	if (!socketpair(AF_UNIX, SOCK_STREAM, 0, fds)) {
		if (send(fds[0], &byte, 1, 0) == 1)
			recv(fds[1], &byte, 1, 0);
		close(fds[0]);
		close(fds[1]);
	}
	fd = epoll_create1(0);
	close(fd);
	fd = eventfd(0, 0);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	close(fd);
	fd = memfd_create("workload", 0);
	if (!ftruncate(fd, 1 << 20)) {
		char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		memset(memory, 1, 1 << 20);
		munmap(memory, 1 << 20);
	}
	close(fd);
	pid = fork();
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	return call_from_module(LAST_PCS);
}

static int compare_words(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sort the PCs in place and keep each once. */
static uint64_t distinct(uint64_t *pcs, uint64_t count)
{
	uint64_t n = 0;

	qsort(pcs, count, sizeof(*pcs), compare_words);
	for (uint64_t i = 0; i < count; i++)
		if (!n || pcs[i] != pcs[n - 1])
			pcs[n++] = pcs[i];
	return n;
}

/* Number of PCs from start up to, not including, end. */
static uint64_t between(const uint64_t *pcs, uint64_t count, uint64_t start, uint64_t end)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < count; i++)
		n += pcs[i] >= start && pcs[i] < end;
	return n;
}

/* The same for the PCs in a set. */
static uint64_t between_in_set(const struct set *set, uint64_t start, uint64_t end)
{
	uint64_t n = 0;

	for (uint64_t pc = start; pc < end; pc++)
		n += set_has(set, pc);
	return n;
}

static uint64_t missing_in_set(const struct set *set, const uint64_t *pcs, uint64_t count)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < count; i++)
		n += !set_has(set, pcs[i]);
	return n;
}

static uint64_t missing_in_trace(const uint64_t *others, uint64_t n_others, const uint64_t *pcs,
				 uint64_t count)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < count; i++)
		n += !bsearch(&pcs[i], others, n_others, sizeof(*pcs), compare_words);
	return n;
}

/* Run the workload in a new trace. Returns how many PCs it has; they are then sorted, each once. */
static struct trace trace_workload(size_t words, uint64_t *ret_records, uint64_t *ret_distinct,
				   uint64_t *ret_last)
{
	struct trace trace = trace_create(words);
	uint64_t site;

	/* Without this, the workload's fork would have more PCs the larger the trace is. */
	madvise(trace.area, words * sizeof(*trace.area), MADV_DONTFORK);
	trace_enable(&trace);
	site = run_workload();
	*ret_records = trace_disable(&trace);
	*ret_distinct = distinct(trace.area + 1, *ret_records);
	*ret_last = between(trace.area + 1, *ret_distinct, site, site + LAST_PCS);
	return trace;
}

void measure_workload(bool ours, void (*print)(const char *name, double value))
{
	uint64_t records, again, count, last, site;
	struct trace small, large, second;

	/* Run it once to fill caches and touch pages. */
	run_workload();

	small = trace_workload(SMALL_WORDS, &records, &count, &last);
	print("small records", records);
	print("small distinct", count);
	print("small last", last);
	if (ours)
		print("small dropped", stats_get(small.fd).dropped_pcs);
	trace_destroy(&small);

	/*
	 * PCs that one run has and another has not: no two runs allocate and wait in the same
	 * way.
	 */
	second = trace_workload(LARGE_WORDS, &records, &again, &last);
	large = trace_workload(LARGE_WORDS, &records, &count, &last);
	print("large records", records);
	print("large distinct", count);
	print("large last", last);
	print("second missing", missing_in_trace(second.area + 1, again, large.area + 1, count));

	if (ours) {
		struct set set = set_create(0);

		set_enable(&set, 0);
		site = run_workload();
		set_disable(&set);
		print("set distinct", set_size(&set));
		print("set last", between_in_set(&set, site, site + LAST_PCS));
		print("set dropped", stats_get(set.fd).dropped_pcs);
		print("set missing", missing_in_set(&set, large.area + 1, count));
		set_destroy(&set);
	}
	trace_destroy(&second);
	trace_destroy(&large);
}
