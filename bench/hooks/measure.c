// SPDX-License-Identifier: GPL-2.0
/*
 * usage: measure stock|ours MODULE
 *
 * Measures KCOV's hooks in the running kernel, with the module of kmod/, and what a workload
 * loses. Prints lines of a name, a tab and a number, of which bench/hooks.sh makes a table.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "kcovreport_hooks.h"
#include "suite.h"
#include "workload.h"

#define CALLS		1024
#define HANDLES_A_TASK	256 /* stock refuses more than that in one call */
#define LOOKUPS		64
#define SECTION_PCS	100
#define TRACE_WORDS	(1 << 16)
#define UNKNOWN_HANDLES 0x1000000

static int module;
static bool ours;

/* device.c uses these functions of the suite. */
void quit(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "bench/hooks: ");
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "\n");
	va_end(arguments);
	exit(1);
}

const char *errno_name(int error)
{
	return error ? strerrorname_np(error) : "0";
}

static void module_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		quit("cannot load %s: %s", path, strerror(errno));
	close(fd);
	module = open("/dev/" KCOVREPORT_HOOKS_DEVICE, O_RDWR | O_CLOEXEC);
	if (module < 0)
		quit("cannot open the module's device: %s", strerror(errno));
}

uint64_t call_from_module(unsigned int count)
{
	struct kcovreport_hooks hooks = { .hook = KCOVREPORT_MODULE_EACH, .count = count };

	if (ioctl(module, KCOVREPORT_HOOKS, &hooks))
		quit("cannot call from the module: %s", strerror(errno));
	return hooks.site;
}

static double ticks(enum kcovreport_hook hook, unsigned int count, uint64_t handle)
{
	struct kcovreport_hooks hooks = { .hook = hook, .count = count, .handle = handle };

	if (ioctl(module, KCOVREPORT_HOOKS, &hooks))
		quit("cannot measure: %s", strerror(errno));
	return hooks.ticks;
}

static void print(const char *name, double value)
{
	printf("%s\t%.1f\n", name, value);
	fflush(stdout);
}

/* One call, on average: calls with different PCs need not cost the same. */
static void print_call(const char *name, enum kcovreport_hook hook)
{
	print(name, ticks(hook, CALLS, 0) / CALLS);
}

static void print_section(const char *name, enum kcovreport_hook hook, unsigned int pcs,
			  uint64_t handle)
{
	print(name, ticks(hook, pcs, handle));
}

/* --- callbacks -------------------------------------------------------------------------------- */

/* Nothing is printed on a kernel without comparisons. */
static bool has_comparisons(void)
{
	struct kcovreport_hooks hooks = { .hook = KCOVREPORT_COMPARE, .count = 1 };

	return ioctl(module, KCOVREPORT_HOOKS, &hooks) == 0;
}

static void print_comparison(const char *name)
{
	if (has_comparisons())
		print_call(name, KCOVREPORT_COMPARE);
}

static void measure_off(void)
{
	print_call("pc off", KCOVREPORT_TEXT_SAME);
	print_comparison("cmp off");
}

static void measure_trace(void)
{
	struct trace trace = trace_create(TRACE_WORDS);

	trace_enable(&trace);
	print_call("pc trace", KCOVREPORT_TEXT_SAME);
	print_comparison("cmp in trace");
	trace_disable(&trace);
	trace_destroy(&trace);

	trace = trace_create(PAGE_WORDS);
	trace_enable(&trace);
	ticks(KCOVREPORT_TEXT_SAME, PAGE_WORDS, 0);
	print_call("pc full", KCOVREPORT_TEXT_SAME);
	trace_disable(&trace);
	trace_destroy(&trace);
}

static void measure_compare(void)
{
	struct trace trace = trace_create(TRACE_WORDS);

	if (kcov_call(trace.fd, KCOV_ENABLE, KCOV_TRACE_CMP))
		quit("this kernel traces no comparisons");
	__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	print_comparison("cmp trace");
	print_call("pc in cmp", KCOVREPORT_TEXT_SAME);
	trace_disable(&trace);
	trace_destroy(&trace);
}

static void measure_set(void)
{
	struct set set = set_create(0);

	set_enable(&set, 0);
	ticks(KCOVREPORT_TEXT_SAME, CALLS, 0);
	print_call("pc set", KCOVREPORT_TEXT_SAME);
	if (kcov_call(set.fd, KCOV_RESET_SET, 0))
		quit("cannot reset the set");
	print_call("pc set new", KCOVREPORT_TEXT_EACH);
	print_call("pc module new", KCOVREPORT_MODULE_EACH);
	print_call("pc module", KCOVREPORT_MODULE_EACH);
	print_comparison("cmp in set");
	set_disable(&set);
	set_destroy(&set);

	set = set_create_small(0);
	set_enable(&set, 0);
	print_call("pc hashed new", KCOVREPORT_MODULE_EACH);
	print_call("pc hashed", KCOVREPORT_MODULE_EACH);
	set_disable(&set);
	set_destroy(&set);
}

static void measure_system(void)
{
	struct set set = set_create_system();

	if (kcov_call(set.fd, KCOV_ENABLE, KCOV_TRACE_SYSTEM))
		quit("cannot record the system");
	ticks(KCOVREPORT_TEXT_SAME, CALLS, 0);
	print_call("pc system", KCOVREPORT_TEXT_SAME);
	if (kcov_call(set.fd, KCOV_DISABLE, 0))
		quit("cannot end recording the system");
	set_destroy(&set);
	print_call("pc off again", KCOVREPORT_TEXT_SAME);
}

/* --- remote sections -------------------------------------------------------------------------- */

static void measure_unknown(void)
{
	print_section("task unknown", KCOVREPORT_TASK_SECTION, 0, COMMON(UNKNOWN_HANDLES));
	print_section("softirq unknown", KCOVREPORT_SOFTIRQ_SECTION, 0, COMMON(UNKNOWN_HANDLES));
}

static void measure_sections(int fd, uint32_t mode, const char *const names[4])
{
	uint64_t handle = COMMON(1);
	int err = remote_enable(fd, mode, TRACE_WORDS / 16, handle, NULL, 0);

	if (err)
		quit("KCOV_REMOTE_ENABLE: %s", errno_name(err));
	print_section(names[0], KCOVREPORT_TASK_SECTION, 0, handle);
	print_section(names[1], KCOVREPORT_TASK_SECTION, SECTION_PCS, handle);
	print_section(names[2], KCOVREPORT_SOFTIRQ_SECTION, 0, handle);
	print_section(names[3], KCOVREPORT_SOFTIRQ_SECTION, SECTION_PCS, handle);
	kcov_call(fd, KCOV_DISABLE, 0);
}

static void measure_trace_sections(void)
{
	static const char *const names[] = { "task trace", "task trace pcs", "softirq trace",
					     "softirq trace pcs" };
	struct trace trace = trace_create(TRACE_WORDS);

	measure_sections(trace.fd, KCOV_TRACE_PC, names);
	/* All sections have been moved to it, so none of those measured did less work. */
	if (trace_count(&trace) < 2 * KCOVREPORT_TURNS * SECTION_PCS)
		quit("only %ju PCs of remote sections", (uintmax_t)trace_count(&trace));
	trace_destroy(&trace);
}

static void measure_set_sections(void)
{
	static const char *const names[] = { "task set", "task set pcs", "softirq set",
					     "softirq set pcs" };
	struct set set = set_create(0);

	measure_sections(set.fd, KCOV_TRACE_SET, names);
	set_destroy(&set);
}

/* --- many handles ----------------------------------------------------------------------------- */

/* Start a task that owns the handles first to first + count - 1 until it is killed. */
static pid_t own_handles(uint64_t first, unsigned int count)
{
	uint64_t handles[HANDLES_A_TASK];
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) || (pid = fork()) < 0)
		quit("cannot fork: %s", strerror(errno));
	if (pid == 0) {
		int fd = kcov_open();

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (unsigned int i = 0; i < count; i++)
			handles[i] = USB(first + i);
		if (kcov_call(fd, KCOV_INIT_TRACE, PAGE_WORDS) ||
		    remote_enable(fd, KCOV_TRACE_PC, PAGE_WORDS, 0, handles, count))
			_exit(1);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		quit("cannot own handles from %ju on", (uintmax_t)first);
	close(ready[0]);
	return pid;
}

static double mean_lookup(uint64_t first, uint64_t step)
{
	double sum = 0;

	for (unsigned int i = 0; i < LOOKUPS; i++)
		sum += ticks(KCOVREPORT_TASK_SECTION, 0, USB(first + i * step));
	return sum / LOOKUPS;
}

static void measure_lookups(void)
{
	static const unsigned int numbers[] = { 1, 1000, 65536 };
	pid_t owners[65536 / HANDLES_A_TASK + 2];
	unsigned int n = 0, registered = 0;
	char name[64];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		/* The handles registered so far stay. */
		while (registered < numbers[i]) {
			unsigned int count = numbers[i] - registered;

			if (count > HANDLES_A_TASK)
				count = HANDLES_A_TASK;
			owners[n++] = own_handles(registered + 1, count);
			registered += count;
			/* Ours frees a replaced table before it creates a third. */
			usleep(20000);
		}
		snprintf(name, sizeof(name), "known %u", numbers[i]);
		print(name, mean_lookup(1, registered / LOOKUPS));
		snprintf(name, sizeof(name), "unknown %u", numbers[i]);
		print(name, mean_lookup(UNKNOWN_HANDLES, 1));
	}
	while (n) {
		kill(owners[--n], SIGKILL);
		waitpid(owners[n], NULL, 0);
	}
}

int main(int argc, char **argv)
{
	if (argc != 3 || (strcmp(argv[1], "stock") && strcmp(argv[1], "ours")))
		quit("usage: measure stock|ours MODULE");
	ours = !strcmp(argv[1], "ours");
	module_open(argv[2]);
	measure_off();
	measure_trace();
	if (has_comparisons())
		measure_compare();
	measure_unknown();
	measure_trace_sections();
	if (ours) {
		measure_set();
		measure_system();
		measure_set_sections();
	}
	measure_workload(ours, print);
	/* This comes last, as it leaves a table of that size. */
	measure_lookups();
	return 0;
}
