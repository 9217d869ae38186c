/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text in which syzkaller's tools exchange coverage (syz-execprog
 * -coverfile, syz-cover, the /rawcover page of syz-manager): one PC a line, in
 * hex, with or without 0x. The text does not say what the PCs are: syzkaller's
 * are the addresses of calls, the kernel's are return addresses.
 */
#ifndef RUN_RAWCOVER_H
#define RUN_RAWCOVER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "run/run.h"

/*
 * Add one to the count of each PC that `in` holds, up to its end. Blank lines
 * and CR LF are fine; anything else that is no PC (or is 0) is ERROR_FORMAT
 * with name (of the file, for messages) and line, and pcs then holds a part.
 */
struct error *rawcover_read(FILE *in, const char *name, struct pc_map *pcs);
/* Each PC as "0x%x" and newline. Errors of writing stay in out. */
void rawcover_write(FILE *out, const struct pc_count *pcs, size_t nr_pcs);

/*
 * Turn return addresses into those of the calls, or back: the length of the call
 * instruction is taken off or put on. Right for every PC behind a call to the callback.
 * A PC that a tail-called callback left behind (gcc before 14) lies behind a
 * call of another length perhaps, and comes out beside an instruction.
 *
 * ERROR_UNSUPPORTED when kinds differ and the length is not known for the
 * machine (uname -m; NULL = not known), or a PC would leave the address space.
 */
struct error *rawcover_convert(struct pc_count *pcs, size_t nr_pcs, const char *machine,
			       enum run_pc_kind from, enum run_pc_kind to);

#endif
