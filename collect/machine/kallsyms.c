// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads /proc/kallsyms, and computes the KASLR offset from it and a trace of getpid(2). */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/parse.h"
#include "base/search.h"
#include "base/vector.h"
#include "collect/machine/identity.h"

#define KALLSYMS_MAX  ((size_t)256 << 20)
#define KASLR_ALIGN   ((uint64_t)2 << 20)
#define KASLR_MATCHES 2
/*
 * getpid(2) records some ten PCs. More PCs come from other work meanwhile, and
 * cost quadratic time.
 */
#define KASLR_PCS_MAX 4096

struct symbol {
	uint64_t addr;
	const char *name; /* points into text */
};
DEFINE_VECTOR(symbol_vector, struct symbol);
DEFINE_VECTOR(addr_vector, uint64_t);

struct kallsyms {
	char *text;		      /* the file, split into names */
	struct symbol_vector symbols; /* of the kernel, in file order */
	struct addr_vector addrs;     /* of all symbols, ascending */
};

void kallsyms_destroy(struct kallsyms *k)
{
	if (!k)
		return;
	symbol_vector_deinit(&k->symbols);
	addr_vector_deinit(&k->addrs);
	free(k->text);
	free(k);
}
DEFINE_CLEANUP(kallsyms, struct kallsyms, kallsyms_destroy);

/* "ADDRESS TYPE NAME" or "ADDRESS TYPE NAME\t[MODULE]"; Linux kernel/kallsyms.c, s_show(). */
static bool add_symbol(struct kallsyms *k, char *line)
{
	struct symbol symbol;
	char *addr = strsep(&line, " ");
	char *type = strsep(&line, " ");
	char *name = strsep(&line, "\t");

	if (!type || !name || !parse_u64(addr, 16, UINT64_MAX, &symbol.addr) || !symbol.addr)
		return true;
	if (!addr_vector_append(&k->addrs, &symbol.addr))
		return false;
	symbol.name = name;
	return line || symbol_vector_append(&k->symbols, &symbol);
}

struct error *kallsyms_load(const struct identity_options *options, struct kallsyms **ret)
{
	_cleanup_(cleanup_kallsyms) struct kallsyms *k = calloc(1, sizeof(*k));
	_cleanup_free_ char *path = identity_path(options, "/proc/kallsyms");

	if (!k || !path)
		return &error_no_memory;
	struct error *err = file_read(path, KALLSYMS_MAX, &k->text, NULL);
	if (err)
		return err;
	char *rest = k->text;
	for (char *line; (line = strsep(&rest, "\n"));)
		if (!add_symbol(k, line))
			return &error_no_memory;
	if (!k->addrs.len)
		return error_hint(
			error_create(ERROR_UNSUPPORTED, "the addresses in '%s' are hidden", path),
			"run as root, with kernel.kptr_restrict below 2");
	qsort(k->addrs.data, k->addrs.len, sizeof(*k->addrs.data), compare_u64);
	*ret = steal_ptr(&k);
	return NULL;
}

/* The first address above addr, or 0 if there is none. */
static uint64_t next_addr(const struct addr_vector *addrs, uint64_t addr)
{
	size_t next = search_first(addrs->len, i, addrs->data[i] > addr);

	return next < addrs->len ? addrs->data[next] : 0;
}

bool kallsyms_find(const struct kallsyms *k, const char *name, uint64_t *addr, uint64_t *end)
{
	vector_for_each(&k->symbols, symbol) {
		if (strcmp(symbol->name, name))
			continue;
		uint64_t next = next_addr(&k->addrs, symbol->addr);
		if (!next)
			return false;
		*addr = symbol->addr;
		*end = next;
		return true;
	}
	return false;
}

/*
 * Functions that getpid(2) executes: its entry under the names of the
 * architectures (arch/<arch>/include/asm/syscall_wrapper.h), and what
 * kernel/pid.c calls.
 */
static const struct kaslr_function {
	const char *name;
	bool is_entry;
} kaslr_functions[] = {
	{ "__x64_sys_getpid", true },	  { "__arm64_sys_getpid", true },
	{ "__riscv_sys_getpid", true },	  { "__s390x_sys_getpid", true },
	{ "__powerpc_sys_getpid", true }, { "__se_sys_getpid", true },
	{ "__do_sys_getpid", true },	  { "sys_getpid", true },
	{ "__task_pid_nr_ns", false },	  { "task_active_pid_ns", false },
	{ "pid_nr_ns", false },		  { "pid_vnr", false },
};
#define NR_KASLR_FUNCTIONS (sizeof(kaslr_functions) / sizeof(*kaslr_functions))

struct range {
	uint64_t start, end; /* a PC in it is above start and at most end */
	bool is_entry;
};

static size_t find_ranges(const struct kallsyms *k, struct range ranges[NR_KASLR_FUNCTIONS])
{
	size_t n = 0;

	for (size_t i = 0; i < NR_KASLR_FUNCTIONS; i++)
		if (kallsyms_find(k, kaslr_functions[i].name, &ranges[n].start, &ranges[n].end))
			ranges[n++].is_entry = kaslr_functions[i].is_entry;
	return n;
}

/* How many PCs this offset puts into the functions; 0 if none of them is in an entry. */
static size_t count_matches(const uint64_t *pcs, size_t nr_pcs, const struct range *ranges,
			    size_t nr_ranges, uint64_t offset)
{
	bool in_entry = false;
	size_t matches = 0;

	for (size_t i = 0; i < nr_pcs; i++)
		for (size_t r = 0; r < nr_ranges; r++) {
			uint64_t runtime = pcs[i] + offset;

			if (runtime <= ranges[r].start || runtime > ranges[r].end)
				continue;
			in_entry = in_entry || ranges[r].is_entry;
			matches++;
			break;
		}
	return in_entry ? matches : 0;
}

struct candidate {
	uint64_t offset;
	size_t matches;
	bool is_unique;
};

static void consider(struct candidate *best, uint64_t offset, size_t matches)
{
	if (matches > best->matches)
		*best = (struct candidate){ offset, matches, true };
	else if (matches == best->matches && offset != best->offset)
		best->is_unique = false;
}

static uint64_t round_up(uint64_t v)
{
	return (v + KASLR_ALIGN - 1) & ~(KASLR_ALIGN - 1);
}

struct error *identity_kaslr_offset(const uint64_t *pcs, size_t nr_pcs, const struct kallsyms *k,
				    uint64_t *ret)
{
	struct range ranges[NR_KASLR_FUNCTIONS];
	size_t nr_ranges = find_ranges(k, ranges);
	struct candidate best = { 0 };

	if (nr_pcs > KASLR_PCS_MAX)
		nr_pcs = KASLR_PCS_MAX;
	for (size_t i = 0; i < nr_pcs; i++)
		for (size_t r = 0; r < nr_ranges; r++) {
			uint64_t offset = round_up(ranges[r].start - pcs[i]);
			uint64_t runtime = pcs[i] + offset;

			if (runtime > ranges[r].start && runtime <= ranges[r].end)
				consider(&best, offset,
					 count_matches(pcs, nr_pcs, ranges, nr_ranges, offset));
		}
	if (best.matches < KASLR_MATCHES || !best.is_unique)
		return error_create(ERROR_NOT_FOUND,
				    "cannot find the KASLR offset from the %zu PCs of a getpid()",
				    nr_pcs);
	*ret = best.offset;
	return NULL;
}
