// SPDX-License-Identifier: GPL-2.0
/* Fault injection of the kernel: its settings in debugfs, and the files of a task in /proc. */
#include "fault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static const char *const attributes[] = { "/sys/kernel/debug/failslab/",
					  "/sys/kernel/debug/fail_page_alloc/" };

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool good = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return good;
}

/* For both kinds of allocations. One of them may lack this attribute. */
static void set(const char *name, const char *value)
{
	bool good = false;
	char path[128];

	for (unsigned int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s%s", attributes[i], name);
		good |= write_file(path, value);
	}
	if (!good)
		quit("cannot set '%s' of fault injection: %s", name, errno_name(errno));
}

bool faults_are_there(void)
{
	return access(attributes[0], F_OK) == 0;
}

void faults_prepare(void)
{
	if (!faults_are_there())
		return;
	set("verbose", "0");
	set("probability", "0");
	set("task-filter", "Y");
	set("times", "-1");
	set("ignore-gfp-wait", "N");
	set("ignore-gfp-highmem", "N");
	set("min-order", "0");
}

/* The probability is in percent. The interval comes first: of every `interval`
 * allocations one has a chance to fail. */
void faults_rate(unsigned int one_in)
{
	char number[16];

	if (!faults_are_there())
		return;
	snprintf(number, sizeof(number), "%u", one_in / 4 ?: 1);
	set("interval", number);
	set("probability", "25");
}

static int open_of(pid_t pid, const char *name)
{
	char path[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", pid, pid, name);
	if (!pid)
		snprintf(path, sizeof(path), "/proc/thread-self/%s", name);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* Another task may have ended. */
static bool mark(pid_t pid, bool on)
{
	int fd = open_of(pid, "make-it-fail");
	bool good = fd >= 0 && write(fd, on ? "1" : "0", 1) == 1;

	if (fd >= 0)
		close(fd);
	return good;
}

void fault_random(pid_t pid, bool on)
{
	if (faults_are_there() && !mark(pid, on))
		quit("cannot make a task fail: %s", errno_name(errno));
}

void fault_random_end(void)
{
	if (!faults_are_there())
		return;
	set("probability", "0");
	/* Twice: a task that is created meanwhile may not be seen. */
	for (int i = 0; i < 2; i++) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		while (proc && (entry = readdir(proc)))
			if (atoi(entry->d_name) > 0)
				mark(atoi(entry->d_name), false);
		if (proc)
			closedir(proc);
	}
}

/* The file is open meanwhile: to open it needs memory. */
int fault_all_begin(void)
{
	if (!faults_are_there())
		return -1;
	int fd = open_of(0, "make-it-fail");
	set("interval", "1");
	set("probability", "100");
	if (fd < 0 || write(fd, "1", 1) != 1)
		quit("cannot make a task fail: %s", errno_name(errno));
	return fd;
}

void fault_all_end(int fd)
{
	if (fd < 0)
		return;
	if (pwrite(fd, "0", 1, 0) != 1)
		quit("cannot make a task work: %s", errno_name(errno));
	close(fd);
	set("probability", "0");
}

int fault_nth_open(pid_t pid)
{
	if (!faults_are_there())
		return -1;
	int fd = open_of(pid, "fail-nth");
	if (fd < 0)
		quit("cannot open a task's fail-nth: %s", errno_name(errno));
	return fd;
}

void fault_nth(int fd, unsigned int n)
{
	char number[16];
	int length = snprintf(number, sizeof(number), "%u", n);

	if (pwrite(fd, number, length, 0) != length)
		quit("cannot set fail-nth: %s", errno_name(errno));
}

bool fault_nth_end(int fd)
{
	char left[16] = "";

	if (pread(fd, left, sizeof(left) - 1, 0) <= 0)
		quit("cannot read fail-nth: %s", errno_name(errno));
	fault_nth(fd, 0);
	return strtoul(left, NULL, 10) == 0;
}
