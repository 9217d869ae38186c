// SPDX-License-Identifier: GPL-2.0-or-later
/* Build an index in another process, and again without the units that ended it. */
#include "symbolize/index/isolate.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "symbolize/index/private.h"

#define MIB ((uint64_t)1 << 20)

/*
 * A vmlinux of 215 MB needs 300 MB, 6 s, and less than 0.1 s for its largest unit. With
 * link-time optimisation all files may be one unit. Each thread has a stack and an arena. What is
 * there for a file of any size is little: a hostile file of a few kB may take all of it. A kernel
 * may be read on an emulated processor, which takes 30 times as long.
 */
#define MEMORY(size, jobs)   (512 * MIB + 8 * (size) + 16 * MIB * (jobs))
#define SECONDS(size)	     (8 + (size) / MIB + ((size) > 64 * MIB ? 3 * ((size) / MIB - 64) : 0))
#define UNIT_SECONDS(size)   (2 + (size) / MIB / 4)
#define NR_UNITS_SKIPPED_MAX 8

struct isolation {
	struct image *image;
	const struct log *log;
	struct isolate_child child;
	struct isolate_limits limits; /* those of the child have the time that is left */
	struct address_vector skipped;
	struct isolate_page *page; /* shared with the child */
	/* of the last attempt */
	struct error *err; /* that the child sent */
	uint64_t size;	   /* of the block; 0 = the child did not finish */
	int status;	   /* as wait4() gives it */
	/* of all attempts */
	uint64_t used_us; /* processor time, in microseconds */
};

static struct error *isolation_init(struct isolation *i, const struct isolate_limits *limits)
{
	uint64_t size = image_size(i->image);
	struct isolate_limits *l = &i->limits;

	if (limits)
		*l = *limits;
	l->memory = l->memory ? l->memory : MEMORY(size, i->child.options.jobs);
	l->seconds = l->seconds ? l->seconds : SECONDS(size);
	l->unit_seconds = l->unit_seconds ? l->unit_seconds : UNIT_SECONDS(size);
	if (!l->nr_units_skipped)
		l->nr_units_skipped = NR_UNITS_SKIPPED_MAX;
	void *page = mmap(NULL, sizeof(*i->page), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return error_errno(errno, "cannot allocate shared memory");
	i->page = i->child.page = page;
	i->child.skipped = &i->skipped;
	i->child.parent = getpid();
	return NULL;
}

static void isolation_deinit(struct isolation *i)
{
	if (i->page)
		munmap(i->page, sizeof(*i->page));
	address_vector_deinit(&i->skipped);
	error_destroy(i->err);
}

static void take_message(struct isolation *i, const struct isolate_message *m)
{
	switch (m->kind) {
	case ISOLATE_LINE:
		log_line(i->log, m->number, "%s", m->text);
		break;
	case ISOLATE_PROGRESS:
		log_progress(i->log, m->text, m->done, m->total);
		break;
	case ISOLATE_ERROR:
		error_destroy(i->err);
		i->err = isolate_error(m);
		break;
	case ISOLATE_DONE:
		i->size = m->done;
		break;
	}
}

/* The limit of time is one of all attempts together. Less than half a second is not worth another.
 */
static unsigned int seconds_left(const struct isolation *i)
{
	uint64_t used = (i->used_us + 500000) / 1000000;

	return used < i->limits.seconds ? i->limits.seconds - used : 0;
}

static void wait_for_child(struct isolation *i, pid_t pid)
{
	struct rusage usage = { 0 };

	i->status = 0;
	while (wait4(pid, &i->status, 0, &usage) < 0 && errno == EINTR)
		;
	i->used_us += 1000000ULL * (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		      usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static struct error *run_child(struct isolation *i)
{
	struct isolate_message message;
	int sockets[2];

	i->child.limits = i->limits;
	i->child.limits.seconds = seconds_left(i);

	struct error *err = isolate_connect(sockets);
	if (err)
		return err;
	_cleanup_close_ int ours = sockets[0];
	_cleanup_close_ int theirs = sockets[1];
	i->child.socket = theirs;
	pid_t pid = fork();
	if (pid < 0)
		return error_errno(errno, "cannot create a process");
	if (!pid)
		isolate_child_run(&i->child);
	close(steal_fd(&theirs));
	while (isolate_receive(ours, &message))
		take_message(i, &message);
	/* What was not a message came from a child that went astray: it may not end by itself. */
	kill(pid, SIGKILL);
	wait_for_child(i, pid);
	return NULL;
}

/* Check what the child wrote, and map it. */
static struct error *take_index(struct isolation *i, struct index **ret)
{
	const char *what = "version";
	struct stat st;

	if (fstat(i->child.memory, &st))
		return error_errno(errno, "cannot read the index of '%s'", image_path(i->image));
	if (i->size > SIZE_MAX || (uint64_t)st.st_size != i->size)
		return error_create(ERROR_FORMAT, "the index of '%s' is not whole",
				    image_path(i->image));
	void *block = mmap(NULL, i->size, PROT_READ, MAP_PRIVATE, i->child.memory, 0);
	if (block == MAP_FAILED)
		return error_errno(errno, "cannot map the index of '%s'", image_path(i->image));
	struct error *err = NULL;
	if (index_validate(block, i->size, &what) != INDEX_VALID)
		err = error_create(ERROR_FORMAT, "the index of '%s' is damaged (%s)",
				   image_path(i->image), what);
	if (!err)
		err = index_create(block, block, i->size, image_path(i->image), ret);
	if (err)
		munmap(block, i->size);
	return err;
}

/* One attempt. *ret is NULL if the child ended without an index. */
static struct error *attempt(struct isolation *i, struct index **ret)
{
	_cleanup_close_ int memory = memfd_create("index", MFD_CLOEXEC);

	if (memory < 0)
		return error_errno(errno, "cannot create a file in memory");
	memset(i->page, 0, sizeof(*i->page));
	i->size = 0;
	i->child.memory = memory;
	struct error *err = run_child(i);
	if (err)
		return err;
	/* Memory that runs out while a unit is read is the fault of the unit. */
	if (i->err && i->err->code != ERROR_NO_MEMORY)
		return steal_ptr(&i->err);
	return i->size && !i->err ? take_index(i, ret) : NULL;
}

/* The pages of a file that is mapped are gone if it is truncated, or if its disk fails. */
static bool is_unreadable(const struct isolation *i)
{
	uint32_t signal = i->page->failed_signal;

	return signal == SIGBUS ||
	       (!signal && WIFSIGNALED(i->status) && WTERMSIG(i->status) == SIGBUS);
}

/* The unit that ended the child; NULL = none, or *ret_many: it may be any of several. */
static const struct isolate_unit *find_unit(const struct isolation *i, bool *ret_many)
{
	const struct isolate_page *page = i->page;
	const struct isolate_unit *found = NULL;
	uint32_t failed = page->failed_worker;
	bool blamed = failed && failed <= WORKERS_MAX && page->failed_signal != SIGXCPU;

	*ret_many = false;
	if (blamed && !page->no_memory && page->units[failed - 1].offset)
		return &page->units[failed - 1];
	for (size_t n = 0; n < WORKERS_MAX; n++) {
		if (!page->units[n].offset)
			continue;
		*ret_many = *ret_many || found;
		found = &page->units[n];
	}
	return found;
}

/* "takes more than 30 s" */
static void add_reason(const struct isolation *i, struct strbuf *text)
{
	uint32_t signal = i->page->failed_signal;

	if (!signal && WIFSIGNALED(i->status) && !i->err)
		signal = WTERMSIG(i->status);
	if (i->page->no_memory || i->err)
		strbuf_addf(text, "takes more than %" PRIu64 " MiB of memory",
			    i->limits.memory / MIB);
	else if (signal == SIGVTALRM)
		strbuf_addf(text, "takes more than %u s", i->limits.unit_seconds);
	else if (signal == SIGXCPU)
		strbuf_addf(text, "takes more than %u s", i->limits.seconds);
	else
		strbuf_addf(text, "ends in a crash (%s)",
			    signal && signal <= INT32_MAX ? strsignal(signal) : "no signal");
}

static struct error *describe(const struct isolation *i, const struct isolate_unit *unit)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, "reading ");
	if (unit)
		strbuf_addf(&text, "the debug info of unit '%.*s' in ", ISOLATE_NAME_SIZE - 1,
			    unit->name[0] ? unit->name : "?");
	strbuf_addf(&text, "'%s' ", image_path(i->image));
	add_reason(i, &text);
	struct error *err = strbuf_check(&text);
	return err ? err : error_create(ERROR_FORMAT, "%s", strbuf_str(&text));
}

/* Skip a unit from now on. Returns the error if that does not help. */
static struct error *skip_unit(struct isolation *i, const struct isolate_unit *unit)
{
	uint64_t offset = unit ? unit->offset - 1 : 0;
	struct error *err = describe(i, unit);

	if (!unit || has_address(&i->skipped, offset) ||
	    i->skipped.len >= i->limits.nr_units_skipped)
		return err;
	_cleanup_free_ char *text = error_format(err);
	error_destroy(err);
	log_line(i->log, LOG_WARNING, "%s: the unit is skipped", text ? text : "out of memory");
	if (!address_vector_append(&i->skipped, &offset))
		return &error_no_memory;
	sort_addresses(&i->skipped);
	return NULL;
}

static struct error *unreadable(const struct isolation *i)
{
	const char *path = image_truncated(i->image), *more = "";

	if (!path && i->page->file_errno)
		return error_errno(i->page->file_errno, "cannot read '%.*s'", PATH_MAX - 1,
				   i->page->file);
	/* The image does not list its .dwo files. */
	if (!path && i->page->file[0]) {
		path = i->page->file;
	} else if (!path) {
		path = image_path(i->image);
		more = ", or its debug info,";
	}
	return error_hint(error_create(ERROR_FORMAT, "'%.*s'%s was truncated while it was read",
				       PATH_MAX - 1, path, more),
			  "wait for what writes it, and try again");
}

/* Prepare another attempt, or return the error of the last one. */
static struct error *try_differently(struct isolation *i)
{
	bool many;
	const struct isolate_unit *unit = find_unit(i, &many);

	if (is_unreadable(i))
		return unreadable(i);
	if (!seconds_left(i)) {
		i->page->failed_signal = SIGXCPU;
		return describe(i, NULL);
	}
	if (many && i->child.options.jobs > 1) {
		i->child.options.jobs = 1;
	} else {
		struct error *err = skip_unit(i, unit);

		if (err)
			return err;
	}
	error_destroy(i->err);
	i->err = NULL;
	return NULL;
}

struct error *isolate_build(struct image *image, const struct index_options *options,
			    const struct isolate_limits *limits, index_builder *build,
			    bool *ret_whole, struct index **ret)
{
	_cleanup_(isolation_deinit) struct isolation i = { .image = image };
	struct index *index = NULL;

	i.child.image = image;
	i.child.build = build;
	if (options) {
		i.child.options = *options;
		i.log = options->log;
	}
	struct error *err = isolation_init(&i, limits);
	while (!err && !index) {
		err = attempt(&i, &index);
		if (!err && !index)
			err = try_differently(&i);
	}
	/* The rest of its last page reads as zeros, and raises no signal. */
	if (err != &error_no_memory && image_truncated(image)) {
		error_destroy(err);
		err = unreadable(&i);
	}
	if (err) {
		index_destroy(index);
		return err;
	}
	if (ret_whole)
		*ret_whole = !i.skipped.len && !i.page->has_split;
	*ret = index;
	return NULL;
}

struct error *index_build_isolated(struct image *image, const struct index_options *options,
				   bool *ret_whole, struct index **ret)
{
	return isolate_build(image, options, NULL, index_build, ret_whole, ret);
}
