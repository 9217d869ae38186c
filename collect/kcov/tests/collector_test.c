// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The collector with threads that act as tasks. Each records into its buffer as
 * the kernel does, while the drainer reads and the follower starts and ends tasks.
 * The run file must contain what was recorded. Meant for TSan above all.
 */
#include "run/tests/fixture.h"

#include <pthread.h>
#include <sys/mman.h>

#include "collect/kcov/clone_trace.h"
#include "collect/kcov/collector.h"
#include "collect/kcov/kcov.h"
#include "collect/kcov/tests/test_buffer.h"

#define WORDS	     4096
#define TASKS	     40
#define AT_ONCE	     8
#define PCS_PER_TASK 20000
#define PC_BASE	     0xffffffff81000000
#define WATCHED_PC   (PC_BASE + 8)
#define BUFFER_BYTES (WORDS * sizeof(uint64_t))

static char run_file[64];
static unsigned int nr_opened; /* buffers */
static struct run_writer *writer;

static struct error *open_counted_buffer(struct kcov *ret, size_t words)
{
	nr_opened++;
	return open_test_buffer(ret, words);
}

struct task {
	pthread_t thread;
	struct capture *capture;
	uint64_t *area;
	uint64_t refused;
	unsigned int number;
};

static void *task_run(void *arg)
{
	struct task *t = arg;

	for (unsigned int i = 0; i < PCS_PER_TASK; i++) {
		uint64_t pos = __atomic_load_n(&t->area[0], __ATOMIC_RELAXED) + 1;

		if (pos >= WORDS) {
			t->refused++;
			continue;
		}
		__atomic_store_n(&t->area[0], pos, __ATOMIC_RELAXED);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		__atomic_store_n(&t->area[pos], PC_BASE + 8 + i % 100, __ATOMIC_RELAXED);
		if (i % 1000 == 0)
			usleep(100);
	}
	return NULL;
}

static void start_task(struct collector *c, struct task *t, unsigned int number)
{
	struct task_identity task = { .pid = 1000 + number, .tgid = 1000 + number, .parent = -1 };
	int fd;

	task.comm = "model";
	*t = (struct task){ .number = number };
	assert_null(collector_prepare(c, &t->capture, &fd));
	t->area = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(t->area != MAP_FAILED);
	/* PCs recorded while coverage is turned on do not belong to the task. */
	t->area[0] = 2;
	t->area[1] = t->area[2] = 1;
	assert_int_equal(collector_start_task(c, t->capture, &task), number);
	assert_int_equal(pthread_create(&t->thread, NULL, task_run, t), 0);
}

static uint64_t end_task_that_made(struct collector *c, struct task *t, uint64_t announced)
{
	pthread_join(t->thread, NULL);
	munmap(t->area, BUFFER_BYTES);
	collector_end_task(c, t->capture, 0, announced);
	return PCS_PER_TASK - t->refused;
}

static uint64_t end_task(struct collector *c, struct task *t)
{
	return end_task_that_made(c, t, 0);
}

/* A collector that writes to path. options: what differs from those of most cases. */
static struct collector *begin(const char *path, struct collector_options options)
{
	static struct run_meta meta;
	struct collector *c;

	assert_null(run_writer_create(path, &writer));
	options.writer = writer;
	options.words = WORDS;
	options.meta = &meta;
	if (!options.open_buffer)
		options.open_buffer = open_test_buffer;
	assert_null(collector_create(&options, &c));
	return c;
}

static void end(struct collector *c)
{
	collector_destroy(c);
	run_writer_destroy(writer);
}

/* What was written. The caller destroys it. */
static struct run *load(void)
{
	struct run *run;

	assert_null(run_load(run_file, &run));
	unlink(run_file);
	return run;
}

static void check_run(const uint64_t written[TASKS])
{
	struct run *run = load();

	assert_true(run->finished);
	assert_null(run->damage);
	assert_int_equal(run->sources.len, TASKS);
	vector_for_each(&run->sources, source) {
		uint64_t recorded = source_sum(source);

		assert_true(source->exited);
		assert_true(!source->nr_pcs || source->pcs[0].pc != 1);
		assert_true(recorded <= written[source->id]);
		/*
		 * PCs may be missing only if the area became full before the drainer read it,
		 * which is counted.
		 */
		if (recorded < written[source->id])
			assert_true(source->losses.saturations > 0);
	}
	run_destroy(run);
}

static void test_many_tasks(void **state)
{
	struct task tasks[AT_ONCE];
	uint64_t written[TASKS];

	(void)state;
	const struct collector_options options = { .watch_pc = WATCHED_PC };
	struct collector *c = begin(run_file, options);
	for (unsigned int i = 0; i < TASKS; i++) {
		if (i >= AT_ONCE)
			written[i - AT_ONCE] = end_task(c, &tasks[i % AT_ONCE]);
		start_task(c, &tasks[i % AT_ONCE], i);
		collector_rename_task(c, tasks[i % AT_ONCE].capture, "renamed");
	}
	for (unsigned int i = TASKS - AT_ONCE; i < TASKS; i++)
		written[i] = end_task(c, &tasks[i % AT_ONCE]);
	assert_null(collector_finish(c));
	assert_int_equal(collector_watch_hits(c), TASKS);
	end(c);
	check_run(written);
}

static void test_cut_and_skipped(void **state)
{
	const struct task_identity skipped = { .pid = 7, .tgid = 7, .parent = 0 };
	struct task task;

	(void)state;
	struct collector *c = begin(run_file, (struct collector_options){ 0 });
	start_task(c, &task, 0);
	assert_int_equal(collector_skip_task(c, &skipped, "because"), 1);
	collector_cut_task(c, task.capture, NULL, "let go", 0);
	collector_note(c, "a note");
	assert_null(collector_finish(c));
	/* The task keeps recording, into a buffer that is no longer read. */
	pthread_join(task.thread, NULL);
	munmap(task.area, BUFFER_BYTES);
	end(c);

	struct run *run = load();
	assert_int_equal(run->sources.data[0].state, RUN_STATE_CUT);
	assert_string_equal(run->sources.data[0].reason, "let go");
	assert_int_equal(run->sources.data[1].state, RUN_STATE_NOT_FOLLOWED);
	assert_string_equal(run->sources.data[1].reason, "because");
	assert_int_equal(run->notes.len, 1);
	run_destroy(run);
}

/*
 * Remote handles exist before the first task, whose id is 0 even so. What they record is no task's:
 * the supervisor's own ptrace(2) calls, which are in the set of the whole system, are not those of
 * the workload.
 */
static void test_remote_handle(void **state)
{
	struct kcov kcov;
	struct task task;

	(void)state;
	struct collector *c =
		begin(run_file, (struct collector_options){ .watch_pc = PC_BASE - 1 });
	assert_null(open_test_buffer(&kcov, WORDS));
	uint64_t *area = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, kcov.fd, 0);
	assert_null(collector_add_remote(c, &kcov, 42, "a"));
	assert_int_equal(kcov.fd, -1);
	assert_int_equal(collector_skip_remote(c, 77, "b", "taken"), 2);
	start_task(c, &task, 0);
	__atomic_store_n(&area[1], PC_BASE - 1, __ATOMIC_RELAXED);
	__atomic_store_n(&area[2], PC_BASE - 1, __ATOMIC_RELAXED);
	__atomic_store_n(&area[0], 2, __ATOMIC_RELEASE);
	end_task(c, &task);
	collector_settle_remote(c);
	assert_null(collector_finish(c));
	assert_int_equal(collector_watch_hits(c), 0);
	end(c);
	munmap(area, BUFFER_BYTES);

	struct run *run = load();
	assert_int_equal(run->sources.len, 3);
	assert_int_equal(run->sources.data[0].kind, RUN_SOURCE_TASK);
	assert_int_equal(run->sources.data[1].kind, RUN_SOURCE_REMOTE);
	assert_int_equal(run->sources.data[1].handle, 42);
	assert_string_equal(run->sources.data[1].name, "a");
	assert_int_equal(run->sources.data[1].nr_pcs, 1);
	assert_int_equal(run->sources.data[1].pcs[0].pc, PC_BASE - 1);
	assert_int_equal(run->sources.data[1].pcs[0].count, 2);
	assert_int_equal(run->sources.data[2].handle, 77);
	assert_string_equal(run->sources.data[2].reason, "taken");
	assert_int_equal(run->sources.data[2].state, RUN_STATE_NOT_FOLLOWED);
	run_destroy(run);
}

/*
 * Sections of a handle may be recorded as soon as it is enabled, so one may be under way when the
 * handle is added: the kernel has read the count, and copies what it recorded later.
 */
static void test_remote_section_under_way(void **state)
{
	struct kcov kcov;

	(void)state;
	struct collector *c = begin(run_file, (struct collector_options){ 0 });
	assert_null(open_test_buffer(&kcov, WORDS));
	uint64_t *area = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, kcov.fd, 0);
	area[1] = PC_BASE;
	area[2] = PC_BASE;
	area[0] = 2;
	assert_null(collector_add_remote(c, &kcov, 42, "a"));
	__atomic_store_n(&area[3], PC_BASE + 1, __ATOMIC_RELAXED);
	__atomic_store_n(&area[0], 3, __ATOMIC_RELEASE);
	assert_null(collector_finish(c));
	end(c);
	munmap(area, BUFFER_BYTES);

	struct run *run = load();
	assert_int_equal(run->sources.len, 1);
	assert_int_equal(run->sources.data[0].losses.saturations, 0);
	assert_int_equal(run->sources.data[0].nr_pcs, 1);
	assert_int_equal(run->sources.data[0].pcs[0].pc, PC_BASE + 1);
	run_destroy(run);
}

/* One buffer is enough for tasks that follow each other, however fast the next one comes. */
static void test_reuse(void **state)
{
	struct task task;

	(void)state;
	const struct collector_options options = { .open_buffer = open_counted_buffer };
	nr_opened = 0;
	struct collector *c = begin(run_file, options);
	for (unsigned int i = 0; i < TASKS; i++) {
		start_task(c, &task, i);
		collector_set_parent(c, task.capture, i ? 0 : -1);
		end_task(c, &task);
	}
	assert_int_equal(nr_opened, 1);
	assert_null(collector_finish(c));
	end(c);

	struct run *run = load();
	assert_int_equal(run->sources.len, TASKS);
	vector_for_each(&run->sources, source) {
		assert_int_equal(source->pid, 1000 + source->id);
		assert_int_equal(source->parent, source->id ? 0 : -1);
		assert_true(source->exited);
	}
	run_destroy(run);
}

/* Each task records the PCs 200 times: as often as it "creates a task". */
static void test_hidden_clones(void **state)
{
	const uint64_t clones = PCS_PER_TASK / 100;
	struct clone_trace trace = { .nr = 2,
				     .pcs = { PC_BASE + 8, PC_BASE + 9 },
				     .last = { false, true } };
	struct task all_known, some_known;
	struct hidden_clones_vector hidden;

	(void)state;
	const struct collector_options options = { .clones = &trace };
	struct collector *c = begin(run_file, options);
	start_task(c, &all_known, 0);
	start_task(c, &some_known, 1);
	end_task_that_made(c, &all_known, clones);
	uint64_t refused = PCS_PER_TASK - end_task_that_made(c, &some_known, 1);
	collector_hidden_clones(c, &hidden);
	assert_int_equal(hidden.len, 1);
	assert_int_equal(hidden.data[0].parent, 1);
	assert_int_equal(hidden.data[0].parent_pid, 1001);
	/* Fewer if the area was full for a while. */
	assert_in_range(hidden.data[0].nr, refused ? 1 : clones - 1, clones - 1);
	hidden_clones_vector_deinit(&hidden);
	assert_null(collector_finish(c));
	end(c);
	unlink(run_file);
}

static void test_disk_full(void **state)
{
	struct task task;

	(void)state;
	struct collector *c = begin("/dev/full", (struct collector_options){ 0 });
	start_task(c, &task, 0);
	end_task(c, &task);
	struct error *err = collector_finish(c);
	assert_non_null(err);
	assert_int_equal(err->errnum, 28);
	error_destroy(err);
	end(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_tasks),
		cmocka_unit_test(test_cut_and_skipped),
		cmocka_unit_test(test_remote_handle),
		cmocka_unit_test(test_remote_section_under_way),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_hidden_clones),
		cmocka_unit_test(test_disk_full),
	};

	snprintf(run_file, sizeof(run_file), "/tmp/collector_test.%d.kcov", getpid());
	return cmocka_run_group_tests_name("collector", tests, NULL, NULL);
}
