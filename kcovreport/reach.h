/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of many runs execute a place in the source: the parts of `kcovreport reach`.
 *
 *	reach_names.c	the sources and functions that the images have
 *	reach_where.c	what a place names: lines of sources, a function, the points of a module
 *	reach_diff.c	the lines that a diff adds
 *	reach_ask.c	what some PCs say of the place, as a report of them says it
 *	reach_runs.c	reads the runs one after the other, in several threads, and asks of each
 *	reach_smallest.c	chooses a few runs
 *	reach_print.c	text and JSON
 *
 * A run is asked as a report of it would be made, but for what the place depends on
 * (symbolize/coverage/scope.h). Memory is that of the runs that are read at the same time.
 */
#ifndef KCOVREPORT_REACH_H
#define KCOVREPORT_REACH_H

#include "kcovreport/report.h"
#include "kcovreport/texts.h"
#include "render/diff.h"
#include "render/joined_file.h"
#include "symbolize/coverage/parses.h"
#include "symbolize/coverage/scope.h"

/* A source of an image, and its path on this machine. */
struct reach_name {
	char *path;
	const char *given; /* in the debug info; of the index */
	size_t image;
	uint32_t file; /* in the index */
};
DEFINE_VECTOR(reach_name_vector, struct reach_name);

/* Ascending by path. */
struct reach_names {
	struct reach_name_vector names;
	struct texts texts; /* how paths are mapped, and sources are read */
	const char *root;   /* of the sources on this machine; NULL = none */
};

enum reach_kind {
	REACH_LINES,
	REACH_FUNCTION,
	REACH_MODULE,
};

/* What the user asks for. Strings are borrowed. */
struct reach_question {
	const char *text; /* as given; "-" is a diff */
	enum reach_kind kind;
	char *file;	      /* NULL = any; owned */
	const char *name;     /* of the function or the module */
	uint32_t first, last; /* REACH_LINES: 0 = the whole file */
};

/* A source that the place has lines of. */
struct reach_file {
	const char *path;   /* of reach_names */
	size_t first, last; /* in reach_names; last is one more */
	uint64_t nr_lines;  /* of the source; UINT32_MAX if it is not read */
};
DEFINE_VECTOR(reach_file_vector, struct reach_file);

/* Lines of a file, all of which are elements of the place: first_element is that of the first. */
struct reach_range {
	size_t file;
	uint32_t first, last;
	size_t first_element;
};
DEFINE_VECTOR(reach_range_vector, struct reach_range);

/* The place: what can be reached of it are its elements, lines or points. */
struct reach_where {
	enum reach_kind kind;
	struct reach_file_vector files;
	struct reach_range_vector ranges;
	char *function; /* REACH_FUNCTION: declared on the first line of the only range */
	size_t image;	/* REACH_MODULE */
	size_t nr_elements;
	uint8_t *has_code; /* of each element: the index says so, or a report of a run did */
	char *diff_text;   /* what the ranges are from, or NULL */
};

/* What is known of an element. */
enum reach_state {
	REACH_UNKNOWN, /* not in a report of these PCs */
	REACH_MISSED,
	REACH_HIT,
};

/* What some PCs say of the place. */
struct reach_answer {
	bool is_reached;
	bool is_unknown; /* it was not reached as far as is known, but the state of lines is not */
	bool is_least;	 /* counts are lower bounds */
	uint64_t count;	 /* of the line or point with the largest one, or of the function */
	size_t nr_hit;	 /* elements */
	size_t nr_known;
};

/* A source of a run that reaches the place: a task, most often. */
struct reach_task {
	uint32_t id;
	int32_t pid;
	enum run_source_kind kind;
	uint64_t nr_tasks;
	char *name; /* owned, or NULL */
	struct reach_answer answer;
};
DEFINE_VECTOR(reach_task_vector, struct reach_task);

struct reach_run {
	struct reach_answer answer;
	struct reach_task_vector tasks;
	uint64_t *hits;	 /* a bit for each element; NULL = none is hit */
	bool has_losses; /* PCs of it may be missing */
	bool is_calls;	 /* its PCs were recognised as addresses of calls */
	char *damage;	 /* NULL = none */
};

/* Memory of one thread. */
struct reach_worker {
	struct coverage_parses *parses;
	struct joined_file joined;
	uint8_t *states;   /* of each element: enum reach_state, after reach_ask() */
	uint8_t *has_code; /* as in reach_where, as far as this thread knows */
};

struct reach {
	const struct report_options *options;
	struct report_runs runs;
	struct report_images images;
	struct reach_names names;
	struct reach_where where;
	struct coverage_scope *scope;
	struct reach_answer nothing; /* what no PC says */
	struct reach_run *results;   /* of each run */
	struct reach_worker *workers;
	unsigned int nr_workers;
};

void reach_deinit(struct reach *reach);

/* Name the sources of the images. */
struct error *reach_names_init(struct reach_names *names, const struct report_images *images,
			       const struct report_options *options);
void reach_names_deinit(struct reach_names *names);
/*
 * Find the names of the file that `file` means: the last components of its path, or its path below
 * the source root. ERROR_NOT_FOUND if there is none, ERROR_INVALID if there are several files; the
 * message lists them.
 */
struct error *reach_names_find(const struct reach_names *names, const char *file, size_t *ret_first,
			       size_t *ret_last);

/* Parse a place. ERROR_INVALID if it is none. The caller frees question->file. */
struct error *reach_question_parse(const char *text, struct reach_question *ret);

/*
 * Find the place in the images. ERROR_NOT_FOUND if they have nothing of that name, ERROR_INVALID if
 * they have several.
 */
struct error *reach_where_find(struct reach *reach, const struct reach_question *question);
/* The lines that a diff adds. ERROR_MISMATCH if the source tree is not that of the diff. */
struct error *reach_where_find_diff(struct reach *reach);
/* Add lines of the file with these names. */
struct error *reach_where_add(struct reach *reach, size_t first_name, size_t last_name,
			      uint32_t first, uint32_t last);
/* After the ranges are known: number the elements, and find what they depend on. */
struct error *reach_where_finish(struct reach *reach);

/* What the PCs of these sources say; they are those that the scope selects. */
struct error *reach_ask(struct reach *reach, struct reach_worker *worker,
			const struct coverage_source *sources, size_t nr_sources,
			struct reach_answer *ret);

/* Fill in results and where.has_code. The place is known. */
struct error *reach_read_runs(struct reach *reach);

/*
 * Choose runs that together hit all elements that any run hits: in each step the one that hits most
 * of those that are left, and of several the first one. *ret is for the caller to free.
 */
struct error *reach_choose(const struct reach_run *runs, size_t nr_runs, size_t nr_elements,
			   size_t **ret, size_t *ret_nr);

/* The name of a run: that of collect --name, else its command, else its file. */
const char *reach_run_name(const struct run *run);

struct reach_output {
	const char *where; /* as the user gave it */
	bool smallest;	   /* print chosen runs only */
	const size_t *chosen;
	size_t nr_chosen;
};

struct error *reach_print_text(const struct reach *reach, const struct reach_output *output);
struct error *reach_print_json(const struct reach *reach, const struct reach_output *output);

#endif
