// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport collect: runs a command and records its coverage, here or in a virtual machine. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "collect/collect.h"
#include "collect/doctor/doctor.h"
#include "collect/machine/identity.h"
#include "run/lock.h"
#include "run/run.h"
#include "run/stream.h"
#include "symbolize/image/image.h"
#include "kcovreport/collect_args.h"
#include "kcovreport/collect_summary.h"
#include "kcovreport/find_image.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/report.h"
#include "kcovreport/vm.h"

/* The same as in env(1) and timeout(1). */
enum { EXIT_CANNOT_EXECUTE = 126, EXIT_NO_COMMAND = 127 };

/* End in the same way as the command: by the same signal, but without a core dump. */
static int end_as(int status)
{
	sigset_t set;
	int s;

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	s = WTERMSIG(status);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	signal(s, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, s);
	raise(s);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 128 + s;
}

static int explain_exec(const struct collect_arguments *a, int errnum)
{
	const char *name = a->collect.argv[0];

	say_error(error_errno(errnum, "cannot execute '%s'", name));
	return errnum == ENOENT ? EXIT_NO_COMMAND : EXIT_CANNOT_EXECUTE;
}

/* Say why nothing could be collected, and what the doctor found, if anything. */
static int explain_failure(struct error *err, bool started)
{
	struct error *verdict = started ? NULL : doctor_verdict();
	_cleanup_free_ char *text = error_format(err);
	_cleanup_free_ char *verdict_text = verdict ? error_format(verdict) : NULL;

	say_error(err);
	/* Often both texts are the same. */
	if (verdict_text && text && strcmp(verdict_text, text))
		say_error(verdict);
	else
		error_destroy(verdict);
	return COLLECT_FAILED;
}

/* The kernel that will run has this vmlinux; the caller frees *ret. NULL: search for it later. */
static struct error *find_kernel(const struct collect_arguments *a, char **ret)
{
	_cleanup_(run_meta_deinit) struct run_meta meta = { 0 };
	struct image_identity identity;

	if (!a->vm) {
		struct error *err = identity_kernel(NULL, &meta);
		const struct find_options find = { .release = meta.release,
						   .build_id = meta.build_id };

		return err ? err : find_vmlinux(&find, ret);
	}
	/* What 'make kernel' built is found by its build id. */
	if (!a->vm_dir)
		return NULL;
	if (asprintf(ret, "%s/vmlinux", a->vm_dir) < 0) {
		*ret = NULL;
		return &error_no_memory;
	}
	return image_identify(*ret, &identity);
}

/* Find out before the command runs what would make its report fail. */
static struct error *check_report(const struct collect_arguments *a, char **ret_vmlinux)
{
	if (!a->report)
		return NULL;
	if (a->collect.lock_fd < 0)
		return error_create(ERROR_INVALID,
				    "--report needs a run file that it can read, but '%s' is not a "
				    "regular file",
				    a->collect.output);
	struct error *err = report_check_directory(a->report);
	return err ? err : find_kernel(a, ret_vmlinux);
}

static int report_run(const struct collect_arguments *a, const char *vmlinux, int saved_stdout)
{
	const char *files[] = { a->collect.output };
	const struct report_options report = {
		.files = files, .nr_files = 1, .output = a->report, .vmlinux = vmlinux
	};

	if (!a->report)
		return EXIT_DONE;
	fflush(stdout);
	dup2(saved_stdout, STDOUT_FILENO);
	struct error *err = report_write(&report);
	if (!err)
		return finish_stdout();
	say_error(err);
	return EXIT_FAILED;
}

/* EXIT_DONE: the command ended, and *ret_status is its status from wait(2). */
static int collect_here(const struct collect_arguments *a, int *ret_status)
{
	struct collect_result result;

	struct error *err = collect_run(&a->collect, &result);
	if (result.exec_errno) {
		error_destroy(err);
		return explain_exec(a, result.exec_errno);
	}
	if (err)
		return explain_failure(err, result.started);
	say_collect_summary(a->collect.output);
	*ret_status = result.status;
	return EXIT_DONE;
}

static bool is_interruption(int status)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	int s = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) - 128;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (s == signals[i])
			return true;
	return false;
}

/*
 * The machine was interrupted: what is kept? If the interruption reached the command only, the
 * collection in the machine has said so. was_written: the run file is of this collection.
 */
static void say_interrupted(const char *path, bool was_written, bool is_empty)
{
	_cleanup_run_ struct run *run = NULL;

	if (was_written) {
		error_destroy(run_load_facts(path, &run));
		if (!run || !run->finished)
			say("interrupted: '%s' has what was recorded until then", path);
	} else if (is_empty) {
		say("interrupted before anything was recorded");
	} else {
		say("interrupted before anything was recorded: '%s' is as it was", path);
	}
}

/* The same. */
static int collect_in_vm(const struct collect_arguments *a, int *ret_status)
{
	struct vm_collect vm = { .kernel = a->vm_dir,
				 .output = a->collect.output,
				 .has_user = a->collect.user,
				 .from_boot = a->collect.from_boot,
				 .options = a->guest_options.data,
				 .nr_options = a->guest_options.len,
				 .shares = a->shares.data,
				 .nr_shares = a->shares.len,
				 .lock_fd = a->collect.lock_fd,
				 .argv = a->collect.argv };

	struct error *err = vm_collect(&vm, ret_status);
	return err ? explain_failure(err, true) : EXIT_DONE;
}

static bool is_changed(const struct stat *before, const struct stat *after)
{
	return before->st_size != after->st_size ||
	       before->st_mtim.tv_sec != after->st_mtim.tv_sec ||
	       before->st_mtim.tv_nsec != after->st_mtim.tv_nsec;
}

/* The same, with the run file locked until its summary and report are done. */
static int collect(struct collect_arguments *a, int *ret_status)
{
	_cleanup_run_lock_ struct run_lock lock = RUN_LOCK_NONE;
	_cleanup_free_ char *vmlinux = NULL;
	_cleanup_close_ int saved_stdout = -1;
	struct stat before, after;

	struct error *err = run_lock_take(a->collect.output, &lock);
	if (err) {
		say_error(err);
		return COLLECT_FAILED;
	}
	a->collect.lock_fd = lock.fd;
	err = check_report(a, &vmlinux);
	if (err)
		return explain_failure(err, a->vm);
	/* Collecting closes our stdout, so that a pipe ends when the command closes it. */
	if (a->report)
		saved_stdout = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	bool is_known = a->vm && !fstat(lock.fd, &before);
	int failed = a->vm ? collect_in_vm(a, ret_status) : collect_here(a, ret_status);
	if (failed)
		return failed;
	if (is_known && !fstat(lock.fd, &after)) {
		/* The first write empties the file before. If it then fails, nothing is kept. */
		bool was_written = after.st_size && is_changed(&before, &after);

		if (is_interruption(*ret_status))
			say_interrupted(a->collect.output, was_written, !after.st_size);
		/* The machine failed before anything was recorded, and has said why. */
		if (!was_written)
			return EXIT_DONE;
	}
	return report_run(a, vmlinux, saved_stdout) == EXIT_DONE ? EXIT_DONE : COLLECT_FAILED;
}

int cmd_collect(int argc, char **argv)
{
	_cleanup_(collect_arguments_deinit) struct collect_arguments a;
	int status;

	collect_arguments_init(&a, argc, argv);
	int failed = collect(&a, &status);
	return failed ? failed : end_as(status);
}
