// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Following tasks where there is no KCOV: the calls that turn coverage on are injected into each
 * task, and the last one is taken to succeed. The tasks must not notice.
 */
#include "run/tests/fixture.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "collect/follow/follow.h"
#include "collect/kcov/kcov.h"
#include "collect/kcov/tests/test_buffer.h"

#define WORDS	      512
#define SHARED_FD     100
#define THREADS	      8
#define CHILDREN      10
#define VFORK_SECONDS 20
#define SECOND_NS     1000000000ULL
#define STOPS	      100
#define SHORT_STOPS   300
#define SETTLE_US     20000
#define SETTLE_MAX    (10 * SECOND_NS)
#define CONTINUE_MAX  (10 * SECOND_NS)

/* Between the test, the command, and the process that stops the command. */
struct shared {
	uint64_t count; /* what the threads of the command have done */
	int end;	/* asks the command to end */
	int stopping;	/* asks its threads to go on until it is stopped */
	int ran;	/* it went on although it was stopped */
	int stuck;	/* it did not continue */
	int ready;
	int round; /* changes when all threads are to execute a program; never reset */
};

static struct shared *shared;

static uint64_t get_count(void)
{
	return __atomic_load_n(&shared->count, __ATOMIC_SEQ_CST);
}

static bool is_set(const int *flag)
{
	return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

static void set(int *flag)
{
	__atomic_store_n(flag, 1, __ATOMIC_SEQ_CST);
}

static void map_shared(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, SHARED_FD, 0);
	if (shared == MAP_FAILED)
		_exit(99);
}

/* In place of libc's: ioctl(KCOV_ENABLE) succeeds. */
long ptrace(enum __ptrace_request request, ...)
{
	bool peeks = request == PTRACE_PEEKDATA || request == PTRACE_PEEKTEXT;
	long word = 0;
	va_list ap;

	va_start(ap, request);
	pid_t pid = va_arg(ap, pid_t);
	void *address = va_arg(ap, void *);
	void *data = va_arg(ap, void *);
	va_end(ap);
	long result = syscall(SYS_ptrace, request, pid, address, peeks ? (void *)&word : data);
	struct user_regs_struct *regs = data;
	if (request == PTRACE_GETREGS && !result && (long)regs->rax == -ENOTTY)
		regs->rax = 0;
	return result || !peeks ? result : word;
}

/* --- programs that are followed --- */

static void *count_for_a_while(void *arg)
{
	do {
		__atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST);
		usleep(1000);
	} while (is_set(&shared->stopping));
	return arg;
}

/* Always has threads that were just created. */
static int make_threads(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS || !is_set(&shared->end); i++) {
		if (i >= THREADS)
			pthread_join(threads[i % THREADS], NULL);
		if (pthread_create(&threads[i % THREADS], NULL, count_for_a_while, NULL))
			return 1;
	}
	return 0;
}

/* Ends while a child of it waits for a task that it created with vfork(2). */
static int leave_vfork(void)
{
	if (fork() == 0) {
		if (vfork() == 0) {
			set(&shared->ready);
			sleep(VFORK_SECONDS);
			_exit(0);
		}
		_exit(0);
	}
	while (!is_set(&shared->ready))
		usleep(1000);
	return 0;
}

static void *execute(void *arg)
{
	while (__atomic_load_n(&shared->round, __ATOMIC_SEQ_CST) == *(int *)arg)
		;
	execl("/proc/self/exe", "follow_test", "nothing", NULL);
	return arg;
}

static void execute_in_thread(int round)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, execute, &round) == 0) {
		__atomic_add_fetch(&shared->ready, 1, __ATOMIC_SEQ_CST);
		pause();
	}
	_exit(96);
}

/* Ends while threads of its children execute programs. */
static int leave_executing(void)
{
	int round = shared->round;

	for (int i = 0; i < CHILDREN; i++)
		if (fork() == 0)
			execute_in_thread(round);
	while (__atomic_load_n(&shared->ready, __ATOMIC_SEQ_CST) < CHILDREN)
		usleep(1000);
	__atomic_add_fetch(&shared->round, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static int run_program(const char *name)
{
	map_shared();
	if (!strcmp(name, "threads"))
		return make_threads();
	if (!strcmp(name, "vfork"))
		return leave_vfork();
	if (!strcmp(name, "executing"))
		return leave_executing();
	if (!strcmp(name, "nothing")) {
		usleep(100000);
		return 7;
	}
	return 98;
}

/* --- the stage --- */

/* A process that waits for a byte, and then executes this program as `name`. */
static pid_t start_root(const char *name, int *go)
{
	int fds[2];
	char byte;

	assert_int_equal(pipe(fds), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(fds[1]);
		if (read(fds[0], &byte, 1) == 1)
			execl("/proc/self/exe", "follow_test", name, NULL);
		_exit(97);
	}
	close(fds[0]);
	*go = fds[1];
	return pid;
}

/* Run act in a process that is not our child, as the follower waits for all of these. */
static void run_apart(void (*act)(pid_t), pid_t root)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (fork() == 0)
			act(root);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Write the status of root to fd in another process, as the front does. */
static void tell_status(pid_t root, int fd)
{
	int pidfd = syscall(SYS_pidfd_open, root, 0), status = W_EXITCODE(7, 0);
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	assert_true(pidfd >= 0);
	if (fork() == 0) {
		if (poll(&poll_fd, 1, -1) == 1 && write(fd, &status, sizeof(status)) < 0)
			_exit(1);
		_exit(0);
	}
	close(pidfd);
}

/*
 * Follow a program to its end, while act, if it is not NULL, happens to it. status: a pipe that
 * tells how it ended; NULL = follow all its tasks.
 */
static struct run *follow_with(const char *name, void (*act)(pid_t), const int status[2])
{
	struct kcov_openers openers = KCOV_OPENERS_NONE;
	struct run_meta meta = { 0 };
	struct run_writer *writer;
	struct collector *c;
	struct follow *f;
	struct run *run;
	char path[32];
	bool started;
	int go;

	*shared = (struct shared){ .round = shared->round };
	assert_ok(run_writer_create(fixture_path(path), &writer));
	const struct collector_options options = {
		.writer = writer, .words = WORDS, .meta = &meta, .open_buffer = open_test_buffer
	};
	assert_ok(collector_create(&options, &c));
	pid_t root = start_root(name, &go);
	const struct follow_options follow_options = { .collector = c,
						       .root = root,
						       .root_only = status,
						       .status_fd = status ? status[0] : -1,
						       .openers = &openers };
	assert_ok(follow_create(&follow_options, &f));
	assert_int_equal(write(go, "", 1), 1);
	close(go);
	if (act)
		run_apart(act, root);
	if (status)
		tell_status(root, status[1]);
	assert_ok(follow_run(f, &started));
	assert_true(started);
	follow_destroy(f);
	assert_ok(collector_finish(c));
	collector_destroy(c);
	run_writer_destroy(writer);
	assert_ok(run_load(path, &run));
	unlink(path);
	return run;
}

static struct run *follow(const char *name, void (*act)(pid_t))
{
	return follow_with(name, act, NULL);
}

/* --- stops --- */

/* Wait until the command does something. */
static void expect_progress(pid_t root)
{
	uint64_t before = get_count(), start = now_ns();

	while (get_count() == before && now_ns() - start < CONTINUE_MAX)
		usleep(1000);
	if (get_count() != before)
		return;
	set(&shared->stuck);
	kill(root, SIGCONT);
}

/* Does it do nothing any more, at the latest after a while? */
static bool comes_to_rest(void)
{
	uint64_t start = now_ns(), before;

	do {
		before = get_count();
		usleep(SETTLE_US);
	} while (get_count() != before && now_ns() - start < SETTLE_MAX);
	return get_count() == before;
}

static void stop_and_look(pid_t root)
{
	for (int i = 0; i < STOPS && !is_set(&shared->ran); i++) {
		expect_progress(root);
		usleep(20000 + i % 16 * 400);
		set(&shared->stopping);
		kill(root, SIGSTOP);
		if (!comes_to_rest())
			set(&shared->ran);
		shared->stopping = 0;
		kill(root, SIGCONT);
	}
	set(&shared->end);
}

static void test_stopped_is_stopped(void **state)
{
	(void)state;
	run_destroy(follow("threads", stop_and_look));
	assert_int_equal(shared->stuck, 0);
	assert_int_equal(shared->ran, 0);
}

static void stop_shortly(pid_t root)
{
	expect_progress(root);
	for (int i = 0; i < SHORT_STOPS && !is_set(&shared->stuck); i++) {
		kill(root, SIGSTOP);
		usleep(i % 32 * 20);
		kill(root, SIGCONT);
		usleep(i % 7 * 500);
		expect_progress(root);
	}
	set(&shared->end);
}

static void test_continued_is_continued(void **state)
{
	(void)state;
	run_destroy(follow("threads", stop_shortly));
	assert_int_equal(shared->stuck, 0);
}

/* --- tasks that live on --- */

static void test_tasks_that_cannot_stop(void **state)
{
	uint64_t start = now_ns();

	(void)state;
	_cleanup_run_ struct run *run = follow("vfork", NULL);
	assert_true(now_ns() - start < VFORK_SECONDS / 2 * SECOND_NS);
	assert_int_equal(run->sources.len, 3);
	assert_int_equal(run->sources.data[0].state, RUN_STATE_COVERED);
	for (size_t i = 1; i < 3; i++) {
		assert_int_equal(run->sources.data[i].state, RUN_STATE_CUT);
		assert_string_equal(run->sources.data[i].reason,
				    "still running when the command ended");
	}
}

/* Each task has ended, or was cut. */
static void test_tasks_that_execute(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		_cleanup_run_ struct run *run = follow("executing", NULL);

		assert_int_equal(run->sources.len, 1 + 2 * CHILDREN);
		vector_for_each(&run->sources, source)
			assert_true(source->exited || source->state != RUN_STATE_COVERED);
	}
}

/* It runs untraced. */
static void test_root_only(void **state)
{
	int status[2];

	(void)state;
	assert_int_equal(pipe(status), 0);
	_cleanup_run_ struct run *run = follow_with("nothing", NULL, status);
	assert_int_equal(run->sources.len, 1);
	assert_true(run->sources.data[0].exited);
	assert_int_equal(run->sources.data[0].status, W_EXITCODE(7, 0));
	close(status[0]);
	close(status[1]);
	/* The root, and the process that told of its end. */
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return run_program(argv[1]);

	int fd = memfd_create("shared", 0);
	if (fd < 0 || ftruncate(fd, sizeof(*shared)) || dup2(fd, SHARED_FD) < 0)
		return 1;
	close(fd);
	map_shared();

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stopped_is_stopped),
		cmocka_unit_test(test_continued_is_continued),
		cmocka_unit_test(test_tasks_that_execute),
		cmocka_unit_test(test_root_only),
		/* The last one: we go on tracing one of its tasks. */
		cmocka_unit_test(test_tasks_that_cannot_stop),
	};

	return cmocka_run_group_tests_name("follow", tests, NULL, NULL);
}
