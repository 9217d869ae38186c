// SPDX-License-Identifier: GPL-2.0-or-later
/* Following tasks needs PTRACE_SEIZE, and PTRACE_O_SUSPEND_SECCOMP for tasks with a
 * seccomp filter. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/doctor/checks.h"

/* The status of a ptrace problem. It is lower if collecting does not need ptrace. */
static enum doctor_status severity(const struct doctor *d, enum doctor_status status)
{
	return d->follows ? DOCTOR_INFO : status;
}

static pid_t start_victim(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/* Try PTRACE_SEIZE with these options on a child created for it. Returns 0 or errno. */
static int try_seize(unsigned long options)
{
	pid_t pid = start_victim();
	int errnum = 0;

	if (pid < 0)
		return errno;
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)options))
		errnum = errno;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	return errnum;
}

static void check_seize(struct doctor *d)
{
	int errnum = try_seize(0);

	if (!errnum) {
		doctor_add(d, DOCTOR_OK, "ptrace", NULL, "PTRACE_SEIZE works");
		return;
	}
	doctor_add(d, severity(d, DOCTOR_PROBLEM), "ptrace",
		   "run outside of tracers and containers that forbid ptrace, or use --follow "
		   "none",
		   "cannot follow tasks with PTRACE_SEIZE: %s", strerror(errnum));
}

static void check_suspend(struct doctor *d)
{
	int errnum = try_seize(PTRACE_O_SUSPEND_SECCOMP);

	if (!errnum) {
		doctor_add(d, DOCTOR_OK, "seccomp", NULL, "PTRACE_O_SUSPEND_SECCOMP works");
		return;
	}
	doctor_add(d, severity(d, DOCTOR_WARNING), "seccomp",
		   errnum == EINVAL ? "build the kernel with CONFIG_CHECKPOINT_RESTORE=y"
				    : "run as root, with CAP_SYS_ADMIN",
		   "tasks with a seccomp filter may not be covered (PTRACE_O_SUSPEND_SECCOMP: %s)",
		   strerror(errnum));
}

/* Linux Documentation/admin-guide/LSM/Yama.rst. */
static void check_yama(struct doctor *d)
{
	_cleanup_free_ char *scope = doctor_read(d, "/proc/sys/kernel/yama/ptrace_scope", 64);

	if (!scope)
		return;
	scope[strcspn(scope, "\n")] = '\0';
	if (!strcmp(scope, "3"))
		doctor_add(d, severity(d, DOCTOR_PROBLEM), "yama",
			   "boot with kernel.yama.ptrace_scope below 3 (3 cannot be lowered at run "
			   "time)",
			   "kernel.yama.ptrace_scope is 3: ptrace is disabled");
	else
		doctor_add(d, DOCTOR_OK, "yama", NULL, "kernel.yama.ptrace_scope is %s", scope);
}

void doctor_check_ptrace(struct doctor *d)
{
	check_yama(d);
	if (d->options->root)
		return;
	check_seize(d);
	check_suspend(d);
}
