/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine-dependent part of reading code: one const struct per machine, in
 * its own file arch_NAME.c, and one line in the table of arch.c.
 * symbolize/image/machine.h has what depends on the machine in its ELF files.
 * Private to symbolize/.
 *
 * The decoder (decoder.h) finds the length of an instruction with capstone. The
 * arch reads its bytes to tell what it does to the flow of control.
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
	INSN_TRAP, /* raises an exception (ud2) */
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
	 * Append to ret, ascending, the address of each place in code that could
	 * be a direct call or jump to target, in one of the usual forms. Some
	 * may be false, but none of these forms is missed. False: no memory.
	 */
	bool (*find_references)(const uint8_t *code, size_t size, uint64_t address, uint64_t target,
				struct address_vector *ret);

	/*
	 * *ret: the address of the array from which the indirect jump at code
	 * takes its target. The array holds addresses of code. False: it is not
	 * such a jump.
	 */
	bool (*jump_table)(const uint8_t *code, const struct insn *insn, uint64_t *ret);

	/*
	 * The size in bytes of an entry of each of the kernel's tables (enum
	 * kernel_table of machine.h); 0 = the table is not read. An entry begins
	 * with two 32-bit displacements, each relative to its own address. The
	 * first leads to the instruction, the second to the place where the flow
	 * goes on, or to the replacement.
	 */
	uint8_t exception_size, static_key_size, alternative_size;
	/*
	 * Offset in an entry of the alternatives: the byte with the length of
	 * the original. The next byte has the length of the replacement.
	 */
	uint8_t alternative_length_at;

	/*
	 * Symbols whose code jumps to an address that only the running kernel
	 * knows: a call of one is an indirect call. Prefixes, NULL-terminated.
	 */
	const char *const *indirect_thunks;
	/* Symbols whose code returns: a jump to one is a return. Exact names, NULL-terminated. */
	const char *const *return_thunks;
};

extern const struct arch arch_x86_64;

/* NULL if the code of this machine (EM_*) cannot be read. */
const struct arch *arch_find(uint16_t elf_machine);

#endif
