// SPDX-License-Identifier: GPL-2.0-or-later
/* Modules that are loaded and unloaded, in a directory tree that stands for /proc and /sys. */
#include "collect/machine/tests/tree_fixture.h"

#include <sys/socket.h>

#include "base/clock.h"
#include "collect/machine/identity.h"
#include "collect/machine/module_watch.h"

struct machine {
	struct tree tree;
	struct identity_options identity;
	struct module_watch *watch;
	uint64_t (*now)(void); /* NULL: the real time */
	int kernel;	       /* what the test writes here is an event */
};

static void machine_init(struct machine *m)
{
	*m = (struct machine){ 0 };
	tree_init(&m->tree);
	m->identity.root = m->tree.root;
	tree_puts(&m->tree, "/proc/modules", "");
}

/* Listen to events that the test makes. */
static void machine_start(struct machine *m)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
	m->kernel = ends[0];
	const struct module_watch_options options = {
		.identity = &m->identity, .kaslr_offset = 0x1000, .socket = ends[1], .now = m->now
	};
	assert_ok(module_watch_create(&options, &m->watch));
}

/* Wait until the thread has read everything; return what it found. */
static struct run *machine_end(struct machine *m)
{
	struct run_writer *w;
	struct run *run;
	char path[32];

	assert_ok(run_writer_create(fixture_path(path), &w));
	module_watch_stop(m->watch);
	assert_ok(module_watch_write(m->watch, w));
	assert_ok(run_writer_end(w));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
	assert_ok(run_load(path, &run));
	unlink(path);
	module_watch_destroy(m->watch);
	close(m->kernel);
	tree_deinit(&m->tree);
	return run;
}

static void put_module(const struct machine *m, const char *name, const char *text,
		       const char *init)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/sections/.text", name);
	tree_puts(&m->tree, path, text);
	snprintf(path, sizeof(path), "/sys/module/%s/sections/.init.text", name);
	tree_puts(&m->tree, path, init);
	snprintf(path, sizeof(path), "/sys/module/%s/coresize", name);
	tree_puts(&m->tree, path, "8192\n");
}

static void send_event(const struct machine *m, const char *text, size_t len)
{
	assert_int_equal(send(m->kernel, text, len, 0), len);
}

#define EVENT(text) text, sizeof(text)

/* The module is no longer in /proc/modules when the list is read. */
static void test_module_that_went(void **state)
{
	struct machine m;

	(void)state;
	machine_init(&m);
	machine_start(&m);
	put_module(&m, "short", "0xffffffffc0401000\n", "0xffffffffc0411000\n");
	put_module(&m, "hidden", "0x0000000000000000\n", "0x0000000000000000\n");
	send_event(&m, EVENT("add@/module/short\0ACTION=add\0SUBSYSTEM=module"));
	send_event(&m, EVENT("add@/module/hidden"));
	_cleanup_run_ struct run *run = machine_end(&m);
	assert_int_equal(run->modules.len, 1);
	assert_string_equal(run->modules.data[0].name, "short");
	assert_int_equal(run->modules.data[0].base, 0xffffffffc0400000);
	assert_int_equal(run->modules.data[0].init_base, 0xffffffffc0410000);
	assert_int_equal(run->modules.data[0].size, 8192);
	assert_int_equal(run->notes.len, 0);
}

/* Its only code is .init.text: the event finds it although no address of a core section is known.
 */
static void test_module_without_text(void **state)
{
	struct machine m;

	(void)state;
	machine_init(&m);
	machine_start(&m);
	tree_puts(&m.tree, "/sys/module/all_init/sections/.init.text", "0xffffffffc0411000\n");
	tree_puts(&m.tree, "/sys/module/all_init/coresize", "8192\n");
	send_event(&m, EVENT("add@/module/all_init"));
	_cleanup_run_ struct run *run = machine_end(&m);
	assert_int_equal(run->modules.len, 1);
	assert_string_equal(run->modules.data[0].name, "all_init");
	assert_int_equal(run->modules.data[0].base, 0);
	assert_int_equal(run->modules.data[0].init_base, 0xffffffffc0410000);
	assert_int_equal(run->notes.len, 0);
}

static void test_module_that_was_too_quick(void **state)
{
	struct machine m;

	(void)state;
	machine_init(&m);
	machine_start(&m);
	send_event(&m, EVENT("add@/module/gone"));
	send_event(&m, EVENT("add@/module/gone"));
	send_event(&m, EVENT("remove@/module/gone"));
	_cleanup_run_ struct run *run = machine_end(&m);
	assert_int_equal(run->modules.len, 0);
	assert_int_equal(run->notes.len, 1);
	assert_string_equal(run->notes.data[0],
			    "module 'gone' was unloaded before its addresses could be read");
}

/* Its init fails, so there is no event, and it is not in /proc/modules when the list is read. */
static void test_module_whose_init_fails(void **state)
{
	struct machine m;

	(void)state;
	machine_init(&m);
	put_module(&m, "old", "0xffffffffc0601000\n", "0xffffffffc0611000\n");
	tree_puts(&m.tree, "/proc/modules", "old 8192 0 - Live 0xffffffffc0601000\n");
	machine_start(&m);
	put_module(&m, "fails", "0xffffffffc0401000\n", "0xffffffffc0411000\n");
	put_module(&m, "fine", "0xffffffffc0501000\n", "0xffffffffc0511000\n");
	tree_puts(&m.tree, "/proc/modules",
		  "early 8192 0 - Loading 0xffffffffc0801000\n"
		  "fails 8192 0 - Loading 0xffffffffc0401000\n"
		  "fine 8192 1 fails, Live 0xffffffffc0501000\n"
		  "old 8192 0 - Unloading 0xffffffffc0601000\nshort 1\n\n");
	module_watch_loading(m.watch);
	module_watch_stop(m.watch);
	tree_puts(&m.tree, "/proc/modules", "fine 8192 0 - Live 0xffffffffc0501000\n");
	_cleanup_run_ struct run *run = machine_end(&m);
	/* Not "early", whose addresses are not there yet, and not "old". */
	assert_int_equal(run->modules.len, 2);
	assert_string_equal(run->modules.data[0].name, "fails");
	assert_int_equal(run->modules.data[0].base, 0xffffffffc0400000);
	assert_int_equal(run->modules.data[0].init_base, 0xffffffffc0410000);
	assert_int_equal(run->notes.len, 0);
}

static unsigned int nr_asked;

/* Eight seconds pass from one question to the next. */
static uint64_t quick_clock(void)
{
	return __atomic_add_fetch(&nr_asked, 1, __ATOMIC_RELAXED) * 8000000000ULL;
}

/*
 * The looks are more than a second apart in the end. The thread asks for the time of the load, for
 * its age after the first look, and before it waits. Then it has to sleep, since it may keep a
 * processor from all others.
 */
static void test_rare_looks(void **state)
{
	struct machine m;

	(void)state;
	machine_init(&m);
	m.now = quick_clock;
	machine_start(&m);
	module_watch_loading(m.watch);
	while (__atomic_load_n(&nr_asked, __ATOMIC_RELAXED) < 3)
		sleep_ns(1000000);
	sleep_ns(50000000);
	assert_in_range(__atomic_load_n(&nr_asked, __ATOMIC_RELAXED), 3, 10);
	_cleanup_run_ struct run *run = machine_end(&m);
	assert_int_equal(run->modules.len, 0);
}

/* A module loaded before has no init code in the run, unless it is loaded again. */
static void test_old_modules(void **state)
{
#define OLD "old 4096 0 - Live 0x0\nagain 4096 0 - Live 0x0\ndone 4096 0 - Live 0x0\n"

	struct machine m;

	(void)state;
	machine_init(&m);
	tree_puts(&m.tree, "/proc/modules", OLD);
	put_module(&m, "old", "0xffffffffc0401000\n", "0xffffffffc0411000\n");
	put_module(&m, "again", "0xffffffffc0501000\n", "0xffffffffc0511000\n");
	/* All its code was init code. */
	tree_puts(&m.tree, "/sys/module/done/sections/.init.text", "0xffffffffc0711000\n");
	tree_puts(&m.tree, "/sys/module/done/coresize", "4096\n");
	machine_start(&m);
	tree_puts(&m.tree, "/proc/modules", OLD "new 4096 0 - Live 0x0\n");
	put_module(&m, "new", "0xffffffffc0601000\n", "0xffffffffc0611000\n");
	send_event(&m, EVENT("add@/module/again"));
	_cleanup_run_ struct run *run = machine_end(&m);
	assert_int_equal(run->modules.len, 3);
	assert_string_equal(run->modules.data[0].name, "old");
	assert_int_equal(run->modules.data[0].init_base, 0);
	assert_string_equal(run->modules.data[1].name, "again");
	assert_int_equal(run->modules.data[1].init_base, 0xffffffffc0510000);
	assert_string_equal(run->modules.data[2].name, "new");
	assert_int_equal(run->modules.data[2].init_base, 0xffffffffc0610000);
}

static void test_messages(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *name; /* NULL = none */
	} messages[] = {
		{ EVENT("add@/module/kcov_test-2"), "kcov_test-2" },
		{ "add@/module/cut off", 15, "cut" },
		{ EVENT("add@/module/"), NULL },
		{ "", 0, NULL },
		{ "add@/module", 11, NULL },
		{ EVENT("add@/module/a/drivers"), NULL },
		{ EVENT("add@/module/.."), NULL },
		{ EVENT("add@/module/../../etc"), NULL },
		{ EVENT("add@/module/a b"), NULL },
		{ EVENT("remove@/module/a"), NULL },
		{ EVENT("add@/devices/a"), NULL },
		{ EVENT("libudev\0add@/module/a"), NULL },
		{ EVENT("add@/module/"
			"a_name_that_is_longer_than_any_module_of_any_kernel_can_ever_have"),
		  NULL },
	};
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		bool ok = module_watch_parse(messages[i].text, messages[i].len, name, sizeof(name));

		assert_int_equal(ok, messages[i].name != NULL);
		if (ok)
			assert_string_equal(name, messages[i].name);
	}
}

/* Whatever this machine allows, the watch starts and ends. */
static void test_real_kernel(void **state)
{
	const struct module_watch_options options = { 0 };
	struct module_watch *watch;

	(void)state;
	assert_ok(module_watch_create(&options, &watch));
	module_watch_destroy(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_module_that_went),
		cmocka_unit_test(test_module_whose_init_fails),
		cmocka_unit_test(test_rare_looks),
		cmocka_unit_test(test_module_that_was_too_quick),
		cmocka_unit_test(test_module_without_text),
		cmocka_unit_test(test_old_modules),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_real_kernel),
	};

	return cmocka_run_group_tests_name("module_watch", tests, NULL, NULL);
}
