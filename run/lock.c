// SPDX-License-Identifier: GPL-2.0-or-later
/* Locks a run file for one collection, and finds out who holds a lock. */
#include "run/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/io.h"
#include "base/outpath.h"
#include "base/strbuf.h"
#include "base/unfinished.h"

/* Give up after the file was replaced this many times between opening and locking it. */
#define TRIES	      100
#define LOCKS_MAX     ((size_t)16 << 20)
#define COMMAND_SHOWN 200

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* *ret = -1: there is something that is not a regular file. */
static struct error *open_file(const char *path, int *ret, bool *is_new)
{
	const int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;
	struct stat st;

	for (int i = 0; i < TRIES; i++) {
		*ret = open(path, flags | O_CREAT | O_EXCL, 0666);
		*is_new = *ret >= 0;
		if (*ret >= 0) {
			caller_own(*ret);
			return NULL;
		}
		if (errno != EEXIST)
			break;
		/* O_EXCL does not follow a dangling link, whose file is to be created. */
		*is_new = stat(path, &st) != 0;
		if (!*is_new && !S_ISREG(st.st_mode))
			return NULL;
		*ret = open(path, flags | (*is_new ? O_CREAT : 0), 0666);
		if (*ret >= 0)
			return NULL;
		/* Otherwise it was removed meanwhile. */
		if (errno != ENOENT || *is_new)
			break;
	}
	return error_errno(errno, "cannot open '%s' for writing", path);
}

/* The standard streams may be closed. Their numbers are for the files of the command. */
static struct error *move_above_stdio(int *fd)
{
	if (*fd > STDERR_FILENO)
		return NULL;
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (high < 0)
		return error_errno(errno, "cannot duplicate a descriptor");
	close(*fd);
	*fd = high;
	return NULL;
}

/*
 * The pid in a line of /proc/locks for a lock on the whole of this file, such as
 * "1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF". 0: it is another lock, or its holder is in
 * another pid namespace.
 */
static int holder_in_line(const char *line, const char *kind, const struct stat *st)
{
	unsigned int major, minor;
	unsigned long inode;
	char found[8], end[4];
	int pid;

	if (sscanf(line, "%*u: %7s %*s WRITE %d %x:%x:%lu 0 %3s", found, &pid, &major, &minor,
		   &inode, end) != 6 ||
	    strcmp(found, kind) || strcmp(end, "EOF") || makedev(major, minor) != st->st_dev ||
	    inode != st->st_ino)
		return 0;
	return pid > 0 ? pid : 0;
}

static int find_holder(const struct stat *st)
{
	_cleanup_free_ char *text = NULL;
	char *rest, *line;
	int pid, posix = 0;

	_cleanup_error_ struct error *err = file_read("/proc/locks", LOCKS_MAX, &text, NULL);
	if (err)
		return 0;
	rest = text;
	/* Each line becomes a string: sscanf() looks for the end of what it gets. */
	while ((line = strsep(&rest, "\n"))) {
		pid = holder_in_line(line, "FLOCK", st);
		if (pid)
			return pid;
		/* 9p makes a POSIX lock of it: v9fs_file_flock_dotl() in Linux fs/9p/vfs_file.c. */
		if (!posix)
			posix = holder_in_line(line, "POSIX", st);
	}
	return posix;
}

/* Append " (kcovreport collect make check)", if it can be read. */
static void add_command(struct strbuf *sb, int pid)
{
	_cleanup_free_ char *text = NULL;
	char path[64];
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	_cleanup_error_ struct error *err = file_read(path, LOCKS_MAX, &text, &len);
	if (err || !len)
		return;
	for (size_t i = 0; i + 1 < len; i++)
		if (!text[i])
			text[i] = ' ';
	strbuf_addf(sb, " (%.*s%s)", COMMAND_SHOWN, text,
		    strlen(text) > COMMAND_SHOWN ? "..." : "");
}

static struct error *busy(const char *path, int fd)
{
	_cleanup_strbuf_ struct strbuf who = STRBUF_INIT;
	struct stat st;
	int pid = fstat(fd, &st) ? 0 : find_holder(&st);

	/* The process that took the lock may have ended before the others that hold it. */
	if (pid && (!kill(pid, 0) || errno == EPERM)) {
		strbuf_addf(&who, ": process %d", pid);
		add_command(&who, pid);
	}
	return error_hint(error_create(ERROR_INVALID, "another collect is writing '%s'%s", path,
				       strbuf_str(&who)),
			  "wait until it ends, or name another file with -o");
}

/* *ok = false: the name refers to another file now. */
static struct error *lock_file(const char *path, int fd, bool *ok)
{
	struct stat opened, named;
	int failed;

	do
		failed = flock(fd, LOCK_EX | LOCK_NB);
	while (failed && errno == EINTR);
	if (failed && errno == EWOULDBLOCK)
		return busy(path, fd);
	/* The one that had it before may have removed or replaced it. */
	*ok = !fstat(fd, &opened) && !stat(path, &named) && is_same(&opened, &named);
	return NULL;
}

static struct error *take(const char *path, struct run_lock *ret)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return &error_no_memory;
	struct error *err = outpath_check_file(path);
	if (err)
		return err;
	for (int i = 0; i < TRIES; i++) {
		_cleanup_close_ int fd = -1;
		bool is_new, ok = true;

		err = open_file(path, &fd, &is_new);
		if (!err && fd >= 0)
			err = move_above_stdio(&fd);
		if (!err && fd >= 0)
			err = lock_file(path, fd, &ok);
		if (err)
			return err;
		if (!ok)
			continue;
		*ret = (struct run_lock){ .path = steal_ptr(&copy),
					  .fd = steal_fd(&fd),
					  .is_new = is_new };
		if (is_new)
			unfinished_add(ret->path, UNFINISHED_EMPTY);
		return NULL;
	}
	return error_create(ERROR_SYSTEM, "'%s' is replaced again and again", path);
}

/* A signal waits until the file that we create is known as one to remove. */
struct error *run_lock_take(const char *path, struct run_lock *ret)
{
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	struct error *err = take(path, ret);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

/* Not a link to it, which is the user's, nor a file that was put in its place. */
static void remove_empty(const struct run_lock *lock)
{
	struct stat opened, named;

	if (!fstat(lock->fd, &opened) && !opened.st_size && !lstat(lock->path, &named) &&
	    is_same(&opened, &named))
		unlink(lock->path);
}

void run_lock_release(struct run_lock *lock)
{
	if (lock->fd >= 0 && lock->is_new)
		remove_empty(lock);
	if (lock->fd >= 0)
		close(lock->fd);
	if (lock->path)
		unfinished_forget(lock->path);
	free(lock->path);
	*lock = (struct run_lock)RUN_LOCK_NONE;
}
