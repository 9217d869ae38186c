// SPDX-License-Identifier: GPL-2.0-or-later
/* Coverage of whole images: lines, functions and unmatched PCs from recorded PCs. */
#include "symbolize/image/tests/image_fixture.h"

#include "symbolize/coverage/build.h"

#define BASE 0xffffffffc0100000ULL

static struct index *kernel, *module;

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	/* Calls only: match_test.c has the tail jumps. */
	build_kernel("kernel", "gcc", "-g -fno-optimize-sibling-calls");
	build_module("module.ko", "gcc", "-g -fno-optimize-sibling-calls");
	kernel = read_index(fixture("kernel"), NULL);
	module = read_index(fixture("module.ko"), NULL);
	return 0;
}

static int teardown(void **state)
{
	index_destroy(kernel);
	index_destroy(module);
	return remove_fixture_dir(state);
}

static uint64_t return_of(const struct index *index, size_t point)
{
	size_t nr;
	const struct index_point *p = &index_points(index, &nr)[point];

	assert_true(point < nr);
	return index_base(index) + p->offset + p->size;
}

static size_t nr_points(const struct index *index)
{
	size_t nr;

	index_points(index, &nr);
	return nr;
}

/* Coverage of the kernel alone. */
static struct coverage *cover(const struct pc_count *pcs, size_t nr_pcs)
{
	const struct coverage_input_image image = { .name = "vmlinux", .index = kernel };
	const struct coverage_mapping mapping = { 0 };
	const struct coverage_source source = { pcs, nr_pcs, false, &mapping, 1 };
	const struct coverage_input input = {
		.images = &image, .nr_images = 1, .sources = &source, .nr_sources = 1
	};
	struct coverage *coverage;

	assert_ok(coverage_build(&input, &coverage));
	return coverage;
}

static const struct coverage_file *file_of(const struct coverage *coverage, const char *name)
{
	for (size_t i = 0; i < coverage->nr_files; i++)
		if (string_ends_with(coverage->files[i].path, name))
			return &coverage->files[i];
	fail_msg("no file %s", name);
	return NULL;
}

static const struct coverage_function *function_of(const struct coverage_file *file,
						   const char *name)
{
	for (size_t i = 0; i < file->nr_functions; i++)
		if (!strcmp(file->functions[i].name, name))
			return &file->functions[i];
	fail_msg("no function %s", name);
	return NULL;
}

static void check_file(const struct coverage_file *file)
{
	uint64_t hit = 0;

	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];

		assert_true(line->line > 0 && (i == 0 || line->line > line[-1].line));
		assert_true(line->blocks.found > 0);
		assert_int_equal(line->state == COVERAGE_LINE_MISSED, line->count == 0);
		assert_int_equal(line->state == COVERAGE_LINE_HIT,
				 line->blocks.hit == line->blocks.found);
		hit += line->count > 0;
	}
	assert_int_equal(file->line_ratio.found, file->nr_lines);
	assert_int_equal(file->line_ratio.hit, hit);
	assert_int_equal(file->function_ratio.found, file->nr_functions);
	for (size_t i = 1; i < file->nr_functions; i++)
		assert_true(file->functions[i].line >= file->functions[i - 1].line);
}

static void test_nothing_recorded(void **state)
{
	_cleanup_coverage_ struct coverage *c = cover(NULL, 0);

	(void)state;
	assert_int_equal(c->points.found, nr_points(kernel));
	assert_int_equal(c->points.hit + c->lines.hit + c->functions.hit + c->pcs, 0);
	assert_true(c->lines.found > 5);
	for (size_t i = 0; i < c->nr_files; i++)
		check_file(&c->files[i]);
	assert_int_equal(function_of(file_of(c, "kernel_like.c"), "loops")->count, 0);
}

static void test_everything_recorded(void **state)
{
	size_t nr = nr_points(kernel);
	_cleanup_free_ struct pc_count *pcs = calloc(nr, sizeof(*pcs));

	(void)state;
	for (size_t i = 0; i < nr; i++)
		pcs[i] = (struct pc_count){ return_of(kernel, i), i + 1 };
	_cleanup_coverage_ struct coverage *c = cover(pcs, nr);
	assert_int_equal(c->points.hit, nr);
	assert_int_equal(c->pcs, nr);
	assert_int_equal(c->lines.hit, c->lines.found);
	assert_int_equal(c->functions.hit, c->functions.found);
	assert_int_equal(c->nr_unmatched, 0);
	for (size_t i = 0; i < c->nr_files; i++) {
		check_file(&c->files[i]);
		for (size_t k = 0; k < c->files[i].nr_lines; k++)
			assert_int_equal(c->files[i].lines[k].state, COVERAGE_LINE_HIT);
	}
	const struct coverage_file *header = file_of(c, "chain.h");
	assert_false(function_of(header, "innermost")->has_body);
	assert_true(function_of(file_of(c, "kernel_like.c"), "outermost")->has_body);
	/* outermost exists twice: out of line, and inlined into loops. */
	assert_true(function_of(header, "innermost")->blocks.found >= 2);
}

/* One point of the function that is inlined twice: its lines are partial, its callers hit. */
static void test_partial(void **state)
{
	size_t nr, point = 0;
	const struct index_point *points = index_points(kernel, &nr);
	struct index_frame frame;

	(void)state;
	while (index_frames_at(kernel, points[point].offset, &frame, 1) &&
	       strcmp(frame.function, "innermost"))
		point++;
	const struct pc_count pc = { return_of(kernel, point), 7 };
	_cleanup_coverage_ struct coverage *c = cover(&pc, 1);
	const struct coverage_file *header = file_of(c, "chain.h");
	assert_int_equal(c->points.hit, 1);
	assert_int_equal(function_of(header, "innermost")->count, 7);
	assert_int_equal(function_of(header, "middle")->count, 7);
	assert_int_equal(function_of(header, "middle")->blocks.hit, 1);
	bool partial = false;
	for (size_t i = 0; i < header->nr_lines; i++)
		partial |= header->lines[i].state == COVERAGE_LINE_PARTIAL &&
			   header->lines[i].count == 7;
	assert_true(partial);
	check_file(header);
}

static void test_counts(void **state)
{
	const struct pc_count pc = { return_of(kernel, 0), UINT64_MAX - 1 };
	const struct coverage_input_image image = { .name = "vmlinux", .index = kernel };
	const struct coverage_mapping mapping = { 0 };
	const struct coverage_source sources[] = {
		{ &pc, 1, false, &mapping, 1 },
		{ &pc, 1, false, &mapping, 1 },
	};
	const struct coverage_input input = {
		.images = &image, .nr_images = 1, .sources = sources, .nr_sources = 2
	};
	_cleanup_coverage_ struct coverage *c = NULL;

	(void)state;
	assert_ok(coverage_build(&input, &c));
	assert_int_equal(c->pcs, 1);
	uint64_t largest = 0;
	for (size_t i = 0; i < c->nr_files; i++)
		for (size_t k = 0; k < c->files[i].nr_lines; k++)
			if (c->files[i].lines[k].count > largest)
				largest = c->files[i].lines[k].count;
	assert_int_equal(largest, UINT64_MAX);
}

/* Two runs, the module at two places; PCs in its init code, in no image, in one without a file. */
static void test_modules(void **state)
{
	const uint64_t other = BASE + 0x100000;
	const struct coverage_input_image images[] = {
		{ .name = "unknown", .problem = "not found" },
		{ .name = "module", .index = module },
		{ .name = "vmlinux", .index = kernel },
	};
	const struct coverage_mapping first[] = { { 2, 0, 0 }, { 1, BASE, 0 } };
	const struct coverage_mapping second[] = { { 1, other, 0x4000 },
						   { 0, BASE, 0x1000 },
						   { 2, 0, 0 } };
	const uint64_t init = return_of(module, nr_points(module) - 1);
	const struct pc_count first_pcs[] = {
		{ 0x10, 1 },
		{ return_of(kernel, 1), 1 },
		{ BASE + return_of(module, 0), 2 },
		{ BASE + init, 1 },
	};
	const struct pc_count second_pcs[] = {
		{ BASE + 0x20, 5 },
		{ other + return_of(module, 0), 3 },
	};
	const struct coverage_source sources[] = {
		{ first_pcs, 4, false, first, 2 },
		{ second_pcs, 2, false, second, 3 },
	};
	const struct coverage_input input = {
		.images = images, .nr_images = 3, .sources = sources, .nr_sources = 2
	};
	_cleanup_coverage_ struct coverage *c = NULL;

	(void)state;
	assert_ok(coverage_build(&input, &c));
	assert_int_equal(c->nr_images, 3);
	assert_string_equal(c->images[0].name, "vmlinux");
	assert_string_equal(c->images[1].name, "module");
	assert_string_equal(c->images[2].problem, "not found");
	assert_int_equal(c->images[1].points.hit, 1);
	assert_int_equal(c->images[1].base, BASE);
	assert_int_equal(c->images[0].points.hit, 1);
	assert_int_equal(c->nr_unmatched, 3);
	assert_int_equal(c->unmatched[0].class, COVERAGE_OUTSIDE_TEXT);
	assert_null(c->unmatched[0].image);
	assert_int_equal(c->unmatched[1].class, COVERAGE_NO_IMAGE);
	assert_string_equal(c->unmatched[1].image, "unknown");
	assert_int_equal(c->unmatched[1].count, 5);
	assert_int_equal(c->unmatched[2].class, COVERAGE_OUTSIDE_TEXT);
	assert_int_equal(c->unmatched_classes[COVERAGE_OUTSIDE_TEXT], 2);
	assert_int_equal(c->pcs, 5);
}

static const struct index_section *init_section(void)
{
	size_t nr;
	const struct index_section *s = index_sections(module, &nr);

	while (nr--)
		if (!strcmp(index_string(module, s[nr].name), ".init.text"))
			return &s[nr];
	fail_msg("no .init.text");
	return NULL;
}

/* The first point of a section, as a PC that counts from the start of that section. */
static uint64_t first_return(uint32_t offset)
{
	size_t nr;
	const struct index_point *p = index_points(module, &nr);

	while (p->offset < offset)
		p++;
	return p->offset + p->size - offset;
}

static struct coverage *cover_mappings(const struct coverage_mapping *mappings, size_t nr_mappings,
				       const struct pc_count *pcs, size_t nr_pcs, bool calls)
{
	const struct coverage_input_image images[] = {
		{ .name = "one", .index = module },
		{ .name = "other", .index = module },
		{ .name = "unknown", .problem = "not found" },
	};
	const struct coverage_source source = { pcs, nr_pcs, calls, mappings, nr_mappings };
	const struct coverage_input input = {
		.images = images, .nr_images = 3, .sources = &source, .nr_sources = 1
	};
	struct coverage *coverage;

	assert_ok(coverage_build(&input, &coverage));
	return coverage;
}

/* Images are sorted by name. */
enum { ONE, OTHER };

static void test_init_text(void **state)
{
	const uint64_t init = BASE + 0x100000, end = init + init_section()->size;
	const struct coverage_mapping mapping = { 0, BASE, 0x1000, init };
	const struct pc_count pcs[] = { { init + first_return(init_section()->offset), 3 },
					{ end + 1, 1 } };
	_cleanup_coverage_ struct coverage *c = cover_mappings(&mapping, 1, pcs, 2, false);

	(void)state;
	assert_int_equal(c->images[ONE].points.hit, 1);
	assert_true(c->images[ONE].ran_init && !c->images[OTHER].ran_init);
	assert_int_equal(c->nr_unmatched, 1);
	assert_int_equal(c->unmatched[0].pc, end + 1);
	assert_int_equal(c->unmatched[0].class, COVERAGE_OUTSIDE_TEXT);
	assert_int_equal(function_of(file_of(c, "kernel_like.c"), "init_module")->count, 3);
}

static void test_init_text_of_calls(void **state)
{
	const uint64_t init = BASE + 0x100000;
	const struct coverage_mapping mapping = { 0, BASE, 0x1000, init };
	size_t nr;
	const struct index_point *p = index_points(module, &nr);

	(void)state;
	while (p->offset < init_section()->offset)
		p++;
	const struct pc_count pc = { init + p->offset - init_section()->offset, 1 };
	_cleanup_coverage_ struct coverage *c = cover_mappings(&mapping, 1, &pc, 1, true);
	assert_int_equal(c->images[ONE].points.hit, 1);
}

/* The init code of one module was at an address that the text of the other used later. */
static void test_init_text_in_text(void **state)
{
	const uint64_t in_text = first_return(0);
	const uint64_t in_init = first_return(init_section()->offset);
	/* The same PC follows a call in both: core text wins. */
	const struct coverage_mapping both[] = {
		{ 0, BASE + 0x100000, 0x1000, BASE + in_text - in_init },
		{ 1, BASE, 0x100000, 0 },
	};
	const struct pc_count pc = { BASE + in_text, 1 };
	_cleanup_coverage_ struct coverage *c = cover_mappings(both, 2, &pc, 1, false);

	(void)state;
	assert_int_equal(c->images[ONE].points.hit, 0);
	assert_int_equal(c->images[OTHER].points.hit, 1);
	/* A module without a file may have a call there, too. */
	const struct coverage_mapping unknown[] = { both[0], { 2, BASE, 0x1000, 0 } };
	_cleanup_coverage_ struct coverage *u = cover_mappings(unknown, 2, &pc, 1, false);
	assert_int_equal(u->points.hit, 0);
	assert_int_equal(u->unmatched[0].class, COVERAGE_NO_IMAGE);
	/* One byte later, only the init code has a return address. */
	const struct coverage_mapping moved[] = {
		{ 0, BASE + 0x100000, 0x1000, both[0].init_base + 1 },
		both[1],
	};
	const struct pc_count next = { BASE + in_text + 1, 1 };
	_cleanup_coverage_ struct coverage *d = cover_mappings(moved, 2, &next, 1, false);
	assert_int_equal(d->images[ONE].points.hit, 1);
	assert_int_equal(d->images[OTHER].points.hit, 0);
	/* After the text of the other module, where its data may be. */
	const struct coverage_mapping behind[] = {
		{ 0, BASE + 0x100000, 0x1000, BASE + 0x80000 },
		both[1],
	};
	const struct pc_count far = { BASE + 0x80000 + in_init, 1 };
	_cleanup_coverage_ struct coverage *e = cover_mappings(behind, 2, &far, 1, false);
	assert_int_equal(e->images[ONE].points.hit, 1);
}

/* Two modules at one place, one after the other: a PC that fits both belongs to neither. */
static void test_same_place(void **state)
{
	const uint64_t init = BASE + 0x100000;
	const struct coverage_mapping inits[] = {
		{ 0, BASE, 0x1000, init },
		{ 1, BASE + 0x10000, 0x1000, init },
	};
	const struct coverage_mapping cores[] = { { 0, BASE, 0x1000, 0 }, { 1, BASE, 0x1000, 0 } };
	const struct coverage_mapping shifted[] = { { 0, BASE, 0x1000, 0 },
						    { 1, BASE + 1, 0x1000, 0 } };
	const struct coverage_mapping again[] = { { 0, BASE, 0x1000, init },
						  { 0, BASE + 0x10000, 0x1000, init } };
	const struct pc_count in_init = { init + first_return(init_section()->offset), 1 };
	const struct pc_count in_core = { BASE + first_return(0), 1 };
	_cleanup_coverage_ struct coverage *c = cover_mappings(inits, 2, &in_init, 1, false);
	_cleanup_coverage_ struct coverage *d = cover_mappings(cores, 2, &in_core, 1, false);
	_cleanup_coverage_ struct coverage *e = cover_mappings(shifted, 2, &in_core, 1, false);
	_cleanup_coverage_ struct coverage *f = cover_mappings(again, 2, &in_init, 1, false);

	(void)state;
	assert_int_equal(c->points.hit, 0);
	assert_int_equal(c->unmatched[0].class, COVERAGE_OUTSIDE_TEXT);
	assert_null(c->unmatched[0].image);
	assert_int_equal(d->points.hit, 0);
	assert_null(d->unmatched[0].image);
	assert_int_equal(e->images[ONE].points.hit, 1);
	/* A module loaded twice, with its init code at the same place, is not ambiguous. */
	assert_int_equal(f->images[ONE].points.hit, 1);
}

static void test_runs_are_copied(void **state)
{
	char command[] = "true", note[] = "a note", comm[] = "sh";
	const char *notes[] = { note };
	char name[] = "usb:1", reason[] = "taken";
	struct run_source sources[] = {
		{ .id = 3, .nr_tasks = 1, .name = comm, .nr_pcs = 9 },
		{ .kind = RUN_SOURCE_REMOTE,
		  .id = 4,
		  .handle = 1,
		  .name = name,
		  .state = RUN_STATE_NOT_FOLLOWED,
		  .reason = reason },
	};
	const struct coverage_run run = {
		.command = command,
		.build_id = "",
		.sources = sources,
		.nr_sources = 2,
		.notes = notes,
		.nr_notes = 1,
	};
	const struct coverage_input input = { .runs = &run, .nr_runs = 1 };
	_cleanup_coverage_ struct coverage *c = NULL;

	(void)state;
	assert_ok(coverage_build(&input, &c));
	command[0] = note[0] = comm[0] = name[0] = reason[0] = 'X';
	sources[0].id = 0;
	assert_int_equal(c->nr_files + c->nr_images + c->nr_unmatched, 0);
	assert_string_equal(c->runs[0].command, "true");
	assert_string_equal(c->runs[0].notes[0], "a note");
	assert_string_equal(c->runs[0].sources[0].name, "sh");
	assert_string_equal(c->runs[0].sources[1].name, "usb:1");
	assert_int_equal(c->runs[0].sources[1].state, RUN_STATE_NOT_FOLLOWED);
	assert_string_equal(c->runs[0].sources[1].reason, "taken");
	assert_int_equal(c->runs[0].sources[0].id, 3);
	assert_int_equal(c->runs[0].sources[0].nr_pcs, 9);
	assert_null(c->runs[0].path);
	assert_null(c->runs[0].sources[0].reason);
}

static void add_file(struct strbuf *text, const struct coverage_file *f)
{
	strbuf_addf(text, "%s\n", f->path);
	for (size_t i = 0; i < f->nr_lines; i++)
		strbuf_addf(text, "%u %d %" PRIu64 "\n", f->lines[i].line, f->lines[i].state,
			    f->lines[i].count);
	for (size_t i = 0; i < f->nr_functions; i++)
		strbuf_addf(text, "%s %u %" PRIu64 "\n", f->functions[i].name, f->functions[i].line,
			    f->functions[i].count);
}

/* Cover the two images, beginning with number `first`. */
static char *cover_both(const struct coverage_input_image *images, size_t first)
{
	const struct coverage_input_image ordered[] = { images[first], images[1 - first] };
	const struct pc_count pcs[] = { { return_of(kernel, 2), 4 },
					{ BASE + return_of(module, 1), 9 } };
	const struct coverage_mapping mappings[] = { { first, 0, 0 }, { 1 - first, BASE, 0 } };
	const struct coverage_source source = { pcs, 2, false, mappings, 2 };
	const struct coverage_input input = {
		.images = ordered, .nr_images = 2, .sources = &source, .nr_sources = 1
	};
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	_cleanup_coverage_ struct coverage *c = NULL;
	char *ret;

	assert_ok(coverage_build(&input, &c));
	assert_int_equal(c->points.hit, 2);
	for (size_t i = 0; i < c->nr_files; i++)
		add_file(&text, &c->files[i]);
	assert_ok(strbuf_steal(&text, &ret));
	return ret;
}

/* Both images are built from the same source file, so they share lines and functions. */
static void test_order_of_images(void **state)
{
	const struct coverage_input_image images[] = {
		{ .name = "vmlinux", .index = kernel },
		{ .name = "module", .index = module },
	};
	_cleanup_free_ char *one = cover_both(images, 0);
	_cleanup_free_ char *other = cover_both(images, 1);

	(void)state;
	assert_string_equal(one, other);
	assert_null(strstr(strstr(one, "chain.h\n") + 1, "chain.h\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_recorded),
		cmocka_unit_test(test_everything_recorded),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_init_text),
		cmocka_unit_test(test_init_text_of_calls),
		cmocka_unit_test(test_init_text_in_text),
		cmocka_unit_test(test_same_place),
		cmocka_unit_test(test_runs_are_copied),
		cmocka_unit_test(test_order_of_images),
	};

	return cmocka_run_group_tests_name("coverage", tests, setup, teardown);
}
