/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions out of bytes, one after the other. Private to symbolize/. Not thread-safe. */
#ifndef SYMBOLIZE_CODE_DECODER_H
#define SYMBOLIZE_CODE_DECODER_H

#include "base/error.h"
#include "symbolize/code/arch.h"

struct decoder;

/* arch: borrowed. */
struct error *decoder_create(const struct arch *arch, struct decoder **ret);
/* Accepts NULL. */
void decoder_destroy(struct decoder *decoder);
/*
 * The instruction at code, of which `size` bytes may be read. False when these
 * bytes are no instruction, or one that capstone does not know.
 */
bool decoder_decode(struct decoder *decoder, const uint8_t *code, size_t size, uint64_t address,
		    struct insn *ret);

#endif
