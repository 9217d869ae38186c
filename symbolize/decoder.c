// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capstone without details: its length and validity of an instruction are all
 * we take, since what it does to the flow is plain from the bytes (arch.h).
 * Details would make it several times slower.
 */
#include "symbolize/decoder.h"

#include <capstone/capstone.h>

struct decoder {
	const struct arch *arch;
	csh handle;
	cs_insn *insn;
};

struct error *decoder_create(const struct arch *arch, struct decoder **ret)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (!d)
		return &error_no_memory;
	d->arch = arch;
	cs_err e = cs_open(arch->cs_arch, arch->cs_mode, &d->handle);
	if (e != CS_ERR_OK) {
		free(d);
		return error_create(ERROR_UNSUPPORTED, "capstone cannot decode %s: %s", arch->name,
				    cs_strerror(e));
	}
	d->insn = cs_malloc(d->handle);
	if (!d->insn) {
		decoder_destroy(d);
		return &error_no_memory;
	}
	*ret = d;
	return NULL;
}

void decoder_destroy(struct decoder *d)
{
	if (!d)
		return;
	if (d->insn)
		cs_free(d->insn, 1);
	cs_close(&d->handle);
	free(d);
}

bool decoder_decode(struct decoder *d, const uint8_t *code, size_t size, uint64_t address,
		    struct insn *ret)
{
	const uint8_t *p = code;
	uint64_t at = address;

	if (!cs_disasm_iter(d->handle, &p, &size, &at, d->insn) || !d->insn->size)
		return false;
	ret->address = address;
	ret->size = d->insn->size;
	d->arch->classify(code, ret);
	return true;
}
