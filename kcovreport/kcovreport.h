/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program: one cmd_NAME.c per command, a row each in main.c. Only here is
 * anything printed, and only here does the process exit.
 *
 * stdout carries the product of a command, stderr everything else. Exit
 * status: 0 done, 1 failed, 2 usage. `collect` ends with the workload's own.
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

/* NULL-terminated by a row without name; main.c. */
extern const struct command commands[];

int cmd_collect(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_symbolize(int argc, char **argv);
int cmd_points(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

/* Print "kcovreport: error: ..." as one line in one write. Takes err (may be NULL: prints nothing).
 */
void say_error(struct error *err);
/* "kcovreport: warning: ..."; control bytes masked. */
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "kcovreport: ..." */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * A log for the stages: warnings and notes are said; progress is one line that
 * is rewritten in place when stderr is a terminal, and nothing otherwise.
 */
extern const struct log console_log;

/* Flush stdout and check it: EXIT_DONE, or say why not and EXIT_FAILED. For the end of a command.
 */
int finish_stdout(void);

/* Parse options with argp_parse(); exits with EXIT_USAGE itself on a wrong use
 * (argp_err_exit_status). */
void parse_options(const struct argp *argp, int argc, char **argv, unsigned int flags, void *input);

#endif
