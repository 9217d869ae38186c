// SPDX-License-Identifier: GPL-2.0-or-later
/* What x86-64 instructions do to the flow, by their bytes; references and jump tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "symbolize/code/arch.h"
#include "symbolize/image/tests/bytes.h"

#define ADDRESS UINT64_C(0xffffffff81000000)

/* target: of direct calls and jumps, relative to the address of the instruction. */
static const struct {
	const char *bytes;
	const char *name;
	enum insn_kind kind;
	int64_t target;
} classes[] = {
	{ "e8 fb 00 00 00", "call", INSN_CALL, 0x100 },
	{ "e8 fb ff ff ff", "call of itself", INSN_CALL, 0 },
	{ "e8 ff ff ff 7f", "call as far as it goes", INSN_CALL, 0x80000004 },
	{ "e8 00 00 00 80", "call as far back as it goes", INSN_CALL, -0x7ffffffb },
	{ "2e e8 fa 00 00 00", "cs call: a patched call keeps its length", INSN_CALL, 0x100 },
	{ "67 e8 fa 00 00 00", "addr32 call: a paravirtualised one", INSN_CALL, 0x100 },
	{ "66 e8 fa 00 00 00", "data16 call, as processors of Intel read it", INSN_CALL, 0x100 },
	{ "48 e8 fa 00 00 00", "rex.w call", INSN_CALL, 0x100 },
	{ "66 66 48 e8 f8 00 00 00", "the call of a TLS sequence", INSN_CALL, 0x100 },
	{ "3e f2 e8 f9 00 00 00", "notrack bnd call", INSN_CALL, 0x100 },
	{ "67 e9 fa 00 00 00", "addr32 jmp", INSN_JUMP, 0x100 },
	{ "d5 00 a1 00 01 00 81 ff ff ff ff", "jmpabs", INSN_JUMP, 0x100 },
	{ "67 d5 00 a1 00 01 00 81 ff ff ff ff", "addr32 jmpabs", INSN_JUMP, 0x100 },
	{ "e9 fb 00 00 00", "jmp", INSN_JUMP, 0x100 },
	{ "2e e9 fa 00 00 00", "cs jmp", INSN_JUMP, 0x100 },
	{ "eb 0e", "jmp short", INSN_JUMP, 0x10 },
	{ "eb fe", "jmp to itself", INSN_JUMP, 0 },
	{ "eb 80", "jmp short as far back as it goes", INSN_JUMP, -126 },
	{ "70 7f", "jo, the first", INSN_BRANCH, 129 },
	{ "74 0e", "je", INSN_BRANCH, 0x10 },
	{ "7f 0e", "jg, the last", INSN_BRANCH, 0x10 },
	{ "3e 75 0d", "jne with a hint", INSN_BRANCH, 0x10 },
	{ "e0 0e", "loopne", INSN_BRANCH, 0x10 },
	{ "e2 0e", "loop", INSN_BRANCH, 0x10 },
	{ "e3 0e", "jrcxz", INSN_BRANCH, 0x10 },
	{ "67 e3 0d", "jecxz", INSN_BRANCH, 0x10 },
	{ "0f 80 fa 00 00 00", "jo near, the first", INSN_BRANCH, 0x100 },
	{ "0f 84 fa 00 00 00", "je near", INSN_BRANCH, 0x100 },
	{ "0f 8f fa ff ff ff", "jg near, the last", INSN_BRANCH, 0 },
	{ "2e 0f 84 f9 00 00 00", "cs je near", INSN_BRANCH, 0x100 },
	{ "ff d0", "call *%rax", INSN_CALL_INDIRECT, 0 },
	{ "41 ff d3", "call *%r11", INSN_CALL_INDIRECT, 0 },
	{ "ff 15 00 01 00 00", "call *(%rip)", INSN_CALL_INDIRECT, 0 },
	{ "ff 14 25 00 00 00 00", "call *0", INSN_CALL_INDIRECT, 0 },
	{ "3e ff d0", "notrack call *%rax", INSN_CALL_INDIRECT, 0 },
	{ "ff 18", "lcall *(%rax)", INSN_CALL_INDIRECT, 0 },
	{ "ff e0", "jmp *%rax", INSN_JUMP_INDIRECT, 0 },
	{ "41 ff e3", "jmp *%r11", INSN_JUMP_INDIRECT, 0 },
	{ "ff 24 c5 00 00 00 81", "jmp *table(,%rax,8)", INSN_JUMP_INDIRECT, 0 },
	{ "ff 28", "ljmp *(%rax)", INSN_JUMP_INDIRECT, 0 },
	{ "48 ff 2c 24", "rex.w ljmp *(%rsp)", INSN_JUMP_INDIRECT, 0 },
	{ "d5 10 ff d0", "call *%r16", INSN_CALL_INDIRECT, 0 },
	{ "d5 10 ff e7", "jmp *%r23", INSN_JUMP_INDIRECT, 0 },
	{ "ff 00", "incl (%rax)", INSN_OTHER, 0 },
	{ "ff 08", "decl (%rax)", INSN_OTHER, 0 },
	{ "ff 30", "push (%rax)", INSN_OTHER, 0 },
	{ "c3", "ret", INSN_RETURN, 0 },
	{ "f3 c3", "rep ret", INSN_RETURN, 0 },
	{ "c2 08 00", "ret $8", INSN_RETURN, 0 },
	{ "cb", "lret", INSN_RETURN, 0 },
	{ "ca 08 00", "lret $8", INSN_RETURN, 0 },
	{ "48 cf", "iretq", INSN_RETURN, 0 },
	{ "48 0f 07", "sysretq", INSN_RETURN, 0 },
	{ "0f 35", "sysexit", INSN_RETURN, 0 },
	{ "f3 0f 01 ca", "eretu", INSN_RETURN, 0 },
	{ "f2 0f 01 ca", "erets", INSN_RETURN, 0 },
	{ "0f 01 ca", "clac", INSN_OTHER, 0 },
	{ "f3 0f 01 cb", "stac", INSN_OTHER, 0 },
	{ "0f 0b", "ud2", INSN_TRAP, 0 },
	{ "0f b9 c0", "ud1", INSN_TRAP, 0 },
	{ "0f b9 45 e8", "ud1 with a displacement", INSN_TRAP, 0 },
	{ "0f b9 84 24 00 01 00 00", "ud1 with SIB", INSN_TRAP, 0 },
	{ "48 0f b9 04 25 00 01 00 00", "ud1 of an address", INSN_TRAP, 0 },
	{ "67 0f b9 40 12", "ud1 with what clang says of the trap", INSN_TRAP, 0 },
	{ "0f ff c0", "ud0", INSN_TRAP, 0 },
	{ "0f ff 05 e8 00 00 00", "ud0 relative to the next instruction", INSN_TRAP, 0 },
	{ "d6", "udb", INSN_TRAP, 0 },
	{ "90", "nop", INSN_OTHER, 0 },
	{ "0f 1f 44 00 00", "nop of a patched call", INSN_OTHER, 0 },
	{ "66 0f 1f 84 00 00 00 00 00", "a long nop", INSN_OTHER, 0 },
	{ "f3 0f 1e fa", "endbr64", INSN_OTHER, 0 },
	{ "cc", "int3: a breakpoint goes on", INSN_OTHER, 0 },
	{ "cd 80", "int $0x80", INSN_OTHER, 0 },
	{ "0f 05", "syscall", INSN_OTHER, 0 },
	{ "f4", "hlt", INSN_OTHER, 0 },
	{ "b8 e8 00 00 00", "mov $0xe8,%eax", INSN_OTHER, 0 },
	{ "48 c7 c0 c3 00 00 00", "mov $0xc3,%rax", INSN_OTHER, 0 },
	{ "83 f8 74", "cmp $0x74,%eax", INSN_OTHER, 0 },
	{ "0f 94 c0", "sete %al", INSN_OTHER, 0 },
	{ "0f 44 c1", "cmove", INSN_OTHER, 0 },
	{ "0f 38 00 c1", "pshufb: opcodes of three bytes", INSN_OTHER, 0 },
	{ "f0 0f b1 0a", "lock cmpxchg", INSN_OTHER, 0 },
	{ "f2 0f 00 f7", "lkgs %edi", INSN_OTHER, 0 },
	{ "0f 01 ee", "rdpkru", INSN_OTHER, 0 },
	{ "0f 01 e8", "serialize", INSN_OTHER, 0 },
	{ "f3 0f 01 ff", "psmash", INSN_OTHER, 0 },
	{ "66 0f ae f1", "tpause %ecx", INSN_OTHER, 0 },
	{ "66 48 0f 38 f5 07", "wrussq", INSN_OTHER, 0 },
	{ "f3 0f 3a f0 c0 e8", "hreset $0xe8", INSN_OTHER, 0 },
	{ "0f 20 38", "mov %cr7,%rax: the mode of ModRM does not count", INSN_OTHER, 0 },
	{ "f2 0f 78 c1 e8 e9", "insertq $0xe8,$0xe9", INSN_OTHER, 0 },
	{ "0f 78 c1", "vmread", INSN_OTHER, 0 },
	{ "0f 0f c1 e8", "3DNow: the opcode is last", INSN_OTHER, 0 },
	{ "c8 e8 00 e9", "enter", INSN_OTHER, 0 },
	{ "a1 e8 00 00 00 00 00 00 00", "mov from an absolute address", INSN_OTHER, 0 },
	{ "67 a1 e8 00 00 00", "of 32 bits", INSN_OTHER, 0 },
	{ "48 b8 e8 00 00 00 00 00 00 00", "movabs", INSN_OTHER, 0 },
	{ "66 b8 e8 00", "mov $0xe8,%ax", INSN_OTHER, 0 },
	{ "66 48 b8 e8 00 00 00 00 00 00 00", "REX.W is stronger than 66", INSN_OTHER, 0 },
	{ "48 66 b8 e8 00", "REX before another prefix does not count", INSN_OTHER, 0 },
	{ "66 81 3c 24 e8 00", "cmpw $0xe8,(%rsp)", INSN_OTHER, 0 },
	{ "f6 07 e8", "testb", INSN_OTHER, 0 },
	{ "f6 17", "notb", INSN_OTHER, 0 },
	{ "f7 c7 e8 00 00 00", "testl", INSN_OTHER, 0 },
	{ "66 f7 07 e8 00", "testw", INSN_OTHER, 0 },
	{ "f7 3f", "idivl", INSN_OTHER, 0 },
	{ "c7 f8 e8 00 00 00", "xbegin", INSN_OTHER, 0 },
	{ "8f 00", "pop (%rax)", INSN_OTHER, 0 },
	{ "8f e8 78 a2 c1 e8", "XOP, map 8", INSN_OTHER, 0 },
	{ "8f e9 78 81 c1", "XOP, map 9", INSN_OTHER, 0 },
	{ "8f ea 78 10 c1 e8 00 00 00", "XOP, map 10", INSN_OTHER, 0 },
	{ "c5 f8 77", "vzeroupper", INSN_OTHER, 0 },
	{ "c5 f9 70 c1 e8", "vpshufd", INSN_OTHER, 0 },
	{ "c4 e2 78 49 c0", "tilerelease", INSN_OTHER, 0 },
	{ "c4 e3 75 06 c2 e8", "vperm2f128", INSN_OTHER, 0 },
	{ "c4 e7 7b f8 c1 e8 00 00 00", "urdmsr $0xe8", INSN_OTHER, 0 },
	{ "62 f1 fd 48 6f 44 24 e8", "vmovdqa64 with disp8", INSN_OTHER, 0 },
	{ "62 f3 75 48 25 c2 e8", "vpternlogd", INSN_OTHER, 0 },
	{ "62 f2 75 28 dc c2", "vaesenc of 256 bits", INSN_OTHER, 0 },
	{ "62 f5 7c 48 58 c1", "vaddph", INSN_OTHER, 0 },
	{ "62 f4 7c 18 81 c0 e8 00 00 00", "APX: add into another register", INSN_OTHER, 0 },
	{ "62 f4 7d 18 81 c0 e8 00", "of 16 bits", INSN_OTHER, 0 },
	{ "62 f4 7c 18 f7 c0 e8 00 00 00", "ctest", INSN_OTHER, 0 },
	{ "62 f4 7c 18 ff f0", "push2", INSN_OTHER, 0 },
	{ "d5 08 89 c3", "REX2", INSN_OTHER, 0 },
	{ "d5 08 b8 e8 00 00 00 00 00 00 00", "REX2.W movabs", INSN_OTHER, 0 },
	{ "d5 80 af c3", "REX2 imul", INSN_OTHER, 0 },
	{ "64 48 8b 04 25 28 00 00 00", "mov %fs:0x28,%rax", INSN_OTHER, 0 },
};

static void check_insn(const char *name, const struct insn *insn, size_t size, enum insn_kind kind,
		       int64_t target)
{
	bool is_direct = kind == INSN_CALL || kind == INSN_JUMP || kind == INSN_BRANCH;

	if (insn->kind != kind)
		fail_msg("%s: of kind %d, not %d", name, insn->kind, kind);
	if (insn->size != size)
		fail_msg("%s: %u bytes, not %zu", name, insn->size, size);
	if (insn->target != (is_direct ? ADDRESS + target : 0))
		fail_msg("%s: to %#llx", name, (unsigned long long)insn->target);
}

/* With more bytes after them, and with none. */
static void test_classes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		uint8_t bytes[BYTES_MAX] = { 0 };
		size_t size = parse_bytes(classes[i].bytes, bytes);

		for (size_t room = size; room <= BYTES_MAX; room += BYTES_MAX - size) {
			struct insn insn = { 0 };

			if (!arch_x86_64.decode(bytes, room, ADDRESS, &insn))
				fail_msg("%s: not decoded", classes[i].name);
			assert_int_equal(insn.address, ADDRESS);
			check_insn(classes[i].name, &insn, size, classes[i].kind,
				   classes[i].target);
		}
		for (size_t room = 0; room < size; room++) {
			struct insn insn;

			if (arch_x86_64.decode(bytes, room, ADDRESS, &insn) && insn.size > room)
				fail_msg("%s: decoded from %zu bytes", classes[i].name, room);
		}
	}
}

static void test_no_instruction(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t size;
	} cases[] = {
		{ "no bytes", "", 0 },
		{ "a call without the end of its displacement", "e8 00 00 00", 4 },
		{ "an opcode alone", "0f", 1 },
		{ "a prefix alone", "66", 1 },
		{ "no such opcode in 64 bits", "06", 1 },
		{ "the same with more behind it", "06 90 90 90", 4 },
		{ "callf of 32 bits", "9a 00 00 00 00 00 00", 7 },
		{ "no such opcode after 0f", "0f 04 90 90", 4 },
		{ "no such member of group 5", "ff ff 90 90", 4 },
		{ "of group 4", "fe ff 90 90", 4 },
		{ "VEX without such a map", "c4 e4 78 10 c1", 5 },
		{ "VEX cut off", "c4 e2", 2 },
		{ "EVEX without such a map", "62 f0 7c 48 10 c1", 6 },
		{ "REX2 before a call", "d5 00 e8 00 00 00 00", 7 },
		{ "REX2 before an escape", "d5 00 0f 0b", 4 },
		{ "too many prefixes", "66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", 17 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t bytes[BYTES_MAX] = { 0 };
		struct insn insn;

		assert_int_equal(parse_bytes(cases[i].bytes, bytes), cases[i].size);
		if (arch_x86_64.decode(bytes, cases[i].size, ADDRESS, &insn))
			fail_msg("%s: decoded", cases[i].name);
	}
}

/* Code at ADDRESS, and the offsets at which it could call or jump to ADDRESS + 0x100. */
static const struct {
	const char *name;
	const char *bytes;
	const char *want;
} references[] = {
	{ "no bytes", "", "" },
	{ "too few bytes", "e8 fb 00 00", "" },
	{ "a call", "e8 fb 00 00 00", "0" },
	{ "a jump", "e9 fb 00 00 00", "0" },
	{ "a branch", "0f 84 fa 00 00 00", "0" },
	{ "a branch, the last of its opcodes", "0f 8f fa 00 00 00", "0" },
	{ "a call of something else", "e8 fc 00 00 00", "" },
	{ "behind another instruction", "90 e8 fa 00 00 00", "1" },
	{ "two, one after the other", "e8 fb 00 00 00 e9 f6 00 00 00", "0 5" },
	{ "a displacement that stands behind another byte", "b8 fb 00 00 00", "" },
	{ "the second byte of a branch without the first", "84 fb 00 00 00", "" },
	{ "a branch whose first byte is not there", "90 84 fa 00 00 00", "" },
	{ "an opcode beyond the branches", "0f 90 fa 00 00 00", "" },
	{ "in the middle of an instruction: it may be one", "48 b8 e8 f9 00 00 00 00 00 00", "2" },
	{ "cut off at the end", "90 90 e8 f9 00 00", "" },
	{ "up to the last byte", "90 90 e8 f9 00 00 00", "2" },
};

static void test_references(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(references) / sizeof(*references); i++) {
		uint8_t bytes[BYTES_MAX];
		size_t size = parse_bytes(references[i].bytes, bytes);
		struct address_vector found = VECTOR_INIT;
		char got[64] = "";

		assert_true(
			arch_x86_64.find_references(bytes, size, ADDRESS, ADDRESS + 0x100, &found));
		vector_for_each(&found, at)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%u",
				 *got ? " " : "", (unsigned int)(*at - ADDRESS));
		if (strcmp(got, references[i].want))
			fail_msg("%s: at '%s', not at '%s'", references[i].name, got,
				 references[i].want);
		address_vector_deinit(&found);
	}
}

/* References are appended to the vector; targets are anywhere within 2 GiB on both sides. */
static void test_reference_distances(void **state)
{
	static const int64_t distances[] = { -0x7ffffffb, -1, 0, 5, 0x7fffffff, 0x80000004 };
	struct address_vector found = VECTOR_INIT;
	size_t nr = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
		uint32_t rel = distances[i] - 5;
		const uint8_t call[] = { 0xe8, rel, rel >> 8, rel >> 16, rel >> 24 };

		assert_true(arch_x86_64.find_references(call, sizeof(call), ADDRESS,
							ADDRESS + distances[i], &found));
		assert_int_equal(found.len, ++nr);
		assert_int_equal(found.data[nr - 1], ADDRESS);
	}
	address_vector_deinit(&found);
}

static const struct {
	const char *name;
	const char *bytes;
	bool want;
	uint64_t table;
} jump_tables[] = {
	{ "by %rax", "ff 24 c5 00 10 00 82", true, 0xffffffff82001000 },
	{ "by %rdi", "ff 24 fd 00 10 00 82", true, 0xffffffff82001000 },
	{ "by %r8", "42 ff 24 c5 00 10 00 82", true, 0xffffffff82001000 },
	{ "notrack", "3e ff 24 c5 00 10 00 82", true, 0xffffffff82001000 },
	{ "a table below 2 GiB", "ff 24 c5 00 10 00 02", true, 0x02001000 },
	{ "entries of four bytes", "ff 24 85 00 10 00 82", false, 0 },
	{ "with a base register", "ff a4 c7 00 10 00 82", false, 0 },
	{ "a call", "ff 14 c5 00 10 00 82", false, 0 },
	{ "through a register", "ff e0", false, 0 },
	{ "through a word beside the code", "ff 25 00 10 00 82", false, 0 },
	{ "another instruction of that length", "48 c7 c0 c3 00 00 00", false, 0 },
	{ "nothing but prefixes", "66 66", false, 0 },
};

static void test_jump_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(jump_tables) / sizeof(*jump_tables); i++) {
		uint8_t bytes[BYTES_MAX] = { 0 };
		/* Nops in front of it. */
		struct insn insn = { .address = ADDRESS + 3, .kind = INSN_JUMP_INDIRECT };
		struct jump_window window = { .code = bytes, .address = ADDRESS, .jump = &insn };
		struct jump_table table = { 0 };
		char code[128];

		snprintf(code, sizeof(code), "90 90 90 %s", jump_tables[i].bytes);
		insn.size = parse_bytes(code, bytes) - 3;
		if (arch_x86_64.find_jump_table(&window, &table) != jump_tables[i].want ||
		    table.address != jump_tables[i].table)
			fail_msg("%s: %#llx", jump_tables[i].name,
				 (unsigned long long)table.address);
		assert_int_equal(table.entry_size, jump_tables[i].want ? 8 : 0);
	}
}

static void test_jump_target(void **state)
{
	const struct jump_table table = { .address = ADDRESS, .entry_size = 8 };
	uint8_t entry[BYTES_MAX];

	(void)state;
	parse_bytes("88 77 66 85 ff ff ff ff", entry);
	assert_int_equal(arch_x86_64.jump_target(&table, entry), 0xffffffff85667788);
}

static void test_table_entries(void **state)
{
	static const struct {
		enum kernel_table table;
		const char *bytes;
		struct kernel_table_entry want;
	} cases[] = {
		{ KERNEL_EXCEPTIONS,
		  "f0 ff ff ff 00 01 00 00 03 00 00 00",
		  { ADDRESS - 16, ADDRESS + 0x104 } },
		{ KERNEL_STATIC_KEYS,
		  "10 00 00 00 fc ff ff ff 88 88 88 88 88 88 88 88",
		  { ADDRESS + 16, ADDRESS } },
		{ KERNEL_ALTERNATIVES,
		  "00 00 00 80 ff ff ff 7f 11 22 33 44 05 fe",
		  { ADDRESS - 0x80000000, ADDRESS + 0x80000003, 5, 254 } },
		{ KERNEL_EXCEPTIONS, "f0 ff ff ff 00 01 00 00", { ADDRESS - 16, ADDRESS + 0x104 } },
		{ KERNEL_STATIC_KEYS,
		  "10 00 00 81 ff ff ff ff 20 00 00 81 ff ff ff ff 88 88 88 88 88 88 88 88",
		  { ADDRESS + 16, ADDRESS + 32 } },
		{ KERNEL_ALTERNATIVES,
		  "10 00 00 00 fc ff ff ff 11 22 05 04",
		  { ADDRESS + 16, ADDRESS, 5, 4 } },
		{ KERNEL_ALTERNATIVES,
		  "10 00 00 00 fc ff ff ff 11 22 05 04 03",
		  { ADDRESS + 16, ADDRESS, 5, 4, 3 } },
		{ KERNEL_ALTERNATIVES,
		  "00 00 00 00 00 00 00 00 11 22 33 44 ff 00",
		  { ADDRESS, ADDRESS + 4, 255, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kernel_table_entry got;
		uint8_t entry[BYTES_MAX];

		size_t size = parse_bytes(cases[i].bytes, entry);
		const uint8_t *sizes = arch_x86_64.table_entry_sizes[cases[i].table];
		assert_non_null(memchr(sizes, size, TABLE_FORMATS_MAX));
		arch_x86_64.read_table_entry(cases[i].table, entry, size, ADDRESS, &got);
		assert_int_equal(got.code, cases[i].want.code);
		assert_int_equal(got.target, cases[i].want.target);
		assert_int_equal(got.code_size, cases[i].want.code_size);
		assert_int_equal(got.target_size, cases[i].want.target_size);
		assert_int_equal(got.padding, cases[i].want.padding);
	}
}

static void test_machines(void **state)
{
	(void)state;
	assert_ptr_equal(arch_find(EM_X86_64), &arch_x86_64);
	assert_null(arch_find(EM_NONE));
	assert_null(arch_find(EM_AARCH64));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),	      cmocka_unit_test(test_no_instruction),
		cmocka_unit_test(test_references),    cmocka_unit_test(test_reference_distances),
		cmocka_unit_test(test_jump_tables),   cmocka_unit_test(test_jump_target),
		cmocka_unit_test(test_table_entries), cmocka_unit_test(test_machines),
	};

	return cmocka_run_group_tests_name("arch_x86_64", tests, NULL, NULL);
}
