// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport collect: runs a command and records its coverage, here or in a virtual machine. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "collect/collect.h"
#include "collect/doctor/doctor.h"
#include "collect/kcov/remote.h"
#include "run/run.h"
#include "kcovreport/collect_summary.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/report.h"
#include "kcovreport/vm.h"

/* The same as in env(1) and timeout(1). */
enum { EXIT_COLLECT = 125, EXIT_CANNOT_EXECUTE = 126, EXIT_NO_COMMAND = 127 };

enum {
	OPT_BUFFER = 256,
	OPT_FOLLOW,
	OPT_WAIT,
	OPT_USER,
	OPT_VM,
	OPT_REPORT,
	OPT_REMOTE,
	OPT_NO_REMOTE
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write the run file FILE (./kcov.data)", 0 },
	{ "buffer", OPT_BUFFER, "WORDS", 0,
	  "KCOV buffer of each task, in words of 8 bytes (1048576), and of each remote handle "
	  "(262144). Use a larger one if a report says that PCs may be lost. If the kernel follows "
	  "tasks, they have no buffers: then only modules beyond the first 64 MB of module memory "
	  "need room (WORDS/4 PCs)",
	  0 },
	{ "follow", OPT_FOLLOW, "HOW", 0,
	  "How new tasks are followed: kernel (needs kernel/kcov/ of kcovreport), ptrace (any "
	  "kernel), auto (kernel if it is supported, else ptrace; the default), or none (only the "
	  "first task is covered)",
	  0 },
	{ "wait", OPT_WAIT, NULL, 0, "Collect until the last descendant of the command has ended",
	  0 },
	{ "user", OPT_USER, "UID:GID[:GID...]", 0, "Run the command as this user", 0 },
	{ "vm", OPT_VM, "DIR", OPTION_ARG_OPTIONAL,
	  "Run the command in a virtual machine, on the kernel in build directory DIR (the one "
	  "that 'make kernel' built)",
	  0 },
	{ "remote", OPT_REMOTE, "WHAT", OPTION_ARG_OPTIONAL,
	  "Also record what the kernel executes for the command in the background (the default); "
	  "with usb:BUS, usb:all or handle:0xHEX, also all that it executes for this handle "
	  "(repeatable)",
	  0 },
	{ "no-remote", OPT_NO_REMOTE, NULL, 0, "Record only what the tasks execute themselves", 0 },
	{ "report", OPT_REPORT, "DIR", 0, "Also write a report to DIR", 0 },
	{ 0 },
};

static const char doc[] =
	"Run COMMAND and record what the kernel executes for it and for all its descendants.\v"
	"Examples:\n"
	"  kcovreport collect ./test && kcovreport report\n"
	"  kcovreport collect --vm --report coverage -- sh -c 'ls | wc'\n\n"
	"The exit status is that of COMMAND, or 125 if collecting failed, 126 if COMMAND cannot be "
	"executed, 127 if there is no such command.";

#define MAX_GROUPS 1024

struct collect_arguments {
	struct collect_options collect;
	struct collect_user user;
	gid_t groups[MAX_GROUPS];
	const char *buffer;
	const char *follow;
	const char *user_text;
	struct remote_spec_vector remotes;
	struct string_vector remote_texts; /* as given, passed on to the guest */
	bool vm;
	const char *vm_dir;
	const char *report;
};

static bool parse_follow(const char *text, enum collect_follow *ret)
{
	static const char *const names[] = { [COLLECT_FOLLOW_AUTO] = "auto",
					     [COLLECT_FOLLOW_KERNEL] = "kernel",
					     [COLLECT_FOLLOW_PTRACE] = "ptrace",
					     [COLLECT_FOLLOW_NONE] = "none" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(text, names[i])) {
			*ret = i;
			return true;
		}
	return false;
}

/* UID:GID, then the supplementary groups. */
static bool parse_user(char *text, struct collect_arguments *a)
{
	uint64_t value;

	for (size_t i = 0; text; i++) {
		char *id = strsep(&text, ":");

		if (i >= MAX_GROUPS || !parse_u64(id, 10, UINT32_MAX - 1, &value))
			return false;
		if (i == 0)
			a->user.uid = value;
		else if (i == 1)
			a->user.gid = value;
		else
			a->groups[a->user.nr_groups++] = value;
		if (i == 0 && !text)
			return false;
	}
	a->user.groups = a->groups;
	a->collect.user = &a->user;
	return true;
}

/*
 * Take the next word as the argument of --remote only if it looks like one. A
 * command named "usb:1" is unlikely; `--remote -- usb:1` runs it.
 */
static char *remote_argument(char *arg, struct argp_state *state)
{
	struct remote_spec spec;

	if (arg || state->next >= state->argc || !remote_parse(state->argv[state->next], &spec))
		return arg;
	return state->argv[state->next++];
}

static void parse_remote(struct collect_arguments *a, const char *text, struct argp_state *state)
{
	struct remote_spec spec;

	a->collect.remote = true;
	if (!text)
		return;
	if (!remote_parse(text, &spec))
		argp_error(state, "--remote takes usb:BUS, usb:all or handle:0xHEX, not '%s'",
			   text);
	if (!remote_spec_vector_append(&a->remotes, &spec) ||
	    !string_vector_append(&a->remote_texts, &text))
		argp_failure(state, EXIT_COLLECT, 0, "out of memory");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct collect_arguments *a = state->input;

	switch (key) {
	case 'o':
		a->collect.output = arg;
		break;
	case OPT_BUFFER:
		a->buffer = arg;
		if (!parse_u64(arg, 0, COLLECT_MAX_WORDS, &a->collect.words) ||
		    a->collect.words < COLLECT_MIN_WORDS || a->collect.words % COLLECT_MIN_WORDS)
			argp_error(state,
				   "--buffer takes a multiple of 512 words up to %ju, not '%s'",
				   (uintmax_t)COLLECT_MAX_WORDS, arg);
		a->collect.remote_words = a->collect.words;
		break;
	case OPT_FOLLOW:
		a->follow = arg;
		if (!parse_follow(arg, &a->collect.follow))
			argp_error(state, "--follow takes auto, kernel, ptrace or none, not '%s'",
				   arg);
		break;
	case OPT_WAIT:
		a->collect.wait = true;
		break;
	case OPT_USER:
		a->user_text = arg;
		break;
	case OPT_VM:
		a->vm = true;
		a->vm_dir = arg;
		break;
	case OPT_REMOTE:
		parse_remote(a, remote_argument(arg, state), state);
		break;
	case OPT_NO_REMOTE:
		a->collect.remote = false;
		break;
	case OPT_REPORT:
		a->report = arg;
		break;
	case ARGP_KEY_ARG:
		a->collect.argv = &state->argv[state->next - 1];
		state->next = state->argc;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no command to run");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = { options, parse_option, "[--] COMMAND [ARG...]", doc, NULL,
				  NULL,	   NULL };

/* End in the same way as the command: by the same signal, but without a core dump. */
static int end_as(int status)
{
	sigset_t set;
	int s;

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	s = WTERMSIG(status);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	signal(s, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, s);
	raise(s);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 128 + s;
}

static int explain_exec(const struct collect_arguments *a, int errnum)
{
	const char *name = a->collect.argv[0];

	say_error(error_errno(errnum, "cannot execute '%s'", name));
	return errnum == ENOENT ? EXIT_NO_COMMAND : EXIT_CANNOT_EXECUTE;
}

/* Say why nothing could be collected, and what the doctor found, if anything. */
static int explain_failure(struct error *err, bool started)
{
	struct error *verdict = started ? NULL : doctor_verdict();
	_cleanup_free_ char *text = error_format(err);
	_cleanup_free_ char *verdict_text = verdict ? error_format(verdict) : NULL;

	say_error(err);
	/* Often both texts are the same. */
	if (verdict_text && text && strcmp(verdict_text, text))
		say_error(verdict);
	else
		error_destroy(verdict);
	return EXIT_COLLECT;
}

static int report_run(const struct collect_arguments *a, int saved_stdout)
{
	const char *files[] = { a->collect.output };
	const struct report_options report = { .files = files, .nr_files = 1, .output = a->report };

	if (!a->report)
		return EXIT_DONE;
	fflush(stdout);
	dup2(saved_stdout, STDOUT_FILENO);
	struct error *err = report_write(&report);
	if (!err)
		return finish_stdout();
	say_error(err);
	return EXIT_FAILED;
}

/* EXIT_DONE: the command ended, and *ret_status is its status from wait(2). */
static int collect_here(const struct collect_arguments *a, int *ret_status)
{
	struct collect_result result;

	struct error *err = collect_run(&a->collect, &result);
	if (result.exec_errno) {
		error_destroy(err);
		return explain_exec(a, result.exec_errno);
	}
	if (err)
		return explain_failure(err, result.started);
	say_collect_summary(a->collect.output);
	*ret_status = result.status;
	return EXIT_DONE;
}

/* The same. */
static int collect_in_vm(const struct collect_arguments *a, int *ret_status)
{
	struct vm_collect vm = { .kernel = a->vm_dir,
				 .output = a->collect.output,
				 .buffer = a->buffer,
				 .follow = a->follow,
				 .wait = a->collect.wait,
				 .remote = a->collect.remote,
				 .remotes = a->remote_texts.data,
				 .nr_remotes = a->remote_texts.len,
				 .argv = a->collect.argv };

	struct error *err = vm_collect(&vm, ret_status);
	return err ? explain_failure(err, true) : EXIT_DONE;
}

int cmd_collect(int argc, char **argv)
{
	struct collect_arguments a = { .collect = { .output = "kcov.data",
						    .words = COLLECT_DEFAULT_WORDS,
						    .remote = true,
						    .remote_words = REMOTE_DEFAULT_WORDS } };
	_cleanup_close_ int saved_stdout = -1;
	int status;

	parse_options(&argp, argc, argv, ARGP_IN_ORDER, &a);
	if (!a.collect.remote)
		a.remotes.len = 0;
	a.collect.remotes = &a.remotes;
	if (a.user_text) {
		_cleanup_free_ char *text = strdup(a.user_text);

		if (!text || !parse_user(text, &a)) {
			say_error(error_create(ERROR_INVALID, "--user takes UID:GID, not '%s'",
					       a.user_text));
			return EXIT_USAGE;
		}
	}
	/* Collecting closes our stdout, so that a pipe ends when the command closes it. */
	if (a.report)
		saved_stdout = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int failed = a.vm ? collect_in_vm(&a, &status) : collect_here(&a, &status);
	if (failed)
		return failed;
	if (report_run(&a, saved_stdout) != EXIT_DONE)
		return EXIT_COLLECT;
	return end_as(status);
}
