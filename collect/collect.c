// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "collect/front.h"
#include "collect/remote.h"
#include "collect/supervise.h"

#define EXIT_NOT_STARTED 125
#define MESSAGE_MAX	 4000

/* Both ends close on execve. */
struct pipe {
	int read_fd;
	int write_fd;
};

struct launch {
	const struct collect_options *options;
	struct front front;
	struct remote_common remote; /* made by the front, drained by the supervisor */
	struct pipe go;	   /* to the command: a byte is the word to start, the end to give up */
	struct pipe exec;  /* from the command: errno of a failed execve */
	struct pipe error; /* from the supervisor: its error */
};

/* An error on its way through a pipe: message and hint follow, NUL-terminated. */
struct wire_error {
	int32_t code;
	int32_t errnum;
};

static struct error *pipe_open(struct pipe *ret)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return error_errno(errno, "cannot make a pipe");
	*ret = (struct pipe){ fds[0], fds[1] };
	return NULL;
}

static void pipe_close(struct pipe *p)
{
	if (p->read_fd >= 0)
		close(p->read_fd);
	if (p->write_fd >= 0)
		close(p->write_fd);
	*p = (struct pipe){ -1, -1 };
}

static int become_user(const struct collect_user *user)
{
	if (!user)
		return 0;
	if (setgroups(user->nr_groups, user->groups) || setresgid(user->gid, user->gid, user->gid))
		return -1;
	return setresuid(user->uid, user->uid, user->uid);
}

__attribute__((noreturn)) static void run_command(struct launch *l)
{
	const struct collect_options *o = l->options;
	char byte;

	close(l->go.write_fd);
	ssize_t n = read_full(l->go.read_fd, &byte, 1);
	/* The supervisor says go with a byte; an end without it says that it gave up. */
	if (n != 1)
		_exit(EXIT_NOT_STARTED);
	front_restore_signals(&l->front);
	if (become_user(o->user) == 0)
		execvp(o->argv[0], o->argv);
	int32_t e = errno;
	(void)write_all(l->exec.write_fd, &e, sizeof(e));
	_exit(e == ENOENT ? 127 : 126);
}

static void send_error(int fd, const struct error *err)
{
	struct wire_error wire = { err->code, err->errnum };
	const char *hint = err->hint ? err->hint : "";
	char data[sizeof(wire) + 2 * MESSAGE_MAX + 2];
	size_t n = strnlen(err->message, MESSAGE_MAX), m = strnlen(hint, MESSAGE_MAX);

	memcpy(data, &wire, sizeof(wire));
	memcpy(data + sizeof(wire), err->message, n);
	data[sizeof(wire) + n] = '\0';
	memcpy(data + sizeof(wire) + n + 1, hint, m);
	data[sizeof(wire) + n + 1 + m] = '\0';
	(void)write_all(fd, data, sizeof(wire) + n + m + 2);
}

static struct error *receive_error(int fd)
{
	char data[sizeof(struct wire_error) + 2 * MESSAGE_MAX + 2];
	struct wire_error wire;
	ssize_t n = read_full(fd, data, sizeof(data));

	if (n <= (ssize_t)sizeof(wire))
		return NULL;
	memcpy(&wire, data, sizeof(wire));
	const char *message = data + sizeof(wire);
	const char *hint = message + strlen(message) + 1;
	struct error *err = wire.code == ERROR_SYSTEM ? error_errno(wire.errnum, "%s", message)
						      : error_create(wire.code, "%s", message);
	return *hint ? error_hint(err, "%s", hint) : err;
}

__attribute__((noreturn)) static void run_supervisor(struct launch *l)
{
	const struct supervise_options options = { .collect = l->options,
						   .front = getppid(),
						   .command = l->front.command,
						   .go_fd = l->go.write_fd,
						   .remote = &l->remote,
						   .log = l->front.log };

	close(l->go.read_fd);
	close(l->exec.read_fd);
	close(l->exec.write_fd);
	close(l->error.read_fd);
	struct error *err = supervise(&options);
	if (err)
		send_error(l->error.write_fd, err);
	_exit(err ? EXIT_FAILURE : EXIT_SUCCESS);
}

static struct error *launch_both(struct launch *l)
{
	pid_t pid = fork();

	if (pid < 0)
		return error_errno(errno, "cannot fork");
	if (pid == 0)
		run_command(l);
	l->front.command = pid;
	pid = fork();
	if (pid < 0) {
		int e = errno;

		/* Without a word to go it ends by itself. */
		pipe_close(&l->go);
		waitpid(l->front.command, NULL, 0);
		return error_errno(e, "cannot fork");
	}
	if (pid == 0)
		run_supervisor(l);
	l->front.supervisor = pid;
	return NULL;
}

static struct error *launch_result(struct launch *l, struct collect_result *ret)
{
	int32_t exec_errno = 0;

	struct error *err = receive_error(l->error.read_fd);
	if (read_full(l->exec.read_fd, &exec_errno, sizeof(exec_errno)) != sizeof(exec_errno))
		exec_errno = 0;
	ret->exec_errno = exec_errno;
	ret->status = l->front.command_status;
	ret->started = !exec_errno && !(WIFEXITED(ret->status) && err &&
					WEXITSTATUS(ret->status) == EXIT_NOT_STARTED);
	if (!err && WIFSIGNALED(l->front.supervisor_status))
		err = error_hint(error_create(ERROR_SYSTEM,
					      "the supervisor was killed by signal %d",
					      WTERMSIG(l->front.supervisor_status)),
				 "the run file holds what was recorded until then");
	return err;
}

struct error *collect_run(const struct collect_options *options, struct collect_result *ret)
{
	struct launch l = { .options = options,
			    .remote = REMOTE_COMMON_NONE,
			    .go = { -1, -1 },
			    .exec = { -1, -1 },
			    .error = { -1, -1 } };

	*ret = (struct collect_result){ 0 };
	struct error *err = delivery_log_create(&l.front.log);
	if (!err)
		err = pipe_open(&l.go);
	if (!err)
		err = pipe_open(&l.exec);
	if (!err)
		err = pipe_open(&l.error);
	if (!err) {
		front_block_signals(&l.front);
		/* The command inherits the handle. */
		if (options->remote)
			remote_open_common(&l.remote, options->remote_words);
		err = launch_both(&l);
	}
	if (!err) {
		pipe_close(&l.go);
		close(l.exec.write_fd);
		close(l.error.write_fd);
		l.exec.write_fd = l.error.write_fd = -1;
		front_release_stdio();
		front_wait(&l.front);
		err = launch_result(&l, ret);
	}
	remote_close_common(&l.remote);
	pipe_close(&l.go);
	pipe_close(&l.exec);
	pipe_close(&l.error);
	return err;
}

struct error *collect_run_plain(char *const argv[], int *ret)
{
	struct front front = { 0 };

	struct error *err = delivery_log_create(&front.log);
	if (err)
		return err;
	front_block_signals(&front);
	err = front_start_witness(&front);
	if (err)
		return err;
	front.command = fork();
	if (front.command < 0)
		return error_errno(errno, "cannot fork");
	if (front.command == 0) {
		front_restore_signals(&front);
		execvp(argv[0], argv);
		_exit(errno == ENOENT ? 127 : 126);
	}
	front_release_stdio();
	front_wait(&front);
	*ret = front.command_status;
	return NULL;
}
