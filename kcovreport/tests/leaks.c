// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For LD_PRELOAD, before all others, with a program that was built with ASan: looks for leaks at
 * _exit() too, with which children end. What it finds goes where ASan's reports go.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/* Other names of the C library for calls that must not fail, nor count. */
int __open64(const char *path, int flags, ...);
ssize_t __read(int fd, void *data, size_t size);
int __close(int fd);

/* LeakSanitizer is a tracer itself, and ends a task that has another one. */
static bool is_traced(void)
{
	char text[1024] = "";
	int fd = __open64("/proc/self/status", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return true;
	ssize_t n = __read(fd, text, sizeof(text) - 1);
	__close(fd);
	return n <= 0 || !strstr(text, "\nTracerPid:\t0\n");
}

void _exit(int status)
{
	void (*next)(int) = (void (*)(int))dlsym(RTLD_NEXT, "_exit");

	if (__lsan_do_recoverable_leak_check && !is_traced())
		__lsan_do_recoverable_leak_check();
	next(status);
	abort();
}
