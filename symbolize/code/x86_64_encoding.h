/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The encoding of x86-64 instructions: where opcode, operands and the end of an instruction are.
 * Private to symbolize/code/.
 */
#ifndef SYMBOLIZE_CODE_X86_64_ENCODING_H
#define SYMBOLIZE_CODE_X86_64_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum x86_64_map {
	X86_64_ONE_BYTE, /* no escape, or REX2 */
	X86_64_0F,	 /* 0f, or REX2 */
	X86_64_OTHER,	 /* further escapes, VEX, EVEX, XOP: none of them transfers control */
};

struct x86_64_encoding {
	uint8_t size; /* of the whole instruction, 1 to 15 */
	enum x86_64_map map;
	uint8_t opcode;
	uint8_t after;	   /* the offset of what follows the opcode; may be `size` */
	bool has_rex2;	   /* Intel APX */
	uint8_t mandatory; /* the last of the prefixes f2 and f3; 0 = neither */
};

/*
 * Read the instruction at code, of at most size bytes. False: there is none, or it is not whole.
 * Opcodes without a meaning count as instructions where their length follows from their place in
 * the opcode map, so that instructions of newer processors are passed over.
 */
bool x86_64_read_encoding(const uint8_t *code, size_t size, struct x86_64_encoding *ret);

#endif
