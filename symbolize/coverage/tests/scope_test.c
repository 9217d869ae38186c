// SPDX-License-Identifier: GPL-2.0-or-later
/* Of what a scope asks for, a coverage says what one of everything says. */
#include "symbolize/image/tests/image_fixture.h"

#include "base/search.h"
#include "symbolize/coverage/scope.h"

#define BASE 0xffffffffc0100000ULL
#define INIT (BASE + 0x100000)
#define RUNS 40

enum { KERNEL, MODULE, UNKNOWN, NR_IMAGES };

static struct index *kernel, *module;
static struct coverage_input_image images[NR_IMAGES];

/* gcc before 14 makes tail jumps to the callback; only clang's units have entry blocks. */
static void read_images(const char *compiler)
{
	index_destroy(kernel);
	index_destroy(module);
	build_kernel("kernel", compiler, "-g");
	build_module("module.ko", compiler, "-g");
	kernel = read_index(fixture("kernel"), NULL);
	module = read_index(fixture("module.ko"), NULL);
	images[KERNEL] = (struct coverage_input_image){ .name = "vmlinux", .index = kernel };
	images[MODULE] = (struct coverage_input_image){ .name = "module", .index = module };
	images[UNKNOWN] = (struct coverage_input_image){ .name = "unknown", .problem = "none" };
}

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	read_images("gcc");
	return 0;
}

static int teardown(void **state)
{
	index_destroy(kernel);
	index_destroy(module);
	return remove_fixture_dir(state);
}

static const struct coverage_mapping mappings[] = {
	{ .image = KERNEL },
	{ .image = MODULE, .base = BASE, .init_base = INIT },
	{ .image = UNKNOWN, .base = BASE + 0x200000, .size = 0x1000 },
};

/* A recording: each PC that can be one, with a chance of one in `odds`, and a count. */
struct recording {
	struct pc_count_vector pcs;
	struct coverage_source source;
};

static void record_pc(struct recording *r, uint64_t pc, unsigned int odds)
{
	if (!(rand() % odds))
		assert_non_null(pc_count_vector_append(
			&r->pcs, &(struct pc_count){ pc, 1 + (unsigned int)rand() % 9 }));
}

static int compare_pcs(const void *a, const void *b)
{
	return compare_u64(a, b);
}

/* Points, other calls (some of these tell that a tail call was executed), and noise. */
static void record(struct recording *r, const struct index *index, uint64_t bias, unsigned int odds,
		   bool is_calls)
{
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	for (size_t i = 0; i < nr; i++)
		record_pc(r, bias + points[i].offset + (is_calls ? 0 : points[i].size), odds);
	const struct index_call *calls = index_calls(index, &nr);
	for (size_t i = 0; i < nr; i++)
		record_pc(r, bias + calls[i].offset + (is_calls ? 0 : calls[i].size), odds);
	record_pc(r, bias + 1, odds);
}

static void recording_init(struct recording *r, unsigned int seed, unsigned int odds, bool is_calls)
{
	size_t nr;
	const struct index_section *s = index_sections(module, &nr);
	struct pc_count_vector *pcs = &r->pcs;

	srand(seed);
	*r = (struct recording){ 0 };
	record(r, kernel, index_base(kernel), odds, is_calls);
	record(r, module, BASE + index_base(module), odds, is_calls);
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(index_string(module, s[i].name), ".init.text"))
			record(r, module, INIT - s[i].offset, odds, is_calls);
	if (pcs->len)
		qsort(pcs->data, pcs->len, sizeof(*pcs->data), compare_pcs);
	nr = 0;
	vector_for_each(pcs, pc)
		if (!nr || pcs->data[nr - 1].pc != pc->pc)
			pcs->data[nr++] = *pc;
	pcs->len = nr;
	r->source = (struct coverage_source){ pcs->data, nr, is_calls, mappings, NR_IMAGES };
}

static struct coverage *cover(const struct coverage_source *source,
			      const struct coverage_scope *scope)
{
	const struct coverage_input input = { .images = images,
					      .nr_images = NR_IMAGES,
					      .sources = source,
					      .nr_sources = 1,
					      .scope = scope };
	struct coverage *coverage;

	assert_ok(coverage_build(&input, &coverage));
	return coverage;
}

static const struct coverage_file *find_file(const struct coverage *c, const char *path)
{
	for (size_t i = 0; i < c->nr_files; i++)
		if (!strcmp(c->files[i].path, path))
			return &c->files[i];
	return NULL;
}

static const struct coverage_line *find_line(const struct coverage_file *file, uint32_t line)
{
	for (size_t i = 0; file && i < file->nr_lines; i++)
		if (file->lines[i].line == line)
			return &file->lines[i];
	return NULL;
}

static bool same_line(const struct coverage_line *a, const struct coverage_line *b)
{
	if (!a || !b)
		return a == b;
	return a->state == b->state && a->count == b->count && a->most == b->most &&
	       a->is_statement == b->is_statement && a->blocks.hit == b->blocks.hit &&
	       a->blocks.found == b->blocks.found && a->nr_branches == b->nr_branches;
}

/* The scope of one line, in all images that have its file. */
static struct coverage_scope *scope_of(const char *path, uint32_t line)
{
	struct coverage_range ranges[NR_IMAGES];
	struct coverage_scope *scope;
	size_t nr = 0, nr_files;

	for (size_t i = 0; i < NR_IMAGES; i++) {
		if (!images[i].index)
			continue;
		index_files(images[i].index, &nr_files);
		for (uint32_t f = 0; f < nr_files; f++)
			if (!strcmp(index_file_path(images[i].index, f), path))
				ranges[nr++] = (struct coverage_range){ i, f, line, line };
	}
	assert_true(nr > 0);
	assert_ok(coverage_scope_create(images, NR_IMAGES, ranges, nr, NULL, &scope));
	return scope;
}

static void check_functions(const struct coverage_file *all, const struct coverage_file *some,
			    uint32_t line)
{
	for (size_t i = 0; i < all->nr_functions; i++) {
		if (all->functions[i].line != line)
			continue;
		assert_non_null(some);
		assert_int_equal(all->nr_functions, some->nr_functions);
		assert_int_equal(all->functions[i].count, some->functions[i].count);
		assert_int_equal(all->functions[i].blocks.hit, some->functions[i].blocks.hit);
	}
}

static void check_line(const struct recording *r, const struct coverage_file *all, uint32_t line)
{
	_cleanup_(cleanup_coverage_scope) struct coverage_scope *scope = scope_of(all->path, line);
	_cleanup_(pc_count_vector_deinit) struct pc_count_vector selected = VECTOR_INIT;
	struct coverage_source source = r->source;

	assert_ok(coverage_scope_select(scope, images, &r->source, &selected));
	source.pcs = selected.data;
	source.nr_pcs = selected.len;
	_cleanup_coverage_ struct coverage *c = cover(&source, scope);
	const struct coverage_file *some = find_file(c, all->path);
	if (!same_line(find_line(all, line), find_line(some, line)))
		fail_msg("%s:%u is another line in its scope", all->path, line);
	check_functions(all, some, line);
}

static void check_lines(const struct recording *r)
{
	_cleanup_coverage_ struct coverage *all = cover(&r->source, NULL);

	for (size_t i = 0; i < all->nr_files; i++)
		for (size_t k = 0; k < all->files[i].nr_lines; k++)
			check_line(r, &all->files[i], all->files[i].lines[k].line);
}

static void test_lines(void **state)
{
	(void)state;
	for (unsigned int run = 0; run < RUNS; run++) {
		struct recording r;

		if (run == RUNS / 2)
			read_images("clang");
		recording_init(&r, run, 1 + run % (RUNS / 2), run % 2);
		check_lines(&r);
		pc_count_vector_deinit(&r.pcs);
	}
}

/* What is selected is in the source, ascends, and is less than all. */
static void test_selection(void **state)
{
	_cleanup_(pc_count_vector_deinit) struct pc_count_vector selected = VECTOR_INIT;
	_cleanup_(cleanup_coverage_scope) struct coverage_scope *scope = NULL;
	const struct coverage_range range = { KERNEL, 0, 1, 1 };
	struct recording r;
	size_t at = 0;

	(void)state;
	recording_init(&r, 1, 1, false);
	assert_ok(coverage_scope_create(images, NR_IMAGES, &range, 1, NULL, &scope));
	assert_ok(coverage_scope_select(scope, images, &r.source, &selected));
	assert_true(selected.len < r.pcs.len);
	vector_for_each(&selected, pc) {
		while (at < r.pcs.len && r.pcs.data[at].pc < pc->pc)
			at++;
		assert_true(at < r.pcs.len);
		assert_memory_equal(&r.pcs.data[at++], pc, sizeof(*pc));
	}
	pc_count_vector_deinit(&r.pcs);
}

static void test_points(void **state)
{
	_cleanup_(pc_count_vector_deinit) struct pc_count_vector selected = VECTOR_INIT;
	_cleanup_(cleanup_coverage_scope) struct coverage_scope *scope = NULL;
	const bool points[NR_IMAGES] = { [MODULE] = true, [UNKNOWN] = true };
	struct recording r;
	size_t nr;

	(void)state;
	recording_init(&r, 3, 2, false);
	_cleanup_coverage_ struct coverage *all = cover(&r.source, NULL);
	assert_ok(coverage_scope_create(images, NR_IMAGES, NULL, 0, points, &scope));
	assert_ok(coverage_scope_select(scope, images, &r.source, &selected));
	r.source.pcs = selected.data;
	r.source.nr_pcs = selected.len;
	_cleanup_coverage_ struct coverage *c = cover(&r.source, scope);
	assert_int_equal(c->nr_files, 0);
	index_points(module, &nr);
	for (size_t i = 0; i < NR_IMAGES; i++) {
		uint64_t hit = 0;

		if (strcmp(c->images[i].name, "module")) {
			assert_null(c->images[i].point_counts);
			continue;
		}
		for (size_t p = 0; p < nr; p++)
			hit += c->images[i].point_counts[p] > 0;
		assert_true(hit > 0);
		assert_int_equal(hit, c->images[i].points.hit);
		assert_int_equal(hit, all->images[i].points.hit);
	}
	pc_count_vector_deinit(&r.pcs);
}

/* A range grows to whole functions, and not over functions without code of known state. */
static void test_extend(void **state)
{
	size_t nr, nr_functions;
	const struct index_file *files = index_files(kernel, &nr);
	const struct index_function *f = index_functions(kernel, &nr_functions);

	(void)state;
	for (uint32_t i = 0; i < nr; i++) {
		for (uint32_t k = files[i].first_function; k < files[i + 1].first_function; k++) {
			struct coverage_range range = { KERNEL, i, f[k].line + 1, f[k].line + 1 };

			coverage_range_extend(kernel, &range);
			assert_true(range.first <= f[k].line + 1);
			assert_true(!f[k].found || range.first >= f[k].line);
			if (f[k].found && f[k].line)
				assert_true(range.first == f[k].line ||
					    range.first == f[k].line + 1);
			assert_true(range.last >= f[k].line + 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_extend),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
