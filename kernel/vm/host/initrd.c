// SPDX-License-Identifier: GPL-2.0
/* The initial RAM disk: a "newc" cpio archive (initramfs buffer format) of two files. */
#include "kernel/vm/host/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/vm/wire/request.h"

static void add_record(struct buffer *b, enum request_tag tag, const void *data, size_t len)
{
	struct request_record record = { .tag = tag, .len = len };

	buffer_append(b, &record, sizeof(record));
	buffer_append(b, data, len);
}

static void add_string(struct buffer *b, enum request_tag tag, const char *text)
{
	add_record(b, tag, text, strlen(text) + 1);
}

static void add_caller(struct buffer *b, const struct options *o, const struct caller *c)
{
	mode_t mask = umask(0);
	struct request_caller caller = {
		.uid = geteuid(),
		.gid = getegid(),
		.umask = mask,
		.ignored = c->ignored,
		.blocked = c->blocked,
	};

	umask(mask);
	caller.flags = (o->as_root ? REQUEST_AS_ROOT : 0) | (c->terminal ? REQUEST_TERMINAL : 0) |
		       (c->terminal && !c->terminal_err ? REQUEST_TERMINAL_NO_ERR : 0) |
		       (c->merged ? REQUEST_MERGED : 0) | (c->open[0] ? 0 : REQUEST_NO_IN) |
		       (c->open[1] ? 0 : REQUEST_NO_OUT) | (c->open[2] ? 0 : REQUEST_NO_ERR);
	add_record(b, REQUEST_CALLER, &caller, sizeof(caller));
}

static void add_groups(struct buffer *b)
{
	gid_t groups[NGROUPS_MAX];
	int n = getgroups(NGROUPS_MAX, groups);

	_Static_assert(sizeof(gid_t) == sizeof(uint32_t), "groups cross the wire as uint32_t");
	add_record(b, REQUEST_GROUPS, groups, n < 0 ? 0 : n * sizeof(groups[0]));
}

static void add_limits(struct buffer *b)
{
	for (uint32_t i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit limit;
		struct request_limit record = { .resource = i };

		if (getrlimit(i, &limit))
			continue;
		record.soft = limit.rlim_cur;
		record.hard = limit.rlim_max;
		add_record(b, REQUEST_LIMIT, &record, sizeof(record));
	}
}

static void add_request(struct buffer *b, const struct options *o, const struct caller *c)
{
	char *cwd = getcwd(NULL, 0);
	struct utsname name;

	if (!cwd)
		fail("cannot find the working directory: %s", strerror(errno));
	add_string(b, REQUEST_CWD, cwd);
	free(cwd);
	for (char **arg = o->command; *arg; arg++)
		add_string(b, REQUEST_ARG, *arg);
	for (char **variable = environ; *variable; variable++)
		add_string(b, REQUEST_ENV, *variable);
	if (!uname(&name))
		add_string(b, REQUEST_HOSTNAME, name.nodename);
	for (size_t i = 0; i < o->n_shares; i++)
		add_string(b, REQUEST_SHARE, o->shares[i]);
	if (o->modules)
		add_string(b, REQUEST_MODULES, o->modules);
	add_caller(b, o, c);
	add_groups(b);
	add_limits(b);
	add_record(b, REQUEST_TERMIOS, &c->termios, sizeof(c->termios));
	add_record(b, REQUEST_WINSIZE, &c->winsize, sizeof(c->winsize));
}

static void add_padding(struct buffer *b)
{
	buffer_append(b, "\0\0\0", -buffer_len(b) & 3);
}

static void add_file(struct buffer *b, const char *name, unsigned int mode, const char *data,
		     size_t len)
{
	static unsigned int inode;
	char header[111];

	if (len > UINT32_MAX)
		fail("'%s' is too large", name);
	/* The fields: magic ino mode uid gid nlink mtime filesize maj min rmaj rmin
	 * namesize check. */
	snprintf(header, sizeof(header),
		 "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", ++inode, mode, 0u,
		 0u, 1u, 0u, (unsigned int)len, 0u, 0u, 0u, 0u, (unsigned int)strlen(name) + 1, 0u);
	buffer_append(b, header, 110);
	buffer_append(b, name, strlen(name) + 1);
	add_padding(b);
	buffer_append(b, data, len);
	add_padding(b);
}

static void read_init(const char *path, struct buffer *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		fail("cannot open the guest's init '%s': %s", path, strerror(errno));
	while ((n = read(fd, buffer_reserve(b, 65536), 65536)) > 0)
		b->end += n;
	if (n < 0)
		fail("cannot read the guest's init '%s': %s", path, strerror(errno));
	close(fd);
}

static int memory_file(const struct buffer *b)
{
	int fd = memfd_create("initrd", 0);
	size_t done = 0;

	if (fd < 0)
		fail("cannot make a memory file: %s", strerror(errno));
	while (done < buffer_len(b)) {
		ssize_t n = write(fd, buffer_bytes(b) + done, buffer_len(b) - done);

		if (n < 0)
			fail("cannot write the initial RAM disk: %s", strerror(errno));
		done += n;
	}
	return fd;
}

int initrd_create(const struct options *o, const struct caller *c)
{
	struct buffer init = { 0 };
	struct buffer request = { 0 };
	struct buffer archive = { 0 };
	int fd;

	read_init(o->init, &init);
	add_request(&request, o, c);
	add_file(&archive, "init", S_IFREG | 0755, buffer_bytes(&init), buffer_len(&init));
	add_file(&archive, &REQUEST_PATH[1], S_IFREG | 0600, buffer_bytes(&request),
		 buffer_len(&request));
	add_file(&archive, "TRAILER!!!", 0, NULL, 0);
	fd = memory_file(&archive);
	buffer_deinit(&init);
	buffer_deinit(&request);
	buffer_deinit(&archive);
	return fd;
}
