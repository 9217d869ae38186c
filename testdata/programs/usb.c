// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: usb hid | bad
 *
 * A USB device that this program emulates on the kernel's dummy host controller. Its drivers run
 * in the hub's worker and, when a transfer ends, in softirqs. `hid` is a mouse that gets its
 * driver. `bad` has descriptors with all the errors in `complaints`; the kernel must print each
 * complaint once. Both end after the kernel has removed the device, so that no section is cut.
 */
#define _GNU_SOURCE
#include "mark.h"

#include <glob.h>
#include <linux/hid.h>
#include <linux/usb/ch9.h>
#include <linux/usb/raw_gadget.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define LE16(value)  (value) & 0xff, (value) >> 8
/* The sender fills in wTotalLength. */
#define CONFIG(value, interfaces) 9, USB_DT_CONFIG, LE16(0), interfaces, value, 0, 0x80, 50
#define INTERFACE(number, setting, endpoints, class)                                               \
	9, USB_DT_INTERFACE, number, setting, endpoints, class, 0, 0, 0
#define ENDPOINT(address, type, packet, interval)                                                  \
	7, USB_DT_ENDPOINT, address, type, LE16(packet), interval
#define BULK USB_ENDPOINT_XFER_BULK
#define INT  USB_ENDPOINT_XFER_INT

/* clang-format off: one descriptor a line */
static const uint8_t mouse_report[] = {
	0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, /* usage page: desktop; usage: mouse; collection */
	0x09, 0x30, 0x09, 0x31,		    /* usages: X, Y */
	0x15, 0x81, 0x25, 0x7f,		    /* from -127 to 127 */
	0x75, 0x08, 0x95, 0x02, 0x81, 0x06, /* two of 8 bits; input: variable, relative */
	0xc0,				    /* end of the collection */
};
static const uint8_t mouse_config[] = {
	CONFIG(1, 1),
	INTERFACE(0, 0, 1, USB_CLASS_HID),
	9,
	HID_DT_HID,
	LE16(0x0111),
	0,
	1,
	HID_DT_REPORT,
	LE16(sizeof(mouse_report)),
	ENDPOINT(0x81, INT, 8, 4),
};

static const uint8_t bad_config[] = {
	CONFIG(1, 3),
	2,
	USB_DT_DEVICE,
	4,
	USB_DT_INTERFACE_ASSOCIATION,
	0,
	0,
	4,
	USB_DT_INTERFACE,
	0,
	0,
	INTERFACE(0, 0, 9, USB_CLASS_VENDOR_SPEC),
	4,
	USB_DT_ENDPOINT,
	0x81,
	BULK,
	ENDPOINT(0x00, BULK, 512, 0),
	ENDPOINT(0x91, BULK, 512, 0),
	ENDPOINT(0x81, BULK, 512, 0),
	ENDPOINT(0x02, BULK, 100, 0),
	ENDPOINT(0x83, INT, 64, 0),
	ENDPOINT(0x84, INT, 0, 4),
	ENDPOINT(0x85, INT, 2047, 4),
	INTERFACE(0, 0, 0, USB_CLASS_VENDOR_SPEC),
	INTERFACE(0, 5, 0, USB_CLASS_VENDOR_SPEC),
	INTERFACE(7, 0, 31, USB_CLASS_VENDOR_SPEC),
	0,
};
/* The second descriptor claims to be longer than it is. */
#define CUT 30
static const uint8_t empty_config[] = { CONFIG(2, 0), 1, 0x24 };

/* clang-format on */

/* Printed by usb_get_configuration() in drivers/usb/core/config.c and functions inlined there. */
static const char *const complaints[] = {
	"config 1 contains an unexpected descriptor of type 0x1, skipping",
	"config 1 has an invalid interface association descriptor of length 4, skipping",
	"config 1 has an invalid interface descriptor of length 4, skipping",
	"config 1 has an invalid interface number: 7 but max is 2",
	"config 1 descriptor has 1 excess byte, ignoring",
	"config 1 has 2 interfaces, different from the descriptor's value: 3",
	"config 1 has no interface number 1",
	"config 1 interface 0 altsetting 0 has an invalid endpoint descriptor of length 4, "
	"skipping",
	"config 1 interface 0 altsetting 0 has an invalid descriptor for endpoint zero, skipping",
	"config 1 interface 0 altsetting 0 has an endpoint descriptor with address 0x91, "
	"changing to 0x81",
	"config 1 interface 0 altsetting 0 has a duplicate endpoint with address 0x81, skipping",
	"config 1 interface 0 altsetting 0 bulk endpoint 0x2 has invalid maxpacket 100",
	"config 1 interface 0 altsetting 0 endpoint 0x83 has an invalid bInterval 0, changing to 7",
	"config 1 interface 0 altsetting 0 endpoint 0x84 has invalid wMaxPacketSize 0",
	"config 1 interface 0 altsetting 0 endpoint 0x85 has invalid maxpacket 2047, "
	"setting to 1024",
	"config 1 interface 0 altsetting 0 has 8 endpoint descriptors, different from the "
	"interface descriptor's value: 9",
	"Duplicate descriptor for config 1 interface 0 altsetting 0, skipping",
	"too many endpoints for config 1 interface 7 altsetting 0: 31, using maximum allowed: 30",
	"config 1 interface 7 altsetting 0 has 0 endpoint descriptors, different from the "
	"interface descriptor's value: 31",
	"config 1 interface 0 has no altsetting 1",
	"config index 1 descriptor too short (expected 41, got 11)",
	"config 2 has an invalid descriptor of length 1, skipping remainder of the config",
	"config 2 has no interfaces?",
};

static int bus, gadget, log_file;

/* Does the device have a file whose name below its directory in sysfs matches? */
static bool in_sysfs(const char *pattern)
{
	char path[128];
	glob_t found;

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%d-1%s", bus, pattern);
	int status = glob(path, GLOB_NOSORT, NULL, &found);
	if (status == 0)
		globfree(&found);
	return status == 0;
}

/*
 * The file `driver` appears before the driver's probe; files that the probe creates appear at
 * its end.
 */
static bool mouse_ready(void)
{
	return in_sysfs("/*-1:1.0/driver/unbind") && in_sysfs("/*-1:1.0/*/input/input*/uevent");
}

static bool bad_ready(void)
{
	return in_sysfs("/*-1:1.0/uevent") && in_sysfs("/*-1:1.7/uevent");
}

static void expect_mouse(const char *source)
{
	expect_remote(source, "hub_event", 0);
	expect_remote(source, "usb_get_configuration", 1);
	expect_remote(source, "usb_set_configuration", 1);
	expect_remote(source, "usbhid_probe", 1);
	expect_remote(source, "hid_generic_probe", 1);
	/* Runs in a softirq. */
	expect_remote(source, "usb_api_blocking_completion", 0);
	expect_line("remote %s not _dev_notice", source);
}

/* Expect each complaint, and no others of that kind. */
static void expect_bad(const char *source)
{
	unsigned int seen[COUNT(complaints)] = { 0 }, count = 0;
	char record[8192];
	ssize_t n;

	while ((n = read(log_file, record, sizeof(record) - 1)) > 0) {
		record[n] = 0;
		char *text = strstr(record, ": ");
		if (!strstr(record, ";usb ") || strncmp(record, "5,", 2) || !text)
			continue;
		count++;
		for (unsigned int i = 0; i < COUNT(complaints); i++) {
			size_t length = strlen(complaints[i]);
			seen[i] += !strncmp(text + 2, complaints[i], length) &&
				   text[2 + length] == '\n';
		}
	}
	for (unsigned int i = 0; i < COUNT(complaints); i++)
		if (seen[i] != 1) {
			fprintf(stderr, "printed %u times: %s\n", seen[i], complaints[i]);
			exit(99);
		}
	must(count == COUNT(complaints));
	expect_remote(source, "hub_event", 0);
	expect_remote(source, "usb_get_configuration", 1);
	expect_remote(source, "_dev_notice", count);
	expect_line("remote %s not usbhid_probe", source);
}

static const struct device {
	const char *name;
	struct {
		const uint8_t *bytes;
		unsigned int size, claims;
	} configs[2];
	bool (*ready)(void);
	void (*expect)(const char *source);
} devices[] = {
	{ "hid", { { mouse_config, sizeof(mouse_config), 0 } }, mouse_ready, expect_mouse },
	{ "bad",
	  { { bad_config, sizeof(bad_config), 0 }, { empty_config, sizeof(empty_config), CUT } },
	  bad_ready,
	  expect_bad },
}, *device = devices;

struct transfer {
	struct usb_raw_ep_io io;
	uint8_t bytes[512];
};

/* The device's answer to a request: its length, or -1 to refuse. */
static int answer(const struct usb_ctrlrequest *request, uint8_t *bytes)
{
	struct usb_device_descriptor descriptor = {
		.bLength = USB_DT_DEVICE_SIZE,
		.bDescriptorType = USB_DT_DEVICE,
		.bcdUSB = 0x0200,
		.bMaxPacketSize0 = 64,
		.idVendor = 0x6b63,
		.idProduct = 0x6f76,
		.bNumConfigurations = device->configs[1].bytes ? 2 : 1,
	};
	unsigned int type = request->wValue >> 8, index = request->wValue & 0xff;

	if (request->bRequest != USB_REQ_GET_DESCRIPTOR || !(request->bRequestType & USB_DIR_IN))
		return request->wLength ? -1 : 0; /* SET_CONFIGURATION, SET_IDLE and similar
						   * requests */
	if (type == USB_DT_DEVICE) {
		memcpy(bytes, &descriptor, descriptor.bLength);
		return descriptor.bLength;
	}
	if (type == USB_DT_CONFIG && index < descriptor.bNumConfigurations) {
		unsigned int size = device->configs[index].size;
		unsigned int total = size + device->configs[index].claims;

		memcpy(bytes, device->configs[index].bytes, size);
		bytes[2] = total & 0xff;
		bytes[3] = total >> 8;
		return size;
	}
	if (type == HID_DT_REPORT) {
		memcpy(bytes, mouse_report, sizeof(mouse_report));
		return sizeof(mouse_report);
	}
	return -1;
}

static void respond(const struct usb_ctrlrequest *request)
{
	struct transfer transfer = { .io.ep = 0 };
	int length = answer(request, transfer.bytes), err = -1;

	if (length >= 0) {
		transfer.io.length = length < request->wLength ? length : request->wLength;
		if (request->bRequest == USB_REQ_SET_CONFIGURATION && !request->bRequestType)
			ioctl(gadget, USB_RAW_IOCTL_CONFIGURE, 0);
		err = ioctl(gadget,
			    request->bRequestType & USB_DIR_IN ? USB_RAW_IOCTL_EP0_WRITE
							       : USB_RAW_IOCTL_EP0_READ,
			    &transfer);
	}
	/*
	 * Answer even if the host has given up meanwhile, or the gadget refuses everything that
	 * follows.
	 */
	if (err < 0)
		ioctl(gadget, USB_RAW_IOCTL_EP0_STALL, 0);
}

static void plug_in(void)
{
	struct usb_raw_init init = { .speed = USB_SPEED_HIGH };

	strcpy((char *)init.driver_name, "dummy_udc");
	strcpy((char *)init.device_name, "dummy_udc.0");
	gadget = open("/dev/raw-gadget", O_RDWR | O_CLOEXEC);
	must(gadget >= 0);
	must(ioctl(gadget, USB_RAW_IOCTL_INIT, &init) == 0);
	must(ioctl(gadget, USB_RAW_IOCTL_RUN, 0) == 0);
}

/* Answers until it is killed, since waiting for an event has no time limit. */
static void serve(void)
{
	struct {
		struct usb_raw_event event;
		struct usb_ctrlrequest request;
	} fetched;

	plug_in();
	for (;;) {
		fetched.event.length = sizeof(fetched.request);
		must(ioctl(gadget, USB_RAW_IOCTL_EVENT_FETCH, &fetched) == 0);
		if (fetched.event.type == USB_RAW_EVENT_CONTROL)
			respond(&fetched.request);
	}
}

/* The work item that removes the device cannot start before the one that found it has ended. */
static void pull_out(pid_t server)
{
	char path[64], byte;

	must(waitpid(server, NULL, WNOHANG) == 0);
	must(kill(server, SIGKILL) == 0);
	must(waitpid(server, NULL, 0) == server);
	while (in_sysfs(""))
		usleep(5000);
	/* Reading this file needs the lock that the worker holds. */
	snprintf(path, sizeof(path), "/sys/bus/usb/devices/usb%d/bConfigurationValue", bus);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd >= 0 && read(fd, &byte, 1) == 1);
	close(fd);
}

int main(int argc, char **argv)
{
	char source[16];
	glob_t found;

	while (device < devices + COUNT(devices) && (argc < 2 || strcmp(device->name, argv[1])))
		device++;
	must(device < devices + COUNT(devices));
	must(glob("/sys/devices/platform/dummy_hcd.0/usb*", 0, NULL, &found) == 0);
	bus = atoi(strrchr(found.gl_pathv[0], '/') + strlen("/usb"));
	globfree(&found);
	must(!in_sysfs(""));
	log_file = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	must(log_file >= 0 && lseek(log_file, 0, SEEK_END) >= 0);
	pid_t server = fork();
	if (server == 0)
		serve();
	while (!device->ready() && waitpid(server, NULL, WNOHANG) == 0)
		usleep(10000);
	pull_out(server);
	snprintf(source, sizeof(source), "usb:%d", bus);
	device->expect(source);
	expect(self(), BIT(M_TIMES) | BIT(M_EXIT));
	expect_line("tasks 2");
	mark(M_TIMES);
	return 0;
}
