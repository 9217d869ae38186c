// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86-64: what instructions do to the flow of control. Sources: Intel SDM
 * volume 2 (opcode map A), Linux arch/x86/lib/retpoline.S and
 * arch/x86/kernel/static_call.c (thunks).
 */
#include <elf.h>

#include "symbolize/code/arch.h"
#include "symbolize/code/x86_64_encoding.h"

static uint32_t read_u32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t read_u64(const uint8_t *p)
{
	return read_u32(p) | (uint64_t)read_u32(p + 4) << 32;
}

/* Set a direct transfer. Its displacement is the last `size` bytes of the instruction. */
static void set_direct(const uint8_t *code, struct insn *insn, enum insn_kind kind, unsigned size)
{
	const uint8_t *end = code + insn->size;
	int64_t displacement = size == 1 ? (int8_t)end[-1] : (int32_t)read_u32(end - 4);

	insn->kind = kind;
	insn->target = insn->address + insn->size + displacement;
}

static enum insn_kind group5_kind(uint8_t modrm)
{
	switch (modrm >> 3 & 7) {
	case 2: /* call near */
	case 3: /* call far */
		return INSN_CALL_INDIRECT;
	case 4: /* jmp near */
	case 5: /* jmp far */
		return INSN_JUMP_INDIRECT;
	default:
		return INSN_OTHER;
	}
}

static void classify_one_byte(const uint8_t *code, const struct x86_64_encoding *e,
			      struct insn *insn)
{
	switch (e->opcode) {
	case 0x70 ... 0x7f: /* jcc */
	case 0xe0 ... 0xe3: /* loopne, loope, loop, jrcxz */
		set_direct(code, insn, INSN_BRANCH, 1);
		return;
	case 0xa1:
		if (e->has_rex2) { /* jmpabs */
			insn->kind = INSN_JUMP;
			insn->target = read_u64(code + e->after);
		}
		return;
	case 0xe8:
		set_direct(code, insn, INSN_CALL, 4);
		return;
	case 0xe9:
		set_direct(code, insn, INSN_JUMP, 4);
		return;
	case 0xeb:
		set_direct(code, insn, INSN_JUMP, 1);
		return;
	case 0xff:
		insn->kind = group5_kind(code[e->after]);
		return;
	case 0xc2: /* ret, lret, iret */
	case 0xc3:
	case 0xca:
	case 0xcb:
	case 0xcf:
		insn->kind = INSN_RETURN;
		return;
	case 0xd6: /* udb */
		insn->kind = INSN_TRAP;
		return;
	}
}

static void classify_0f(const uint8_t *code, const struct x86_64_encoding *e, struct insn *insn)
{
	switch (e->opcode) {
	case 0x80 ... 0x8f: /* jcc */
		set_direct(code, insn, INSN_BRANCH, 4);
		return;
	case 0x0b: /* ud2, ud1, ud0 */
	case 0xb9:
	case 0xff:
		insn->kind = INSN_TRAP;
		return;
	case 0x01: /* eretu, erets */
		if (!e->mandatory || code[e->after] != 0xca)
			return;
		/* fall through */
	case 0x07: /* sysret, sysexit */
	case 0x35:
		insn->kind = INSN_RETURN;
		return;
	}
}

static bool x86_decode(const uint8_t *code, size_t size, uint64_t address, struct insn *ret)
{
	struct x86_64_encoding e;

	if (!x86_64_read_encoding(code, size, &e))
		return false;
	*ret = (struct insn){ .address = address, .size = e.size, .kind = INSN_OTHER };
	if (e.map == X86_64_ONE_BYTE)
		classify_one_byte(code, &e, ret);
	else if (e.map == X86_64_0F)
		classify_0f(code, &e, ret);
	return true;
}

/* call *pointer(%rip) */
static bool x86_find_call_pointer(const uint8_t *code, size_t size, uint64_t address, uint64_t *ret)
{
	struct x86_64_encoding e;

	if (!x86_64_read_encoding(code, size, &e) || e.map != X86_64_ONE_BYTE || e.opcode != 0xff ||
	    e.size - e.after != 5 || code[e.after] != 0x15)
		return false;
	*ret = address + e.size + (int64_t)(int32_t)read_u32(code + e.after + 1);
	return true;
}

/* jmp *table(,%reg,8): in the kernel's code model `table` has 32 bits, sign-extended. */
static bool x86_find_jump_table(const struct jump_window *window, struct jump_table *ret)
{
	const struct insn *insn = window->jump;
	const uint8_t *code = window->code + (insn->address - window->address);
	struct x86_64_encoding e;

	if (!x86_64_read_encoding(code, insn->size, &e) || e.map != X86_64_ONE_BYTE ||
	    e.opcode != 0xff || e.size - e.after != 6)
		return false;
	const uint8_t *operand = code + e.after;
	if (operand[0] != 0x24 || (operand[1] & 0xc7) != 0xc5)
		return false;
	*ret = (struct jump_table){ .address = (int64_t)(int32_t)read_u32(operand + 2),
				    .entry_size = 8 };
	return true;
}

/* An entry is an address. */
static uint64_t x86_jump_target(const struct jump_table *table, const uint8_t *entry)
{
	(void)table;
	return read_u64(entry);
}

/* The address to which a 32-bit displacement leads that is relative to its own address. */
static uint64_t relative_address(const uint8_t *displacement, uint64_t address)
{
	return address + (int64_t)(int32_t)read_u32(displacement);
}

/*
 * Linux on x86-64, by size of an entry:
 *
 * struct exception_table_entry (arch/x86/include/asm/extable.h): insn, fixup, both relative.
 *    8  before 4.6
 *   12  since 4.6: a handler, since 5.16 its type and data, follows
 *
 * struct jump_entry: code, target, key.
 *   24  before 4.20 (arch/x86/include/asm/jump_label.h): addresses
 *   16  since 4.20 (include/linux/jump_label.h): code and target are relative
 *
 * struct alt_instr (arch/x86/include/asm/alternative.h): instruction and replacement, both
 * relative; the number of a CPU feature; lengths of both.
 *   12  before 4.1, and from 5.13 to 6.2
 *   13  from 4.1 to 5.12: the length of the padding follows
 *   14  since 6.3: flags precede the lengths
 */
static void x86_read_table_entry(enum kernel_table table, const uint8_t *entry, size_t size,
				 uint64_t address, struct kernel_table_entry *ret)
{
	if (table == KERNEL_STATIC_KEYS && size == 24) {
		*ret = (struct kernel_table_entry){ .code = read_u64(entry),
						    .target = read_u64(entry + 8) };
		return;
	}
	*ret = (struct kernel_table_entry){ .code = relative_address(entry, address),
					    .target = relative_address(entry + 4, address + 4) };
	if (table == KERNEL_ALTERNATIVES) {
		const uint8_t *lengths = entry + (size == 14 ? 12 : 10);

		ret->code_size = lengths[0];
		ret->target_size = lengths[1];
		ret->padding = size == 13 ? lengths[2] : 0;
	}
}

static bool x86_find_references(const uint8_t *code, size_t size, uint64_t address, uint64_t target,
				struct address_vector *ret)
{
	/* A displacement that ends at p + 4 leads to target if and only if it is target - end. */
	uint32_t want = (uint32_t)(target - address) - 4;

	for (size_t p = 1; size >= 5 && p <= size - 4; p++) {
		if (read_u32(code + p) != want - (uint32_t)p)
			continue;
		uint64_t at = address + p - 1;
		if ((code[p - 1] & 0xf0) == 0x80 && p >= 2 && code[p - 2] == 0x0f)
			at--; /* jcc */
		else if (code[p - 1] != 0xe8 && code[p - 1] != 0xe9)
			continue;
		if (!address_vector_append(ret, &at))
			return false;
	}
	return true;
}

/*
 * Linux: arch/x86/lib/retpoline.S. __SCT__ is the trampoline of a static call,
 * which the kernel patches to jump to any function
 * (include/linux/static_call_types.h). The thunks of user space, from
 * -mindirect-branch=thunk, have the same prefix as those of the kernel.
 */
static const char *const x86_indirect_thunks[] = { "__x86_indirect_", "__SCT__", NULL };
static const char *const x86_return_thunks[] = { "__x86_return_thunk", NULL };

const struct arch arch_x86_64 = {
	.name = "x86_64",
	.elf_machine = EM_X86_64,
	.decode = x86_decode,
	.find_references = x86_find_references,
	.find_call_pointer = x86_find_call_pointer,
	.find_jump_table = x86_find_jump_table,
	.jump_target = x86_jump_target,
	.table_entry_sizes = {
		[KERNEL_EXCEPTIONS] = { 12, 8 },
		[KERNEL_STATIC_KEYS] = { 16, 24 },
		[KERNEL_ALTERNATIVES] = { 14, 12, 13 },
	},
	.read_table_entry = x86_read_table_entry,
	.indirect_thunks = x86_indirect_thunks,
	.return_thunks = x86_return_thunks,
};
