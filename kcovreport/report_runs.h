/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run files of a report: what each of them recorded, and the images that all
 * of them need. Runs are not merged into one: each keeps its description, and PCs
 * are added up only if the modules of the runs were at the same addresses.
 */
#ifndef KCOVREPORT_REPORT_RUNS_H
#define KCOVREPORT_REPORT_RUNS_H

#include <stddef.h>

#include "base/error.h"
#include "base/pc_merge.h"
#include "base/vector.h"
#include "run/run.h"
#include "symbolize/coverage/build.h"

/* The sources of a run whose PCs count. */
enum report_source {
	REPORT_ALL,
	REPORT_LOCAL,  /* PCs that tasks executed themselves */
	REPORT_REMOTE, /* PCs that the kernel executed elsewhere for them: remote handles */
	/* Those of one context, from RUN_SOURCE_SOFTIRQ on. */
	REPORT_CONTEXT,
};

/* A run file whose points are removed from those of the report, or that are kept alone. */
struct report_operand {
	const char *file;
	bool is_subtracted;
};
DEFINE_VECTOR(report_operand_vector, struct report_operand);

struct report_run {
	struct run *run;		  /* its sources have no PCs */
	size_t group;			  /* in report_runs.groups */
	char build_id[BUILD_ID_HEX_SIZE]; /* "" = not known */
	struct coverage_run description;  /* refers to run and build_id */
};

/*
 * Runs of which each PC means the same: they had the same modules at the same
 * addresses. Their PCs are added up, so that memory does not grow with the number of
 * runs of one boot.
 */
struct report_group {
	struct coverage_mapping *mappings;
	size_t nr_mappings;
	bool pcs_are_calls;
	size_t operand;		  /* 0 = the report, else 1 + number of the operand */
	bool is_import;		  /* made from text, which does not say what its PCs are */
	struct pc_parts parts[2]; /* while runs are loaded: as sources below */
};
DEFINE_VECTOR(report_group_vector, struct report_group);

DEFINE_VECTOR(report_recording_vector, struct coverage_recording);

/* Of which runs the PCs of each source are kept, to say who executed a line. */
enum report_keep {
	REPORT_KEEP_NONE,
	REPORT_KEEP_CONTEXTS, /* of those that recorded contexts */
	REPORT_KEEP_ALL,
};

struct report_runs {
	struct report_run *runs;
	size_t nr;
	size_t nr_operands; /* these come last in runs */
	struct report_group_vector groups;
	/*
	 * Two for each group: PCs with exact counts, and those whose counts mean "at least". Those
	 * of the report come first, then those of each operand.
	 */
	struct coverage_source *sources;
	/*
	 * Each module of any run, once per name and build id. Names are borrowed from the
	 * runs; bases have no meaning here. In mappings, vmlinux is image 0, and
	 * modules.data[i] is image i+1.
	 */
	struct run_module_vector modules;
	/* If asked for: the PCs of each run source by itself; owned. */
	struct report_recording_vector recordings;
	const char *release;	  /* the first one known, or NULL */
	struct build_id build_id; /* of the kernel of all runs; size 0 = not known */
	const char *kernel_of;	  /* path of the run that says so */
};

/*
 * Load the files, and the operands. ERROR_MISMATCH if they are of different kernels,
 * ERROR_NOT_FOUND if none of the files has a PC that counts. Zeroed memory is an
 * empty struct.
 */
struct error *report_runs_load(struct report_runs *runs, const char *const *files, size_t nr,
			       const struct report_operand *operands, size_t nr_operands,
			       enum report_source source, enum report_keep keep);
/* The sources of the report (operand 0), or of an operand (1 + its number). */
const struct coverage_source *report_runs_sources(const struct report_runs *runs, size_t operand,
						  size_t *ret_nr);
/*
 * Load only what is known of each run and of its modules: runs have no sources, so that memory does
 * not grow with their PCs. A run that is not in a regular file can be read only once, and is loaded
 * with its PCs. ERROR_MISMATCH as above.
 */
struct error *report_runs_scan(struct report_runs *runs, const char *const *files, size_t nr);
void report_runs_deinit(struct report_runs *runs);

/* The name of a context: "softirq", ... */
const char *report_context_name(enum report_source source);
#define REPORT_CONTEXTS (RUN_SOURCE_KINDS - RUN_SOURCE_SOFTIRQ)

/* Whether the PCs of a source of a run count. */
bool report_source_counts(const struct run_source *from, enum report_source source);

#endif
