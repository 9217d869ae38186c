// SPDX-License-Identifier: GPL-2.0-or-later
/* Pipes, splice and its relatives, epoll, poll and select, eventfd, terminals, message queues. */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

static char data[100000];

static void pipes(void)
{
	int a[2], b[2], file = open("file", O_CREAT | O_RDWR, 0600);

	pipe2(a, O_NONBLOCK);
	pipe2(b, O_DIRECT | O_NONBLOCK);
	pipe2(b, 0x7fffffff);
	write(file, data, 20000);
	read(a[0], data, 10);
	write(a[1], data, sizeof(data));
	fcntl(a[1], F_SETPIPE_SZ, 1 << 17);
	fcntl(a[1], F_GETPIPE_SZ);
	fcntl(a[1], F_SETPIPE_SZ, 4096);
	ioctl(a[0], FIONREAD, data);
	tee(a[0], b[1], 5000, SPLICE_F_NONBLOCK);
	tee(a[0], a[1], 5000, 0);
	splice(a[0], NULL, b[1], NULL, 3000, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
	splice(a[0], NULL, file, &(off_t){ 100 }, 3000, 0);
	splice(file, NULL, file, NULL, 3000, 0);
	splice(file, &(off_t){ 0 }, b[1], NULL, 9000, SPLICE_F_NONBLOCK);
	vmsplice(a[1], &(struct iovec){ data, 5000 }, 1, SPLICE_F_NONBLOCK | SPLICE_F_GIFT);
	vmsplice(b[0], &(struct iovec){ data, 500 }, 1, 0);
	read(b[0], data, 10);
	read(a[0], data, sizeof(data));
	poll((struct pollfd[]){ { a[0], POLLIN, 0 }, { a[1], POLLOUT, 0 }, { 777, POLLIN, 0 } }, 3,
	     0);
	close(a[0]);
	write(a[1], data, 10);
	close(a[1]);
	close(b[1]);
	mkfifo("fifo", 0600);
	close(open("fifo", O_WRONLY | O_NONBLOCK));
	close(open("fifo", O_RDWR));
	close(file);
}

static void *write_later(void *fd)
{
	usleep(3000);
	write(*(int *)fd, &(uint64_t){ 1 }, 8);
	return NULL;
}

static void events(void)
{
	int efd = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK), wake = eventfd(0, 0);
	int one = epoll_create1(0), two = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN | EPOLLET }, found[4];
	uint64_t value;
	pthread_t id;
	fd_set set;

	read(efd, &value, 8);
	read(efd, &value, 4);
	write(efd, &(uint64_t){ -1 }, 8);
	epoll_ctl(one, EPOLL_CTL_ADD, efd, &event);
	epoll_ctl(one, EPOLL_CTL_ADD, efd, &event);
	epoll_ctl(one, EPOLL_CTL_ADD, one, &event);
	epoll_ctl(two, EPOLL_CTL_ADD, one, &event);
	epoll_ctl(one, EPOLL_CTL_ADD, two, &event);
	event.events = EPOLLIN | EPOLLONESHOT;
	epoll_ctl(one, EPOLL_CTL_MOD, efd, &event);
	epoll_ctl(one, EPOLL_CTL_MOD, wake, &event);
	epoll_ctl(one, EPOLL_CTL_ADD, wake, &event);
	epoll_ctl(one, EPOLL_CTL_DEL, 999, NULL);
	epoll_wait(two, found, 4, 0);
	epoll_wait(one, found, 4, 2);
	pthread_create(&id, NULL, write_later, &wake);
	epoll_pwait(one, found, 4, 1000, &(sigset_t){ 0 });
	pthread_join(id, NULL);
	epoll_wait(one, found, 0, 2);
	epoll_wait(efd, found, 4, 2);
	FD_ZERO(&set);
	FD_SET(efd, &set);
	select(efd + 1, &set, NULL, NULL, &(struct timeval){ .tv_usec = 100 });
	FD_SET(900, &set);
	select(901, &set, NULL, NULL, &(struct timeval){ .tv_usec = -5 });
	ppoll(&(struct pollfd){ wake, POLLIN, 0 }, 1, &(struct timespec){ .tv_nsec = 1000000 },
	      &(sigset_t){ 0 });
	epoll_ctl(one, EPOLL_CTL_DEL, efd, NULL);
	close(wake);
	close(one);
	close(two);
}

static void queues(void)
{
	struct mq_attr attributes = { .mq_maxmsg = 2, .mq_msgsize = 10 };
	mqd_t queue =
		mq_open("/kcovreport-bench", O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attributes);
	int id = msgget(IPC_PRIVATE, 0600), sems = semget(IPC_PRIVATE, 3, 0600);
	struct {
		long type;
		char text[20];
	} message = { 5, "text" };

	mq_send(queue, "one", 3, 1);
	mq_send(queue, "two", 3, 2);
	mq_send(queue, "three", 5, 3);
	mq_send(queue, data, 99, 3);
	mq_receive(queue, data, 100, NULL);
	mq_receive(queue, data, 1, NULL);
	mq_notify(queue, &(struct sigevent){ .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99 });
	mq_getattr(queue, &attributes);
	mq_unlink("/kcovreport-bench");
	mq_unlink("/kcovreport-bench");
	mq_close(queue);
	msgsnd(id, &message, 20, 0);
	message.type = -1;
	msgsnd(id, &message, 20, 0);
	msgrcv(id, &message, 5, 5, IPC_NOWAIT);
	msgrcv(id, &message, 5, -7, MSG_NOERROR);
	msgrcv(id, &message, 5, 3, IPC_NOWAIT | MSG_EXCEPT);
	msgctl(id, IPC_STAT, (struct msqid_ds *)data);
	msgctl(id, IPC_RMID, NULL);
	semctl(sems, 1, SETVAL, 2);
	semop(sems, (struct sembuf[]){ { 1, -1, SEM_UNDO }, { 0, 1, 0 } }, 2);
	semop(sems, (struct sembuf[]){ { 1, -5, IPC_NOWAIT } }, 1);
	semtimedop(sems, (struct sembuf[]){ { 2, -1, 0 } }, 1,
		   &(struct timespec){ .tv_nsec = 1000000 });
	semctl(sems, 0, GETALL, data);
	semctl(sems, 9, GETVAL, 0);
	semctl(sems, 0, IPC_RMID, 0);
}

static void terminals(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK), slave;
	struct termios modes;

	grantpt(master);
	unlockpt(master);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_NONBLOCK);
	tcgetattr(slave, &modes);
	write(master, "line\177\nh\003alf", 11);
	read(slave, data, 100);
	modes.c_lflag &= ~(ICANON | ECHO);
	tcsetattr(slave, TCSADRAIN, &modes);
	write(master, "raw", 3);
	read(slave, data, 100);
	write(slave, "out\tput\n", 8);
	read(master, data, 100);
	ioctl(slave, TIOCSWINSZ, &(struct winsize){ .ws_row = 5 });
	ioctl(slave, TIOCSTI, "x");
	ioctl(slave, TCFLSH, TCIOFLUSH);
	ioctl(slave, 4711, 0);
	close(master);
	read(slave, data, 1);
	write(slave, data, 1);
	close(slave);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	pipes();
	events();
	queues();
	terminals();
	return 0;
}
