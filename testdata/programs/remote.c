// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: remote CONTEXT SOURCE SECTIONS CALLS [STEPS]
 *        remote module | failing | failing-memory
 *
 * Remote sections of our own module (kernel/kmod/kcovreport_remote.h). CONTEXT is kthread, work,
 * softirq, nested, timer, rcu or thread. SOURCE is the handle of the sections: common, usb:N or
 * handle:0xHEX. With STEPS each call records at least that many PCs, and a buffer may not hold them
 * all, so no counts are expected. For nested sections the program expects the behaviour of 6.12.
 *
 * With REMOTE=none in the environment they are recorded in the contexts of the task, if at all
 * (mark.h).
 *
 * With KCOVREPORT_MODULE=FILE in the environment it loads the module if necessary, and leaves it
 * loaded. `remote module` loads and unloads it, so that code runs that is unloaded when the run
 * ends. `remote failing` lets its init fail, so the kernel does not say that it was loaded.
 * `remote failing-memory` does so with init_module(2), for which the program reads the file.
 */
#define _GNU_SOURCE
#include "mark.h"
#include "../../kernel/kmod/kcovreport_remote.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static const struct {
	const char *name;
	const char *functions[3]; /* called in the section */
	const char *never;	  /* called after it */
	const char *kind;	  /* the context of the task that it is in; NULL: of none */
} contexts[] = {
	[KCOVREPORT_KTHREAD] = { "kthread", { "kcovreport_in_kthread" } },
	[KCOVREPORT_WORK] = { "work", { "kcovreport_in_work" }, NULL, "work" },
	[KCOVREPORT_SOFTIRQ] = { "softirq", { "kcovreport_in_softirq" }, NULL, "softirq" },
	[KCOVREPORT_NESTED] = { "nested",
				{ "kcovreport_pre_nested", "kcovreport_in_nested" },
				"kcovreport_post_nested" },
	[KCOVREPORT_TIMER] = { "timer", { "kcovreport_in_timer" }, NULL, "work" },
	[KCOVREPORT_RCU] = { "rcu", { "kcovreport_in_rcu" }, NULL, "work" },
	[KCOVREPORT_THREAD] = { "thread", { "kcovreport_in_thread" }, NULL, "kthread" },
};

/* Returns 0, or the errno of the failure: EEXIST if it was loaded before. */
static int load(const char *parameters)
{
	const char *path = getenv("KCOVREPORT_MODULE");

	if (!path)
		return EEXIST;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd >= 0);
	int err = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	close(fd);
	return err;
}

static void load_and_unload(void)
{
	must(load("") == 0);
	must(syscall(SYS_delete_module, KCOVREPORT_DEVICE, O_NONBLOCK) == 0);
	expect_line("hit %d kcovreport_in_init", self());
	expect_line("hit %d kcovreport_in_exit", self());
}

static void fail_to_load(void)
{
	must(load("fail=1") == ENODEV);
	expect_line("hit %d kcovreport_in_init", self());
}

static void fail_to_load_memory(void)
{
	int fd = open(getenv("KCOVREPORT_MODULE"), O_RDONLY | O_CLOEXEC);
	struct stat st;

	must(fd >= 0 && fstat(fd, &st) == 0);
	void *image = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	must(image != MAP_FAILED);
	must(syscall(SYS_init_module, image, st.st_size, "fail=1") && errno == ENODEV);
	expect_line("hit %d kcovreport_in_init", self());
}

static uint64_t handle_of(const char *source)
{
	if (!strcmp(source, "common"))
		return 0;
	if (!strncmp(source, "usb:", 4))
		return 1ull << 56 | strtoul(source + 4, NULL, 10);
	must(!strncmp(source, "handle:0x", 9));
	return strtoull(source + 7, NULL, 16);
}

static void expect_sections(const struct kcovreport_remote *request, const char *source)
{
	unsigned long calls =
		request->steps ? 0 : (unsigned long)request->sections * request->calls;
	const char *const *function = contexts[request->context].functions;

	for (; *function; function++)
		expect_remote(source, *function, calls);
	const char *remote = getenv("REMOTE"), *kind = contexts[request->context].kind;
	if (remote && !strcmp(remote, "none") && kind && !request->handle)
		expect_context(kind, contexts[request->context].functions[0]);
	if (contexts[request->context].never) {
		expect_line("not * %s", contexts[request->context].never);
		expect_line("remote %s not %s", source, contexts[request->context].never);
	}
}

static void run_sections(int argc, char **argv)
{
	unsigned int context = 0;

	must(argc == 5 || argc == 6);
	while (context < sizeof(contexts) / sizeof(*contexts) &&
	       strcmp(contexts[context].name, argv[1]))
		context++;
	struct kcovreport_remote request = {
		.context = context, /* if it is unknown, the module says so */
		.handle = handle_of(argv[2]),
		.sections = strtoul(argv[3], NULL, 10),
		.calls = strtoul(argv[4], NULL, 10),
		.steps = argc == 6 ? strtoul(argv[5], NULL, 10) : 0,
	};
	int err = load("");
	must(err == 0 || err == EEXIST);
	int fd = open("/dev/" KCOVREPORT_DEVICE, O_RDWR | O_CLOEXEC);
	must(fd >= 0);
	do
		err = ioctl(fd, KCOVREPORT_REMOTE, &request);
	while (err && errno == EINTR);
	must(err == 0 && request.done == request.sections);
	close(fd);
	expect_sections(&request, argv[2]);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "module"))
		load_and_unload();
	else if (argc == 2 && !strcmp(argv[1], "failing"))
		fail_to_load();
	else if (argc == 2 && !strcmp(argv[1], "failing-memory"))
		fail_to_load_memory();
	else
		run_sections(argc, argv);
	expect(self(), BIT(M_TIMES) | BIT(M_EXIT));
	expect_line("tasks 1");
	mark(M_TIMES);
	return 0;
}
