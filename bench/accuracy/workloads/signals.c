// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals, timers, clocks, and waiting for children. */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int caught;
static int *volatile nowhere = (int *)8;

static void handler(int number, siginfo_t *info, void *context)
{
	(void)number, (void)info, (void)context;
	caught++;
}

static void timers(void)
{
	struct itimerspec soon = { .it_value.tv_nsec = 2000000, .it_interval.tv_nsec = 3000000 },
			  now;
	struct itimerspec bad = { .it_value.tv_nsec = -1 };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct itimerval virtual = { .it_value.tv_usec = 1000 },
			 real = { .it_value.tv_usec = 30000 };
	struct itimerval again = { .it_value.tv_usec = 10000, .it_interval.tv_usec = 10000 };
	int clocks[] = { CLOCK_REALTIME,	   CLOCK_MONOTONIC, CLOCK_BOOTTIME,
			 CLOCK_PROCESS_CPUTIME_ID, CLOCK_TAI,	    99 };
	uint64_t expired;
	timer_t timer;

	for (unsigned i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		int fd = timerfd_create(clocks[i], i & 1 ? TFD_NONBLOCK : 0);

		clock_getres(clocks[i], &(struct timespec){ 0 });
		syscall(SYS_clock_gettime, clocks[i], &(struct timespec){ 0 });
		setitimer(ITIMER_REAL, &real,
			  NULL); /* the process's CPU clock stands still while it sleeps */
		clock_nanosleep(clocks[i], 0, &(struct timespec){ .tv_nsec = 100000 }, NULL);
		if (timer_create(clocks[i], &event, &timer) == 0) {
			timer_settime(timer, 0, &soon, NULL);
			timer_gettime(timer, &now);
			usleep(8000);
			timer_getoverrun(timer);
			timer_settime(timer, TIMER_ABSTIME, &bad, NULL);
			timer_delete(timer);
		}
		timerfd_settime(fd, 0, &soon, NULL);
		timerfd_settime(fd, TFD_TIMER_ABSTIME, &bad, NULL);
		timerfd_gettime(fd, &now);
		if (fd >= 0) {
			poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 20);
			read(fd, &expired, i & 1 ? 8 : 4);
			close(fd);
		}
	}
	timer_delete((timer_t)12345);
	setitimer(ITIMER_REAL, &again, NULL);
	pause();
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	setitimer(ITIMER_VIRTUAL, &virtual, NULL);
	setitimer(ITIMER_PROF, &virtual, NULL);
	getitimer(ITIMER_PROF, &virtual);
	for (int i = caught; i == caught;)
		;
	getitimer(5, &virtual);
	nanosleep(&(struct timespec){ .tv_nsec = 2000000000 }, NULL);
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	adjtimex(&(struct timex){ .modes = 0 });
	clock_settime(CLOCK_MONOTONIC, &(struct timespec){ 0 });
}

static void signals(void)
{
	sigset_t set, old;
	siginfo_t info;
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &set, &old);
	sigprocmask(99, &set, &old);
	fd = signalfd(-1, &set, SFD_NONBLOCK);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 5 });
	sigpending(&old);
	sigtimedwait(&set, &info, &(struct timespec){ 0 });
	read(fd, &(struct signalfd_siginfo){ 0 }, sizeof(struct signalfd_siginfo));
	sigtimedwait(&set, &info, &(struct timespec){ .tv_nsec = 1000000 });
	sigaltstack(&stack, NULL);
	sigaltstack(&(stack_t){ .ss_size = 1, .ss_sp = stack.ss_sp }, NULL);
	kill(getpid(), 0);
	kill(getpid(), 77);
	kill(999999, SIGTERM);
	syscall(SYS_tgkill, getpid(), getpid(), SIGUSR2);
	syscall(SYS_tkill, -1, SIGUSR2);
	sigaction(SIGKILL, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	alarm(100);
	alarm(0);
}

static void *thread(void *futex)
{
	syscall(SYS_futex, futex, FUTEX_WAIT_PRIVATE, 0, &(struct timespec){ .tv_nsec = 30000000 },
		NULL, 0);
	return NULL;
}

static void children(void)
{
	static uint32_t futex;
	struct rusage usage;
	siginfo_t info;
	pthread_t id;
	int status;
	pid_t child = fork();

	if (child == 0) {
		raise(SIGSTOP);
		_exit(3);
	}
	waitid(P_PID, child, &info, WSTOPPED | WEXITED);
	waitid(P_ALL, 0, &info, WSTOPPED | WEXITED | WNOHANG | WNOWAIT);
	kill(child, SIGCONT);
	waitpid(child, &status, WCONTINUED);
	wait4(child, &status, 0, &usage);
	wait4(child, &status, 77777777, &usage);
	if ((child = fork()) == 0)
		*nowhere = 0;
	waitpid(-1, &status, 0);
	waitid(7, 0, &info, WEXITED);
	pthread_create(&id, NULL, thread, &futex);
	usleep(2000);
	syscall(SYS_futex, &futex, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	syscall(SYS_futex, &futex, FUTEX_CMP_REQUEUE, 1, 1, &futex + 1, 7);
	syscall(SYS_futex, (char *)&futex + 1, FUTEX_WAKE, 1, NULL, NULL, 0);
	pthread_join(id, NULL);
	setpriority(PRIO_PROCESS, 0, 5);
	getpriority(PRIO_USER, 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ .rlim_cur = 5, .rlim_max = 1 });
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 3 });
	setpgid(0, 0);
	setsid();
}

int main(void)
{
	int numbers[] = { SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGRTMIN };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaction(numbers[i],
			  &(struct sigaction){ .sa_sigaction = handler,
					       .sa_flags = SA_SIGINFO |
							   (i & 1 ? SA_RESTART : SA_ONSTACK) },
			  NULL);
	timers();
	signals();
	children();
	return 0;
}
