// SPDX-License-Identifier: GPL-2.0
/* Remote sections in the module of kernel/kmod: runs them, and finds out whether one is running. */
#include "section.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "suite.h"

static bool has_module;
/* The file with the state of the module's kernel thread. */
static char thread_stat[300];

/* Search for the thread once: /proc is slow to read. */
static void thread_find(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[300], name[32] = "";

	while ((entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		FILE *file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file) && !strcmp(name, "kcovreport\n"))
			snprintf(thread_stat, sizeof(thread_stat), "/proc/%s/stat", entry->d_name);
		fclose(file);
	}
	closedir(proc);
}

pid_t section_thread(void)
{
	int pid;

	return sscanf(thread_stat, "/proc/%d/", &pid) == 1 ? pid : 0;
}

bool module_load(const char *path)
{
	if (!path)
		return true;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)) {
		printf("not ok 1 - cannot load '%s': %s\n", path, strerror(errno));
		return false;
	}
	close(fd);
	has_module = true;
	thread_find();
	return true;
}

static int request_try(struct kcovreport_remote request)
{
	int fd = open("/dev/" KCOVREPORT_DEVICE, O_RDWR | O_CLOEXEC);
	int error = fd < 0 || ioctl(fd, KCOVREPORT_REMOTE, &request) ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

static void request_run(struct kcovreport_remote request)
{
	if (!has_module)
		skip("no module was given");
	int error = request_try(request);
	if (error)
		quit("KCOVREPORT_REMOTE: %s", errno_name(error));
}

int sections_try(unsigned int context, uint64_t handle, unsigned int sections, unsigned int calls)
{
	return request_try((struct kcovreport_remote){
		.context = context, .handle = handle, .sections = sections, .calls = calls });
}

void sections_run(unsigned int context, uint64_t handle, unsigned int sections, unsigned int calls)
{
	request_run((struct kcovreport_remote){
		.context = context, .handle = handle, .sections = sections, .calls = calls });
}

void section_steps(unsigned int context, uint64_t handle, unsigned int steps)
{
	request_run((struct kcovreport_remote){
		.context = context, .handle = handle, .sections = 1, .calls = 1, .steps = steps });
}

static void long_section(void *argument)
{
	sections_run(KCOVREPORT_KTHREAD, *(uint64_t *)argument, 1, LONG_CALLS);
}

/* How many sections have begun. */
static unsigned int sections_begun(void)
{
	FILE *file = fopen("/sys/module/kcovreport_remote/parameters/begun", "re");
	unsigned int nr;

	if (!file || fscanf(file, "%u", &nr) != 1)
		quit("the module does not say how many sections have begun");
	fclose(file);
	return nr;
}

static bool thread_is_runnable(void)
{
	char line[256] = "", state = 0;
	FILE *file = fopen(thread_stat, "re");

	if (!file)
		return false;
	const char *end = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	if (end)
		sscanf(end, ") %c", &state);
	fclose(file);
	return state == 'R';
}

/* The thread becomes runnable before it begins the section. */
static bool section_runs(void *before)
{
	return sections_begun() != *(unsigned int *)before && thread_is_runnable();
}

pid_t long_section_start(uint64_t handle)
{
	if (!has_module)
		skip("no module was given");
	unsigned int before = sections_begun();
	pid_t pid = task_start(long_section, &handle);

	if (!wait_until(section_runs, &before))
		quit("the section was not seen to run");
	return pid;
}

const char *section_function(unsigned int context)
{
	static const char *const names[] = {
		[KCOVREPORT_KTHREAD] = "kcovreport_in_kthread",
		[KCOVREPORT_WORK] = "kcovreport_in_work",
		[KCOVREPORT_SOFTIRQ] = "kcovreport_in_softirq",
		[KCOVREPORT_TIMER] = "kcovreport_in_timer",
		[KCOVREPORT_RCU] = "kcovreport_in_rcu",
		[KCOVREPORT_THREAD] = "kcovreport_in_thread",
	};

	return names[context];
}
