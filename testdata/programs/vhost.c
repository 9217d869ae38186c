// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: vhost
 *
 * The network card of a virtual machine without the machine. One frame goes from a ring of ours
 * through vhost-net to a tap device, where a packet socket must receive it; another goes the other
 * way. The kernel's side of the rings runs in a worker, which uses the common handle of the task
 * that owns the device.
 */
#define _GNU_SOURCE
#include "mark.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define RING_SIZE   16
#define FRAME_SIZE  60
#define BUFFER_SIZE 2048
#define PROTOCOL    0x88b5 /* for experiments, so that no other frame is mistaken for ours */
#define TIME_LIMIT  20000  /* in ms; a frame takes a few */

enum { RX, TX, RINGS };

/* All memory that vhost may access: its "physical" addresses are our virtual ones. */
static struct {
	struct vring_desc descriptors[RING_SIZE];
	_Alignas(4096) uint8_t available[4096];
	_Alignas(4096) uint8_t used[4096];
	uint8_t buffers[RING_SIZE][BUFFER_SIZE];
} rings[RINGS] __attribute__((aligned(4096)));

static int vhost, tap, packets, kick[RINGS], call[RINGS];
static struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };

static struct vring_avail *available(int ring)
{
	return (struct vring_avail *)rings[ring].available;
}

static volatile struct vring_used *used(int ring)
{
	return (volatile struct vring_used *)rings[ring].used;
}

static void fill_frame(uint8_t *frame, uint8_t salt)
{
	struct ether_header *header = (struct ether_header *)frame;

	memset(frame, salt, FRAME_SIZE);
	memset(header->ether_dhost, 0xff, ETH_ALEN);
	memcpy(header->ether_shost, (uint8_t[]){ 2, 'k', 'c', 'o', 'v', salt }, ETH_ALEN);
	header->ether_type = htons(PROTOCOL);
}

static bool is_frame(const uint8_t *frame, uint8_t salt)
{
	uint8_t want[FRAME_SIZE];

	fill_frame(want, salt);
	return !memcmp(frame, want, FRAME_SIZE);
}

/* Create a tap device that is up, and a socket that sees its frames. */
static void tap_open(void)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	must(tap >= 0);
	must(ioctl(tap, TUNSETIFF, &request) == 0);
	packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(PROTOCOL));
	must(packets >= 0);
	must(ioctl(packets, SIOCGIFFLAGS, &request) == 0);
	request.ifr_flags |= IFF_UP;
	must(ioctl(packets, SIOCSIFFLAGS, &request) == 0);
	must(ioctl(packets, SIOCGIFINDEX, &request) == 0);
	address.sll_ifindex = request.ifr_ifindex;
	address.sll_protocol = htons(PROTOCOL);
	must(bind(packets, (struct sockaddr *)&address, sizeof(address)) == 0);
}

static void ring_start(unsigned int ring)
{
	struct vhost_vring_state size = { ring, RING_SIZE }, base = { ring, 0 };
	struct vhost_vring_addr where = {
		.index = ring,
		.desc_user_addr = (uintptr_t)rings[ring].descriptors,
		.avail_user_addr = (uintptr_t)rings[ring].available,
		.used_user_addr = (uintptr_t)rings[ring].used,
	};
	struct vhost_vring_file file = { .index = ring };

	must(ioctl(vhost, VHOST_SET_VRING_NUM, &size) == 0);
	must(ioctl(vhost, VHOST_SET_VRING_BASE, &base) == 0);
	must(ioctl(vhost, VHOST_SET_VRING_ADDR, &where) == 0);
	file.fd = kick[ring] = eventfd(0, EFD_CLOEXEC);
	must(ioctl(vhost, VHOST_SET_VRING_KICK, &file) == 0);
	file.fd = call[ring] = eventfd(0, EFD_CLOEXEC);
	must(ioctl(vhost, VHOST_SET_VRING_CALL, &file) == 0);
	file.fd = tap;
	must(ioctl(vhost, VHOST_NET_SET_BACKEND, &file) == 0);
}

static void vhost_start(void)
{
	struct {
		struct vhost_memory memory;
		struct vhost_memory_region region;
	} table = {
		.memory.nregions = 1,
		.region = { .guest_phys_addr = (uintptr_t)rings,
			    .memory_size = sizeof(rings),
			    .userspace_addr = (uintptr_t)rings },
	};
	/* No features: then frames have a struct virtio_net_hdr, as on the tap device. */
	uint64_t features = 0;

	vhost = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);
	must(vhost >= 0);
	must(ioctl(vhost, VHOST_SET_OWNER, 0) == 0);
	must(ioctl(vhost, VHOST_SET_FEATURES, &features) == 0);
	must(ioctl(vhost, VHOST_SET_MEM_TABLE, &table) == 0);
	ring_start(RX);
	ring_start(TX);
}

/* Give the first COUNT buffers of a ring to vhost. */
static void hand_over(int ring, unsigned int count, unsigned int size)
{
	for (unsigned int i = 0; i < count; i++) {
		rings[ring].descriptors[i] = (struct vring_desc){
			.addr = (uintptr_t)rings[ring].buffers[i],
			.len = size,
			.flags = ring == RX ? VRING_DESC_F_WRITE : 0,
		};
		available(ring)->ring[i] = i;
	}
	__atomic_store_n(&available(ring)->idx, count, __ATOMIC_RELEASE);
	must(write(kick[ring], &(uint64_t){ 1 }, 8) == 8);
}

/* Wait until vhost has returned one more buffer. */
static void wait_used(int ring, unsigned int before)
{
	struct pollfd called = { .fd = call[ring], .events = POLLIN };
	uint64_t times;

	while (__atomic_load_n(&used(ring)->idx, __ATOMIC_ACQUIRE) == before) {
		must(poll(&called, 1, TIME_LIMIT) == 1);
		must(read(call[ring], &times, 8) == 8);
	}
}

static void transmit(void)
{
	struct pollfd arrived = { .fd = packets, .events = POLLIN };
	uint8_t frame[BUFFER_SIZE];

	fill_frame(rings[TX].buffers[0] + sizeof(struct virtio_net_hdr), 'T');
	hand_over(TX, 1, sizeof(struct virtio_net_hdr) + FRAME_SIZE);
	wait_used(TX, 0);
	must(poll(&arrived, 1, TIME_LIMIT) == 1);
	must(recv(packets, frame, sizeof(frame), 0) == FRAME_SIZE);
	must(is_frame(frame, 'T'));
}

/* IPv6 sends packets on a new network by itself, so ours need not come first. */
static void receive(void)
{
	uint8_t frame[FRAME_SIZE];
	unsigned int i = 0;

	hand_over(RX, RING_SIZE - 1, BUFFER_SIZE);
	fill_frame(frame, 'R');
	must(sendto(packets, frame, FRAME_SIZE, 0, (struct sockaddr *)&address, sizeof(address)) ==
	     FRAME_SIZE);
	do {
		must(i < RING_SIZE - 1);
		wait_used(RX, i);
	} while (!is_frame(
		rings[RX].buffers[used(RX)->ring[i++].id] + sizeof(struct virtio_net_hdr), 'R'));
}

/* Here vhost flushes its worker, so that no section is left open. */
static void vhost_end(void)
{
	for (unsigned int ring = 0; ring < RINGS; ring++) {
		struct vhost_vring_file none = { .index = ring, .fd = -1 };

		must(ioctl(vhost, VHOST_NET_SET_BACKEND, &none) == 0);
	}
	close(vhost);
	close(packets);
	close(tap);
}

int main(void)
{
	tap_open();
	vhost_start();
	transmit();
	receive();
	vhost_end();
	expect_remote("common", "handle_tx", 0);
	expect_remote("common", "handle_tx_copy|handle_tx_zerocopy", 0);
	expect_remote("common", "tun_sendmsg", 0);
	expect_remote("common", "handle_rx", 0);
	expect_remote("common", "tun_recvmsg", 0);
	expect(self(), BIT(M_EVENTFD) | BIT(M_TIMES) | BIT(M_EXIT));
	expect_line("tasks 1");
	mark(M_TIMES);
	return 0;
}
