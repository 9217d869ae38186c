// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport: the table of commands, and the code that finds the one to run. */
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/unfinished.h"
#include "kcovreport/collect_args.h"
#include "kcovreport/kcovreport.h"

const struct command commands[] = {
	{ "collect", cmd_collect, "run a command and record what the kernel executes for it" },
	{ "report", cmd_report, "write coverage.info, coverage.json and a summary of run files" },
	{ "html", cmd_html, "write a report of run files to look at in a browser" },
	{ "show", cmd_show, "print a source file with its coverage in the margin" },
	{ "patch", cmd_patch, "say which lines of a diff were executed" },
	{ "reach", cmd_reach, "say which of many run files execute a place in the source" },
	{ "diff", cmd_diff, "say what only one of two recordings executed" },
	{ "merge", cmd_merge, "merge run files into one, adding up their counts" },
	{ "dump", cmd_dump, "print a run file as text" },
	{ "import", cmd_import, "make a run file from text with one PC per line" },
	{ "export", cmd_export, "write the PCs of run files as text, one per line" },
	{ "symbolize", cmd_symbolize,
	  "explain PCs: function, file and line, inlined functions too" },
	{ "points", cmd_points, "list the coverage points of a vmlinux or a module" },
	{ "cache", cmd_cache, "list, prune or clear the cached indexes of images" },
	{ "doctor", cmd_doctor, "say why coverage cannot be collected, and what to do" },
	{ NULL, NULL, NULL },
};

static void print_usage(FILE *stream)
{
	fputs("Usage: kcovreport COMMAND [OPTION...] [ARG...]\n"
	      "Shows which lines, functions and branches of the kernel a command executed.\n\n",
	      stream);
	for (const struct command *c = commands; c->name; c++)
		fprintf(stream, "  %-10s %s\n", c->name, c->summary);
	fputs("\n'kcovreport COMMAND --help' explains a command, 'man kcovreport' all of them.\n",
	      stream);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	_cleanup_free_ char *name = NULL;

	if (asprintf(&name, "kcovreport %s", command->name) < 0) {
		name = NULL;
		say_error(&error_no_memory);
		return command->run == cmd_collect ? COLLECT_FAILED : EXIT_FAILED;
	}
	argv[0] = name;
	io_hold_closed_streams();
	/*
	 * A write beyond the file-size limit then fails, and the command says so. If SIGCHLD is
	 * ignored, the kernel tells no status of a child. `collect` takes care of both by itself:
	 * what it runs must inherit signals as we found them.
	 */
	if (command->run != cmd_collect) {
		signal(SIGXFSZ, SIG_IGN);
		signal(SIGCHLD, SIG_DFL);
		unfinished_init();
	}
	return command->run(argc, argv);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	argp_err_exit_status = EXIT_USAGE;
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_usage(stdout);
		return finish_stdout();
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version")) {
		puts("kcovreport " KCOVREPORT_VERSION);
		return finish_stdout();
	}
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(argv[1], c->name))
			return run_command(c, argc - 1, argv + 1);
	say_error(error_hint(error_create(ERROR_INVALID, "no such command '%s'", argv[1]),
			     "'kcovreport --help' lists the commands"));
	return EXIT_USAGE;
}
