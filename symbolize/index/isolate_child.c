// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The process that builds an index: it limits itself, notes which units it reads, and says
 * what ended it if it can. It ends with _exit(): exit handlers and buffers are its parent's.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mapping.h"
#include "symbolize/image/unit_guard.h"
#include "symbolize/index/isolate.h"
#include "symbolize/index/private.h"

/* For a stack overflow: DIEs can be nested. */
#define SIGNAL_STACK_SIZE (64 << 10)
/* A unit took too long. SIGXCPU means that everything did. */
#define UNIT_SIGNAL SIGVTALRM

/* The process builds one index, and signal handlers have no argument. */
static struct isolate_page *page;
/* Of this thread: worker + 1; 0 = it has read no unit yet. */
static __thread unsigned int this_worker;
static __thread timer_t unit_timer;
static __thread bool has_unit_timer;

static void note_signal(int signal, siginfo_t *info, void *context)
{
	int errnum;

	(void)context;
	if (signal == SIGBUS &&
	    mapping_path(info->si_addr, page->file, sizeof(page->file), &errnum))
		page->file_errno = errnum;
	page->failed_worker = this_worker;
	page->failed_signal = signal;
	_exit(EXIT_FAILURE);
}

static void __attribute__((noreturn)) no_memory(void)
{
	page->failed_worker = this_worker;
	page->no_memory = 1;
	_exit(EXIT_FAILURE);
}

static void catch_signals(void)
{
	static const int caught[] = {
		SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU, UNIT_SIGNAL
	};
	static const int defaults[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM };
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		sigaction(defaults[i], &action, NULL);
	action = (struct sigaction){ .sa_sigaction = note_signal,
				     .sa_flags = SA_ONSTACK | SA_SIGINFO };
	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
		sigaction(caught[i], &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * Handle signals on a stack of their own. It lasts as long as the process. Mapped: sanitizers unmap
 * the signal stack of a thread that ends, whoever set it.
 */
static void set_signal_stack(void)
{
	stack_t stack = { .ss_size = SIGNAL_STACK_SIZE };

	stack.ss_sp = mmap(NULL, SIGNAL_STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp != MAP_FAILED)
		sigaltstack(&stack, NULL);
}

/* A timer over the processor time of this thread, which it alone gets the signal of. */
static void create_unit_timer(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = UNIT_SIGNAL };

	event._sigev_un._tid = syscall(SYS_gettid);
	has_unit_timer = !timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &unit_timer);
}

/* 0 stops it. */
static void set_unit_timer(unsigned int seconds)
{
	const struct itimerspec time = { .it_value.tv_sec = seconds };

	if (has_unit_timer)
		timer_settime(unit_timer, 0, &time, NULL);
}

static void begin_unit(void *arg, unsigned int worker, uint64_t offset, const char *name)
{
	const struct isolate_child *child = arg;
	struct isolate_unit *unit = &child->page->units[worker];

	if (name) {
		/* With a precision printf() reads no more of the name, which may have any length.
		 */
		snprintf(unit->name, sizeof(unit->name), "%.*s", ISOLATE_NAME_SIZE - 1, name);
		return;
	}
	if (!this_worker) {
		this_worker = worker + 1;
		set_signal_stack();
		create_unit_timer();
	}
	unit->name[0] = '\0';
	unit->offset = offset + 1;
	set_unit_timer(child->limits.unit_seconds);
}

static void end_unit(void *arg, unsigned int worker)
{
	const struct isolate_child *child = arg;

	set_unit_timer(0);
	child->page->units[worker].offset = 0;
}

/* Bytes that RLIMIT_DATA counts: without shared memory, and without what is only mapped to read. */
static uint64_t data_size(void)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages;

	if (!f || fscanf(f, "%*u %*u %*u %*u %*u %llu", &pages) != 1)
		return 0;
	return pages * sysconf(_SC_PAGESIZE);
}

/* A limit that is lower already stays. */
static void limit(int resource, uint64_t value)
{
	struct rlimit r;

	if (getrlimit(resource, &r) || r.rlim_cur <= value)
		return;
	r.rlim_cur = value;
	setrlimit(resource, &r);
}

/* A limit on the size of files is meant for files, but the kernel applies it to our memory, too. */
static void lift_file_limit(void)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_FSIZE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void limit_process(const struct isolate_limits *limits)
{
	uint64_t used = data_size();

	lift_file_limit();

	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, limits->seconds);
	if (used)
		limit(RLIMIT_DATA, used + limits->memory);
}

static struct error *build(struct isolate_child *child)
{
	struct index *index;

	struct error *err = child->build(child->image, &child->options, &index);
	if (err)
		return err;
	child->page->has_split = image_has_split_units(child->image);
	if (write_all(child->memory, index->block, index->header->size))
		return error_errno(errno, "cannot write the index to memory");
	isolate_send_done(child->socket, index->header->size);
	return NULL;
}

void isolate_child_run(struct isolate_child *child)
{
	const struct unit_guard guard = {
		.skipped = child->skipped->data,
		.nr_skipped = child->skipped->len,
		.begin = begin_unit,
		.end = end_unit,
		.no_memory = no_memory,
		.arg = child,
	};
	const struct log log = isolate_log(&child->socket);

	/* If the parent died before this call, nobody waits for the index. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != child->parent)
		_exit(EXIT_FAILURE);
	page = child->page;
	set_signal_stack();
	catch_signals();
	limit_process(&child->limits);
	image_set_unit_guard(child->image, &guard);
	child->options.log = &log;
	struct error *err = build(child);
	if (err)
		isolate_send_error(child->socket, err);
	_exit(EXIT_SUCCESS);
}
