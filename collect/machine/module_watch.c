// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The thread has to read a module's files before the module is unloaded. A program that loads
 * and unloads one at once leaves it some 100 microseconds. So the thread is in the real-time
 * class if that is allowed, only reads four small files per module, and takes no lock that is
 * held for long.
 */
#include "collect/machine/module_watch.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "collect/machine/identity.h"
#include "run/writer.h"

#define PROC_MODULES_MAX (16 << 20)
#define KERNEL_EVENTS	 1		   /* the kernel's multicast group; 2 is udev's */
#define RECEIVE_BUFFER	 (1 << 20)	   /* enough for thousands of events */
#define EVENT_MAX	 (2048 + 512 + 64) /* UEVENT_BUFFER_SIZE, plus the path before it */
#define NAME_MAX_BYTES	 64		   /* MODULE_NAME_LEN, with '\0' */
#define AT_ONCE		 1024		   /* messages read before the stop flag is checked */
#define NOTES_MAX	 64
/*
 * How long to look for a module that is being loaded, and how often: loading takes some
 * milliseconds, but many seconds on an emulated machine that is busy. The looks get rarer.
 */
#define LOADING_NS    20000000000ULL
#define LOOK_MIN_NS   300000ULL
#define LOOK_FRACTION 10 /* wait for this part of the time since the load began */

static const char event_prefix[] = "add@/module/";

struct module_watch {
	const struct identity_options *identity;
	uint64_t kaslr_offset;
	uint64_t (*now)(void);
	bool from_kernel;
	int socket;  /* -1 = none */
	int stop;    /* eventfd */
	int loading; /* eventfd */
	pthread_t thread;
	bool running;
	/* Used by the thread only: its last look at /proc/modules found these being loaded. */
	struct run_module_vector loads;
	/* Not used by the thread. */
	char *list;		      /* /proc/modules as last seen, or NULL */
	struct run_module_vector old; /* loaded before the collection, and not reloaded since */

	pthread_mutex_t lock; /* protects the following members */
	/* Found by the thread, still to be written: loaded; and being loaded, or unloaded. */
	struct run_module_vector came, loading_came;
	struct run_note_vector notes; /* notes, written or still to be written; each once */
	size_t nr_said;
	struct error *error; /* the first error of the thread */
};

static void clear_modules(struct run_module_vector *modules)
{
	vector_for_each(modules, m)
		run_module_deinit(m);
	run_module_vector_deinit(modules);
}

/* Lock held. */
static void keep_error(struct module_watch *w, struct error *err)
{
	if (err && !w->error)
		w->error = err;
	else
		error_destroy(err);
}

/* Lock held. Takes text. A module that is loaded again and again gets only one note. */
static struct error *add_note(struct module_watch *w, char *text)
{
	bool known = w->notes.len >= NOTES_MAX;

	for (size_t i = 0; text && !known && i < w->notes.len; i++)
		known = !strcmp(w->notes.data[i], text);
	if (text && !known && run_note_vector_append(&w->notes, &text))
		return NULL;
	free(text);
	return known ? NULL : &error_no_memory;
}

/* A module of this name has just run its init code, so the name is not old any more. */
static void forget_old(struct module_watch *w, const char *name)
{
	for (size_t i = 0; i < w->old.len; i++)
		if (!strcmp(w->old.data[i].name, name)) {
			run_module_deinit(&w->old.data[i]);
			w->old.data[i] = w->old.data[--w->old.len];
			return;
		}
}

/* Lock held. Takes module. */
static struct error *add_module(struct module_watch *w, struct run_module *module, const char *name)
{
	/* If not, all addresses are hidden, or the kernel provides none. */
	bool known = identity_is_module_known(module);
	char *text;

	if (module->size && known && run_module_vector_append(&w->came, module)) {
		*module = (struct run_module){ 0 };
		return NULL;
	}
	if (module->size)
		return known ? &error_no_memory : NULL;
	if (asprintf(&text, "module '%s' was unloaded before its addresses could be read", name) <
	    0)
		return &error_no_memory;
	return add_note(w, text);
}

bool module_watch_parse(const char *message, size_t len, char *ret, size_t size)
{
	size_t prefix = sizeof(event_prefix) - 1;

	if (len < prefix || memcmp(message, event_prefix, prefix))
		return false;
	size_t n = strnlen(message + prefix, len - prefix);
	if (n >= size)
		return false;
	memcpy(ret, message + prefix, n);
	ret[n] = '\0';
	return identity_is_module_name(ret);
}

static void handle_event(struct module_watch *w, const char *message, size_t len)
{
	char name[NAME_MAX_BYTES];
	struct run_module module = { 0 };

	if (!module_watch_parse(message, len, name, sizeof(name)))
		return;
	struct error *err = identity_module(w->identity, name, w->kaslr_offset, &module);
	pthread_mutex_lock(&w->lock);
	if (!err)
		err = add_module(w, &module, name);
	keep_error(w, err);
	pthread_mutex_unlock(&w->lock);
	run_module_deinit(&module);
}

/* A line of /proc/modules: "NAME SIZE REFERENCES USERS STATE ADDRESS". */
static bool is_loading(char *line, char **ret_name)
{
	char *rest = line, *words[5];

	for (int i = 0; i < 5; i++)
		words[i] = strsep(&rest, " ");
	*ret_name = words[0];
	return words[4] && (!strcmp(words[4], "Loading") || !strcmp(words[4], "Unloading")) &&
	       identity_is_module_name(words[0]);
}

static bool is_same_load(const struct run_module *a, const struct run_module *b)
{
	return a->base == b->base && a->init_base == b->init_base && !strcmp(a->name, b->name);
}

/* Add a module if its addresses are there, and were not at the last look. Takes module. */
static struct error *add_load(struct module_watch *w, struct run_module *module,
			      struct run_module_vector *loads)
{
	struct run_module copy = *module;

	copy.name = strdup(module->name);
	if (!copy.name || !run_module_vector_append(loads, &copy)) {
		free(copy.name);
		return &error_no_memory;
	}
	vector_for_each(&w->loads, m)
		if (is_same_load(m, module))
			return NULL;
	pthread_mutex_lock(&w->lock);
	bool ok = run_module_vector_append(&w->loading_came, module);
	pthread_mutex_unlock(&w->lock);
	if (ok)
		*module = (struct run_module){ 0 };
	return ok ? NULL : &error_no_memory;
}

static struct error *look_at_load(struct module_watch *w, const char *name,
				  struct run_module_vector *loads)
{
	struct run_module module = { 0 };

	struct error *err = identity_module(w->identity, name, w->kaslr_offset, &module);
	/* Its files in sysfs are made, or removed, at this moment: no news. */
	if (!err && module.size && identity_is_module_known(&module))
		err = add_load(w, &module, loads);
	run_module_deinit(&module);
	return err;
}

/* Find the modules that are being loaded now. */
static void look_at_loads(struct module_watch *w)
{
	struct run_module_vector loads = VECTOR_INIT;
	_cleanup_free_ char *path = identity_path(w->identity, "/proc/modules");
	_cleanup_free_ char *list = NULL;
	struct error *err = path ? file_read(path, PROC_MODULES_MAX, &list, NULL) : NULL;
	char *rest = list, *name;

	/* Without the list there is nothing to find; look() ignores that, too. */
	error_destroy(err);
	err = NULL;
	for (char *line; !err && (line = strsep(&rest, "\n"));)
		if (is_loading(line, &name))
			err = look_at_load(w, name, &loads);
	clear_modules(&w->loads);
	w->loads = loads;
	pthread_mutex_lock(&w->lock);
	keep_error(w, err);
	pthread_mutex_unlock(&w->lock);
}

static void handle_overflow(struct module_watch *w)
{
	pthread_mutex_lock(&w->lock);
	keep_error(w, add_note(w, strdup("kernel events were lost: modules that were loaded and "
					 "unloaded meanwhile may be missing")));
	pthread_mutex_unlock(&w->lock);
}

/* Receive one message. False: there is none now. */
static bool receive(struct module_watch *w)
{
	struct sockaddr_nl from = { 0 };
	socklen_t from_size = sizeof(from);
	char message[EVENT_MAX];

	ssize_t n = recvfrom(w->socket, message, sizeof(message), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &from_size);
	if (n < 0 && errno == ENOBUFS) {
		handle_overflow(w);
		return true;
	}
	if (n < 0)
		return errno == EINTR;
	/* Programs with CAP_NET_ADMIN can also send to the group. */
	if (!w->from_kernel || (from_size == sizeof(from) && from.nl_pid == 0))
		handle_event(w, message, n);
	return true;
}

static struct timespec look_wait(const struct module_watch *w, uint64_t began)
{
	uint64_t ns = began ? (w->now() - began) / LOOK_FRACTION : 0;

	return timespec_from_ns(ns > LOOK_MIN_NS ? ns : LOOK_MIN_NS);
}

static void *watch_thread(void *arg)
{
	struct module_watch *w = arg;
	struct pollfd fds[] = {
		{ .fd = w->socket, .events = POLLIN },
		{ .fd = w->stop, .events = POLLIN },
		{ .fd = w->loading, .events = POLLIN },
	};
	uint64_t began = 0; /* the last load; 0 = none that is looked for */

	while (!fds[1].revents) {
		struct timespec wait = look_wait(w, began);
		eventfd_t loads;

		if (ppoll(fds, 3, began ? &wait : NULL, NULL) < 0)
			continue;
		if (fds[2].revents && !eventfd_read(w->loading, &loads))
			began = w->now();
		if (began)
			look_at_loads(w);
		if (began && w->now() - began > LOADING_NS)
			began = 0;
		for (int i = 0; i < AT_ONCE && receive(w); i++)
			;
	}
	return NULL;
}

/* There may be many device events. Only messages that begin like ours may wake the thread
 * and fill the buffer. */
static void filter_events(int fd)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x61646440, 0, 5), /* "add@" */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2f6d6f64, 0, 3), /* "/mod" */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 8),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x756c652f, 0, 1), /* "ule/" */
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog filter = { sizeof(program) / sizeof(*program), program };

	(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

/* -1: not possible here. Modules that stay for a while are found even without it. */
static int open_socket(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_EVENTS };
	_cleanup_close_ int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	int size = RECEIVE_BUFFER;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	filter_events(fd);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return -1;
	return steal_fd(&fd);
}

static struct error *start_thread(struct module_watch *w)
{
	const struct sched_param priority = { .sched_priority = 1 };

	w->stop = eventfd(0, EFD_CLOEXEC);
	w->loading = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->stop < 0 || w->loading < 0)
		return error_errno(errno, "cannot make an eventfd");
	int e = pthread_create(&w->thread, NULL, watch_thread, w);
	if (e)
		return error_errno(e, "cannot start a thread");
	w->running = true;
	(void)pthread_setschedparam(w->thread, SCHED_FIFO, &priority);
	return NULL;
}

struct error *module_watch_create(const struct module_watch_options *options,
				  struct module_watch **ret)
{
	struct module_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return &error_no_memory;
	w->identity = options->identity;
	w->kaslr_offset = options->kaslr_offset;
	w->now = options->now ? options->now : now_ns;
	w->from_kernel = !options->socket;
	w->stop = w->loading = -1;
	pthread_mutex_init(&w->lock, NULL);
	/* Listen before reading the list: a module loaded in between is then new. */
	w->socket = options->socket ? options->socket : open_socket();
	struct error *err = identity_modules(w->identity, w->kaslr_offset, &w->old);
	if (!err)
		err = start_thread(w);
	if (err) {
		if (options->socket)
			w->socket = -1;
		module_watch_destroy(w);
		return err;
	}
	*ret = w;
	return NULL;
}

void module_watch_stop(struct module_watch *w)
{
	if (!w->running)
		return;
	eventfd_write(w->stop, 1);
	pthread_join(w->thread, NULL);
	w->running = false;
}

void module_watch_destroy(struct module_watch *w)
{
	if (!w)
		return;
	module_watch_stop(w);
	if (w->socket >= 0)
		close(w->socket);
	if (w->stop >= 0)
		close(w->stop);
	if (w->loading >= 0)
		close(w->loading);
	clear_modules(&w->loads);
	clear_modules(&w->old);
	clear_modules(&w->came);
	clear_modules(&w->loading_came);
	for (size_t i = 0; i < w->notes.len; i++)
		free(w->notes.data[i]);
	run_note_vector_deinit(&w->notes);
	error_destroy(w->error);
	pthread_mutex_destroy(&w->lock);
	free(w->list);
	free(w);
}

void module_watch_loading(struct module_watch *w)
{
	eventfd_write(w->loading, 1);
}

/* Was the module loaded when the collection began? Then the run has no coverage of its
 * init code. */
static bool is_old(const struct run_module_vector *old, const struct run_module *module)
{
	vector_for_each(old, m)
		if (m->base == module->base && !strcmp(m->name, module->name))
			return true;
	return false;
}

/* Keep those of w->old that are still in modules. */
static void keep_old(struct module_watch *w, const struct run_module_vector *modules)
{
	size_t nr = 0;

	vector_for_each(&w->old, m)
		if (is_old(modules, m))
			w->old.data[nr++] = *m;
		else
			run_module_deinit(m);
	w->old.len = nr;
}

/* Modules are loaded and unloaded while the workload runs: write those that are loaded now. */
static struct error *look(struct module_watch *w, struct run_writer *writer)
{
	struct run_module_vector modules = VECTOR_INIT;
	_cleanup_free_ char *path = identity_path(w->identity, "/proc/modules");
	_cleanup_free_ char *list = NULL;

	if (!path)
		return &error_no_memory;
	error_destroy(file_read(path, PROC_MODULES_MAX, &list, NULL));
	if (list && w->list && !strcmp(list, w->list))
		return NULL;
	free(w->list);
	w->list = steal_ptr(&list);
	struct error *err = identity_modules(w->identity, w->kaslr_offset, &modules);
	if (!err)
		keep_old(w, &modules);
	vector_for_each(&modules, m) {
		if (is_old(&w->old, m))
			m->init_base = 0;
		/* If that was all its code, nothing of it can be executed any more. */
		if (!err && identity_is_module_known(m))
			err = run_writer_module(writer, m);
	}
	clear_modules(&modules);
	return err;
}

/* Write what the thread has found. */
static struct error *write_came(struct module_watch *w, struct run_writer *writer)
{
	struct run_module_vector came, loading;
	struct error *err;

	pthread_mutex_lock(&w->lock);
	came = w->came;
	loading = w->loading_came;
	w->came = w->loading_came = (struct run_module_vector)VECTOR_INIT;
	err = steal_ptr(&w->error);
	for (; !err && w->nr_said < w->notes.len; w->nr_said++)
		err = run_writer_note(writer, w->notes.data[w->nr_said]);
	pthread_mutex_unlock(&w->lock);
	vector_for_each(&came, m) {
		forget_old(w, m->name);
		if (!err)
			err = run_writer_module(writer, m);
	}
	/* One that was loaded before the collection may be unloaded now. */
	vector_for_each(&loading, m)
		if (!err && !is_old(&w->old, m))
			err = run_writer_module(writer, m);
	clear_modules(&came);
	clear_modules(&loading);
	return err;
}

struct error *module_watch_write(struct module_watch *w, struct run_writer *writer)
{
	struct error *err = write_came(w, writer);

	return err ? err : look(w, writer);
}
