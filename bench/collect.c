// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: collect-work KIND N
 *
 * N units of work of one kind for bench/collect.sh, so that two sizes of the same work tell what
 * a unit costs and what a collection costs once.
 */
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		fail("a child failed");
}

static void fork_once(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void fork_and_execute(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(127);
	}
	wait_for(pid);
}

static void *do_nothing(void *arg)
{
	return arg;
}

static void make_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, do_nothing, NULL) || pthread_join(thread, NULL))
		fail("pthread_create");
}

/* 100 pages of a file that needs no device, and a few calls around them. */
static void call(void)
{
	static char data[4096];

	int fd = open("/dev/zero", O_RDONLY);
	if (fd < 0)
		fail("open");
	for (int i = 0; i < 100; i++)
		if (read(fd, data, sizeof(data)) != sizeof(data))
			fail("read");
	for (int i = 0; i < 100; i++)
		if (lseek(fd, 0, SEEK_SET) < 0 || getppid() < 0)
			fail("lseek");
	close(fd);
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "fork", fork_once },
	{ "exec", fork_and_execute },
	{ "thread", make_thread },
	{ "call", call },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		for (long n = strtol(argv[2], NULL, 10); n > 0; n--)
			kinds[i].run();
		return 0;
	}
	return 2;
}
