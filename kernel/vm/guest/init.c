// SPDX-License-Identifier: GPL-2.0
/* Process 1 of the guest: opens the wire, loads the job, runs it and powers off. */
#include "kernel/vm/guest/guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT_WAIT_MS 20000

struct wire guest_wire = { .fd = -1 };

/*
 * The relay kills the machine when it has read the last frame. Power off in case there is no
 * relay any more, or no wire to it; the second is for the console.
 */
static _Noreturn void power_off(void)
{
	struct timespec second = { .tv_sec = 1 };

	session_leave();
	nanosleep(&second, NULL);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

void guest_fail(const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	dprintf(STDERR_FILENO, "guest init: %s\n", text);
	if (guest_wire.fd >= 0)
		wire_send(&guest_wire, (struct frame){ .type = FRAME_FAIL, .len = strlen(text) },
			  text);
	power_off();
}

/* Open /dev/vportXpY whose name in sysfs is WIRE_PORT. */
static int open_named_port(void)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	int fd = -1;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		char path[512];
		char name[64] = "";
		int name_fd;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", entry->d_name);
		name_fd = open(path, O_RDONLY | O_CLOEXEC);
		if (name_fd < 0)
			continue;
		if (read(name_fd, name, sizeof(name) - 1) > 0 &&
		    !strncmp(name, WIRE_PORT, strlen(WIRE_PORT))) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		}
		close(name_fd);
	}
	if (dir)
		closedir(dir);
	return fd;
}

static bool port_connected(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&p, 1, 0) >= 0 && !(p.revents & POLLHUP);
}

/* The port appears some time after the driver has found its device, and is connected even later. */
static void open_wire(void)
{
	int fd = -1;

	mkdir("/dev", 0755);
	mkdir("/sys", 0755);
	if (mount("dev", "/dev", "devtmpfs", 0, NULL) && errno != EBUSY)
		guest_fail("cannot mount devtmpfs: %s", strerror(errno));
	if (mount("sys", "/sys", "sysfs", 0, NULL))
		guest_fail("cannot mount sysfs: %s", strerror(errno));
	for (int waited = 0; !port_connected(fd); waited += 5) {
		if (waited > PORT_WAIT_MS)
			guest_fail("no virtio-serial port '%s' appeared", WIRE_PORT);
		if (fd < 0)
			fd = open_named_port();
		poll(NULL, 0, 5);
	}
	guest_wire.fd = fd;
	umount2("/sys", MNT_DETACH);
}

static void loopback_up(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo" };

	if (fd < 0)
		return;
	if (!ioctl(fd, SIOCGIFFLAGS, &request)) {
		request.ifr_flags |= IFF_UP | IFF_RUNNING;
		ioctl(fd, SIOCSIFFLAGS, &request);
	}
	close(fd);
}

/* The workload must not be able to delay the heartbeat. */
static void become_robust(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &ignore, NULL);
	setpriority(PRIO_PROCESS, 0, -20);
	mlockall(MCL_CURRENT | MCL_FUTURE);
}

/* When all writers have ended, shares can be unmounted and logs are complete. */
static void end_everybody(void)
{
	kill(-1, SIGKILL);
	for (int i = 0; i < 200; i++) {
		int pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return;
		if (pid == 0)
			poll(NULL, 0, 10);
	}
}

int main(void)
{
	static struct job job;
	int status;

	open_wire();
	job_load(&job);
	mounts_enter(&job);
	if (job.hostname && sethostname(job.hostname, strlen(job.hostname)))
		guest_fail("cannot set the host name: %s", strerror(errno));
	loopback_up();
	become_robust();
	status = session_run(&job);
	end_everybody();
	mounts_leave(&job);
	wire_send(&guest_wire, (struct frame){ .type = FRAME_EXIT, .value = status }, NULL);
	power_off();
}
