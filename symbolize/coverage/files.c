// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Make files with their lines, branches and functions. Several images may have the same file: what
 * they say of a line or a function adds up.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/workers.h"
#include "symbolize/coverage/private.h"
#include "symbolize/coverage/scope.h"
#include "symbolize/index/lines.h"

/* A file of one image, and how far its lines, branches and functions were read. */
struct part {
	const char *path;
	const struct draft_image *image;
	uint32_t file; /* in the index */
	struct line_reader lines;
	struct index_line line; /* the next one; line 0 = none is left */
	uint32_t line_number;
	uint32_t branch, end_branch;
	uint32_t function, end_function;
};

DEFINE_VECTOR(part_vector, struct part);

static void next_line(struct part *part)
{
	if (!line_next(&part->lines, &part->line))
		part->line = (struct index_line){ 0 };
	part->line_number++;
}

bool coverage_takes_file(const struct coverage_input *input, const char *path)
{
	const char *slash = strrchr(path, '/');

	return !input->files_named || !strcmp(slash ? slash + 1 : path, input->files_named);
}

static bool add_part(struct part_vector *parts, const struct draft_image *image, uint32_t file)
{
	size_t nr;
	const struct index_file *files = index_files(image->input->index, &nr);
	const struct part part = {
		.path = index_file_path(image->input->index, file),
		.image = image,
		.file = file,
		.line_number = files[file].first_line - 1,
		.branch = files[file].first_branch,
		.end_branch = files[file + 1].first_branch,
		.function = files[file].first_function,
		.end_function = files[file + 1].first_function,
	};

	return part_vector_append(parts, &part);
}

static struct error *add_parts(struct part_vector *parts, const struct coverage_draft *draft,
			       size_t i)
{
	const struct coverage_input *input = draft->input;
	const struct draft_image *image = &draft->images[i];
	const struct index *index = image->input->index;
	size_t nr;

	if (input->scope) {
		vector_for_each(&input->scope->images[i].files, file)
			if (!add_part(parts, image, *file))
				return &error_no_memory;
		return NULL;
	}
	index_files(index, &nr);
	for (uint32_t file = 0; file < nr; file++)
		if (coverage_takes_file(input, index_file_path(index, file)) &&
		    !add_part(parts, image, file))
			return &error_no_memory;
	return NULL;
}

/* By path; parts of one path in the order of the images. */
static int compare_parts(const void *va, const void *vb)
{
	const struct part *a = va, *b = vb;
	int order = strcmp(a->path, b->path);

	if (order)
		return order;
	return a->image < b->image ? -1 : a->image > b->image;
}

static void add_line(struct verdict *v, uint64_t *most, const struct part *part)
{
	const struct draft_sum *sum = &part->image->lines[part->line_number];

	v->found += part->line.found;
	v->missed_parts += part->line.missed_parts;
	if (!part->image->is_judged[part->line_number])
		return;
	v->hit += sum->hit;
	v->found += (int64_t)sum->found;
	v->missed_parts += (int64_t)sum->missed_parts;
	v->count = count_add(v->count, sum->count);
	*most = count_add(*most, sum->most);
}

static struct coverage_outcome make_outcome(const struct inferred_edge *edge)
{
	switch (edge->state) {
	case EDGE_NOT_TAKEN:
		return (struct coverage_outcome){ COVERAGE_OUTCOME_NOT_TAKEN, 0, 0 };
	case EDGE_TAKEN:
		return (struct coverage_outcome){ COVERAGE_OUTCOME_TAKEN, edge->count, 0 };
	case EDGE_UNKNOWN:
		break;
	}
	return (struct coverage_outcome){ COVERAGE_OUTCOME_UNKNOWN, 0, 0 };
}

static bool is_same_call(const struct index_frame *a, const struct index_frame *b)
{
	return a->function && b->function && !strcmp(a->function, b->function) &&
	       a->file == b->file && a->line == b->line && a->column == b->column;
}

/*
 * The line at `offset`, in the function and inlined instance that the code at `jump` is in; 0 if
 * that is not there, or not known.
 */
static uint32_t line_in_instance(const struct index *index, uint32_t jump, uint32_t offset)
{
	struct index_frame from[INDEX_FRAMES_MAX], to[INDEX_FRAMES_MAX];
	size_t nr = index_frames_at(index, jump, from, INDEX_FRAMES_MAX);
	size_t nr_to = index_frames_at(index, offset, to, INDEX_FRAMES_MAX);

	if (!nr || nr_to < nr)
		return 0;
	const struct index_frame *other = &to[nr_to - nr];
	for (size_t i = 1; i < nr; i++)
		if (!is_same_call(&from[i], &other[i]))
			return 0;
	return from[0].function && other->function && !strcmp(from[0].function, other->function) &&
			       from[0].file == other->file
		       ? other->line
		       : 0;
}

static void find_outcome_lines(const struct draft_image *image, const struct index_block *b,
			       struct coverage_branch *branch)
{
	const struct index_graph *g = &image->inference.graph;

	if (!b->size)
		return;
	for (int i = 0; i < 2; i++)
		branch->outcomes[i].line =
			line_in_instance(image->input->index, b->offset + b->size - 1,
					 g->blocks[g->edges[b->first_edge + i]].offset);
}

/* False: the state of its block is not known. */
static bool make_branch(const struct draft_image *image, uint32_t block,
			struct coverage_branch *ret)
{
	static const struct coverage_outcome not_taken = { COVERAGE_OUTCOME_NOT_TAKEN, 0, 0 };
	const struct inference *f = &image->inference;
	const struct index_block *b = &f->graph.blocks[block];

	if (!f->is_inferred[block]) {
		*ret = (struct coverage_branch){ .outcomes = { not_taken, not_taken } };
		return b->flags & INDEX_BLOCK_MISSED;
	}
	const struct inferred_edge *edges = &f->edges[b->first_edge];
	*ret = (struct coverage_branch){
		.is_reached = f->blocks[block].state == BLOCK_HIT,
		.outcomes = { make_outcome(&edges[0]), make_outcome(&edges[1]) },
	};
	if (ret->is_reached)
		find_outcome_lines(image, b, ret);
	return f->blocks[block].state != BLOCK_UNKNOWN;
}

DEFINE_VECTOR(branch_vector, struct coverage_branch);

/* Makes files in one thread. */
struct maker {
	struct arena *arena;	       /* of this thread; later of the coverage */
	struct branch_vector branches; /* scratch: of one line */
	uint32_t nr_branches;	       /* of that line, with those of which nothing is known */
	struct coverage_file *file;
};

static bool add_branches(struct maker *m, struct part *part)
{
	size_t nr;
	const struct index_branch *branches = index_branches(part->image->input->index, &nr);

	while (part->branch < part->end_branch && branches[part->branch].line < part->line_number)
		part->branch++;
	for (; part->branch < part->end_branch && branches[part->branch].line == part->line_number;
	     part->branch++) {
		struct coverage_branch branch;
		bool is_known = make_branch(part->image, branches[part->branch].block, &branch);

		branch.number = m->nr_branches++;
		if (is_known && !branch_vector_append(&m->branches, &branch))
			return false;
	}
	return true;
}

/* Make a line from what the parts say of it. False: the state of none of its blocks is known. */
static bool judge_line(struct verdict v, uint64_t most, uint32_t number, struct coverage_line *ret)
{
	verdict_finish(&v);
	*ret = (struct coverage_line){
		.line = number,
		.count = v.count,
		.most = most > v.count ? most : v.count,
		.blocks = { v.hit, v.found },
		.state = v.hit == v.found ? COVERAGE_LINE_HIT
			 : v.hit	  ? COVERAGE_LINE_PARTIAL
					  : COVERAGE_LINE_MISSED,
	};
	return v.found;
}

static bool fill_branches(struct maker *m, struct coverage_line *line)
{
	size_t nr = m->branches.len;

	if (!nr)
		return true;
	line->branches = arena_alloc(m->arena, nr, sizeof(*line->branches));
	if (!line->branches)
		return false;
	memcpy(line->branches, m->branches.data, nr * sizeof(*line->branches));
	line->nr_branches = nr;
	coverage_ratio_add(&m->file->branch_ratio, coverage_line_outcomes(line));
	return true;
}

static uint32_t lowest_line(const struct part *parts, size_t nr)
{
	uint32_t lowest = 0;

	for (size_t i = 0; i < nr; i++)
		if (parts[i].line.line && (!lowest || parts[i].line.line < lowest))
			lowest = parts[i].line.line;
	return lowest;
}

static struct error *make_lines(struct maker *m, struct part *parts, size_t nr)
{
	struct coverage_file *file = m->file;
	size_t room = 0;

	for (size_t i = 0; i < nr; i++) {
		parts[i].lines = line_reader(parts[i].image->input->index, parts[i].file);
		room += parts[i].lines.left;
		next_line(&parts[i]);
	}
	file->lines = arena_alloc(m->arena, room, sizeof(*file->lines));
	if (!file->lines)
		return &error_no_memory;
	for (uint32_t number; (number = lowest_line(parts, nr));) {
		struct verdict v = { 0 };
		uint64_t most = 0;
		bool is_statement = false;

		m->branches.len = 0;
		m->nr_branches = 0;
		for (size_t i = 0; i < nr; i++) {
			if (parts[i].line.line != number)
				continue;
			add_line(&v, &most, &parts[i]);
			is_statement |= parts[i].image->lines[parts[i].line_number].is_statement;
			if (!add_branches(m, &parts[i]))
				return &error_no_memory;
			next_line(&parts[i]);
		}
		struct coverage_line *line = &file->lines[file->nr_lines];
		if (!judge_line(v, most, number, line))
			continue;
		line->is_statement = is_statement;
		file->nr_lines++;
		file->line_ratio.hit += line->count > 0;
		if (!fill_branches(m, line))
			return &error_no_memory;
	}
	file->line_ratio.found = file->nr_lines;
	return NULL;
}

static const struct index_function *part_function(const struct part *part)
{
	size_t nr;

	return part->function == part->end_function
		       ? NULL
		       : &index_functions(part->image->input->index, &nr)[part->function];
}

static int compare_functions(const struct part *a, const struct part *b)
{
	const struct index_function *f = part_function(a), *g = part_function(b);

	if (f->line != g->line)
		return f->line < g->line ? -1 : 1;
	return strcmp(index_string(a->image->input->index, f->name),
		      index_string(b->image->input->index, g->name));
}

static struct part *lowest_function(struct part *parts, size_t nr)
{
	struct part *lowest = NULL;

	for (size_t i = 0; i < nr; i++)
		if (part_function(&parts[i]) &&
		    (!lowest || compare_functions(&parts[i], lowest) < 0))
			lowest = &parts[i];
	return lowest;
}

static void add_function(struct coverage_function *f, const struct part *part)
{
	const struct draft_sum *sum = &part->image->functions[part->function];
	const struct index_function *in = part_function(part);

	f->has_body |= in->has_body;
	f->blocks.hit += sum->hit;
	f->blocks.found += in->found + (int64_t)sum->found;
	f->count = count_add(f->count, sum->count);
}

/* The function that `lowest` is at, from all parts. */
static struct error *make_function(struct maker *m, struct part *parts, size_t nr,
				   const struct part *lowest)
{
	struct coverage_file *file = m->file;
	struct coverage_function f = { .line = part_function(lowest)->line };
	const struct part key = *lowest;

	for (size_t i = 0; i < nr; i++)
		while (part_function(&parts[i]) && !compare_functions(&parts[i], &key))
			add_function(&f, &parts[i]), parts[i].function++;
	/* Only functions with blocks are found: inlining may have left no code of a function. */
	if (!f.blocks.found || !f.line)
		return NULL;
	f.name = arena_strdup(m->arena,
			      index_string(key.image->input->index, part_function(&key)->name));
	if (!f.name)
		return &error_no_memory;
	file->functions[file->nr_functions++] = f;
	file->function_ratio.hit += f.count > 0;
	return NULL;
}

static struct error *make_functions(struct maker *m, struct part *parts, size_t nr)
{
	struct coverage_file *file = m->file;
	struct error *err = NULL;
	size_t room = 0;

	for (size_t i = 0; i < nr; i++)
		room += parts[i].end_function - parts[i].function;
	file->functions = arena_alloc(m->arena, room, sizeof(*file->functions));
	if (!file->functions)
		return &error_no_memory;
	for (const struct part *lowest; !err && (lowest = lowest_function(parts, nr));)
		err = make_function(m, parts, nr, lowest);
	file->function_ratio.found = file->nr_functions;
	return err;
}

/* Make one file from its parts. Without lines and functions it gets no path. */
static struct error *make_file(struct maker *m, struct part *parts, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		size_t nr_files;
		const struct index_file *files =
			index_files(parts[i].image->input->index, &nr_files);

		source_md5_join(&m->file->md5, &files[parts[i].file].md5);
		m->file->point_ratio.found += files[parts[i].file].nr_points;
		m->file->point_ratio.hit += parts[i].image->file_hits[parts[i].file];
	}
	struct error *err = make_lines(m, parts, nr);
	if (!err)
		err = make_functions(m, parts, nr);
	if (err || (!m->file->nr_lines && !m->file->nr_functions))
		return err;
	m->file->path = arena_strdup(m->arena, parts[0].path);
	return m->file->path ? NULL : &error_no_memory;
}

DEFINE_VECTOR(first_vector, size_t);

/* The files of a coverage in the making. */
struct making {
	struct coverage_draft *draft;
	struct part_vector parts;
	struct first_vector firsts; /* of each file, its first part; then the end */
	struct maker makers[WORKERS_MAX];
};

static struct error *make_piece(void *arg, unsigned int worker, size_t piece)
{
	struct making *making = arg;
	struct maker *m = &making->makers[worker];
	const size_t *first = &making->firsts.data[piece];

	if (!m->arena)
		m->arena = arena_create();
	if (!m->arena)
		return &error_no_memory;
	m->file = &making->draft->coverage->files[piece];
	return make_file(m, &making->parts.data[first[0]], first[1] - first[0]);
}

/* Leave out files without a path, and add up. */
static void count_files(struct coverage *c, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		const struct coverage_file *file = &c->files[i];

		if (!file->path)
			continue;
		coverage_ratio_add(&c->lines, file->line_ratio);
		coverage_ratio_add(&c->functions, file->function_ratio);
		coverage_ratio_add(&c->branches, file->branch_ratio);
		c->files[c->nr_files++] = *file;
	}
}

/* Parts of one path make one file. */
static struct error *find_firsts(struct making *making)
{
	const struct part_vector *parts = &making->parts;

	for (size_t i = 0; i < parts->len; i++)
		if ((!i || strcmp(parts->data[i - 1].path, parts->data[i].path)) &&
		    !first_vector_append(&making->firsts, &i))
			return &error_no_memory;
	return first_vector_append(&making->firsts, &parts->len) ? NULL : &error_no_memory;
}

static struct error *make_all(struct making *making)
{
	struct coverage_draft *draft = making->draft;
	struct coverage *c = draft->coverage;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_images; i++)
		if (draft->images[i].input->index)
			err = add_parts(&making->parts, draft, i);
	if (err)
		return err;
	if (making->parts.len)
		qsort(making->parts.data, making->parts.len, sizeof(*making->parts.data),
		      compare_parts);
	err = find_firsts(making);
	if (err)
		return err;
	size_t nr = making->firsts.len - 1;
	c->files = arena_alloc(draft->arena, nr, sizeof(*c->files));
	if (!c->files)
		return &error_no_memory;
	err = workers_run(draft->input->jobs, nr, make_piece, making);
	count_files(c, nr);
	return err;
}

struct error *coverage_make_files(struct coverage_draft *draft)
{
	struct making making = { .draft = draft };
	struct error *err = make_all(&making);

	for (size_t i = 0; i < WORKERS_MAX; i++) {
		branch_vector_deinit(&making.makers[i].branches);
		if (making.makers[i].arena)
			arena_join(draft->arena, making.makers[i].arena);
	}
	first_vector_deinit(&making.firsts);
	part_vector_deinit(&making.parts);
	return err;
}
