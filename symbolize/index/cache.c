// SPDX-License-Identifier: GPL-2.0-or-later
/* The one way to an index: from the cache, or else made and put there. */
#include "symbolize/index/cache.h"

#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/cleanup.h"
#include "symbolize/index/cache_private.h"
#include "symbolize/index/private.h"

/* A process that holds the lock for longer was stopped, or hangs. */
#define WAIT_LIMIT_NS 600000000000ULL

/* Log lines while an image is read: passed on, and kept for the next time. */
struct recorder {
	const struct log *log;
	const char *path; /* replaced by '\1'; as log lines show it */
	pthread_mutex_t lock;
	struct strbuf *info;
};

/* A request while it is answered with the help of the cache. */
struct request {
	const char *path;
	const struct index_get_options *options;
	int directory;
	struct cache_image image;
	struct cache_hash plain;    /* the name, if no debug info was looked for */
	struct cache_hash searched; /* the name otherwise */
	bool said_waiting;
};

static void request_deinit(struct request *r)
{
	if (r->directory >= 0)
		close(r->directory);
	cache_image_deinit(&r->image);
}

static void add_line(struct recorder *r, enum log_level level, const char *text)
{
	_cleanup_free_ char *quoted = NULL;
	const char *at;

	strbuf_addch(r->info, level == LOG_WARNING ? CACHE_INFO_WARNING : CACHE_INFO_LINE);
	if (asprintf(&quoted, "'%s'", r->path) < 0) {
		quoted = NULL;
		r->info->failed = true;
		return;
	}
	for (; (at = strstr(text, quoted)); text = at + strlen(quoted)) {
		strbuf_add(r->info, text, at - text);
		strbuf_addstr(r->info, "'\1'");
	}
	strbuf_add(r->info, text, strlen(text) + 1);
}

static void record_line(void *arg, enum log_level level, const char *text)
{
	struct recorder *r = arg;

	if (r->log && r->log->line)
		r->log->line(r->log->arg, level, text);
	if (level == LOG_DEBUG || level == LOG_EVENT)
		return;
	pthread_mutex_lock(&r->lock);
	add_line(r, level, text);
	pthread_mutex_unlock(&r->lock);
}

static void record_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	log_progress(((struct recorder *)arg)->log, what, done, total);
}

static void replay_line(const struct log *log, enum log_level level, const char *text,
			const char *path)
{
	_cleanup_strbuf_ struct strbuf line = STRBUF_INIT;

	for (; *text; text++)
		if (*text == '\1')
			strbuf_addstr(&line, path);
		else
			strbuf_addch(&line, *text);
	log_line(log, level, "%s", strbuf_str(&line));
}

/* The lines that the log got when the index was made. */
static void replay(const struct request *r, const struct cached *cached)
{
	const char *end = cached->info + cached->info_size;

	for (const char *at = cached->info; at < end; at += strlen(at) + 1)
		if (*at == CACHE_INFO_WARNING || *at == CACHE_INFO_LINE)
			replay_line(r->options->log,
				    *at == CACHE_INFO_WARNING ? LOG_WARNING : LOG_INFO, at + 1,
				    r->path);
}

/* Where debug info was looked for there is the same as then. */
static bool debug_is_same(const struct cached *cached)
{
	const char *at = NULL;

	while ((at = cache_info_next(cached->info, cached->info_size, at, CACHE_INFO_LOOKED))) {
		const char *tab = strchr(at, '\t');
		char state[CACHE_STATE_SIZE];

		if (!tab)
			return false;
		cache_state_of(tab + 1, state);
		if (strlen(state) != (size_t)(tab - at) || memcmp(state, at, tab - at))
			return false;
	}
	return true;
}

static bool look_up_name(const struct request *r, const struct cache_hash *name, bool say,
			 struct index **ret)
{
	struct cached cached;
	const char *what;

	switch (cache_file_read(r->directory, name, r->path, &cached, &what)) {
	case CACHE_ABSENT:
		return false;
	case CACHE_DAMAGED:
		if (say)
			log_line(
				r->options->log, LOG_INFO,
				"the cached index of '%s' is damaged (%s): reading the image again",
				r->path, what);
		return false;
	case CACHE_OTHER_VERSION:
		if (say)
			log_line(r->options->log, LOG_INFO,
				 "the cached index of '%s' is of another version: reading the "
				 "image again",
				 r->path);
		return false;
	case CACHE_FOUND:
		break;
	}
	if (!debug_is_same(&cached)) {
		index_destroy(cached.index);
		return false;
	}
	replay(r, &cached);
	*ret = cached.index;
	return true;
}

/* say: log why a file that is there is not used. */
static bool look_up(const struct request *r, bool say, struct index **ret)
{
	return look_up_name(r, &r->plain, say, ret) || look_up_name(r, &r->searched, say, ret);
}

/* An image that was read, and what to keep with its index. */
struct reading {
	struct image *image;
	struct strbuf info;
	bool is_whole;	 /* all units were read, and of no other files */
	bool is_settled; /* a later change of a debug file will show in its state */
};

static void reading_deinit(struct reading *reading)
{
	image_close(reading->image);
	strbuf_deinit(&reading->info);
}

static void add_looked_at(struct reading *reading)
{
	size_t size;
	const char *paths = image_looked_at(reading->image, &size);
	char state[CACHE_STATE_SIZE];

	reading->is_settled = true;
	for (const char *path = paths; path < paths + size; path += strlen(path) + 1) {
		reading->is_settled &= cache_state_of(path, state);
		strbuf_addf(&reading->info, "%c%s\t%s", CACHE_INFO_LOOKED, state, path);
		strbuf_addch(&reading->info, '\0');
	}
}

/* reading may be NULL. */
static struct error *open_and_build(const char *path, const struct index_get_options *options,
				    const struct log *log, struct reading *reading,
				    struct index **ret)
{
	const struct image_options image_options = { .debug_dirs = options->debug_dirs,
						     .log = log };
	_cleanup_image_ struct image *image = NULL;
	struct error *err = image_open(path, &image_options, &image);

	if (err)
		return err;
	struct image *opened = image;
	if (reading) {
		reading->image = steal_ptr(&image);
		add_looked_at(reading);
	}
	return index_build_isolated(opened,
				    &(struct index_options){ .log = log, .jobs = options->jobs },
				    reading ? &reading->is_whole : NULL, ret);
}

static bool is_worth_keeping(const struct request *r, const struct reading *reading)
{
	const struct cached now = { .info = reading->info.data, .info_size = reading->info.len };

	/* Nothing that was read may have changed since it was read. */
	return reading->is_whole && !image_lacks_supplement(reading->image) &&
	       reading->is_settled && debug_is_same(&now) &&
	       cache_image_is_same(&r->image, r->path);
}

static struct error *keep(const struct request *r, struct reading *reading,
			  const struct index *index)
{
	const uint64_t limit = r->options->size_limit;
	struct strbuf *info = &reading->info;
	size_t looked_at;
	uint64_t freed;

	if (!is_worth_keeping(r, reading))
		return NULL;
	strbuf_addf(info, "%c%s", CACHE_INFO_PATH, r->image.path);
	strbuf_addch(info, '\0');
	strbuf_addf(info, "%c%s", CACHE_INFO_CONTENT, r->image.content.hex);
	strbuf_addch(info, '\0');
	struct error *err = strbuf_check(info);
	if (err)
		return err;
	if (cache_file_size(index, info) > limit)
		return error_create(ERROR_INVALID, "it is larger than the cache may become");
	image_looked_at(reading->image, &looked_at);
	const struct cache_hash *hash = looked_at ? &r->searched : &r->plain;
	const struct cache_name name = cache_name(hash, CACHE_INDEX_SUFFIX);
	err = cache_file_write(r->directory, r->options->directory, hash, &r->plain, index, info);
	return err ? err : cache_prune(r->directory, limit, name.text, &freed);
}

/* Takes err. */
static void note_unused(const struct request *r, struct error *err)
{
	_cleanup_free_ char *text = error_format(err);

	log_line(r->options->log, LOG_INFO, "the index of '%s' is not kept: %s", r->path,
		 text ? text : "out of memory");
	error_destroy(err);
}

static struct error *build_and_keep(const struct request *r, struct index **ret)
{
	_cleanup_(reading_deinit) struct reading reading = { 0 };
	_cleanup_free_ char *shown = strdup(r->path);
	struct recorder recorder = {
		.log = r->options->log,
		.path = shown,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.info = &reading.info,
	};
	const struct log recording = { record_line, record_progress, &recorder };

	if (!shown)
		return &error_no_memory;
	string_mask_controls(shown);
	struct error *err = open_and_build(r->path, r->options, &recording, &reading, ret);
	if (err)
		return err;
	struct error *unused = keep(r, &reading, *ret);
	if (unused)
		note_unused(r, unused);
	return NULL;
}

static bool wait_for_other(void *arg, uint64_t waited_ns)
{
	struct request *r = arg;
	const struct log *log = r->options->log;

	/* Others hold a lock for a moment to see whether they can remove it. */
	if (!r->said_waiting && waited_ns)
		log_line(log, LOG_INFO, "waiting for another kcovreport to read '%s'", r->path);
	r->said_waiting |= waited_ns > 0;
	log_progress(log, "seconds waited", waited_ns / 1000000000, 0);
	return waited_ns < WAIT_LIMIT_NS;
}

/* What decides how an image is read. */
struct builds {
	struct build_id own;	 /* of this program */
	struct strbuf libraries; /* build ids of libdw and libelf, unless they are in the program */
	bool has_own;
};

static struct build_id loaded_build_id(const struct dl_phdr_info *info)
{
	struct build_id id = { 0 };

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_NOTE &&
		    build_id_from_notes((const void *)(info->dlpi_addr + p->p_vaddr), p->p_memsz,
					&id))
			break;
	}
	return id;
}

static int add_build(struct dl_phdr_info *info, size_t size, void *arg)
{
	const char *slash = strrchr(info->dlpi_name, '/');
	const char *name = slash ? slash + 1 : info->dlpi_name;
	struct builds *builds = arg;
	char hex[BUILD_ID_HEX_SIZE];

	(void)size;
	/* The first one is the program itself. */
	if (!builds->has_own) {
		builds->own = loaded_build_id(info);
		builds->has_own = true;
	} else if (string_starts_with(name, "libdw") || string_starts_with(name, "libelf")) {
		const struct build_id id = loaded_build_id(info);

		strbuf_addf(&builds->libraries, " %s", build_id_format(&id, hex));
	}
	return 0;
}

/* The 128-bit hash of text, as a name. */
static struct cache_hash hash_text(const struct strbuf *text)
{
	const XXH128_hash_t hash = XXH3_128bits(strbuf_str(text), text->len);
	struct cache_hash ret;

	snprintf(ret.hex, sizeof(ret.hex), "%016jx%016jx", (uintmax_t)hash.high64,
		 (uintmax_t)hash.low64);
	return ret;
}

/* What else than its content an index depends on: see cache.h. */
static struct error *make_names(struct request *r, const struct builds *builds)
{
	const char *const *dirs = r->options->debug_dirs;
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	char hex[BUILD_ID_HEX_SIZE];

	strbuf_addf(&text, "%s %s%s", r->image.content.hex, build_id_format(&builds->own, hex),
		    strbuf_str(&builds->libraries));
	r->plain = hash_text(&text);
	strbuf_add(&text, r->image.path, strlen(r->image.path) + 1);
	for (size_t i = 0; dirs && dirs[i]; i++)
		strbuf_add(&text, dirs[i], strlen(dirs[i]) + 1);
	r->searched = hash_text(&text);
	return strbuf_check(&text);
}

static struct error *build_alone(const struct request *r, struct index **ret)
{
	return open_and_build(r->path, r->options, r->options->log, NULL, ret);
}

static void builds_deinit(struct builds *builds)
{
	strbuf_deinit(&builds->libraries);
}

static struct error *get_cached(struct request *r, struct index **ret)
{
	_cleanup_(builds_deinit) struct builds builds = { 0 };

	dl_iterate_phdr(add_build, &builds);
	struct error *err = strbuf_check(&builds.libraries);
	/* Another build of the program, which may make another index, has none either. */
	if (!err && !builds.own.size)
		err = error_create(ERROR_INVALID, "this program was linked without a build id");
	if (!err)
		err = cache_directory_open(r->options->directory, true, &r->directory);
	if (err)
		note_unused(r, err);
	if (err || !cache_image_init(&r->image, r->directory, r->path))
		return build_alone(r, ret);
	err = make_names(r, &builds);
	if (err)
		return err;
	if (look_up(r, false, ret))
		return NULL;
	int lock = cache_lock(r->directory, &r->plain, wait_for_other, r);
	if (lock < 0) {
		note_unused(r, error_errno(errno, "cannot lock it in '%s'", r->options->directory));
		return build_alone(r, ret);
	}
	/* Another process may have made it while we waited. */
	if (!look_up(r, true, ret))
		err = build_and_keep(r, ret);
	cache_unlock(r->directory, &r->plain, lock);
	return err;
}

struct error *index_get(const char *path, const struct index_get_options *options,
			struct index **ret)
{
	static const struct index_get_options none;
	_cleanup_(request_deinit) struct request r = {
		.path = path,
		.options = options ? options : &none,
		.directory = -1,
	};

	if (!r.options->directory || !r.options->size_limit)
		return build_alone(&r, ret);
	return get_cached(&r, ret);
}
