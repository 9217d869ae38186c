/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coverage while it is made. Private to symbolize/. */
#ifndef SYMBOLIZE_COVERAGE_PRIVATE_H
#define SYMBOLIZE_COVERAGE_PRIVATE_H

#include "base/intern.h"
#include "base/vector.h"
#include "symbolize/arena.h"
#include "symbolize/coverage_build.h"
#include "symbolize/record_set.h"

/* What one image got. */
struct draft_image {
	const struct coverage_input_image *input;
	uint64_t base;		/* of its first mapping */
	uint64_t *counts;	/* of each point */
	uint32_t *file_map;	/* index file: id in paths */
	uint32_t *function_map; /* index function: number in functions, INDEX_NONE = not listed */
	uint64_t nr_unmatched;	/* distinct PCs in it that are no point */
};

struct draft_unmatched {
	uint64_t pc;
	uint64_t count;
	enum coverage_unmatched_class class;
	uint32_t image; /* number, INDEX_NONE = none */
};

/* One point says something of a line or of a function. */
struct draft_claim {
	uint32_t file;	/* id in paths; of lines only */
	uint32_t id;	/* the line, or the number of the function */
	uint64_t point; /* unique over all images */
	uint64_t count;
};

/* Key first: see record_set.h. */
struct draft_function {
	uint32_t name; /* id in names */
	uint32_t file; /* id in paths */
	uint32_t line;
	uint32_t has_body;
	uint64_t count;
	struct coverage_ratio points;
};

DEFINE_VECTOR(draft_unmatched_vector, struct draft_unmatched);
DEFINE_VECTOR(draft_claim_vector, struct draft_claim);
DEFINE_VECTOR(draft_function_vector, struct draft_function);

struct coverage_draft {
	const struct coverage_input *input;
	struct draft_image *images; /* as input->images */
	struct draft_unmatched_vector unmatched;
	struct intern *paths, *names;
	struct draft_function_vector functions;
	struct record_set function_set;
	struct draft_claim_vector lines, calls; /* of lines; of functions */
	struct coverage_ratio *file_points;	/* by id in paths */
	struct intern *symbols;			/* names of the symbols of all images */
	uint8_t *symbol_flags;			/* INDEX_TAIL_* of each of them */
	uint32_t nr_symbol_flags;
	struct arena *arena;
	struct coverage *coverage;
};

/* a + b, or the largest number. */
static inline uint64_t count_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* coverage_count.c: match all PCs: fill counts and unmatched. */
struct error *coverage_count(struct coverage_draft *draft);
/* coverage_externals.c: know the functions of all images by name. */
struct error *externals_init(struct coverage_draft *draft);
/* INDEX_TAIL_* of a function by its name, 0 when there is none; draft is a coverage_draft. */
uint32_t external_tail_flags(void *draft, const char *name);
/* coverage_claims.c: what the points say of lines and functions, each once, sorted. */
struct error *coverage_claim(struct coverage_draft *draft);
/* coverage_files.c: files, lines and functions of the coverage. */
struct error *coverage_make_files(struct coverage_draft *draft);
/* coverage_runs.c: copy the descriptions of the runs. */
struct error *coverage_copy_runs(struct coverage_draft *draft);

#endif
