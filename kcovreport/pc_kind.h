/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The argument of --pc-kind, for import and export. */
#ifndef KCOVREPORT_PC_KIND_H
#define KCOVREPORT_PC_KIND_H

#include <argp.h>
#include <string.h>

#include "run/run.h"

static inline const char *pc_kind_name(enum run_pc_kind kind)
{
	return kind == RUN_PC_CALL ? "call" : "return";
}

/* Ends the program with a usage error if arg is not a kind. */
static inline enum run_pc_kind pc_kind_parse(const char *arg, struct argp_state *state)
{
	if (!strcmp(arg, "call"))
		return RUN_PC_CALL;
	if (strcmp(arg, "return"))
		argp_error(state, "--pc-kind takes return or call, not '%s'", arg);
	return RUN_PC_RETURN;
}

#endif
