// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decode instructions with capstone, without its details. We only ask it whether
 * an instruction is valid and how long it is, since arch.h tells from the bytes
 * what it does to the flow of control. With details capstone is several times
 * slower.
 *
 * The library is loaded at its first use. Its tables hold 80,000 addresses, which
 * the dynamic linker would relocate at every start, even for commands that decode
 * nothing. Each 512 of these addresses make a page of memory that every fork of
 * `collect` would copy.
 */
#include "symbolize/code/decoder.h"

#include <capstone/capstone.h>
#include <dlfcn.h>
#include <pthread.h>

#define STRING_OF(x)  #x
#define STRING(x)     STRING_OF(x)
#define LIBRARY	      "libcapstone.so." STRING(CS_API_MAJOR)
#define FUNCTION(f)   __typeof__(f) *f
#define LOOK_UP(l, f) ((l)->f = (__typeof__(f) *)dlsym((l)->handle, #f))

static struct {
	pthread_once_t once;
	void *handle; /* NULL: problem says why */
	char *problem;
	FUNCTION(cs_open);
	FUNCTION(cs_strerror);
	FUNCTION(cs_malloc);
	FUNCTION(cs_free);
	FUNCTION(cs_close);
	FUNCTION(cs_disasm_iter);
} capstone = { .once = PTHREAD_ONCE_INIT };

struct decoder {
	const struct arch *arch;
	csh handle;
	cs_insn *insn;
};

static void load(void)
{
	capstone.handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (capstone.handle && LOOK_UP(&capstone, cs_open) && LOOK_UP(&capstone, cs_strerror) &&
	    LOOK_UP(&capstone, cs_malloc) && LOOK_UP(&capstone, cs_free) &&
	    LOOK_UP(&capstone, cs_close) && LOOK_UP(&capstone, cs_disasm_iter))
		return;
	const char *why = dlerror();
	capstone.problem = strdup(why ? why : "not known why");
	capstone.handle = NULL;
}

static struct error *load_once(void)
{
	pthread_once(&capstone.once, load);
	if (capstone.handle)
		return NULL;
	return error_hint(error_create(ERROR_UNSUPPORTED, "cannot load capstone: %s",
				       capstone.problem ? capstone.problem : "out of memory"),
			  "install " LIBRARY);
}

struct error *decoder_create(const struct arch *arch, struct decoder **ret)
{
	struct error *err = load_once();
	if (err)
		return err;
	struct decoder *d = calloc(1, sizeof(*d));
	if (!d)
		return &error_no_memory;
	d->arch = arch;
	cs_err e = capstone.cs_open(arch->cs_arch, arch->cs_mode, &d->handle);
	if (e != CS_ERR_OK) {
		free(d);
		return error_create(ERROR_UNSUPPORTED, "capstone cannot decode %s: %s", arch->name,
				    capstone.cs_strerror(e));
	}
	d->insn = capstone.cs_malloc(d->handle);
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
		capstone.cs_free(d->insn, 1);
	capstone.cs_close(&d->handle);
	free(d);
}

bool decoder_decode(struct decoder *d, const uint8_t *code, size_t size, uint64_t address,
		    struct insn *ret)
{
	const uint8_t *p = code;
	uint64_t at = address;

	if (!capstone.cs_disasm_iter(d->handle, &p, &size, &at, d->insn) || !d->insn->size)
		return false;
	ret->address = address;
	ret->size = d->insn->size;
	d->arch->classify(code, ret);
	return true;
}
