/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coverage out of what was recorded and the indexes of the images: a pure
 * function. The same input gives the same coverage, byte for byte when
 * rendered, in whatever order its images are given.
 *
 * Points give the states of blocks, blocks those of lines, functions and
 * branches: docs/lines.md has the rules, docs/accuracy.md what they are worth.
 *
 * Nothing of collect/ is known here: the program hands over plain arrays, and
 * descriptions of run sources.
 */
#ifndef SYMBOLIZE_COVERAGE_BUILD_H
#define SYMBOLIZE_COVERAGE_BUILD_H

#include "base/error.h"
#include "base/pc_map.h"
#include "symbolize/coverage/coverage.h"
#include "symbolize/index/index.h"

/* An image that was there in at least one of the runs. All borrowed; strings are copied. */
struct coverage_input_image {
	const char *name;	   /* "vmlinux" or the module's name */
	const struct index *index; /* NULL = none: problem says why */
	const char *path;	   /* NULL = that of the index */
	const char *build_id;	   /* hex; NULL = that of the index */
	const char *problem;	   /* NULL when there is none */
};

/* Where a run had an image. */
struct coverage_mapping {
	size_t image;  /* number in coverage_input.images */
	uint64_t base; /* start of the module's .text, as the PCs are recorded; 0 for vmlinux */
	uint64_t size; /* bytes from base that belong to the module; 0 = what the index says */
	/* Start of the module's .init.text while its init ran, as the PCs are; 0 = not known. */
	uint64_t init_base;
};

/* One run, or one task of it: PCs that mean the same thing. */
struct coverage_source {
	const struct pc_count *pcs; /* ascending, distinct */
	size_t nr_pcs;
	bool pcs_are_calls; /* addresses of the calls, not return addresses */
	const struct coverage_mapping *mappings;
	size_t nr_mappings;
	/* It was executed so often or more, as a set has it: nothing follows from equal counts. */
	bool counts_are_least;
};

/* Why is a line what it is? The answer is coverage.evidence. */
struct coverage_question {
	const char *file; /* the end of a path, whole components; "" = every file */
	uint32_t line;	  /* 0 = every line */
};

struct coverage_input {
	const struct coverage_input_image *images;
	size_t nr_images;
	const struct coverage_source *sources;
	size_t nr_sources;
	const struct coverage_run *runs; /* copied into the coverage, with all they refer to */
	size_t nr_runs;
	const struct coverage_question *question; /* NULL = none */
	const struct log *log;			  /* NULL = silence */
};

struct error *coverage_build(const struct coverage_input *input, struct coverage **ret);

/*
 * What one PC is. offset is the recorded PC in the terms of the index (PC -
 * mapping base - index_base()).
 */
struct coverage_match {
	uint32_t point;			     /* INDEX_NONE = no point */
	enum coverage_unmatched_class class; /* when there is none */
	uint32_t call; /* the call that the PC follows, when there is none; INDEX_NONE = none */
};

/* A call of a function of another image: what it can end in (INDEX_TAIL_*) by its name. */
struct coverage_externals {
	uint32_t (*tail_flags)(void *arg, const char *name);
	void *arg;
};

/* externals may be NULL: then calls of other images are COVERAGE_OTHER_CALL. */
struct coverage_match coverage_match(const struct index *index, uint32_t offset, bool pc_is_call,
				     const struct coverage_externals *externals);

static inline void cleanup_coverage(struct coverage **coverage)
{
	coverage_destroy(*coverage);
}
#define _cleanup_coverage_ __attribute__((__cleanup__(cleanup_coverage)))

#endif
