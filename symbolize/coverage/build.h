/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Build coverage from recorded PCs and the indexes of the images. This is a
 * pure function: the same input gives the same coverage, byte for byte when
 * rendered. The order of the images does not matter.
 *
 * Points give the states of blocks; blocks give the states of lines, functions
 * and branches. docs/lines.md has the rules, docs/accuracy.md shows how well
 * they agree with gcov.
 *
 * Nothing of collect/ is known here: the program passes plain arrays, and
 * descriptions of run sources.
 */
#ifndef SYMBOLIZE_COVERAGE_BUILD_H
#define SYMBOLIZE_COVERAGE_BUILD_H

#include "base/error.h"
#include "base/pc_map.h"
#include "symbolize/coverage/coverage.h"
#include "symbolize/index/index.h"

/* An image of at least one of the runs. Everything is borrowed during the call. */
struct coverage_input_image {
	const char *name;	   /* "vmlinux" or the module's name */
	const struct index *index; /* NULL = none; problem says why */
	const char *path;	   /* NULL = the path of the index */
	const char *build_id;	   /* hex; NULL = the build ID of the index */
	const char *problem;	   /* NULL = none */
};

/* Where a run had an image. */
struct coverage_mapping {
	size_t image;  /* number in coverage_input.images */
	uint64_t base; /* start of the module's .text, in terms of recorded PCs; 0 for vmlinux */
	uint64_t size; /* bytes from base that belong to the module; 0 = as many as the index has */
	/* Start of .init.text while the module's init ran, in the same terms; 0 = not known. */
	uint64_t init_base;
};

/* PCs of one run, or of one task of it: with the same mappings and the same kind of counts. */
struct coverage_source {
	const struct pc_count *pcs; /* ascending, distinct */
	size_t nr_pcs;
	bool pcs_are_calls; /* addresses of the calls, not return addresses */
	const struct coverage_mapping *mappings;
	size_t nr_mappings;
	/* Counts are lower bounds, as in a set: nothing follows from equal counts. */
	bool counts_are_least;
};

/* Another recording, in the same images: what it executed is removed, or nothing else is kept. */
struct coverage_operand {
	const struct coverage_source *sources;
	size_t nr_sources;
	bool is_subtracted;
};

struct coverage_scope;

/* The PCs of one run source, to say for evidence who recorded them. */
struct coverage_recording {
	struct coverage_recorder recorder;
	const struct pc_count *pcs; /* ascending, distinct */
	size_t nr_pcs;
	size_t source; /* number in coverage_input.sources, of the one that has all these PCs */
};

struct coverage_input {
	const struct coverage_input_image *images;
	size_t nr_images;
	const struct coverage_source *sources;
	size_t nr_sources;
	/*
	 * Leave out points of the sources: see algebra.c. Lines then are no flow of control, and
	 * the statements of a source (refine.h) would add again what was left out.
	 */
	const struct coverage_operand *operands;
	size_t nr_operands;
	const struct coverage_run *runs; /* copied into the coverage; strings too, PCs not */
	size_t nr_runs;
	const struct coverage_question *question; /* NULL = none */
	/* Run sources that evidence names as recorders; used if there is a question. */
	const struct coverage_recording *recordings;
	size_t nr_recordings;
	/*
	 * Make only files of this name, whatever their directory; NULL = all. This costs what
	 * belongs to these files.
	 */
	const char *files_named;
	/*
	 * Make only what this has (scope.h); NULL = everything. Then handoffs are not made, and
	 * points are only counted in images whose points it has. The sources need only have the PCs
	 * that coverage_scope_select() selects. Not together with files_named or question.
	 */
	const struct coverage_scope *scope;
	unsigned int jobs;     /* threads; 0 counts as 1 */
	bool list_points;      /* fill coverage.each_point: takes 100 bytes for each */
	const struct log *log; /* NULL = silence */
};

/*
 * Build the coverage of all sources. The caller destroys it. Fails if memory runs out.
 * ERROR_INVALID: a mapping names an image that does not exist. ERROR_FORMAT: debug info nests
 * functions without end.
 */
struct error *coverage_build(const struct coverage_input *input, struct coverage **ret);

/* What one recorded PC is: a point, or why not. */
struct coverage_match {
	uint32_t point;			     /* INDEX_NONE = not a point */
	enum coverage_unmatched_class class; /* if it is not a point */
	uint32_t call; /* if not a point: the call that the PC follows; INDEX_NONE = none */
};

/* Tells what a function of another image can end in (INDEX_TAIL_*). Only its name is known. */
struct coverage_externals {
	uint32_t (*tail_flags)(void *arg, const char *name);
	void *arg;
};

/*
 * Match one recorded PC. offset is the PC in terms of the index (PC - mapping
 * base - index_base()). externals may be NULL: then calls of functions of other
 * images are COVERAGE_OTHER_CALL.
 */
struct coverage_match coverage_match(const struct index *index, uint32_t offset, bool pc_is_call,
				     const struct coverage_externals *externals);

static inline void cleanup_coverage(struct coverage **coverage)
{
	coverage_destroy(*coverage);
}
#define _cleanup_coverage_ __attribute__((__cleanup__(cleanup_coverage)))

#endif
