/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between machines in their code: one const struct per machine,
 * in one file arch_NAME.c, and one line in the table in arch.c. What differs in
 * their ELF files is in symbolize/image/machine.h. Private to symbolize/.
 *
 * The decoder (decoder.h) finds the length of an instruction with capstone;
 * the arch says what the instruction does to the flow, from its bytes.
 */
#ifndef SYMBOLIZE_CODE_ARCH_H
#define SYMBOLIZE_CODE_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbolize/image/addresses.h"

enum insn_kind {
	INSN_OTHER,
	INSN_CALL,	    /* direct: target is set */
	INSN_CALL_INDIRECT, /* through a register, memory or a thunk that jumps through one */
	INSN_JUMP,	    /* direct, unconditional: target is set */
	INSN_BRANCH,	    /* direct, conditional: target is set */
	INSN_JUMP_INDIRECT,
	INSN_RETURN,
	INSN_TRAP, /* never goes on to the next instruction (ud2) */
};

struct insn {
	uint64_t address;
	uint64_t target;
	uint8_t size; /* bytes, never 0 */
	enum insn_kind kind;
};

struct arch {
	const char *name; /* as uname -m says it */
	uint16_t elf_machine;
	int cs_arch, cs_mode; /* cs_open() */

	/* Set kind and target of the instruction of `size` bytes at code. */
	void (*classify)(const uint8_t *code, struct insn *insn);

	/*
	 * Where a direct call or jump to target could be in code: addresses of
	 * the first byte of the usual forms, ascending, appended to ret. May
	 * hold false ones, never misses one of those forms. False: no memory.
	 */
	bool (*find_references)(const uint8_t *code, size_t size, uint64_t address, uint64_t target,
				struct address_vector *ret);

	/*
	 * Where the indirect jump at code takes its target from: the address of
	 * an array of addresses, one of which it jumps to. False: it is no such
	 * jump.
	 */
	bool (*jump_table)(const uint8_t *code, const struct insn *insn, uint64_t *ret);

	/*
	 * The size of an entry of each of the kernel's tables (enum kernel_table
	 * of machine.h); 0 = it is not read. An entry begins with two 32-bit
	 * displacements from their own place. The first leads to the instruction;
	 * the second to where the flow goes on, or to the replacement.
	 */
	uint8_t exception_size, static_key_size, alternative_size;
	/* Offset of the byte with the length of the original; the next has that of the replacement.
	 */
	uint8_t alternative_length_at;

	/*
	 * Symbols that jump to where a register says: a call of one is an
	 * indirect call. Prefixes, NULL-terminated.
	 */
	const char *const *indirect_thunks;
	/* Symbols a jump to which is a return. Exact names, NULL-terminated. */
	const char *const *return_thunks;
};

extern const struct arch arch_x86_64;

/* NULL when the code of this machine (EM_*) cannot be read. */
const struct arch *arch_find(uint16_t elf_machine);

#endif
