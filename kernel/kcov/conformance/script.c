// SPDX-License-Identifier: GPL-2.0
/* Runs scripts (script.h): parses each step, makes the call in the task it names, and
 * compares the errno. */
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "suite.h"

#define DESCRIPTORS 4
#define STEP_SIZE   160
#define MAX_HANDLES (1 << 17)
/* INIT_TRACE as a program sees it whose unsigned long has 4 bytes. */
#define INIT_TRACE_32 _IOR('c', 1, uint32_t)

/* What a call works on. */
struct subject {
	int fd;
	char name;
	struct kcov_set_init *init; /* of this descriptor, for mapset */
};

static int fds[DESCRIPTORS];
static struct kcov_set_init inits[DESCRIPTORS];

static uint64_t number(const char *text)
{
	return strtoull(text, NULL, 0);
}

static int call_init(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, KCOV_INIT_TRACE, number(argument));
}

static int call_init32(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, INIT_TRACE_32, number(argument));
}

static int call_enable(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, KCOV_ENABLE, number(argument));
}

static int call_disable(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, KCOV_DISABLE, number(argument));
}

static int call_raw(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, number(argument), 0);
}

/* Parses one item of remote's argument; see script.h. Returns true if it set the number of
 * handles, which then stays. */
static bool remote_item(struct kcov_remote_arg *remote, const char *item)
{
	uint64_t value = strtoull(item + 1, NULL, 0);

	switch (*item) {
	case 'c':
		remote->common_handle = value;
		break;
	case 'u':
		remote->handles[remote->num_handles++] = USB(value);
		break;
	case 'h':
		remote->handles[remote->num_handles++] = value;
		break;
	case 'n':
		for (uint64_t i = 0; i < value; i++)
			remote->handles[remote->num_handles++] = USB(0x10000 + i);
		break;
	case 'N':
		remote->num_handles = value;
		return true;
	default:
		quit("no such item of remote: '%s'", item);
	}
	return false;
}

static int call_remote(struct subject subject, const char *argument)
{
	struct kcov_remote_arg *remote =
		calloc(1, sizeof(*remote) + MAX_HANDLES * sizeof(uint64_t));
	char *rest;

	remote->trace_mode = strtoul(argument, &rest, 0);
	remote->area_size = strtoul(rest + 1, &rest, 0);
	while (*rest == ',' && !remote_item(remote, rest + 1))
		rest += 1 + strcspn(rest + 1, ",");
	int err = kcov_call_pointer(subject.fd, KCOV_REMOTE_ENABLE, remote);
	free(remote);
	return err;
}

static int call_remotefault(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, KCOV_REMOTE_ENABLE, number(argument));
}

static int call_mmap(struct subject subject, const char *argument)
{
	char *rest;
	size_t length = strtoul(argument, &rest, 0) * PAGE_WORDS * sizeof(uint64_t);
	off_t offset = *rest ? strtoul(rest + 1, &rest, 0) * PAGE_WORDS * sizeof(uint64_t) : 0;
	const char *flags = *rest ? rest + 1 : "srw";
	int protection = (strchr(flags, 'r') ? PROT_READ : 0) |
			 (strchr(flags, 'w') ? PROT_WRITE : 0) |
			 (strchr(flags, 'x') ? PROT_EXEC : 0);
	void *area = mmap(NULL, length, protection, strchr(flags, 'p') ? MAP_PRIVATE : MAP_SHARED,
			  subject.fd, offset);

	return area == MAP_FAILED ? errno : 0;
}

static int call_mapset(struct subject subject, const char *argument)
{
	size_t length = subject.init->map_size + number(argument) * PAGE_WORDS * sizeof(uint64_t);
	void *area = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, subject.fd, 0);

	return area == MAP_FAILED ? errno : 0;
}

static int call_open(struct subject subject, const char *argument)
{
	int flags = !strcmp(argument, "r") ? O_RDONLY : !strcmp(argument, "w") ? O_WRONLY : O_RDWR;
	int fd = open(KCOV_DEVICE, flags | O_CLOEXEC);

	if (fd < 0)
		return errno;
	if (dup2(fd, subject.fd) < 0)
		return errno;
	close(fd);
	return 0;
}

static int call_close(struct subject subject, const char *argument)
{
	(void)argument;
	return close(subject.fd) ? errno : 0;
}

static int init_set(struct subject subject, uint32_t size, uint32_t flags, uint64_t slots)
{
	struct kcov_set_init init = { .size = size, .flags = flags, .hash_slots = slots };
	int err = kcov_call_pointer(subject.fd, KCOV_INIT_SET, &init);

	if (!err)
		*subject.init = init;
	return err;
}

static int call_set(struct subject subject, const char *argument)
{
	/* No script uses modules, and mapping a bitmap for them takes time. */
	return init_set(subject, sizeof(struct kcov_set_init), KCOV_SET_HASH_MODULES,
			number(argument));
}

static int call_setsize(struct subject subject, const char *argument)
{
	return init_set(subject, number(argument), 0, 0);
}

static int call_setflags(struct subject subject, const char *argument)
{
	return init_set(subject, sizeof(struct kcov_set_init), number(argument), 0);
}

static int call_setfault(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, KCOV_INIT_SET, number(argument));
}

static int call_share(struct subject subject, const char *argument)
{
	bool named = *argument >= 'a' && *argument < 'a' + DESCRIPTORS;

	return kcov_call(subject.fd, KCOV_SHARE_SET,
			 named ? (unsigned long)fds[*argument - 'a'] : number(argument));
}

static int call_reset(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, KCOV_RESET_SET, number(argument));
}

static int call_stats(struct subject subject, const char *argument)
{
	struct kcov_stats stats = { .size = *argument ? number(argument) : sizeof(stats) };

	return kcov_call_pointer(subject.fd, KCOV_GET_STATS, &stats);
}

static int call_statsfault(struct subject subject, const char *argument)
{
	return kcov_call(subject.fd, KCOV_GET_STATS, number(argument));
}

static const struct {
	const char *name;
	int (*run)(struct subject subject, const char *argument);
} calls[] = {
	{ "init", call_init },	       { "init32", call_init32 },
	{ "enable", call_enable },     { "disable", call_disable },
	{ "raw", call_raw },	       { "remote", call_remote },
	{ "mmap", call_mmap },	       { "remotefault", call_remotefault },
	{ "mapset", call_mapset },     { "open", call_open },
	{ "close", call_close },       { "set", call_set },
	{ "setsize", call_setsize },   { "setflags", call_setflags },
	{ "setfault", call_setfault }, { "share", call_share },
	{ "reset", call_reset },       { "stats", call_stats },
	{ "statssize", call_stats },   { "statsfault", call_statsfault },
};

/* Runs a step such as "a.init:512" and returns its errno. */
static int call_run(const char *step)
{
	char name[STEP_SIZE];
	int index = *step - 'a';

	if (index < 0 || index >= DESCRIPTORS || step[1] != '.')
		quit("no such descriptor: '%s'", step);
	strcpy(name, step + 2);
	char *argument = strchrnul(name, ':');
	if (*argument)
		*argument++ = '\0';
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			return calls[i].run((struct subject){ fds[index], *step, &inits[index] },
					    argument);
	quit("no such call: '%s'", step);
}

/* --- tasks
 * ---------------------------------------------------------------------------------------- */

static struct task {
	char name;
	bool is_thread, lives;
	pthread_t thread;
	pid_t pid;
	int steps[2], answers[2];
} tasks[] = {
	{ .name = 't', .is_thread = true },
	{ .name = 'u', .is_thread = true },
	{ .name = 'p' },
	{ .name = 'q' },
};

static void task_serve(void *argument)
{
	struct task *task = argument;
	char step[STEP_SIZE];

	while (read(task->steps[0], step, sizeof(step)) == sizeof(step) && strcmp(step, "exit")) {
		int err = call_run(step);

		if (write(task->answers[1], &err, sizeof(err)) != sizeof(err))
			quit("cannot answer");
	}
}

static void *thread_serve(void *argument)
{
	task_serve(argument);
	return NULL;
}

static struct task *task_find(char name)
{
	for (size_t i = 0; i < sizeof(tasks) / sizeof(*tasks); i++)
		if (tasks[i].name == name)
			return &tasks[i];
	quit("no such task: '%c'", name);
}

static void task_begin(struct task *task)
{
	if (pipe(task->steps) || pipe(task->answers))
		quit("cannot make pipes");
	if (!task->is_thread)
		task->pid = task_start(task_serve, task);
	else if (pthread_create(&task->thread, NULL, thread_serve, task))
		quit("cannot make a thread");
	task->lives = true;
}

static int task_end(struct task *task)
{
	if (task->is_thread)
		pthread_join(task->thread, NULL);
	else
		task_wait(task->pid);
	task->lives = false;
	return 0;
}

static int task_do(char name, const char *text)
{
	struct task *task = task_find(name);
	char step[STEP_SIZE] = "";
	int err;

	if (!task->lives)
		task_begin(task);
	strcpy(step, text);
	if (write(task->steps[1], step, sizeof(step)) != sizeof(step))
		quit("cannot write to a task");
	if (!strcmp(text, "exit"))
		return task_end(task);
	if (read(task->answers[0], &err, sizeof(err)) != sizeof(err))
		quit("a task ended without an answer");
	return err;
}

static int errno_number(const char *name)
{
	for (int i = 0; i < 134; i++)
		if (!strcmp(errno_name(i), name))
			return i;
	quit("no such errno: '%s'", name);
}

static void step_run(const char *step)
{
	char text[STEP_SIZE];
	int err;

	if (strlen(step) >= sizeof(text))
		quit("too long: '%s'", step);
	strcpy(text, step);
	char *expected = strrchr(text, '=');
	if (!expected || text[1] != '.')
		quit("no step: '%s'", step);
	*expected++ = '\0';
	if (*text == 'm')
		err = call_run(text + 2);
	else if (*text < 'a' + DESCRIPTORS)
		err = call_run(text);
	else
		err = task_do(*text, text + 2);
	if (!expect_errno(err, errno_number(expected), text))
		quit("in this state the script cannot go on");
}

void script_run(const char *script)
{
	char *steps = strdup(script), *rest;

	for (int i = 0; i < DESCRIPTORS; i++)
		fds[i] = kcov_open();
	for (char *step = strtok_r(steps, " ", &rest); step; step = strtok_r(NULL, " ", &rest))
		step_run(step);
	free(steps);
}
