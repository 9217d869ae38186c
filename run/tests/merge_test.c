// SPDX-License-Identifier: GPL-2.0-or-later
/* Merging runs: counts, modules of different boots, init code, and what is refused. */
#include "run/tests/fixture.h"

#define MODULE_A 0xffffffffa5600000ULL
#define MODULE_B 0xffffffffa5700000ULL

/* A finished run with one task (id 3) and no PCs. */
static struct run *make_run(const char *command, const char *path)
{
	struct run_source task = { .id = 3, .parent = -1, .pid = 50, .nr_tasks = 1 };
	struct run *run;

	assert_ok(run_create(&run));
	run->meta = (struct run_meta){ .kaslr_known = true, .kaslr_offset = 0x200000 };
	run->meta.build_id = (struct build_id){ .size = 2, .bytes = { 7, 8 } };
	run->meta.command = strdup(command);
	run->path = strdup(path);
	run->finished = true;
	assert_non_null(run_source_vector_append(&run->sources, &task));
	return run;
}

static void add_module(struct run *run, const char *name, uint64_t base, uint64_t size, uint8_t id)
{
	struct run_module m = { .name = strdup(name), .base = base, .size = size };

	m.build_id = (struct build_id){ .size = id ? 1 : 0, .bytes = { id } };
	assert_non_null(run_module_vector_append(&run->modules, &m));
}

/* Call in ascending order of pc. */
static void add_pc(struct run *run, uint64_t pc, uint64_t count)
{
	struct run_source *source = &run->sources.data[0];

	source->pcs = array_realloc(source->pcs, source->nr_pcs + 1, sizeof(*source->pcs));
	assert_non_null(source->pcs);
	source->pcs[source->nr_pcs++] = (struct pc_count){ pc, count };
}

static void test_tasks_get_new_ids(void **state)
{
	_cleanup_run_ struct run *all = NULL, *run = NULL;
	char path[32];

	(void)state;
	fixture_write_file(fixture_path(path));
	assert_ok(run_load(path, &run));
	assert_ok(run_create(&all));
	assert_ok(run_merge(all, run));
	assert_ok(run_merge(all, run));
	assert_int_equal(all->sources.len, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(all->sources.data[i].id, i);
	assert_int_equal(all->sources.data[0].parent, -1);
	assert_int_equal(all->sources.data[1].parent, 0);
	assert_int_equal(all->sources.data[2].parent, -1);
	assert_int_equal(all->sources.data[3].parent, 2);
	assert_string_equal(all->sources.data[3].reason, "it was let go");
	assert_int_equal(all->sources.data[3].losses.saturations, 3);
	assert_int_equal(all->sources.data[2].kind, RUN_SOURCE_TASK);
	assert_int_equal(all->sources.data[3].kind, RUN_SOURCE_SET);
	assert_int_equal(all->sources.data[3].nr_tasks, 300);
	assert_int_equal(all->sources.data[3].losses.dropped_pcs, (uint64_t)1 << 40);
	assert_int_equal(run_sum(all), 30);
	assert_int_equal(run_sum(run), 15);
	assert_int_equal(all->modules.len, 1);
	assert_string_equal(all->meta.command, "./test 'a b'");
	assert_true(all->meta.kaslr_known);
	assert_true(all->finished);
	assert_int_equal(all->notes.len, 2);
	unlink(path);
}

static void test_meta(void **state)
{
	_cleanup_run_ struct run *all = NULL, *a = make_run("a", "a.data"), *b = make_run("b", "b");

	(void)state;
	b->meta.kaslr_offset = 0x400000;
	b->meta.start_ns = 5;
	a->meta.start_ns = 6;
	b->finished = false;
	b->damage = strdup("no end record: the collection did not end normally");
	assert_ok(run_create(&all));
	assert_ok(run_merge(all, a));
	assert_true(all->finished);
	assert_ok(run_merge(all, b));
	assert_false(all->finished);
	assert_false(all->meta.kaslr_known);
	assert_int_equal(all->meta.start_ns, 5);
	assert_string_equal(all->meta.command, "a; b");
	assert_int_equal(all->notes.len, 1);
	assert_string_equal(all->notes.data[0],
			    "'b': no end record: the collection did not end normally");
}

static void test_mismatch(void **state)
{
	_cleanup_run_ struct run *a = make_run("a", "a.data"), *b = make_run("b", "b.data");

	(void)state;
	b->meta.pc_kind = RUN_PC_CALL;
	assert_error(run_merge(a, b), ERROR_MISMATCH,
		     "'b.data' holds addresses of calls, the run files before it return addresses");
	b->meta.pc_kind = RUN_PC_RETURN;
	b->meta.build_id.bytes[0]++;
	assert_error(run_merge(a, b), ERROR_MISMATCH,
		     "'b.data' is of another kernel: build id 0808, not 0708");
	assert_int_equal(a->sources.len, 1);
	b->meta.build_id.size = 0;
	assert_ok(run_merge(a, b));
	assert_int_equal(a->meta.build_id.size, 2);
	assert_int_equal(a->notes.len, 1);
}

/* In the second boot ext4 is elsewhere, and btrfs is where ext4 was in the first. */
static void test_modules_of_another_boot_move(void **state)
{
	_cleanup_run_ struct run *a = make_run("a", "a"), *b = make_run("b", "b");

	(void)state;
	add_module(a, "ext4", MODULE_A, 0x2000, 1);
	add_pc(a, TEXT + 1, 1);
	add_pc(a, MODULE_A + 0x10, 1);
	add_module(b, "btrfs", MODULE_A, 0x3000, 2);
	add_module(b, "ext4", MODULE_B, 0x2000, 1);
	add_pc(b, TEXT + 1, 2);
	add_pc(b, MODULE_A + 0x10, 3);
	add_pc(b, MODULE_A + 0x3000, 4);
	add_pc(b, MODULE_B + 0x10, 5);
	add_pc(b, MODULE_B + 0x1fff, 6);
	assert_ok(run_merge(a, b));

	const struct run_source *added = &a->sources.data[1];
	assert_int_equal(a->modules.len, 2);
	assert_string_equal(a->modules.data[0].name, "ext4");
	assert_int_equal(a->modules.data[0].base, MODULE_A);
	assert_string_equal(a->modules.data[1].name, "btrfs");
	uint64_t btrfs = a->modules.data[1].base;
	assert_true(btrfs >= MODULE_B + 0x2000 && btrfs % 4096 == 0);
	assert_int_equal(source_count(added, TEXT + 1), 2);
	assert_int_equal(source_count(added, MODULE_A + 0x10), 5);
	assert_int_equal(source_count(added, MODULE_A + 0x1fff), 6);
	assert_int_equal(source_count(added, btrfs + 0x10), 3);
	/* A PC outside all modules does not move. */
	assert_int_equal(source_count(added, MODULE_A + 0x3000), 4);
	assert_int_equal(added->nr_pcs, 5);
	for (size_t i = 1; i < added->nr_pcs; i++)
		assert_true(added->pcs[i - 1].pc < added->pcs[i].pc);
}

/*
 * Init code at the same address in both runs is kept. Otherwise it is dropped, and
 * one note says so.
 */
static void test_init_bases(void **state)
{
	_cleanup_run_ struct run *all = NULL;
	_cleanup_run_ struct run *a = make_run("a", "a"), *b = make_run("b", "b");

	(void)state;
	add_module(a, "ext4", MODULE_A, 0x2000, 1);
	a->modules.data[0].init_base = MODULE_B;
	add_module(b, "btrfs", MODULE_B, 0x2000, 2);
	assert_ok(run_create(&all));
	assert_ok(run_merge(all, a));
	assert_ok(run_merge(all, a));
	assert_int_equal(all->modules.data[0].init_base, MODULE_B);
	assert_int_equal(all->notes.len, 0);
	assert_ok(run_merge(all, b));
	assert_int_equal(all->modules.data[0].init_base, 0);
	assert_int_equal(all->notes.len, 1);
	assert_ok(run_merge(all, a));
	assert_int_equal(all->modules.len, 2);
	assert_int_equal(all->modules.data[0].init_base, 0);
	assert_int_equal(all->notes.len, 1);
}

/* A module of another boot moves, but its init code cannot. */
static void test_init_base_of_another_boot(void **state)
{
	_cleanup_run_ struct run *a = make_run("a", "a"), *b = make_run("b", "b");

	(void)state;
	add_module(a, "ext4", MODULE_A, 0x2000, 1);
	add_module(b, "ext4", MODULE_B, 0x2000, 1);
	b->modules.data[0].init_base = MODULE_B + 0x4000;
	assert_ok(run_merge(a, b));
	assert_int_equal(a->modules.len, 1);
	assert_int_equal(a->modules.data[0].init_base, 0);
	assert_int_equal(b->modules.data[0].init_base, MODULE_B + 0x4000);
	assert_int_equal(a->notes.len, 1);
}

/* Without build ids, two modules of the same name cannot be known to be the same. */
static void test_modules_without_build_id(void **state)
{
	_cleanup_run_ struct run *a = make_run("a", "a"), *b = make_run("b", "b");

	(void)state;
	add_module(a, "x", MODULE_A, 0, 0);
	add_module(b, "x", MODULE_A, 0, 0);
	add_module(b, "y", MODULE_B, 0, 0);
	add_pc(b, MODULE_A + 8, 1);
	add_pc(b, MODULE_B + 8, 1);
	assert_ok(run_merge(a, b));
	assert_int_equal(a->modules.len, 2);
	assert_int_equal(source_count(&a->sources.data[1], MODULE_A + 8), 1);
	assert_int_equal(a->modules.data[0].base, MODULE_A);
	assert_string_equal(a->modules.data[1].name, "y");
	assert_int_equal(source_count(&a->sources.data[1], a->modules.data[1].base + 8), 1);
}

/* One module was loaded where another had been: the run does not tell whose a PC there is. */
static void test_reused_memory(void **state)
{
	_cleanup_run_ struct run *all = NULL, *a = make_run("a", "a"), *b = make_run("b", "b");

	(void)state;
	add_module(a, "first", MODULE_A, 0x3000, 1);
	add_module(a, "second", MODULE_A, 0x1000, 2);
	add_module(a, "third", MODULE_A + 0x1000, 0x1000, 3);
	add_module(a, "apart", MODULE_B, 0x1000, 4);
	for (uint64_t at = 8; at < 0x3000; at += 0x1000)
		add_pc(a, MODULE_A + at, 1);
	assert_ok(run_create(&all));
	assert_ok(run_merge(all, a));
	assert_ok(run_merge(all, a));
	assert_int_equal(all->modules.len, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(all->modules.data[i].base, a->modules.data[i].base);
	for (uint64_t at = 8; at < 0x3000; at += 0x1000)
		assert_int_equal(source_count(&all->sources.data[1], MODULE_A + at), 1);
	assert_int_equal(all->notes.len, 0);

	/* In another boot all are elsewhere, and two are on their own. */
	add_module(b, "second", MODULE_A, 0x1000, 2);
	add_module(b, "apart", MODULE_A + 0x1000, 0x1000, 4);
	add_module(b, "first", MODULE_B, 0x3000, 1);
	add_module(b, "third", MODULE_B + 0x1000, 0x1000, 3);
	add_pc(b, MODULE_A + 8, 1);
	add_pc(b, MODULE_A + 0x1008, 2);
	add_pc(b, MODULE_B + 8, 3);
	add_pc(b, MODULE_B + 0x1008, 4);
	add_pc(b, MODULE_B + 0x2008, 5);
	assert_ok(run_merge(all, b));
	const struct run_source *added = &all->sources.data[2];
	assert_int_equal(source_count(added, MODULE_A + 8), 3);
	assert_int_equal(source_count(added, MODULE_A + 0x1008), 4);
	assert_int_equal(source_count(added, MODULE_A + 0x2008), 5);
	assert_int_equal(source_count(added, MODULE_B + 8), 2);
	/* Not to where the others are. */
	assert_int_equal(all->modules.len, 5);
	assert_string_equal(all->modules.data[4].name, "second");
	assert_int_equal(source_count(added, all->modules.data[4].base + 8), 1);
	assert_ok(run_merge(all, b));
	assert_int_equal(all->modules.len, 5);
}

/* As if a test had loaded and unloaded one module after the other. */
static void test_memory_reused_often(void **state)
{
	_cleanup_run_ struct run *a = make_run("a", "a"), *b = make_run("b", "b");
	uint64_t base;
	char name[8];

	(void)state;
	add_module(a, "other", MODULE_A, 0x1000, 0xff);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		add_module(b, name, MODULE_A, 0x1000, i + 1);
	}
	add_pc(b, MODULE_A + 8, 1);
	assert_ok(run_merge(a, b));
	assert_int_equal(a->modules.len, 201);
	base = a->modules.data[1].base;
	assert_int_not_equal(base, MODULE_A);
	for (size_t i = 1; i < 201; i++)
		assert_int_equal(a->modules.data[i].base, base);
	assert_int_equal(source_count(&a->sources.data[1], base + 8), 1);
}

static void test_limits(void **state)
{
	_cleanup_run_ struct run *a = make_run("a", "a"), *b = make_run("b", "b");

	(void)state;
	a->sources.data[0].id = INT32_MAX;
	assert_error(run_merge(a, b), ERROR_UNSUPPORTED, "tasks");
	a->sources.data[0].id = 0;
	add_module(a, "top", UINT64_MAX - 10, 100, 1);
	add_module(b, "other", UINT64_MAX - 9, 100, 2);
	assert_error(run_merge(a, b), ERROR_UNSUPPORTED,
		     "no free address range for module 'other'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tasks_get_new_ids),
		cmocka_unit_test(test_meta),
		cmocka_unit_test(test_mismatch),
		cmocka_unit_test(test_modules_of_another_boot_move),
		cmocka_unit_test(test_init_bases),
		cmocka_unit_test(test_init_base_of_another_boot),
		cmocka_unit_test(test_modules_without_build_id),
		cmocka_unit_test(test_reused_memory),
		cmocka_unit_test(test_memory_reused_often),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("run merge", tests, NULL, NULL);
}
