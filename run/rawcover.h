/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text in which syzkaller's tools exchange coverage (syz-execprog -coverfile,
 * syz-cover, the /rawcover page of syz-manager): one PC per line, in hex, with or
 * without 0x. The text does not say what the PCs are: syzkaller writes addresses
 * of calls, the kernel records return addresses.
 */
#ifndef RUN_RAWCOVER_H
#define RUN_RAWCOVER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "run/run.h"

/*
 * Read PCs from `in` up to its end and add one to the count of each. Blank lines
 * and CR LF are accepted. Any other line that is not a PC, or is 0, fails with
 * ERROR_FORMAT; the message contains the line number and name (of the file). After
 * an error, pcs holds the PCs of the lines before.
 */
struct error *rawcover_read(FILE *in, const char *name, struct pc_map *pcs);
/* Write each PC as "0x%x" and a newline. Write errors stay in out (ferror()). */
void rawcover_write(FILE *out, const struct pc_count *pcs, size_t nr_pcs);

/*
 * Convert return addresses to the addresses of the calls, or back, by subtracting
 * or adding the length of the call instruction. The result is right for every PC
 * after a call of the callback. If the callback was tail-called (gcc before 14),
 * the recorded PC follows another call, whose length may differ; the converted PC
 * may then not be the start of an instruction.
 *
 * Fails with ERROR_UNSUPPORTED if the kinds differ and the length is not known for
 * the machine (uname -m; NULL = not known), or if a PC would leave the address
 * space.
 */
struct error *rawcover_convert(struct pc_count *pcs, size_t nr_pcs, const char *machine,
			       enum run_pc_kind from, enum run_pc_kind to);

#endif
