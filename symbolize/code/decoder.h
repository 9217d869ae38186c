/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decode bytes to instructions, one at a time. Private to symbolize/. Not thread-safe. */
#ifndef SYMBOLIZE_CODE_DECODER_H
#define SYMBOLIZE_CODE_DECODER_H

#include "base/error.h"
#include "symbolize/code/arch.h"

struct decoder;

/* Borrows arch. ERROR_UNSUPPORTED: capstone cannot be loaded, or cannot decode this arch. */
struct error *decoder_create(const struct arch *arch, struct decoder **ret);
/* Accepts NULL. */
void decoder_destroy(struct decoder *decoder);
/*
 * Decode the instruction at code, whose address is `address`, from at most `size`
 * bytes. False if these bytes are not an instruction that capstone knows.
 */
bool decoder_decode(struct decoder *decoder, const uint8_t *code, size_t size, uint64_t address,
		    struct insn *ret);

#endif
