// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses the options of `collect`. */
#include "kcovreport/collect_args.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "collect/kcov/contexts.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/runs.h"

enum {
	OPT_BUFFER = 256,
	OPT_NAME,
	OPT_FOLLOW,
	OPT_WAIT,
	OPT_USER,
	OPT_VM,
	OPT_SHARE,
	OPT_REPORT,
	OPT_REMOTE,
	OPT_NO_REMOTE,
	OPT_CONTEXTS,
	OPT_SYSTEM,
	OPT_BOOT
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write the run file FILE (./kcov.data)", 0 },
	{ "name", OPT_NAME, "TEXT", 0,
	  "Name of the run, where several are told apart (the command)", 0 },
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
	  "that 'make kernel' built). What the command writes in the current directory, or in "
	  "that of the run file, stays; all else that it writes is lost when the machine ends",
	  0 },
	{ "share", OPT_SHARE, "DIR", 0,
	  "What the command writes in DIR stays too (with --vm; repeatable)", 0 },
	{ "remote", OPT_REMOTE, "WHAT", OPTION_ARG_OPTIONAL,
	  "Also record what the kernel executes for the command in the background (the default); "
	  "with usb:BUS, usb:all or handle:0xHEX, also all that it executes for this handle "
	  "(repeatable)",
	  0 },
	{ "no-remote", OPT_NO_REMOTE, NULL, 0, "Record only what the tasks execute themselves", 0 },
	{ "contexts", OPT_CONTEXTS, "LIST", 0,
	  "In which contexts to record what the kernel executes for the command: task, softirq, "
	  "kthread, work (these are the default, where the kernel can tell for whom it works), "
	  "interrupt, all. More than task needs kernel/kcov/ of kcovreport",
	  0 },
	{ "system", OPT_SYSTEM, NULL, 0,
	  "Record what all processors execute in any context while the command runs. Its tasks are "
	  "recorded apart only with --contexts or --follow. Needs kernel/kcov/ of kcovreport",
	  0 },
	{ "boot", OPT_BOOT, NULL, 0,
	  "As --system, and also what was executed since boot. With --vm the machine is booted for "
	  "that; other machines need the kernel parameter kcov_boot",
	  0 },
	{ "report", OPT_REPORT, "DIR", 0, "Also write a report to DIR", 0 },
	{ 0 },
};

static const char doc[] =
	"Run COMMAND and record what the kernel executes for it and for all its descendants.\v"
	"Examples:\n"
	"  kcovreport collect ./test && kcovreport report\n"
	"  kcovreport collect --vm --report coverage -- sh -c 'ls | wc'\n"
	"  kcovreport collect --vm --boot -- true\n\n"
	"The exit status is that of COMMAND, or 125 if collecting failed, 126 if COMMAND cannot be "
	"executed, 127 if there is no such command.";

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

/* The kinds of run sources that a word of --contexts stands for; 0 = there is no such word. */
static unsigned int find_contexts(const char *word)
{
	const unsigned int task = CONTEXT_BIT(RUN_SOURCE_SET);

	if (!strcmp(word, "task"))
		return task;
	if (!strcmp(word, "all"))
		return task | CONTEXTS_OF_TASKS;
	for (int kind = RUN_SOURCE_SOFTIRQ; kind < RUN_SOURCE_SYSTEM; kind++)
		if (!strcmp(word, run_kind_words(kind)->name))
			return CONTEXT_BIT(kind);
	return 0;
}

static bool parse_contexts(const char *argument, unsigned int *ret)
{
	char *rest = strdupa(argument);

	*ret = 0;
	while (rest) {
		unsigned int contexts = find_contexts(strsep(&rest, ","));

		if (!contexts)
			return false;
		*ret |= contexts;
	}
	return *ret;
}

/* UID:GID, then the supplementary groups. */
static bool parse_user(const char *argument, struct collect_arguments *a)
{
	char *text = strdupa(argument);
	uint64_t value;

	a->user.nr_groups = 0;
	for (size_t i = 0; text; i++) {
		char *id = strsep(&text, ":");

		if (i >= COLLECT_MAX_GROUPS || !parse_u64(id, 10, UINT32_MAX - 1, &value))
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
	if (!remote_spec_vector_append(&a->remotes, &spec))
		argp_failure(state, COLLECT_FAILED, 0, "out of memory");
}

static void finish(struct collect_arguments *a, struct argp_state *state)
{
	struct collect_options *c = &a->collect;

	if (a->shares.len && !a->vm)
		argp_error(state, "--share needs --vm");
	if (c->contexts & CONTEXTS_OF_TASKS && c->follow != COLLECT_FOLLOW_AUTO &&
	    c->follow != COLLECT_FOLLOW_KERNEL)
		argp_error(state, "--contexts with more than task needs --follow kernel");
	if (!c->system || c->follow != COLLECT_FOLLOW_AUTO ||
	    c->contexts != COLLECT_CONTEXTS_DEFAULT)
		return;
	if (c->wait)
		argp_error(state, "--wait needs tasks that are recorded: use --contexts task with "
				  "--system or --boot");
	c->follow = COLLECT_FOLLOW_SYSTEM;
	c->remote &= a->asks_remote;
}

static void set_buffer(struct collect_arguments *a, const char *arg, struct argp_state *state)
{
	if (!parse_u64(arg, 0, COLLECT_MAX_WORDS, &a->collect.words) ||
	    a->collect.words < COLLECT_MIN_WORDS || a->collect.words % COLLECT_MIN_WORDS)
		argp_error(state, "--buffer takes a multiple of 512 words up to %ju, not '%s'",
			   (uintmax_t)COLLECT_MAX_WORDS, arg);
	a->collect.remote_words = a->collect.words;
}

static error_t set_option(struct collect_arguments *a, int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'o':
		a->collect.output = arg;
		break;
	case OPT_NAME:
		a->collect.name = arg;
		break;
	case OPT_BUFFER:
		set_buffer(a, arg, state);
		break;
	case OPT_FOLLOW:
		if (!parse_follow(arg, &a->collect.follow))
			argp_error(state, "--follow takes auto, kernel, ptrace or none, not '%s'",
				   arg);
		break;
	case OPT_WAIT:
		a->collect.wait = true;
		break;
	case OPT_USER:
		if (!parse_user(arg, a))
			argp_error(state, "--user takes UID:GID, not '%s'", arg);
		break;
	case OPT_VM:
		a->vm = true;
		a->vm_dir = arg;
		break;
	case OPT_SHARE:
		if (!string_vector_append(&a->shares, &(const char *){ arg }))
			argp_failure(state, COLLECT_FAILED, 0, "out of memory");
		break;
	case OPT_REMOTE:
		a->asks_remote = true;
		parse_remote(a, arg, state);
		break;
	case OPT_CONTEXTS:
		if (!parse_contexts(arg, &a->collect.contexts))
			argp_error(state,
				   "--contexts takes a list of task, softirq, interrupt, kthread, "
				   "work or all, not '%s'",
				   arg);
		break;
	case OPT_BOOT:
		a->collect.from_boot = true;
		a->collect.system = true;
		break;
	case OPT_SYSTEM:
		a->collect.system = true;
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
	case ARGP_KEY_END:
		finish(a, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* What these options ask for is done on the host. */
static bool is_for_host(int key)
{
	return key == 'o' || key == OPT_VM || key == OPT_SHARE || key == OPT_REPORT;
}

static const struct argp_option *find_option(int key)
{
	for (const struct argp_option *o = options; o->name; o++)
		if (o->key == key)
			return o;
	return NULL;
}

/* An option that is added to the table later is passed on to the guest as well. */
static bool note_for_guest(struct collect_arguments *a, int key, const char *arg)
{
	const struct argp_option *option = find_option(key);
	char *text;

	if (!option || is_for_host(key))
		return true;
	if (asprintf(&text, "--%s%s%s", option->name, arg ? "=" : "", arg ? arg : "") < 0)
		return false;
	if (string_vector_append(&a->guest_options, &(const char *){ text }))
		return true;
	free(text);
	return false;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct collect_arguments *a = state->input;

	if (key == OPT_REMOTE)
		arg = remote_argument(arg, state);
	error_t failed = set_option(a, key, arg, state);
	if (!failed && !note_for_guest(a, key, arg))
		argp_failure(state, COLLECT_FAILED, 0, "out of memory");
	return failed;
}

static const struct argp argp = { options, parse_option, "[--] COMMAND [ARG...]", doc, NULL,
				  NULL,	   NULL };

void collect_arguments_init(struct collect_arguments *ret, int argc, char **argv)
{
	*ret = (struct collect_arguments){ .collect = { .output = DEFAULT_RUN_FILE,
							.lock_fd = -1,
							.words = COLLECT_DEFAULT_WORDS,
							.remote = true,
							.remote_words = REMOTE_DEFAULT_WORDS } };
	parse_options_or(&argp, argc, argv, ARGP_IN_ORDER, COLLECT_FAILED, ret);
	if (!ret->collect.remote)
		ret->remotes.len = 0;
	ret->collect.remotes = &ret->remotes;
}

void collect_arguments_deinit(struct collect_arguments *arguments)
{
	remote_spec_vector_deinit(&arguments->remotes);
	string_vector_deinit(&arguments->shares);
	vector_for_each(&arguments->guest_options, option)
		free((char *)*option);
	string_vector_deinit(&arguments->guest_options);
}
