// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For LD_PRELOAD: makes a call of a library function fail, in a program and in its children before
 * they execute another one, all counted together.
 *
 * FAIL_CALL=NAME:ERROR:N: the Nth call of NAME, counted from 1, fails with this error ("EIO"); N+:
 * and all later ones. SHORT instead of an error: it reads or writes one byte. FAIL_COUNT=FILE:
 * writes to the file how many calls of each function there were, as lines "NAME N".
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Result on failure, return type, name, parameters, arguments. Those of SIZED have a size n. */
#define SIZED(X)                                                                                   \
	X(-1, ssize_t, write, (int fd, const void *data, size_t n), (fd, data, n))                 \
	X(-1, ssize_t, read, (int fd, void *data, size_t n), (fd, data, n))                        \
	X(-1, ssize_t, pread64, (int fd, void *data, size_t n, off_t at), (fd, data, n, at))
#define OTHERS(X)                                                                                  \
	X(-1, int, open64, (const char *path, int flags, int mode), (path, flags, mode))           \
	X(-1, int, openat64, (int at, const char *path, int flags, int mode),                      \
	  (at, path, flags, mode))                                                                 \
	X(NULL, void *, fopen64, (const char *path, const char *mode), (path, mode))               \
	X(-1, int, rename, (const char *from, const char *to), (from, to))                         \
	X(-1, int, mkdir, (const char *path, int mode), (path, mode))                              \
	X(-1, int, close, (int fd), (fd))                                                          \
	X(MAP_FAILED, void *, mmap64,                                                              \
	  (void *where, size_t size, int protection, int flags, int fd, off_t at),                 \
	  (where, size, protection, flags, fd, at))                                                \
	X(-1, int, ftruncate64, (int fd, off_t size), (fd, size))                                  \
	X(-1, off_t, lseek64, (int fd, off_t at, int whence), (fd, at, whence))                    \
	X(-1, int, fstat64, (int fd, void *st), (fd, st))                                          \
	X(-1, int, stat64, (const char *path, void *st), (path, st))                               \
	X(-1, int, flock, (int fd, int how), (fd, how))                                            \
	X(-1, int, fcntl64, (int fd, int command, long arg), (fd, command, arg))                   \
	X(-1, int, ioctl, (int fd, unsigned long request, void *arg), (fd, request, arg))          \
	X(-1, int, dup2, (int from, int to), (from, to))                                           \
	X(-1, int, pipe2, (int *fds, int flags), (fds, flags))                                     \
	X(-1, pid_t, fork, (void), ())                                                             \
	X(-1, pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options))       \
	X(-1, int, waitid, (idtype_t kind, id_t id, siginfo_t * info, int options),                \
	  (kind, id, info, options))                                                               \
	X(-1, int, poll, (struct pollfd * fds, nfds_t nr, int timeout), (fds, nr, timeout))        \
	X(-1, int, sigwaitinfo, (const sigset_t *set, siginfo_t *info), (set, info))               \
	X(-1, int, socket, (int domain, int type, int protocol), (domain, type, protocol))         \
	X(-1, long, syscall, (long number, long a, long b, long c, long d, long e, long f),        \
	  (number, a, b, c, d, e, f))                                                              \
	X(-1, int, eventfd, (unsigned int count, int flags), (count, flags))                       \
	X(errno, int, pthread_create,                                                              \
	  (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *arg), \
	  (thread, attributes, run, arg))

#define TRACE(X)                                                                                   \
	X(-1, long, ptrace, (long request, pid_t pid, void *address, void *data),                  \
	  (request, pid, address, data))

#define NUMBER(failed, type, name, parameters, arguments) CALL_##name,
enum call { SIZED(NUMBER) OTHERS(NUMBER) TRACE(NUMBER) CALLS };

#define NAME(failed, type, name, parameters, arguments) #name,
static const char *const names[] = { SIZED(NAME) OTHERS(NAME) TRACE(NAME) };

static uint64_t *counts; /* shared by all processes; NULL: not yet */
static int fail_call = -1, fail_errno;
static uint64_t fail_at;
static bool sticky, is_short;
static pid_t first;
static char count_path[4096];

static void parse(const char *text)
{
	char name[32] = "", error[16] = "", n[32] = "";

	if (sscanf(text, "%31[^:]:%15[^:]:%31s", name, error, n) != 3)
		abort();
	for (int i = 0; i < CALLS; i++)
		if (!strcmp(names[i], name))
			fail_call = i;
	if (fail_call < 0)
		abort();
	is_short = !strcmp(error, "SHORT");
	for (int i = 1; i < 200 && !fail_errno; i++)
		if (strerrorname_np(i) && !strcmp(strerrorname_np(i), error))
			fail_errno = i;
	if (!is_short && !fail_errno)
		abort();
	fail_at = strtoull(n, NULL, 10);
	sticky = strchr(n, '+');
}

/* What is executed next is not to fail. */
__attribute__((constructor)) static void start(void)
{
	const char *fail = getenv("FAIL_CALL"), *count = getenv("FAIL_COUNT");
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	if (fail)
		parse(fail);
	if (count)
		snprintf(count_path, sizeof(count_path), "%s", count);
	unsetenv("LD_PRELOAD");
	first = getpid();
	memset(memory, 0, 4096);
	counts = memory;
}

__attribute__((destructor)) static void stop(void)
{
	if (!count_path[0] || getpid() != first)
		return;
	FILE *file = fopen(count_path, "w");

	for (int i = 0; file && i < CALLS; i++)
		fprintf(file, "%s %ju\n", names[i], (uintmax_t)counts[i]);
	if (file)
		fclose(file);
}

/* Reads and writes of a stopped task cannot fail: only a request that lets it run, or stops it. */
static bool controls(long request)
{
	return request == PTRACE_SEIZE || request == PTRACE_CONT || request == PTRACE_DETACH ||
	       request == PTRACE_LISTEN || request == PTRACE_INTERRUPT;
}

static bool fails(enum call call)
{
	if (!counts)
		return false;
	uint64_t n = __atomic_add_fetch(&counts[call], 1, __ATOMIC_SEQ_CST);

	return (int)call == fail_call && (sticky ? n >= fail_at : n == fail_at);
}

/* The headers declare some of these functions in another way, hence the other names here. */
#define WRAP_SHORTENED(failed, type, name, parameters, arguments, counted, shorten)                \
	type wrapped_##name parameters __asm__(#name);                                             \
	type wrapped_##name parameters                                                             \
	{                                                                                          \
		static type(*next) parameters;                                                     \
                                                                                                   \
		if (!next)                                                                         \
			next = (type(*) parameters)dlsym(RTLD_NEXT, #name);                        \
		if ((counted) && fails(CALL_##name)) {                                             \
			if (!is_short) {                                                           \
				errno = fail_errno;                                                \
				return failed;                                                     \
			}                                                                          \
			shorten;                                                                   \
		}                                                                                  \
		return next arguments;                                                             \
	}
#define WRAP_SIZED(failed, type, name, parameters, arguments)                                      \
	WRAP_SHORTENED(failed, type, name, parameters, arguments, true, n = n > 1 ? 1 : n)
#define WRAP(failed, type, name, parameters, arguments)                                            \
	WRAP_SHORTENED(failed, type, name, parameters, arguments, true, )
#define WRAP_TRACE(failed, type, name, parameters, arguments)                                      \
	WRAP_SHORTENED(failed, type, name, parameters, arguments, controls(request), )

SIZED(WRAP_SIZED)
OTHERS(WRAP)
TRACE(WRAP_TRACE)
