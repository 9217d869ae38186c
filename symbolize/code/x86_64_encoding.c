// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the length of x86-64 instructions. It follows from prefixes, opcode and ModRM byte alone.
 * Sources: Intel SDM volume 2, chapter 2 and appendix A; Intel APX architecture specification
 * (REX2, EVEX map 4); AMD64 manual volume 6 (XOP). Linux finds lengths in the same way
 * (arch/x86/lib/insn.c).
 *
 * No library does it: capstone 4 takes ud0 and ud1 without their ModRM byte, and both 4 and 5 know
 * only some of the instructions of newer processors. A sweep that is out of step loses points.
 */
#include "symbolize/code/x86_64_encoding.h"

#include <string.h>

#define INSN_SIZE_MAX 15

/*
 * What follows an opcode:
 *
 *   .  nothing                     x  not an opcode
 *   b  1 byte                      p  a prefix or an escape: read before this table is used
 *   w  2 bytes                     m  ModRM, with SIB and displacement
 *   e  3 bytes (enter)             r  ModRM that names registers whatever its mode
 *   d  4 bytes                     B  ModRM and 1 byte
 *   z  4 bytes, 2 with 66          D  ModRM and 4 bytes
 *   v  as z, 8 with REX.W          Z  ModRM and as z
 *   o  8 bytes, 4 with 67          t  ModRM, and 1 byte if its reg is 0 or 1 (test)
 *                                  T  ModRM, and as z if its reg is 0 or 1
 *                                  s  ModRM, and 2 bytes with 66 or f2 (extrq, insertq)
 *
 * Near calls and jumps are d: processors of Intel ignore 66 there. Those of AMD take 2 bytes and
 * cut the target to 16 bits, so no compiler makes use of it.
 */
static const char one_byte[] = "mmmmbzxxmmmmbzxp" /* 00 */
			       "mmmmbzxxmmmmbzxx"
			       "mmmmbzpxmmmmbzpx" /* 20 */
			       "mmmmbzpxmmmmbzpx"
			       "pppppppppppppppp" /* 40: REX */
			       "................"
			       "xxpmppppzZbB...." /* 60; 62: EVEX */
			       "bbbbbbbbbbbbbbbb"
			       "BZxBmmmmmmmmmmmm" /* 80; 8f: also XOP */
			       "..........x....."
			       "oooo....bz......" /* a0 */
			       "bbbbbbbbvvvvvvvv"
			       "BBw.ppBZe.w..bx." /* c0; c4, c5: VEX */
			       "mmmmxp..mmmmmmmm" /* d5: REX2, d6: udb */
			       "bbbbbbbbddxb...." /* e0 */
			       "p.pp..tT......mm";

static const char two_bytes[] = "mmmmx.....x.xm.B" /* 0f 00 */
				"mmmmmmmmmmmmmmmm"
				"rrrrxxxxmmmmmmmm" /* 0f 20 */
				"......x.pxpxxxxx"
				"mmmmmmmmmmmmmmmm" /* 0f 40 */
				"mmmmmmmmmmmmmmmm"
				"mmmmmmmmmmmmmmmm" /* 0f 60 */
				"BBBBmmm.smxxmmmm"
				"dddddddddddddddd" /* 0f 80 */
				"mmmmmmmmmmmmmmmm"
				"...mBmmm...mBmmm" /* 0f a0 */
				"mmmmmmmmmmBmmmmm"
				"mmBmBBBm........" /* 0f c0 */
				"mmmmmmmmmmmmmmmm"
				"mmmmmmmmmmmmmmmm" /* 0f e0 */
				"mmmmmmmmmmmmmmmm";

_Static_assert(sizeof(one_byte) == 257 && sizeof(two_bytes) == 257, "a row is missing");

/* How far an instruction was read. */
struct reader {
	const uint8_t *code;
	size_t size, at;
	bool has_66, has_67, rex_w;
	struct x86_64_encoding *e;
};

static bool get(struct reader *r, uint8_t *ret)
{
	if (r->at == r->size)
		return false;
	*ret = r->code[r->at++];
	return true;
}

static bool is_legacy_prefix(uint8_t byte)
{
	static const uint8_t prefixes[] = { 0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e,
					    0x36, 0x3e, 0x26, 0x64, 0x65 };

	return memchr(prefixes, byte, sizeof(prefixes));
}

/* Read all prefixes but REX2, VEX, EVEX and XOP, and the byte after them. */
static bool get_prefixes(struct reader *r, uint8_t *ret)
{
	while (get(r, ret)) {
		if ((*ret & 0xf0) == 0x40) {
			r->rex_w = *ret & 8;
			continue;
		}
		if (!is_legacy_prefix(*ret))
			return true;
		r->rex_w = false; /* REX counts only right before the opcode */
		r->has_66 |= *ret == 0x66;
		r->has_67 |= *ret == 0x67;
		if (*ret == 0xf2 || *ret == 0xf3)
			r->e->mandatory = *ret;
	}
	return false;
}

/* Both return what follows the opcode; 'x' if there is none. */

static char get_rex2(struct reader *r)
{
	uint8_t payload;

	if (!get(r, &payload) || !get(r, &r->e->opcode))
		return 'x';
	uint8_t row = r->e->opcode >> 4;
	r->e->has_rex2 = true;
	r->rex_w = payload & 8;
	if (payload & 0x80) {
		r->e->map = X86_64_0F;
		return row == 3 || row == 8 ? 'x' : two_bytes[r->e->opcode];
	}
	if (r->e->opcode == 0xa1)
		return 'o'; /* jmpabs */
	return row == 4 || row == 7 || row == 0xa || row == 0xe ? 'x' : one_byte[r->e->opcode];
}

static char get_legacy(struct reader *r, uint8_t first)
{
	r->e->opcode = first;
	if (first != 0x0f)
		return one_byte[first];
	if (!get(r, &r->e->opcode))
		return 'x';
	r->e->map = X86_64_0F;
	if (r->e->opcode != 0x38 && r->e->opcode != 0x3a)
		return two_bytes[r->e->opcode];
	char follows = r->e->opcode == 0x38 ? 'm' : 'B';
	r->e->map = X86_64_OTHER;
	return get(r, &r->e->opcode) ? follows : 'x';
}

/* Instructions of the one-byte and two-byte maps with EVEX, for APX. */
static char apx_follows(uint8_t opcode)
{
	switch (opcode) {
	case 0x24: /* shld */
	case 0x2c: /* shrd */
	case 0x6b:
	case 0x80:
	case 0x83:
	case 0xc0:
	case 0xc1:
		return 'B';
	case 0x69:
	case 0x81:
		return 'Z';
	case 0xf6:
		return 't';
	case 0xf7:
		return 'T';
	default:
		return 'm';
	}
}

/* map: as in the prefix */
static char vector_follows(unsigned int map, uint8_t opcode, bool is_evex)
{
	switch (map) {
	case 1:
		if (opcode == 0x77)
			return '.'; /* vzeroupper, vzeroall */
		return opcode >> 4 == 8 || two_bytes[opcode] != 'B' ? 'm' : 'B';
	case 2:
	case 5:
	case 6:
		return 'm';
	case 3:
		return 'B';
	case 4:
		return is_evex ? apx_follows(opcode) : 'x';
	case 7:
		return 'D'; /* urdmsr and the like */
	default:
		return 'x';
	}
}

static char get_vex(struct reader *r, uint8_t first)
{
	unsigned int nr_payload = first == 0xc5 ? 1 : first == 0xc4 ? 2 : 3;
	uint8_t payload[3];

	for (unsigned int i = 0; i < nr_payload; i++)
		if (!get(r, &payload[i]))
			return 'x';
	if (!get(r, &r->e->opcode))
		return 'x';
	r->e->map = X86_64_OTHER;
	if (first == 0xc5)
		return vector_follows(1, r->e->opcode, false);
	if (first == 0xc4)
		return vector_follows(payload[0] & 0x1f, r->e->opcode, false);
	r->has_66 = (payload[1] & 3) == 1;
	r->rex_w = payload[1] & 0x80;
	return vector_follows(payload[0] & 7, r->e->opcode, true);
}

static char get_xop(struct reader *r)
{
	static const char follows[] = { 'B', 'm', 'D' };
	uint8_t first, second;

	if (!get(r, &first) || !get(r, &second) || !get(r, &r->e->opcode))
		return 'x';
	unsigned int map = (first & 0x1f) - 8;
	r->e->map = X86_64_OTHER;
	return map < sizeof(follows) ? follows[map] : 'x';
}

static char get_opcode(struct reader *r)
{
	uint8_t first;

	if (!get_prefixes(r, &first))
		return 'x';
	switch (first) {
	case 0xd5:
		return get_rex2(r);
	case 0x62:
	case 0xc4:
	case 0xc5:
		return get_vex(r, first);
	case 0x8f: /* pop has 0 where XOP has a map of 8 or more */
		if (r->at < r->size && (r->code[r->at] & 0x1f) >= 8)
			return get_xop(r);
	}
	return get_legacy(r, first);
}

/* The bytes of ModRM, SIB and displacement; *ret_reg: the middle of ModRM. */
static bool skip_modrm(struct reader *r, bool is_register, unsigned int *ret_reg)
{
	uint8_t modrm, sib;

	if (!get(r, &modrm))
		return false;
	unsigned int mode = modrm >> 6, base = modrm & 7;
	*ret_reg = modrm >> 3 & 7;
	if (mode == 3 || is_register)
		return true;
	if (base == 4) {
		if (!get(r, &sib))
			return false;
		base = sib & 7;
	}
	if (mode == 2 || (mode == 0 && base == 5))
		r->at += 4;
	else if (mode == 1)
		r->at += 1;
	return true;
}

/* The bytes of immediate operands; reg: of ModRM. */
static unsigned int immediate_size(const struct reader *r, char follows, unsigned int reg)
{
	unsigned int z = r->has_66 && !r->rex_w ? 2 : 4;

	switch (follows) {
	case 'b':
	case 'B':
		return 1;
	case 'w':
		return 2;
	case 'e':
		return 3;
	case 'd':
	case 'D':
		return 4;
	case 'z':
	case 'Z':
		return z;
	case 'v':
		return r->rex_w ? 8 : z;
	case 'o':
		return r->has_67 && !r->e->has_rex2 ? 4 : 8;
	case 't':
		return reg < 2 ? 1 : 0;
	case 'T':
		return reg < 2 ? z : 0;
	case 's':
		return r->has_66 || r->e->mandatory == 0xf2 ? 2 : 0;
	default:
		return 0;
	}
}

/* Groups of opcodes that are told apart by reg of ModRM, and have no meaning for some of its
 * values. */
static bool is_undefined(const struct x86_64_encoding *e, unsigned int reg, uint8_t modrm)
{
	if (e->map != X86_64_ONE_BYTE)
		return false;
	switch (e->opcode) {
	case 0x8f:
		return reg;
	case 0xc6: /* f8: xabort, xbegin */
	case 0xc7:
		return reg && modrm != 0xf8;
	case 0xfe:
		return reg > 1;
	case 0xff:
		return reg == 7;
	default:
		return false;
	}
}

bool x86_64_read_encoding(const uint8_t *code, size_t size, struct x86_64_encoding *ret)
{
	struct x86_64_encoding e = { 0 };
	struct reader r = { .code = code,
			    .size = size < INSN_SIZE_MAX ? size : INSN_SIZE_MAX,
			    .e = &e };
	unsigned int reg = 0;

	char follows = get_opcode(&r);
	if (follows == 'x' || follows == 'p')
		return false;
	e.after = r.at;
	if (strchr("mrBDZtTs", follows) && !skip_modrm(&r, follows == 'r', &reg))
		return false;
	r.at += immediate_size(&r, follows, reg);
	if (r.at > r.size || (e.after < r.at && is_undefined(&e, reg, code[e.after])))
		return false;
	e.size = r.at;
	*ret = e;
	return true;
}
