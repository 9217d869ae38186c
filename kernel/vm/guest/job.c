// SPDX-License-Identifier: GPL-2.0
/* Reads the request that the relay packed into the initial RAM disk. */
#include "kernel/vm/guest/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/vm/guest/guest.h"
#include "kernel/vm/wire/buffer.h"

static void read_file(const char *path, struct buffer *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		guest_fail("cannot open '%s': %s", path, strerror(errno));
	while ((n = read(fd, buffer_reserve(b, 65536), 65536)) > 0)
		b->end += n;
	if (n < 0)
		guest_fail("cannot read '%s': %s", path, strerror(errno));
	close(fd);
}

struct strings {
	char **items;
	size_t n;
};

static void strings_add(struct strings *s, char *item)
{
	s->items = reallocarray(s->items, s->n + 2, sizeof(*s->items));
	if (!s->items)
		guest_fail("out of memory");
	s->items[s->n++] = item;
	s->items[s->n] = NULL;
}

static void take(void *to, size_t size, const char *data, size_t len)
{
	if (len != size)
		guest_fail("the request is damaged");
	memcpy(to, data, size);
}

static void take_limit(struct job *job, const char *data, size_t len)
{
	struct request_limit limit;

	take(&limit, sizeof(limit), data, len);
	if (limit.resource >= RLIM_NLIMITS)
		return;
	job->limits[limit.resource] = (struct rlimit){
		.rlim_cur = limit.soft,
		.rlim_max = limit.hard,
	};
}

static void take_groups(struct job *job, const char *data, size_t len)
{
	uint32_t *groups = malloc(len + 1);

	if (!groups)
		guest_fail("out of memory");
	memcpy(groups, data, len);
	job->groups = groups;
	job->n_groups = len / sizeof(*groups);
}

static void take_record(struct job *job, struct strings *args, struct strings *env, uint32_t tag,
			char *data, size_t len)
{
	switch ((enum request_tag)tag) {
	case REQUEST_ARG:
		strings_add(args, data);
		break;
	case REQUEST_ENV:
		strings_add(env, data);
		break;
	case REQUEST_CWD:
		job->cwd = data;
		break;
	case REQUEST_HOSTNAME:
		job->hostname = data;
		break;
	case REQUEST_SHARE:
		if (job->n_shares < JOB_SHARES_MAX)
			job->shares[job->n_shares++] = data;
		break;
	case REQUEST_MODULES:
		job->modules = data;
		break;
	case REQUEST_CALLER:
		take(&job->caller, sizeof(job->caller), data, len);
		break;
	case REQUEST_GROUPS:
		take_groups(job, data, len);
		break;
	case REQUEST_LIMIT:
		take_limit(job, data, len);
		break;
	case REQUEST_TERMIOS:
		take(&job->termios, sizeof(job->termios), data, len);
		break;
	case REQUEST_WINSIZE:
		take(&job->winsize, sizeof(job->winsize), data, len);
		break;
	}
}

void job_load(struct job *ret)
{
	struct strings args = { 0 };
	struct strings env = { 0 };
	struct buffer b = { 0 };

	*ret = (struct job){ .cwd = "/" };
	for (size_t i = 0; i < RLIM_NLIMITS; i++)
		getrlimit(i, &ret->limits[i]);
	read_file(REQUEST_PATH, &b);
	while (buffer_len(&b)) {
		struct request_record record;

		if (buffer_len(&b) < sizeof(record))
			guest_fail("the request is damaged");
		memcpy(&record, buffer_bytes(&b), sizeof(record));
		buffer_consume(&b, sizeof(record));
		if (buffer_len(&b) < record.len)
			guest_fail("the request is damaged");
		/* The strings are not copied: the buffer is never freed. */
		take_record(ret, &args, &env, record.tag, buffer_bytes(&b), record.len);
		buffer_consume(&b, record.len);
	}
	if (!args.n)
		guest_fail("the request names no command");
	if (!env.n)
		env.items = calloc(1, sizeof(*env.items));
	ret->argv = args.items;
	ret->envp = env.items;
	unlink(REQUEST_PATH);
}
