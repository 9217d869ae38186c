// SPDX-License-Identifier: GPL-2.0-or-later
/* Starts the command and the supervisor, connects them with pipes, and collects their results. */
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
#include "collect/follow/find_program.h"
#include "collect/follow/front.h"
#include "collect/kcov/contexts.h"
#include "collect/kcov/kcov.h"
#include "collect/kcov/kcov_set.h"
#include "collect/kcov/remote.h"
#include "collect/follow/supervise.h"

#define EXIT_NOT_STARTED 125
#define MESSAGE_MAX	 4000
/* A set gets one slot for module PCs per this many words of a buffer. */
#define WORDS_PER_SLOT 4

/* Both ends close on execve. */
struct pipe {
	int read_fd;
	int write_fd;
};

struct launch {
	const struct collect_options *options;
	enum collect_follow follow; /* not auto */
	struct kcov_set set;	    /* made by the front, read by the supervisor */
	struct contexts contexts;   /* the same */
	struct front front;
	struct remote_common remote; /* made by the front, drained by the supervisor */
	struct pipe go;	    /* to the command: a byte means start, end of file means give up */
	struct pipe exec;   /* from the command: struct start_failure; end of file means that it
			     * was executed */
	struct pipe error;  /* from the supervisor: its error */
	struct pipe status; /* to the supervisor: the command's status, if it does not see it
			     * itself */
};

/* What failed in the command's process before it became its program. */
struct start_failure {
	int32_t errnum; /* 0 = none */
	bool recording; /* true: recording could not be enabled; false: the program could not be
			 * executed */
};

/* An error as it goes through a pipe: message and hint follow, NUL-terminated. */
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

__attribute__((noreturn)) static void give_up(struct launch *l, int errnum, bool recording)
{
	const struct start_failure failure = { errnum, recording };

	(void)write_all(l->exec.write_fd, &failure, sizeof(failure));
	if (recording)
		_exit(EXIT_NOT_STARTED);
	_exit(errnum == ENOENT ? 127 : 126);
}

/*
 * execve() would close these, but coverage of closing our pipes must not be recorded as the
 * command's.
 */
static void close_ours(struct launch *l)
{
	pipe_close(&l->go);
	close(l->exec.read_fd);
	pipe_close(&l->error);
	pipe_close(&l->status);
	kcov_close(&l->remote.kcov);
	contexts_close(&l->contexts);
}

/*
 * If the kernel follows, recording begins here. The file is searched for before that: the
 * attempts of execvp() in the other directories of PATH are not the command's coverage.
 */
__attribute__((noreturn)) static void become_program(struct launch *l)
{
	char **argv = l->options->argv;
	char *path = NULL;

	if (l->follow == COLLECT_FOLLOW_SYSTEM)
		close_ours(l);
	if (l->follow == COLLECT_FOLLOW_KERNEL) {
		close_ours(l);
		path = find_program(argv[0]);
		int errnum = kcov_set_enable_tree(&l->set);
		if (errnum)
			give_up(l, errnum, true);
	}
	if (path)
		execv(path, argv);
	execvp(argv[0], argv);
	give_up(l, errno, false);
}

__attribute__((noreturn)) static void run_command(struct launch *l)
{
	char byte;

	close(l->go.write_fd);
	/* Now, since coverage of closing it later would be recorded as the command's. */
	if (l->options->lock_fd >= 0)
		close(l->options->lock_fd);
	ssize_t n = read_full(l->go.read_fd, &byte, 1);
	if (n < 0)
		give_up(l, errno, true);
	/* The supervisor sends a byte to start. End of file without it means that it gave up. */
	if (n != 1)
		_exit(EXIT_NOT_STARTED);
	front_restore_signals(&l->front);
	if (become_user(l->options->user))
		give_up(l, errno, false);
	become_program(l);
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
						   .follow = l->follow,
						   .set = &l->set,
						   .contexts = &l->contexts,
						   .front = getppid(),
						   .command = l->front.command,
						   .go_fd = l->go.write_fd,
						   .exec_fd = l->exec.read_fd,
						   .status_fd = l->status.read_fd,
						   .remote = &l->remote,
						   .log = l->front.log };

	close(l->go.read_fd);
	close(l->exec.write_fd);
	close(l->error.read_fd);
	close(l->status.write_fd);
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

		/* Without that byte the command's process ends by itself. */
		pipe_close(&l->go);
		waitpid(l->front.command, NULL, 0);
		return error_errno(e, "cannot fork");
	}
	if (pid == 0)
		run_supervisor(l);
	l->front.supervisor = pid;
	return NULL;
}

static struct error *recording_error(int errnum)
{
	struct error *err = error_errno(errnum, "cannot record the command");

	if (errnum == EBUSY)
		return error_hint(err, "another user of KCOV already records it: do not run "
				       "collect inside of collect");
	return err;
}

static struct error *launch_result(struct launch *l, struct collect_result *ret)
{
	struct start_failure failure = { 0 };

	struct error *err = receive_error(l->error.read_fd);
	if (read_full(l->exec.read_fd, &failure, sizeof(failure)) != sizeof(failure))
		failure.errnum = 0;
	if (failure.errnum && failure.recording && !err)
		err = recording_error(failure.errnum);
	ret->exec_errno = failure.recording ? 0 : failure.errnum;
	ret->status = l->front.command_status;
	ret->started = !failure.errnum && !(WIFEXITED(ret->status) && err &&
					    WEXITSTATUS(ret->status) == EXIT_NOT_STARTED);
	if (!err && WIFSIGNALED(l->front.supervisor_status))
		err = error_hint(error_create(ERROR_SYSTEM,
					      "the supervisor was killed by signal %d",
					      WTERMSIG(l->front.supervisor_status)),
				 "the run file holds what was recorded until then");
	/* The pipe for its error may fail, too. */
	if (!err && l->front.supervisor_status)
		err = error_create(ERROR_SYSTEM, "the supervisor failed and could not say why");
	return err;
}

/* Opening the set is the probe: it shows whether the kernel can follow. */
static struct error *choose_follow(struct launch *l)
{
	const struct collect_options *o = l->options;

	l->follow = o->follow;
	if (o->follow != COLLECT_FOLLOW_AUTO && o->follow != COLLECT_FOLLOW_KERNEL)
		return NULL;
	struct error *err = kcov_set_open(KCOV_DEVICE, o->words / WORDS_PER_SLOT, &l->set);
	if (err && o->contexts & CONTEXTS_OF_TASKS)
		return err->code != ERROR_UNSUPPORTED
			       ? err
			       : error_hint(err,
					    "use --contexts task, or a kernel with kernel/kcov/ of "
					    "kcovreport: make kernel KCOV=ours");
	if (err && o->follow == COLLECT_FOLLOW_KERNEL)
		return err;
	l->follow = err ? COLLECT_FOLLOW_PTRACE : COLLECT_FOLLOW_KERNEL;
	/* Drop the error: ptrace needs no set, and a missing device is reported later. */
	error_destroy(err);
	return NULL;
}

/* Sets of what tasks do not do themselves. */
static struct error *open_contexts(struct launch *l)
{
	const struct collect_options *o = l->options;
	uint64_t slots = o->words / WORDS_PER_SLOT;
	bool asked = o->contexts != COLLECT_CONTEXTS_DEFAULT;
	unsigned int kinds = asked ? o->contexts & CONTEXTS_OF_TASKS : CONTEXTS_CERTAIN;
	struct error *err = NULL;

	if (l->follow == COLLECT_FOLLOW_KERNEL)
		err = contexts_open(&l->contexts, KCOV_DEVICE, slots, &l->set, kinds, asked);
	if (!err && o->system)
		err = contexts_open_system(&l->contexts, KCOV_DEVICE, slots, o->from_boot);
	return err;
}

static struct error *open_pipes(struct launch *l)
{
	struct pipe *pipes[] = { &l->go, &l->exec, &l->error, &l->status };
	struct error *err = NULL;

	for (size_t i = 0; !err && i < sizeof(pipes) / sizeof(*pipes); i++)
		err = pipe_open(pipes[i]);
	return err;
}

/* Prepares everything that must exist before there are more processes. */
static struct error *prepare(struct launch *l)
{
	struct error *err = delivery_log_create(&l->front.log);

	if (!err)
		err = open_pipes(l);
	if (!err)
		err = choose_follow(l);
	if (!err)
		err = open_contexts(l);
	if (err)
		return err;
	front_block_signals(&l->front);
	/* A tracer sees the signals of the command itself. */
	if (l->follow != COLLECT_FOLLOW_PTRACE)
		err = front_start_witness(&l->front);
	/* The command inherits the handle. */
	if (!err && l->options->remote)
		remote_open_common(&l->remote, l->options->remote_words);
	return err;
}

/* Closes the pipe ends of the other processes, so that they see the end of file when those end. */
static struct error *stand_in(struct launch *l, struct collect_result *ret)
{
	pipe_close(&l->go);
	close(l->exec.write_fd);
	close(l->error.write_fd);
	close(l->status.read_fd);
	l->exec.write_fd = l->error.write_fd = l->status.read_fd = -1;
	l->front.status_fd = l->status.write_fd;
	l->status.write_fd = -1;
	kcov_set_close(&l->set);
	contexts_close(&l->contexts);
	front_release_stdio();
	front_wait(&l->front);
	return launch_result(l, ret);
}

struct error *collect_run(const struct collect_options *options, struct collect_result *ret)
{
	struct launch l = { .options = options,
			    .set = KCOV_SET_CLOSED,
			    .front = { .status_fd = -1 },
			    .remote = REMOTE_COMMON_NONE,
			    .go = { -1, -1 },
			    .exec = { -1, -1 },
			    .error = { -1, -1 },
			    .status = { -1, -1 } };

	*ret = (struct collect_result){ 0 };
	io_hold_closed_streams();
	struct error *err = prepare(&l);
	if (!err)
		err = launch_both(&l);
	if (!err)
		err = stand_in(&l, ret);
	remote_close_common(&l.remote);
	kcov_set_close(&l.set);
	contexts_close(&l.contexts);
	pipe_close(&l.go);
	pipe_close(&l.exec);
	pipe_close(&l.error);
	pipe_close(&l.status);
	return err;
}

struct error *collect_run_plain(char *const argv[], int *ret)
{
	struct front front = { .status_fd = -1 };

	io_hold_closed_streams();
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
