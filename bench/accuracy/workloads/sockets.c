// SPDX-License-Identifier: GPL-2.0-or-later
/* Unix, TCP, UDP, raw and netlink sockets over loopback. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char data[100000];

static void options(int fd)
{
	const int levels[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, 4711 };
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };
	socklen_t size;

	for (unsigned i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		for (int name = 1; name < 60; name++) {
			/* Not SO_BINDTODEVICE and TCP_REPAIR: the connection must
			 * still work after this. */
			if ((levels[i] == SOL_SOCKET && name == 25) ||
			    (levels[i] == IPPROTO_TCP && name == 19))
				continue;
			size = 64;
			getsockopt(fd, levels[i], name, data, &size);
			if (size == sizeof(int) && name % 3)
				setsockopt(fd, levels[i], name, data, size);
		}
	}
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_usec = 20000 },
		   sizeof(struct timeval));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, data, 1);
}

static void internet(int type)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	struct iovec part = { data, 3000 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int server = socket(AF_INET, type, 0), client = socket(AF_INET, type | SOCK_NONBLOCK, 0),
	    peer;

	bind(server, (struct sockaddr *)&address, size);
	getsockname(server, (struct sockaddr *)&address, &size);
	bind(client, (struct sockaddr *)&address, size);
	bind(client, (struct sockaddr *)&address, 3);
	listen(server, 1);
	connect(client, (struct sockaddr *)&address, size);
	connect(client, (struct sockaddr *)&address, size);
	peer = type == SOCK_STREAM ? accept4(server, NULL, NULL, SOCK_CLOEXEC) : dup(server);
	getpeername(client, (struct sockaddr *)&address, &size);
	options(client);
	options(peer);
	send(client, "hello", 5, 0);
	send(client, data, 50000, MSG_DONTWAIT | MSG_NOSIGNAL);
	send(client, "!", 1, MSG_OOB | MSG_NOSIGNAL);
	sendmsg(client, &message, MSG_MORE);
	sendto(client, data, 70000, 0, (struct sockaddr *)&address, size);
	ioctl(peer, FIONREAD, &size);
	recv(peer, data, 3, MSG_PEEK);
	recv(peer, data, sizeof(data), 0);
	recvmsg(peer, &message, MSG_TRUNC | MSG_DONTWAIT);
	recvfrom(peer, data, 10, MSG_ERRQUEUE, NULL, NULL);
	poll(&(struct pollfd){ .fd = peer, .events = POLLIN | POLLOUT | POLLPRI }, 1, 5);
	shutdown(client, SHUT_WR);
	recv(peer, data, sizeof(data), 0);
	recv(peer, data, sizeof(data), 0);
	shutdown(peer, 9);
	close(client);
	send(peer, data, 100, MSG_NOSIGNAL);
	send(peer, data, 100, MSG_NOSIGNAL);
	close(peer);
	close(server);
	client = socket(AF_INET, type, 0);
	address.sin_port = htons(9);
	connect(client, (struct sockaddr *)&address, sizeof(address));
	send(client, data, 10, MSG_NOSIGNAL);
	recv(client, data, 10, MSG_DONTWAIT);
	address.sin_addr.s_addr = htonl(0x01020304);
	connect(client, (struct sockaddr *)&address, sizeof(address));
	close(client);
}

static void local(int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { data, 10 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int pair[2], server = socket(AF_UNIX, type, 0), client = socket(AF_UNIX, type, 0);

	bind(server, (struct sockaddr *)&address, sizeof(address));
	bind(client, (struct sockaddr *)&address, sizeof(address));
	listen(server, 2);
	connect(client, (struct sockaddr *)&address, sizeof(address));
	if (type != SOCK_DGRAM)
		close(accept(server, NULL, NULL));
	send(client, data, 100, MSG_NOSIGNAL | MSG_DONTWAIT);
	unlink("socket");
	close(server);
	send(client, data, 100, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(client);
	if (socketpair(AF_UNIX, type, 0, pair))
		return;
	options(pair[0]);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &pair[0], sizeof(int));
	sendmsg(pair[0], &message, 0);
	recvmsg(pair[1], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	header->cmsg_type = 99;
	sendmsg(pair[0], &message, 0);
	ioctl(pair[1], FIONREAD, data);
	shutdown(pair[0], SHUT_RDWR);
	recv(pair[1], data, 10, MSG_DONTWAIT);
	close(pair[0]);
	close(pair[1]);
}

/* List links, addresses, routes and neighbours, add an address, delete a link that
 * does not exist. */
static void netlink(void)
{
	struct {
		struct nlmsghdr header;
		char body[64];
	} request = { .header = { .nlmsg_len = sizeof(request) } };
	int types[] = { RTM_GETLINK, RTM_GETADDR,  RTM_GETROUTE, RTM_GETNEIGH,
			RTM_GETRULE, RTM_GETQDISC, RTM_NEWADDR,	 RTM_DELLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	for (unsigned i = 0; i < sizeof(types) / sizeof(*types); i++) {
		request.header.nlmsg_type = types[i];
		request.header.nlmsg_flags = NLM_F_REQUEST | (i < 6 ? NLM_F_DUMP : NLM_F_ACK);
		send(fd, &request, sizeof(request), 0);
		while (recv(fd, data, sizeof(data), MSG_DONTWAIT) > 0)
			;
	}
	close(fd);
}

static void others(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(3));
	struct sockaddr_ll link = { .sll_family = AF_PACKET,
				    .sll_ifindex = 1,
				    .sll_protocol = htons(3) };

	bind(fd, (struct sockaddr *)&link, sizeof(link));
	ioctl(fd, SIOCGIFFLAGS, &request);
	ioctl(fd, SIOCGIFMTU, &request);
	ioctl(fd, SIOCGIFCONF, &(struct ifconf){ .ifc_len = 1000, .ifc_buf = data });
	ioctl(fd, SIOCADDRT, data);
	send(fd, data, 60, 0);
	internet(SOCK_DGRAM);
	recv(fd, data, 1000, MSG_DONTWAIT);
	close(fd);
	close(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	close(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
	close(socket(99, SOCK_STREAM, 0));
	close(socket(AF_VSOCK, SOCK_STREAM, 0));
}

int main(void)
{
	internet(SOCK_STREAM);
	local(SOCK_STREAM);
	local(SOCK_DGRAM);
	local(SOCK_SEQPACKET);
	netlink();
	others();
	return 0;
}
