/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine-dependent part of reading code: one const struct per machine, in
 * its own file arch_NAME.c, and one line in the table of arch.c.
 * symbolize/image/machine.h has what depends on the machine in its ELF files.
 * Private to symbolize/.
 *
 * The arch finds the length of each instruction, and what it does to the flow of control. Nothing
 * else of an instruction matters here.
 */
#ifndef SYMBOLIZE_CODE_ARCH_H
#define SYMBOLIZE_CODE_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbolize/image/addresses.h"
#include "symbolize/image/machine.h"

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

/* The code in front of an indirect jump, from the start of the jump's segment (code.h). */
struct jump_window {
	const uint8_t *code;
	uint64_t address;	 /* of the first byte */
	const struct insn *jump; /* the last instruction of the window */
};

/* An array in the image, of which an entry gives the target of an indirect jump. */
struct jump_table {
	uint64_t address;
	uint8_t entry_size; /* bytes, never 0 */
};

/* An entry of one of the kernel's tables (enum kernel_table). */
struct kernel_table_entry {
	uint64_t code; /* the instruction, or the first of those that may be replaced */
	/* Exceptions, static keys: where the flow goes on. Alternatives: the replacement. */
	uint64_t target;
	/* Alternatives only: bytes of code that may be replaced, and of the replacement. */
	uint16_t code_size, target_size;
	uint16_t padding; /* of code_size: nops that the assembler added */
};

#define TABLE_FORMATS_MAX 3

struct arch {
	const char *name; /* as uname -m says it */
	uint16_t elf_machine;

	/*
	 * Decode the instruction at code, whose address is `address`, from at most `size` bytes.
	 * False if these bytes are not an instruction.
	 */
	bool (*decode)(const uint8_t *code, size_t size, uint64_t address, struct insn *ret);

	/*
	 * Append to ret, ascending, the address of each place in code that could
	 * be a direct call or jump to target, in one of the usual forms. Some
	 * may be false, but none of these forms is missed. False: no memory.
	 */
	bool (*find_references)(const uint8_t *code, size_t size, uint64_t address, uint64_t target,
				struct address_vector *ret);

	/* Where the pointer is that an indirect call goes through. False: not at a fixed address.
	 */
	bool (*find_call_pointer)(const uint8_t *code, size_t size, uint64_t address,
				  uint64_t *ret);

	/* The array from which the jump takes its target. False: it does not take it from one. */
	bool (*find_jump_table)(const struct jump_window *window, struct jump_table *ret);
	/* The address to which an entry of the table leads. */
	uint64_t (*jump_target)(const struct jump_table *table, const uint8_t *entry);

	/*
	 * The sizes in bytes that an entry of each of the kernel's tables has, by kernel version;
	 * the size tells the format. The rest is 0; all 0 = the table is not read.
	 */
	uint8_t table_entry_sizes[KERNEL_TABLES][TABLE_FORMATS_MAX];
	/* size: of the entry; address: where it lies */
	void (*read_table_entry)(enum kernel_table table, const uint8_t *entry, size_t size,
				 uint64_t address, struct kernel_table_entry *ret);

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
