/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program: one cmd_NAME.c per command, each with a row in main.c. Only this folder prints, and
 * only here does the process exit.
 *
 * Results go to stdout, diagnostics to stderr. Exit status: 0 on success, 1 on failure, 2 on a
 * usage error. `collect` ends with the workload's own.
 */
#ifndef KCOVREPORT_KCOVREPORT_H
#define KCOVREPORT_KCOVREPORT_H

#include <argp.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/log.h"

#define KCOVREPORT_VERSION "0.1"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct command {
	const char *name;
	/* argv[0] is "kcovreport NAME", for argp. Returns the exit status. */
	int (*run)(int argc, char **argv);
	const char *summary;
};

/* main.c; a row without a name ends it. */
extern const struct command commands[];

int cmd_collect(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_html(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_patch(int argc, char **argv);
int cmd_reach(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_symbolize(int argc, char **argv);
int cmd_points(int argc, char **argv);
int cmd_cache(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

/* Print "kcovreport: error: ..." as one line in one write. Takes err (NULL: prints nothing). */
void say_error(struct error *err);
/* Print "kcovreport: warning: ..."; characters that are not plain (base/utf8.h) are masked. */
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Print "kcovreport: ...". */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on say() and notes of the log print nothing. */
void say_only_warnings(void);

/*
 * A log for the stages. It prints warnings and notes. Progress is one line that is rewritten in
 * place if stderr is a terminal; otherwise it is not printed.
 */
extern const struct log console_log;

/*
 * Write text of others (a name, a path) to stdout, with '?' for each character that is not plain
 * (base/utf8.h), and "?" for NULL. printf("%s") is for text of the program itself.
 */
void put_text(const char *text);

/* Flush stdout and check it, at the end of a command. Returns EXIT_DONE, or prints why not and
 * returns EXIT_FAILED. */
int finish_stdout(void);

/*
 * Parse options with argp_parse(). On a usage error it exits with EXIT_USAGE
 * (argp_err_exit_status); the message has '?' for each character that is not plain,
 * but for newlines and tabs.
 */
void parse_options(const struct argp *argp, int argc, char **argv, unsigned int flags, void *input);
/* The same. no_memory: the exit status if memory runs out, instead of EXIT_FAILED. */
void parse_options_or(const struct argp *argp, int argc, char **argv, unsigned int flags,
		      int no_memory, void *input);

#endif
