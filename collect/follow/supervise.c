// SPDX-License-Identifier: GPL-2.0-or-later
/* The supervisor's process: prepares the collector, follows the tasks, finishes the run file. */
#include "collect/follow/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "collect/kcov/clone_trace.h"
#include "collect/kcov/collector.h"
#include "collect/kcov/contexts.h"
#include "collect/kcov/kcov.h"
#include "collect/kcov/kcov_openers.h"
#include "collect/follow/follow.h"
#include "collect/follow/follow_set.h"
#include "collect/machine/identity.h"
#include "collect/kcov/kcov_set.h"
#include "collect/kcov/remote.h"
#include "collect/kcov/self_trace.h"

#define SUPERVISOR_NICE -10

static volatile sig_atomic_t cancelled;
static pid_t front_pid, command_pid;
static int command_fd; /* a pidfd; -1 = there are none here */

/* The front may have reaped the command long ago, so that another process has its id. */
static void kill_command(void)
{
	if (command_fd >= 0)
		syscall(SYS_pidfd_send_signal, command_fd, SIGKILL, NULL, 0);
	else
		kill(command_pid, SIGKILL);
}

/*
 * The front died, or asks us to stop waiting for background tasks. A signal that kills the front
 * was meant for the command.
 */
static void on_terminate(int signal)
{
	int errnum = errno;

	if (signal == SIGTERM && getppid() != front_pid)
		kill_command();
	else
		cancelled = 1;
	/* Again, in case this signal came just before the tracer went to sleep. */
	alarm(1);
	errno = errnum;
}

/*
 * The terminal's signals are not for us: use a process group of our own, and ignore those signals
 * that reach us nevertheless. Writing beyond the file-size limit is an error, not our end.
 */
static void become_supervisor(const struct supervise_options *o)
{
	static const int ignored[] = { SIGINT,	SIGQUIT, SIGHUP,  SIGTSTP,
				       SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ };
	struct sigaction terminate = { .sa_handler = on_terminate };
	sigset_t none;

	front_pid = o->front;
	command_pid = o->command;
	command_fd = syscall(SYS_pidfd_open, command_pid, 0);
	setpgid(0, 0);
	/* While the reader waits for a CPU that the workload uses, a buffer fills. Ignore a
	 * failure: we may lack the privilege. */
	setpriority(PRIO_PROCESS, 0, SUPERVISOR_NICE);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigaction(SIGTERM, &terminate, NULL);
	sigaction(SIGALRM, &terminate, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (getppid() != front_pid)
		raise(SIGTERM);
}

/* Quoted so that a shell would run the same command again. */
static struct error *quote_command(char **argv, char **ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-./=:,+@%";

	for (; *argv; argv++) {
		if (sb.len)
			strbuf_addch(&sb, ' ');
		if (**argv && !(*argv)[strspn(*argv, plain)]) {
			strbuf_addstr(&sb, *argv);
			continue;
		}
		strbuf_addch(&sb, '\'');
		for (const char *p = *argv; *p; p++)
			if (*p == '\'')
				strbuf_addstr(&sb, "'\\''");
			else
				strbuf_addch(&sb, *p);
		strbuf_addch(&sb, '\'');
	}
	return strbuf_steal(&sb, ret);
}

static const char *const follow_names[] = {
	[COLLECT_FOLLOW_KERNEL] = "kernel",
	[COLLECT_FOLLOW_PTRACE] = "ptrace",
	[COLLECT_FOLLOW_NONE] = "none",
	[COLLECT_FOLLOW_SYSTEM] = "system",
};

static bool is_traced(const struct supervise_options *o)
{
	return o->follow == COLLECT_FOLLOW_PTRACE || o->follow == COLLECT_FOLLOW_NONE;
}

/* Are the tasks' own PCs not wanted? */
static bool discards_set(const struct supervise_options *o)
{
	return o->collect->contexts != COLLECT_CONTEXTS_DEFAULT &&
	       !(o->collect->contexts & CONTEXT_BIT(RUN_SOURCE_SET));
}

static struct error *describe(const struct supervise_options *o, const struct self_trace *trace,
			      struct run_meta *meta)
{
	struct timespec now;

	struct error *err = identity_kernel(NULL, meta);
	if (!err)
		err = quote_command(o->collect->argv, &meta->command);
	if (err)
		return err;
	meta->name = o->collect->name ? strdup(o->collect->name) : NULL;
	if (o->collect->name && !meta->name)
		return &error_no_memory;
	/* NULL: it was removed. */
	meta->directory = getcwd(NULL, 0);
	if (!meta->directory && errno == ENOMEM)
		return &error_no_memory;
	meta->follow = strdup(follow_names[o->follow]);
	if (!meta->follow)
		return &error_no_memory;
	meta->pc_kind = RUN_PC_RETURN;
	/* A set has no buffer. */
	meta->buffer_words = is_traced(o) ? o->collect->words : 0;
	clock_gettime(CLOCK_REALTIME, &now);
	meta->start_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	meta->kaslr_offset = trace->kaslr_offset;
	meta->kaslr_known = trace->kaslr_known;
	return NULL;
}

static void note_delivery(void *arg, const siginfo_t *info)
{
	delivery_log_add(arg, info);
}

static void add_notes(const struct supervise_options *o, struct collector *c)
{
	char text[160];
	uint64_t hits = collector_watch_hits(c);

	if (discards_set(o))
		collector_note(c, "what the tasks executed themselves was not recorded "
				  "(--contexts without task)");
	if (o->follow == COLLECT_FOLLOW_NONE) {
		collector_note(c, "children and threads were not followed (--follow none)");
	} else if (hits) {
		snprintf(text, sizeof(text),
			 "%ju task%s called ptrace(2), which fails for tasks that are followed: "
			 "use --follow none if the workload needs it",
			 (uintmax_t)hits, hits == 1 ? "" : "s");
		collector_note(c, text);
	}
}

/* The workload has ended. */
static struct error *finish(const struct supervise_options *o, struct collector *c,
			    struct remote **remote)
{
	add_notes(o, c);
	collector_settle_remote(c);
	struct error *err = contexts_settle(o->contexts, NULL);
	remote_stop(steal_ptr(remote));
	struct error *written = collector_finish(c);
	if (!err)
		return written;
	error_destroy(written);
	return err;
}

/* The collection is complete all the same, except for tasks that no tracer is told about. */
static void note_unknown_clones(struct collector *c, const struct error *err)
{
	_cleanup_free_ char *reason = err ? error_format(err) : NULL;
	_cleanup_free_ char *text = NULL;

	if (asprintf(&text, "tasks created with CLONE_UNTRACED cannot be detected: %s",
		     reason ? reason
			    : "the kernel's coverage does not show when a clone succeeds") < 0)
		text = NULL;
	if (text)
		collector_note(c, text);
}

/* Start the command and follow it to its end. f: NULL if it is not traced. */
static struct error *run_followed(const struct supervise_options *o, struct collector *c,
				  struct kcov_openers *openers, struct follow *f)
{
	const struct follow_set_options set = { .collector = c,
						.set = o->follow == COLLECT_FOLLOW_KERNEL ? o->set
											  : NULL,
						.contexts = o->contexts,
						.root = o->command,
						.program = o->collect->argv[0],
						.exec_fd = o->exec_fd,
						.status_fd = o->status_fd,
						.openers = openers,
						.wait = o->collect->wait,
						.cancel = &cancelled };
	struct remote *remote = NULL;
	bool started = false;

	struct error *err =
		remote_start(c, o->remote, o->collect->remotes, o->collect->remote_words, &remote);
	if (!err)
		err = contexts_start_system(o->contexts);
	/* What is not traced waits until the program is executed. */
	if (!err && f)
		err = contexts_collect(o->contexts, c);
	if (err) {
		remote_stop(remote);
		return err;
	}
	/* EPIPE: the command was killed, and its status says so. */
	if (write_all(o->go_fd, "", 1) && errno != EPIPE)
		err = error_errno(errno, "cannot start the command");
	close(o->go_fd);
	if (!err)
		err = f ? follow_run(f, &started) : follow_set_run(&set, &started);
	if (started) {
		struct error *written = finish(o, c, &remote);
		if (err)
			error_destroy(written);
		else
			err = written;
	}
	remote_stop(remote);
	return err;
}

static struct error *run(const struct supervise_options *o, struct collector *c)
{
	_cleanup_kcov_openers_ struct kcov_openers openers = KCOV_OPENERS_NONE;
	const struct follow_options options = { .collector = c,
						.root = o->command,
						.root_only = o->follow == COLLECT_FOLLOW_NONE,
						.status_fd = o->status_fd,
						.openers = &openers,
						.wait = o->collect->wait,
						.cancel = &cancelled,
						.delivered = note_delivery,
						.arg = o->log };
	struct follow *follow;

	kcov_openers_watch(&openers, KCOV_DEVICE);
	if (!is_traced(o))
		return run_followed(o, c, &openers, NULL);
	struct error *err = follow_create(&options, &follow);
	if (err)
		return err;
	err = run_followed(o, c, &openers, follow);
	follow_destroy(follow);
	return err;
}

/* Facts of the kernel that are needed before the command starts, most of them only by a tracer. */
static struct error *prepare_tracing(const struct supervise_options *o,
				     const struct self_trace *trace,
				     struct collector_options *options, struct clone_trace *clones)
{
	/* The coverage itself shows whether a task loads a module, whose init may fail and leave
	 * nothing to look for later. */
	memcpy(options->load_pcs, trace->load_pcs, sizeof(options->load_pcs));
	if (!is_traced(o))
		return NULL;
	options->words = o->collect->words;
	/* And whether a task called ptrace(2). */
	options->watch_pc = trace->ptrace_pc;
	options->clones = clones;
	return o->follow == COLLECT_FOLLOW_PTRACE ? clone_trace_run(clones) : NULL;
}

static void close_contexts(struct contexts **contexts)
{
	contexts_close(*contexts);
}

struct error *supervise(const struct supervise_options *o)
{
	_cleanup_(run_meta_deinit) struct run_meta meta = { 0 };
	_cleanup_run_writer_ struct run_writer *writer = NULL;
	_cleanup_kcov_set_ struct kcov_set *set = o->set;
	_cleanup_(close_contexts) struct contexts *contexts = o->contexts;
	_cleanup_collector_ struct collector *collector = NULL;
	_cleanup_error_ struct error *clones_err = NULL;
	struct collector_options options = { 0 };
	struct self_trace trace = { 0 };
	struct clone_trace clones = { 0 };

	become_supervisor(o);
	struct error *err = run_writer_create(o->collect->output, &writer);
	/* Not earlier: the output may be /dev/stdout. */
	front_release_stdio();
	if (err)
		return err;
	/* This also drops the common handle that we inherited from the front: KCOV_DISABLE
	 * clears it. */
	err = self_trace_run(&trace);
	if (err)
		return err;
	/* Our own children must not get a copy of its buffer either. */
	if (o->remote->kcov.area)
		madvise(o->remote->kcov.area, o->remote->kcov.words * sizeof(uint64_t),
			MADV_DONTFORK);
	clones_err = prepare_tracing(o, &trace, &options, &clones);
	if (o->follow == COLLECT_FOLLOW_KERNEL)
		err = kcov_set_map(set);
	if (!err)
		err = contexts_map(contexts);
	if (!err)
		err = describe(o, &trace, &meta);
	if (err)
		return err;
	options.writer = writer;
	options.meta = &meta;
	options.kaslr_offset = meta.kaslr_offset;
	options.discards_set = discards_set(o);
	options.system_only = o->follow == COLLECT_FOLLOW_SYSTEM;
	err = collector_create(&options, &collector);
	if (err)
		return err;
	if (o->follow == COLLECT_FOLLOW_PTRACE && !clones.nr)
		note_unknown_clones(collector, clones_err);
	return run(o, collector);
}
