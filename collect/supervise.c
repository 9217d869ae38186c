// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "collect/collector.h"
#include "collect/follow.h"
#include "collect/identity.h"
#include "collect/kcov.h"

#define GETPID_PCS 4096

static volatile sig_atomic_t cancelled;
static pid_t front_pid, command_pid;

/*
 * The front died, or asks us to stop waiting for background tasks. Whoever
 * kills the front means the command.
 */
static void on_terminate(int signal)
{
	if (signal == SIGTERM && getppid() != front_pid)
		kill(command_pid, SIGKILL);
	else
		cancelled = 1;
	/* Once more, should this have come just before the tracer went to sleep. */
	alarm(1);
}

/*
 * Nothing of the terminal's is for us: a process group of our own, and the
 * signals that reach it all the same are ignored.
 */
static void become_supervisor(const struct supervise_options *o)
{
	static const int ignored[] = {
		SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE
	};
	struct sigaction terminate = { .sa_handler = on_terminate };
	sigset_t none;

	front_pid = o->front;
	command_pid = o->command;
	setpgid(0, 0);
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

/* As a shell would need it to run the same again. */
static char *quote_command(char **argv)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-./=:,+@%";
	char *command;

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
	struct error *err = strbuf_steal(&sb, &command);
	if (!err)
		return command;
	error_destroy(err);
	return NULL;
}

/* What the kernel subtracts from PCs, found out with a trace of a system call of our own. */
static struct error *probe_kaslr(uint64_t words, const struct kallsyms *kallsyms,
				 struct run_meta *meta)
{
	_cleanup_free_ uint64_t *pcs = calloc(GETPID_PCS, sizeof(*pcs));
	_cleanup_kcov_ struct kcov kcov = KCOV_CLOSED;
	size_t nr_pcs;

	if (!pcs)
		return &error_no_memory;
	struct error *err = kcov_open(&kcov, words);
	if (!err)
		err = kcov_trace_getpid(&kcov, pcs, GETPID_PCS, &nr_pcs);
	if (err)
		return err;
	if (!nr_pcs)
		return error_hint(error_create(ERROR_UNSUPPORTED, "the kernel records no PCs"),
				  "is it built with CONFIG_KCOV_INSTRUMENT_ALL=y?");
	if (!kallsyms)
		return NULL;
	err = identity_kaslr_offset(pcs, nr_pcs, kallsyms, &meta->kaslr_offset);
	/* Only modules need it: without, their PCs are not placed, and the report says so. */
	meta->kaslr_known = !err;
	error_destroy(err);
	return NULL;
}

static struct error *describe(const struct supervise_options *o, const struct kallsyms *kallsyms,
			      struct run_meta *meta)
{
	struct timespec now;

	struct error *err = identity_kernel(NULL, meta);
	if (err)
		return err;
	meta->command = quote_command(o->collect->argv);
	meta->directory = getcwd(NULL, 0);
	meta->follow = strdup(o->collect->follow == COLLECT_FOLLOW_NONE ? "none" : "ptrace");
	meta->pc_kind = RUN_PC_RETURN;
	meta->buffer_words = o->collect->words;
	clock_gettime(CLOCK_REALTIME, &now);
	meta->start_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	return probe_kaslr(o->collect->words, kallsyms, meta);
}

static void note_delivery(void *arg, const siginfo_t *info)
{
	delivery_log_add(arg, info);
}

/* Coverage itself tells whether a task was in the handler of ptrace(2). */
static void watch_ptrace(const struct kallsyms *kallsyms, const struct run_meta *meta,
			 struct collector_options *ret)
{
	uint64_t start, end;

	if (!kallsyms || !meta->kaslr_known ||
	    !kallsyms_find(kallsyms, "__x64_sys_ptrace", &start, &end))
		return;
	ret->watch_start = start - meta->kaslr_offset;
	ret->watch_end = end - meta->kaslr_offset;
}

static void add_notes(const struct supervise_options *o, struct collector *c)
{
	char text[160];
	uint64_t hits = collector_watch_hits(c);

	if (o->collect->follow == COLLECT_FOLLOW_NONE) {
		collector_note(c, "children and threads were not followed (--follow none)");
	} else if (hits) {
		snprintf(text, sizeof(text),
			 "%ju task%s called ptrace(2), which fails on tasks that are followed: "
			 "use --follow none if the workload needs it",
			 (uintmax_t)hits, hits == 1 ? "" : "s");
		collector_note(c, text);
	}
}

static struct error *run_followed(const struct supervise_options *o, struct collector *c)
{
	const struct follow_options options = { .collector = c,
						.root = o->command,
						.root_only =
							o->collect->follow == COLLECT_FOLLOW_NONE,
						.wait = o->collect->wait,
						.cancel = &cancelled,
						.delivered = note_delivery,
						.arg = o->log };
	struct follow *follow;
	bool started = false;

	struct error *err = follow_create(&options, &follow);
	if (err)
		return err;
	(void)write_all(o->go_fd, "", 1);
	close(o->go_fd);
	err = follow_run(follow, &started);
	if (started) {
		add_notes(o, c);
		struct error *written = collector_finish(c);
		if (err)
			error_destroy(written);
		else
			err = written;
	}
	follow_destroy(follow);
	return err;
}

struct error *supervise(const struct supervise_options *o)
{
	struct collector_options options = { .words = o->collect->words };
	struct run_meta meta = { 0 };
	struct kallsyms *kallsyms = NULL;
	struct run_writer *writer = NULL;
	struct collector *collector = NULL;

	become_supervisor(o);
	/* Without it everything works but modules and the notice about ptrace. */
	error_destroy(kallsyms_load(NULL, &kallsyms));
	struct error *err = run_writer_create(o->collect->output, &writer);
	/* Not before: the output may be /dev/stdout. */
	front_release_stdio();
	if (!err)
		err = describe(o, kallsyms, &meta);
	if (!err) {
		options.writer = writer;
		options.meta = &meta;
		options.kaslr_offset = meta.kaslr_offset;
		watch_ptrace(kallsyms, &meta, &options);
		err = collector_create(&options, &collector);
	}
	if (!err)
		err = run_followed(o, collector);
	collector_destroy(collector);
	run_writer_destroy(writer);
	run_meta_deinit(&meta);
	kallsyms_destroy(kallsyms);
	return err;
}
