// SPDX-License-Identifier: GPL-2.0-or-later
/* Making, naming, limiting and leaving tasks: clone3, pidfd, exec, prctl, credentials, schedulers,
 * shared memory. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/kcmp.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char data[4096];

/* clone3 as fork. The child runs on a copy of this stack. */
static pid_t clone3(struct clone_args *arguments, size_t size)
{
	return syscall(SYS_clone3, arguments, size);
}

static void make(void)
{
	int pidfd = -1, copy, status;
	struct clone_args child = { .flags = CLONE_PIDFD | CLONE_FS | CLONE_FILES,
				    .pidfd = (uintptr_t)&pidfd,
				    .exit_signal = SIGCHLD };
	struct clone_args bad[] = {
		{ .flags = CLONE_THREAD },
		{ .flags = CLONE_SIGHAND },
		{ .flags = CLONE_FS | CLONE_NEWNS },
		{ .exit_signal = 500 },
		{ .stack = 4096 },
		{ .set_tid = 1, .set_tid_size = 77 },
	};
	pid_t pid;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		clone3(&bad[i], sizeof(*bad));
	clone3(&child, 10);
	pid = clone3(&child, sizeof(child));
	if (pid == 0) {
		pause();
		_exit(1);
	}
	syscall(SYS_kcmp, getpid(), pid, KCMP_FILES, 0, 0);
	syscall(SYS_kcmp, getpid(), pid, KCMP_VM, 0, 0);
	syscall(SYS_kcmp, getpid(), pid, 99, 0, 0);
	poll(&(struct pollfd){ .fd = pidfd, .events = POLLIN }, 1, 0);
	copy = syscall(SYS_pidfd_getfd, pidfd, 1, 0);
	close(copy);
	syscall(SYS_pidfd_getfd, pidfd, 999, 0);
	syscall(SYS_pidfd_open, pid, 0x7fffffff);
	syscall(SYS_pidfd_open, 999999, 0);
	process_vm_readv(pid, &(struct iovec){ data, 100 }, 1, &(struct iovec){ data, 100 }, 1, 0);
	process_vm_writev(pid, &(struct iovec){ data, 100 }, 1, &(struct iovec){ (void *)8, 100 },
			  1, 0);
	syscall(SYS_pidfd_send_signal, pidfd, SIGUSR1, &(siginfo_t){ .si_signo = SIGUSR2 }, 0);
	syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0);
	waitid(P_PIDFD, pidfd, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	waitpid(pid, &status, 0);
	waitpid(pid, &status, 0);
	close(pidfd);
}

static void execute(void)
{
	static char *arguments[] = { "name", "argument", NULL };
	const char *texts[] = {
		"#!/bin/true\n",	 "#!missing interpreter\n", "#!\n", "no format at all",
		"#!./script-0 nested\n", "\177ELF and no more",	    ""
	};
	char name[] = "script-0";
	static unsigned i; /* kept by vfork() */
	int status;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		int fd = open((name[7] = (char)('0' + i), name), O_CREAT | O_WRONLY, 0700);

		write(fd, texts[i], strlen(texts[i]));
		close(fd);
		if (vfork() == 0) {
			execv(name, arguments);
			_exit(errno);
		}
		wait(&status);
	}
	if (fork() == 0) {
		int fd = open("/bin/true", O_PATH | O_CLOEXEC);

		execve("/", arguments, environ);
		execve("missing", arguments, environ);
		syscall(SYS_execveat, fd, "", arguments, NULL, 0);
		syscall(SYS_execveat, fd, "", arguments, NULL, AT_EMPTY_PATH);
		_exit(1);
	}
	wait(&status);
}

static void control(void)
{
	static const int questions[] = {
		PR_GET_PDEATHSIG,	 PR_GET_DUMPABLE,    PR_GET_KEEPCAPS,
		PR_GET_TIMERSLACK,	 PR_GET_SECUREBITS,  PR_GET_CHILD_SUBREAPER,
		PR_GET_NO_NEW_PRIVS,	 PR_GET_TID_ADDRESS, PR_GET_THP_DISABLE,
		PR_GET_SPECULATION_CTRL, PR_GET_IO_FLUSHER,  PR_GET_TSC,
		PR_MCE_KILL_GET,	 PR_GET_TIMING,	     9999
	};
	unsigned long answer;

	for (unsigned i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		prctl(questions[i], &answer, 0, 0, 0);
	prctl(PR_SET_NAME, "a name that is too long for it");
	prctl(PR_GET_NAME, data);
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	prctl(PR_SET_PDEATHSIG, 999);
	prctl(PR_SET_DUMPABLE, 7);
	prctl(PR_SET_TIMERSLACK, 10000);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_CAPBSET_READ, 3);
	prctl(PR_CAPBSET_DROP, 3);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 4, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0);
	prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, data, 4096, "area");
	personality(0xffffffff);
	personality(ADDR_NO_RANDOMIZE);
	uname(&(struct utsname){ 0 });
	sysinfo(&(struct sysinfo){ 0 });
	times(&(struct tms){ 0 });
	getrusage(RUSAGE_CHILDREN, &(struct rusage){ 0 });
	getrusage(77, &(struct rusage){ 0 });
	syscall(SYS_getcpu, &answer, NULL, NULL);
	umask(umask(022));
	syscall(SYS_getrandom, data, 100, 0);
	syscall(SYS_getrandom, data, 10, 0xff);
}

static void schedule(void)
{
	struct sched_attr {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attributes = { .size = sizeof(attributes), .policy = SCHED_BATCH, .nice = 3 };
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	sched_setaffinity(0, sizeof(set), &set);
	sched_setaffinity(0, 0, &set);
	syscall(SYS_sched_setattr, 0, &attributes, 0);
	syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0);
	attributes.policy = SCHED_DEADLINE;
	syscall(SYS_sched_setattr, 0, &attributes, 0);
	attributes.policy = 77;
	syscall(SYS_sched_setattr, 0, &attributes, 0);
	sched_setscheduler(0, SCHED_RR, &(struct sched_param){ .sched_priority = 2 });
	sched_rr_get_interval(0, &(struct timespec){ 0 });
	sched_get_priority_max(SCHED_FIFO);
	sched_yield();
	sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){ 0 });
	setpriority(PRIO_PGRP, 0, 7);
	syscall(SYS_ioprio_set, 1, 0, (2 << 13) | 3);
	syscall(SYS_ioprio_get, 1, 0);
}

static void limit(void)
{
	static const int kinds[] = { RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_MEMLOCK, RLIMIT_STACK,
				     99 };
	struct rlimit limit;

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		getrlimit(kinds[i], &limit);
		limit.rlim_cur /= 2;
		prlimit(0, kinds[i], &limit, NULL);
		prlimit(999999, kinds[i], &limit, NULL);
	}
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1000, 2000 });
	pwrite(open("big", O_CREAT | O_WRONLY, 0600), data, 4096, 0);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 3000, 2000 });
	setrlimit(RLIMIT_NPROC, &(struct rlimit){ 500, 500 });
}

static void share(void)
{
	int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600), set;
	char *area = shmat(id, NULL, 0);
	struct shmid_ds about;
	union {
		int value;
		unsigned short *values;
		struct semid_ds *about;
	} argument = { .value = 2 };

	shmget(4711, 10000, 0);
	shmget(IPC_PRIVATE, 0, IPC_CREAT);
	area[5000] = 1;
	shmat(id, area + 1, SHM_RND);
	shmat(999, NULL, 0);
	shmctl(id, IPC_STAT, &about);
	about.shm_perm.mode = 0640;
	shmctl(id, IPC_SET, &about);
	shmctl(id, SHM_LOCK, NULL);
	shmctl(id, SHM_UNLOCK, NULL);
	shmctl(0, IPC_INFO, &about);
	shmctl(0, SHM_INFO, &about);
	shmctl(id, IPC_RMID, NULL);
	shmctl(id, 99, NULL);
	shmdt(area);
	shmdt(area);
	set = semget(4712, 3, IPC_CREAT | IPC_EXCL | 0600);
	semget(4712, 9, IPC_CREAT);
	semctl(set, 1, SETVAL, argument);
	semop(set, (struct sembuf[]){ { 1, -1, SEM_UNDO }, { 0, 1, 0 } }, 2);
	semop(set, &(struct sembuf){ 2, -1, IPC_NOWAIT }, 1);
	semop(set, &(struct sembuf){ 9, 1, 0 }, 1);
	semtimedop(set, &(struct sembuf){ 2, -1, 0 }, 1, &(struct timespec){ .tv_nsec = 2000000 });
	semctl(set, 1, GETPID);
	semctl(set, 1, GETNCNT);
	argument.values = (unsigned short[]){ 1, 2, 3 };
	semctl(set, 0, SETALL, argument);
	semctl(set, 0, GETALL, argument);
	semctl(set, 0, IPC_RMID);
}

static void be_another(void)
{
	int status;

	if (fork() == 0) {
		gid_t groups[] = { 5, 3, 4 };

		setgroups(3, groups);
		getgroups(1, groups);
		setfsgid(7);
		setfsuid(7);
		setregid(8, 9);
		setresgid(-1, 10, -1);
		setresuid(-1, 1000, 0);
		close(open("/etc/shadow", O_RDONLY));
		setuid(0);
		seteuid(0);
		setreuid(1000, 1000);
		setresuid(0, 0, 0);
		setgid(0);
		kill(1, 0);
		chown("big", 0, 0);
		setpriority(PRIO_PROCESS, 0, -5);
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 1 << 20, 1 << 20 });
		chroot(".");
		_exit(0);
	}
	wait(&status);
}

int main(void)
{
	make();
	execute();
	schedule();
	share();
	be_another();
	control();
	limit();
	return 0;
}
