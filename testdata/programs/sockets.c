// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: sockets udp
 *
 * Sends to itself over the loopback device: the half that receives runs in a softirq on top of this
 * very task.
 */
#define _GNU_SOURCE
#include "mark.h"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static void set_up_loopback(int fd)
{
	struct ifreq request = { .ifr_name = "lo" };

	must(ioctl(fd, SIOCGIFFLAGS, &request) == 0);
	request.ifr_flags |= IFF_UP;
	must(ioctl(fd, SIOCSIFFLAGS, &request) == 0);
}

static void udp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
	char byte = 'x';

	must(receiver >= 0 && sender >= 0);
	set_up_loopback(sender);
	must(bind(receiver, (struct sockaddr *)&address, len) == 0);
	must(getsockname(receiver, (struct sockaddr *)&address, &len) == 0);
	for (int i = 0; i < 20; i++) {
		must(sendto(sender, &byte, 1, 0, (struct sockaddr *)&address, len) == 1);
		must(recv(receiver, &byte, 1, 0) == 1);
	}
	expect_context("softirq", "udp_rcv");
	expect_line("hit %d udp_sendmsg", self());
	expect_line("hit %d udp_recvmsg", self());
	expect_line("tasks 1");
}

int main(int argc, char **argv)
{
	static const struct way ways[] = { { "udp", udp }, { 0 } };

	return run_way(ways, argc, argv);
}
