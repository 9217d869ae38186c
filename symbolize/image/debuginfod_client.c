// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests to debuginfod servers. libdebuginfod is loaded at its first use, so that machines
 * without it can do everything else.
 */
#include "symbolize/image/debuginfod_client.h"

#include <dirent.h>
#include <dlfcn.h>
#include <elfutils/debuginfod.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/strbuf.h"
#include "symbolize/image/debuginfod.h"

#define FUNCTION(f)   __typeof__(f) *f
#define LOOK_UP(l, f) ((l)->f = (__typeof__(f) *)dlsym((l)->handle, #f))

/* A dead server costs its timeout at each request, and a report may need a hundred modules. */
#define FAILING_NS_MAX (10 * 1000000000ULL)

static struct {
	/* Of all below, and of the actions of signals. Held during a request. */
	pthread_mutex_t lock;
	uint64_t failing_ns; /* that failed requests took */
	void *handle;	     /* NULL = not loaded yet */
	FUNCTION(debuginfod_begin);
	FUNCTION(debuginfod_end);
	FUNCTION(debuginfod_find_debuginfo);
	FUNCTION(debuginfod_find_executable);
	FUNCTION(debuginfod_set_progressfn);
	FUNCTION(debuginfod_set_user_data);
	FUNCTION(debuginfod_get_user_data);
	FUNCTION(debuginfod_get_url);
} library = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct request {
	enum debuginfod_file what;
	const struct build_id *build_id;
	const struct log *log;
	uint64_t start_ns;
	char *entry; /* of an interrupted download: its place in the cache */
};

static const int fatal[] = { SIGINT, SIGTERM, SIGHUP };
#define NR_FATAL (sizeof(fatal) / sizeof(*fatal))

struct saved_actions {
	struct sigaction fatal[NR_FATAL];
	struct sigaction pipe;
};

static volatile sig_atomic_t interrupted; /* the signal, or 0 */

bool debuginfod_is_set(void)
{
	const char *urls = getenv(DEBUGINFOD_URLS_ENV_VAR);

	return urls && *urls;
}

static struct error *load(void)
{
	if (library.handle)
		return NULL;
	void *handle = dlopen(DEBUGINFOD_SONAME, RTLD_NOW | RTLD_LOCAL);
	library.handle = handle;
	if (handle && LOOK_UP(&library, debuginfod_begin) && LOOK_UP(&library, debuginfod_end) &&
	    LOOK_UP(&library, debuginfod_find_debuginfo) &&
	    LOOK_UP(&library, debuginfod_find_executable) &&
	    LOOK_UP(&library, debuginfod_set_progressfn) &&
	    LOOK_UP(&library, debuginfod_set_user_data) &&
	    LOOK_UP(&library, debuginfod_get_user_data) && LOOK_UP(&library, debuginfod_get_url))
		return NULL;
	const char *why = dlerror();
	library.handle = NULL;
	return error_hint(error_create(ERROR_NOT_FOUND,
				       "cannot ask the servers of $DEBUGINFOD_URLS: %s",
				       why ? why : "cannot load " DEBUGINFOD_SONAME),
			  "install " DEBUGINFOD_SONAME);
}

static void note_signal(int number)
{
	interrupted = number;
}

/* A signal that is ignored stays so. A TLS library may write to a connection that was closed. */
static void hold_signals(struct saved_actions *saved)
{
	const struct sigaction note = { .sa_handler = note_signal };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	interrupted = 0;
	for (size_t i = 0; i < NR_FATAL; i++)
		if (sigaction(fatal[i], NULL, &saved->fatal[i]) == 0 &&
		    saved->fatal[i].sa_handler != SIG_IGN)
			sigaction(fatal[i], &note, NULL);
	sigaction(SIGPIPE, &ignore, &saved->pipe);
}

static void release_signals(const struct saved_actions *saved)
{
	for (size_t i = 0; i < NR_FATAL; i++)
		sigaction(fatal[i], &saved->fatal[i], NULL);
	sigaction(SIGPIPE, &saved->pipe, NULL);
	if (interrupted)
		raise(interrupted);
}

/*
 * libdebuginfod takes an interrupted download for "the server does not have it", and notes that as
 * an empty file in its cache: later requests fail for ten minutes. It does not say where. But
 * during the download the file PLACE.XXXXXX is open, in a directory named after the build id.
 */
static char *find_entry(const struct build_id *build_id)
{
	static const size_t suffix = sizeof(".XXXXXX") - 1;
	char hex[BUILD_ID_HEX_SIZE], below[BUILD_ID_HEX_SIZE + 2], target[4096];
	const struct dirent *entry;
	char *found = NULL;
	DIR *fds = opendir("/proc/self/fd");

	snprintf(below, sizeof(below), "/%s/", build_id_format(build_id, hex));
	while (fds && !found && (entry = readdir(fds))) {
		ssize_t len = readlinkat(dirfd(fds), entry->d_name, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (strstr(target, below) && len > suffix && target[len - suffix] == '.')
			found = strndup(target, len - suffix);
	}
	if (fds)
		closedir(fds);
	return found;
}

static void remove_empty(const char *path)
{
	struct stat st;

	if (path && lstat(path, &st) == 0 && S_ISREG(st.st_mode) && !st.st_size)
		unlink(path);
}

/* done and total are bytes from when there is a URL; total 0 = not known. Not 0: stop. */
static int show_progress(debuginfod_client *client, long done, long total)
{
	struct request *r = library.debuginfod_get_user_data(client);

	if (interrupted) {
		if (!r->entry)
			r->entry = find_entry(r->build_id);
		return 1;
	}
	if (!library.debuginfod_get_url(client))
		log_progress(r->log, "waiting for $DEBUGINFOD_URLS, seconds",
			     (now_ns() - r->start_ns) / 1000000000, 0);
	else if (done >= 0)
		log_progress(r->log,
			     total > 0 ? "downloading debug info" : "downloading debug info, bytes",
			     done, total > 0 ? total : 0);
	return 0;
}

/* A URL may contain the name and password of a user: "http://USER:PASSWORD@HOST/". */
static void add_url(struct strbuf *sb, const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	strbuf_addf(sb, "%.*s", (int)(host - url), url);
	const char *at = memrchr(host, '@', strcspn(host, "/"));
	strbuf_addstr(sb, at ? at + 1 : host);
}

/* url NULL: the file was in the cache. */
static void log_download(const struct request *r, const char *path, const char *url)
{
	_cleanup_strbuf_ struct strbuf from = STRBUF_INIT;
	struct stat st;

	if (!url || stat(path, &st))
		return;
	add_url(&from, url);
	bool small = st.st_size < 1000000;
	log_line(r->log, LOG_EVENT, "downloaded %.1f %s from %s to '%s'",
		 st.st_size / (small ? 1e3 : 1e6), small ? "kB" : "MB", strbuf_str(&from), path);
}

/* A negative errno, or success. */
static int ask(struct request *r, char **ret)
{
	struct saved_actions saved;
	int fd;

	debuginfod_client *client = library.debuginfod_begin();
	if (!client)
		return -ENOMEM;
	library.debuginfod_set_user_data(client, r);
	library.debuginfod_set_progressfn(client, show_progress);
	hold_signals(&saved);
	fd = (r->what == DEBUGINFOD_DEBUGINFO ? library.debuginfod_find_debuginfo
					      : library.debuginfod_find_executable)(
		client, r->build_id->bytes, r->build_id->size, ret);
	log_progress(r->log, "downloading debug info", 1, 1); /* ends the line on a terminal */
	remove_empty(r->entry);
	free(r->entry);
	release_signals(&saved);
	if (fd >= 0) {
		close(fd);
		log_download(r, *ret, library.debuginfod_get_url(client));
	}
	library.debuginfod_end(client);
	return fd < 0 ? fd : 0;
}

static struct error *ask_locked(struct request *r, char **ret)
{
	_cleanup_free_ char *path = NULL;

	struct error *err = load();
	if (err)
		return err;
	if (library.failing_ns > FAILING_NS_MAX)
		return error_create(ERROR_NOT_FOUND,
				    "the servers of $DEBUGINFOD_URLS are not asked again");
	r->start_ns = now_ns();
	int rc = ask(r, &path);
	if (rc == -ENOMEM || (!rc && !path))
		return &error_no_memory;
	if (rc == -ENOENT)
		return error_create(ERROR_NOT_FOUND, "no server of $DEBUGINFOD_URLS has it");
	if (rc) {
		library.failing_ns += now_ns() - r->start_ns;
		return error_create(ERROR_NOT_FOUND,
				    "cannot ask the servers of $DEBUGINFOD_URLS: %s",
				    strerror(-rc));
	}
	*ret = steal_ptr(&path);
	return NULL;
}

struct error *debuginfod_download(enum debuginfod_file what, const struct build_id *build_id,
				  const struct log *log, char **ret)
{
	struct request request = { .what = what, .build_id = build_id, .log = log };

	if (!debuginfod_is_set())
		return error_create(ERROR_NOT_FOUND, "$DEBUGINFOD_URLS is not set");
	/* libdebuginfod takes size 0 for "a string". */
	if (!build_id->size)
		return error_create(
			ERROR_NOT_FOUND,
			"without a build id no server of $DEBUGINFOD_URLS can be asked");
	pthread_mutex_lock(&library.lock);
	struct error *err = ask_locked(&request, ret);
	pthread_mutex_unlock(&library.lock);
	return err;
}
