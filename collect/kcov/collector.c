// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two threads: the follower follows tasks (it calls all public functions), the other one is the
 * drainer. (The thread of module_watch.h is not visible here.) What happens to every task goes
 * through the inbox, so that the follower does not wait for the drainer. One lock covers the rest.
 * The drainer holds it for a bounded number of PCs at a time and then lets the follower in, which
 * first applies what is in the inbox.
 */
#include "collect/kcov/collector.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "collect/kcov/collector_private.h"
#include "collect/kcov/pace.h"
#include "collect/machine/module_watch.h"

#define STEP_PCS	  4096	       /* PCs read from one task before the next one's turn */
#define FLUSH_INTERVAL_NS 500000000ULL /* half of the promised second */
#define IDLE_NS		  100000000ULL
#define CAUGHT_UP	  1024 /* this many arrive while others are read */
/* A set is asked for loads of modules as often as a buffer of this many words would be read. */
#define LOADS_WORDS (1 << 20)
/* Lock held. Recording continues after a write error: the workload must not notice. */
static void collector_keep_error(struct collector *c, struct error *err)
{
	if (err && !c->error)
		c->error = err;
	else
		error_destroy(err);
}

/* Lock held. */
static void write_about(struct collector *c, struct capture *capture)
{
	capture_describe(capture);
	collector_keep_error(c, run_writer_source(c->writer, &capture->about));
}

/* Lock held. Write what was read of this task since the last call. */
static void write_pcs(struct collector *c, struct capture *capture)
{
	_cleanup_free_ struct pc_count *pcs = NULL;
	size_t nr_pcs;

	collector_keep_error(c, capture_gather(capture, c->set_stats));
	if (capture_has_news(capture))
		write_about(c, capture);
	if (capture->is_discarded)
		capture_reset_pcs(capture);
	if (!capture_pcs(capture)->len)
		return;
	struct error *err = pc_map_sorted(capture_pcs(capture), &pcs, &nr_pcs);
	if (!err) {
		/* Other sources have what no task of the workload did, such as our own ptrace(2).
		 */
		if (capture->about.kind == RUN_SOURCE_TASK)
			c->watch_hits += capture_saw_first(capture, c->watch_pc, pcs, nr_pcs);
		clone_trace_count(&c->clones, capture->clone_counts, pcs, nr_pcs);
		err = run_writer_pcs(c->writer, capture->about.id, pcs, nr_pcs);
		capture_reset_pcs(capture);
	}
	collector_keep_error(c, err);
}

/* Lock held. */
static void collector_flush(struct collector *c)
{
	for (struct capture *capture = c->active; capture; capture = capture->next)
		write_pcs(c, capture);
	collector_keep_error(c, module_watch_write(c->modules, c->writer));
	collector_keep_error(c, run_writer_flush(c->writer));
	c->flushed_ns = now_ns();
}

/* Lock held. The task is done: did it create tasks that nobody announced? */
static void note_hidden(struct collector *c, const struct capture *capture, uint64_t announced)
{
	uint64_t clones = clone_trace_clones(&c->clones, capture->clone_counts);
	const struct hidden_clones hidden = { capture->about.id, capture->about.pid,
					      clones - announced };

	if (clones > announced && !hidden_clones_vector_append(&c->hidden, &hidden))
		collector_keep_error(c, &error_no_memory);
}

/* Lock held. The task is dead: read and write the rest. */
static void finish_capture(struct collector *c, struct capture *capture,
			   const struct capture_news *news)
{
	capture_list_remove(&c->active, capture);
	capture_finish(capture);
	write_pcs(c, capture);
	capture->about.exited = true;
	capture->about.status = news->status;
	write_about(c, capture);
	note_hidden(c, capture, news->announced);
	capture_end(capture);
	inbox_return(&c->inbox, capture, true);
}

/* Lock held. A started task is written with all that is known by now. Returns whether it ended. */
static bool apply_news(struct collector *c, struct capture *capture, struct capture_news *news)
{
	bool changed = capture_learn(capture, news);

	if (news->started) {
		capture->next = c->active;
		c->active = capture;
		c->started |= !capture->about.id;
	}
	/* The end is written together with the last PCs. */
	if (news->started || (changed && !news->ended))
		write_about(c, capture);
	if (news->ended)
		finish_capture(c, capture, news);
	return news->ended;
}

/* Lock held. Returns when the inbox is empty, or max_ended tasks were finished. */
static void read_inbox(struct collector *c, size_t max_ended)
{
	struct capture_news news;
	struct capture *capture;

	while (max_ended && (capture = inbox_take(&c->inbox, &news)))
		max_ended -= apply_news(c, capture, &news);
}

/* A mutex is not fair: announce that the follower wants it, so that the drainer stays away. */
void collector_lock(struct collector *c)
{
	__atomic_add_fetch(&c->waiting, 1, __ATOMIC_SEQ_CST);
	pthread_mutex_lock(&c->lock);
	__atomic_sub_fetch(&c->waiting, 1, __ATOMIC_SEQ_CST);
	read_inbox(c, SIZE_MAX);
}

void collector_unlock(struct collector *c)
{
	pthread_mutex_unlock(&c->lock);
}

/*
 * Lock held. Returns how many PCs were read. *ret_words: the size of the smallest buffer, SIZE_MAX
 * if there is none. Sections of all processors may arrive at once in that of a remote handle.
 */
static size_t step_all(struct collector *c, size_t *ret_words)
{
	size_t n = 0;

	*ret_words = SIZE_MAX;
	for (struct capture *capture = c->active; capture; capture = capture->next) {
		n += capture_step(capture, STEP_PCS);
		if (capture_loads(capture, c->load_pcs))
			module_watch_loading(c->modules);
		size_t words = capture->kcov.words / (capture->drain.sections ? c->nr_cpus : 1);
		if (!capture->set && words < *ret_words)
			*ret_words = words;
	}
	return n;
}

/*
 * Lock held. How long all may be left alone. A set is never full, and is read only for a flush.
 * But it is asked for loads of modules, which take some milliseconds, or more on a slow machine.
 */
static uint64_t step_wait(const struct collector *c, uint64_t ps_per_pc, size_t words)
{
	for (const struct capture *capture = c->active; capture; capture = capture->next)
		if (capture->about.kind == RUN_SOURCE_SET && (c->load_pcs[0] || c->load_pcs[1]) &&
		    words > LOADS_WORDS)
			words = LOADS_WORDS;
	return words == SIZE_MAX ? IDLE_NS : pace_wait(ps_per_pc, words);
}

static void *drain_thread(void *arg)
{
	struct collector *c = arg;
	const uint64_t ps_per_pc = pace_measure();
	unsigned int quiet = 0;

	pthread_mutex_lock(&c->lock);
	while (!inbox_is_stopped(&c->inbox)) {
		size_t words;

		/* Other tasks fill their buffers meanwhile, so finish one at a time. */
		read_inbox(c, 1);
		size_t n = step_all(c, &words);

		/* Until a task really starts, the file keeps its old content. */
		if (c->started && now_ns() - c->flushed_ns >= FLUSH_INTERVAL_NS)
			collector_flush(c);
		/* One more step, to settle a count that the last step may have reset. */
		quiet = n < CAUGHT_UP ? quiet + 1 : 0;
		if (words == SIZE_MAX || quiet > 1) {
			uint64_t wait = step_wait(c, ps_per_pc, words);

			pthread_mutex_unlock(&c->lock);
			inbox_wait(&c->inbox, wait);
			pthread_mutex_lock(&c->lock);
			quiet = 0;
			continue;
		}
		pthread_mutex_unlock(&c->lock);
		while (__atomic_load_n(&c->waiting, __ATOMIC_SEQ_CST))
			sleep_ns(1000);
		pthread_mutex_lock(&c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* A capture with a new buffer. */
static struct error *make_capture(struct collector *c, struct capture **ret)
{
	_cleanup_kcov_ struct kcov kcov = KCOV_CLOSED;

	struct error *err = c->open_buffer(&kcov, c->words);
	if (err)
		return err;
	*ret = capture_create(&kcov);
	return *ret ? NULL : &error_no_memory;
}

/* Make the first buffer before anything runs, so that a lack of memory is known in time. */
static struct error *make_first_buffer(struct collector *c)
{
	struct capture *capture;
	struct error *err = c->words ? make_capture(c, &capture) : NULL;

	if (c->words && !err)
		inbox_return(&c->inbox, capture, false);
	return err;
}

struct error *collector_create(const struct collector_options *options, struct collector **ret)
{
	const struct module_watch_options watch = { .kaslr_offset = options->kaslr_offset };
	_cleanup_collector_ struct collector *c = calloc(1, sizeof(*c));

	if (!c)
		return &error_no_memory;
	c->writer = options->writer;
	c->words = options->words;
	c->nr_cpus = get_nprocs();
	c->next_id = 1;
	c->open_buffer = options->open_buffer ? options->open_buffer : kcov_open;
	c->set_stats = options->set_stats ? options->set_stats : kcov_set_stats;
	c->watch_pc = options->watch_pc;
	c->discards_set = options->discards_set;
	c->system_only = options->system_only;
	memcpy(c->load_pcs, options->load_pcs, sizeof(c->load_pcs));
	if (options->clones)
		c->clones = *options->clones;
	pthread_mutex_init(&c->lock, NULL);
	inbox_init(&c->inbox);
	c->flushed_ns = now_ns();
	struct error *err = run_writer_meta(c->writer, options->meta);
	if (!err)
		err = make_first_buffer(c);
	if (!err)
		err = module_watch_create(&watch, &c->modules);
	if (err)
		return err;
	collector_keep_error(c, module_watch_write(c->modules, c->writer));
	int e = pthread_create(&c->thread, NULL, drain_thread, c);
	if (e)
		return error_errno(e, "cannot start a thread");
	c->running = true;
	*ret = steal_ptr(&c);
	return NULL;
}

static void stop_thread(struct collector *c)
{
	if (!c->running)
		return;
	inbox_stop(&c->inbox);
	pthread_join(c->thread, NULL);
	c->running = false;
	read_inbox(c, SIZE_MAX);
}

void collector_destroy(struct collector *c)
{
	if (!c)
		return;
	stop_thread(c);
	capture_destroy_list(c->active);
	inbox_deinit(&c->inbox);
	hidden_clones_vector_deinit(&c->hidden);
	error_destroy(c->error);
	module_watch_destroy(c->modules);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

struct error *collector_prepare(struct collector *c, struct capture **ret, int *ret_fd)
{
	struct capture *capture = inbox_get_free(&c->inbox);
	struct error *err = capture ? NULL : make_capture(c, &capture);

	if (err)
		return err;
	drain_deinit(&capture->drain);
	drain_init(&capture->drain, capture->kcov.area, capture->kcov.words);
	*ret = capture;
	*ret_fd = capture->kcov.fd;
	return NULL;
}

void collector_cancel(struct collector *c, struct capture *capture)
{
	(void)c;
	/* It may be enabled in a task that still lives, so it must not be used again. */
	capture_destroy(capture);
}

static uint32_t assign_id(struct collector *c, struct run_source *about)
{
	bool is_task = about->kind != RUN_SOURCE_REMOTE && !run_kind_is_context(about->kind);
	bool root =
		!c->root_known && (is_task || (c->system_only && about->kind == RUN_SOURCE_SYSTEM));

	about->id = root ? 0 : c->next_id++;
	c->root_known |= root;
	return about->id;
}

uint32_t collector_start_capture(struct collector *c, struct capture *capture,
				 struct run_source about)
{
	uint32_t id = assign_id(c, &about);

	capture_begin(capture, about);
	inbox_start(&c->inbox, capture);
	return id;
}

uint32_t collector_start_task(struct collector *c, struct capture *capture,
			      const struct task_identity *task)
{
	return collector_start_capture(c, capture, capture_about_task(RUN_SOURCE_TASK, task));
}

struct error *collector_start_set(struct collector *c, struct kcov_set *set,
				  const struct task_identity *task, struct capture **ret)
{
	struct capture *capture = capture_create_set(set);

	if (!capture)
		return &error_no_memory;
	capture->is_discarded = c->discards_set;
	collector_start_capture(c, capture, capture_about_task(RUN_SOURCE_SET, task));
	*ret = capture;
	return NULL;
}

uint32_t collector_skip_source(struct collector *c, struct run_source about, const char *reason)
{
	about.state = RUN_STATE_NOT_FOLLOWED;
	about.reason = strdup(reason);
	collector_lock(c);
	if (!about.reason)
		collector_keep_error(c, &error_no_memory);
	uint32_t id = assign_id(c, &about);
	c->started |= !id;
	collector_keep_error(c, run_writer_source(c->writer, &about));
	collector_unlock(c);
	run_source_deinit(&about);
	return id;
}

uint32_t collector_skip_task(struct collector *c, const struct task_identity *task,
			     const char *reason)
{
	return collector_skip_source(c, capture_about_task(RUN_SOURCE_TASK, task), reason);
}

void collector_rename_task(struct collector *c, struct capture *capture, const char *comm)
{
	inbox_rename(&c->inbox, capture, strdup(comm));
}

void collector_set_parent(struct collector *c, struct capture *capture, int32_t parent)
{
	inbox_set_parent(&c->inbox, capture, parent);
}

void collector_end_task(struct collector *c, struct capture *capture, int32_t status,
			uint64_t announced)
{
	inbox_end(&c->inbox, capture, status, announced);
}

void collector_cut_task(struct collector *c, struct capture *capture, const int32_t *status,
			const char *reason, uint64_t announced)
{
	collector_lock(c);
	capture_list_remove(&c->active, capture);
	capture_step(capture, SIZE_MAX);
	write_pcs(c, capture);
	capture->about.exited = status;
	capture->about.status = status ? *status : 0;
	capture->about.state = RUN_STATE_CUT;
	capture->about.reason = strdup(reason);
	if (!capture->about.reason)
		collector_keep_error(c, &error_no_memory);
	write_about(c, capture);
	note_hidden(c, capture, announced);
	collector_unlock(c);
	capture_destroy(capture);
}

void collector_hidden_clones(struct collector *c, struct hidden_clones_vector *ret)
{
	collector_lock(c);
	*ret = c->hidden;
	c->hidden = (struct hidden_clones_vector)VECTOR_INIT;
	collector_unlock(c);
}

uint64_t collector_watch_hits(struct collector *c)
{
	collector_lock(c);
	uint64_t hits = c->watch_hits;
	collector_unlock(c);
	return hits;
}

void collector_note(struct collector *c, const char *text)
{
	collector_lock(c);
	collector_keep_error(c, run_writer_note(c->writer, text));
	collector_unlock(c);
}

struct error *collector_finish(struct collector *c)
{
	stop_thread(c);
	module_watch_stop(c->modules);
	/* Only remote handles and contexts are left; their sections may still be writing. */
	for (struct capture *capture = c->active; capture; capture = capture->next)
		capture_step(capture, SIZE_MAX);
	collector_flush(c);
	collector_keep_error(c, run_writer_end(c->writer));
	collector_keep_error(c, run_writer_flush(c->writer));
	return steal_ptr(&c->error);
}
