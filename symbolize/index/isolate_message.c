// SPDX-License-Identifier: GPL-2.0-or-later
/* What the process that builds an index tells its parent: over a socket that keeps messages whole.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "symbolize/index/isolate.h"

#define HEAD_SIZE offsetof(struct isolate_message, text)
/* At most, with its NUL; the rest of the room is for the text. */
#define HINT_SIZE 1024

struct error *isolate_connect(int ret[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret))
		return error_errno(errno, "cannot create a socket");
	return NULL;
}

/* Append text and its NUL at *at: at most max bytes, for which there must be room. */
static void add_text(struct isolate_message *m, size_t *at, const char *text, size_t max)
{
	size_t len = strnlen(text, max - 1);

	memcpy(m->text + *at, text, len);
	m->text[*at + len] = '\0';
	*at += len + 1;
}

static void send_message(int fd, struct isolate_message *m, const char *text, const char *hint)
{
	size_t size = 0;

	add_text(m, &size, text, sizeof(m->text) - HINT_SIZE);
	if (hint) {
		m->hint = size;
		add_text(m, &size, hint, HINT_SIZE);
	}
	while (send(fd, m, HEAD_SIZE + size, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

void isolate_send_error(int fd, struct error *err)
{
	struct isolate_message m = { .kind = ISOLATE_ERROR,
				     .number = err->code,
				     .errnum = err->errnum };

	send_message(fd, &m, err->message, err->hint);
	error_destroy(err);
}

void isolate_send_done(int fd, uint64_t size)
{
	struct isolate_message m = { .kind = ISOLATE_DONE, .done = size };

	send_message(fd, &m, "", NULL);
}

static void send_line(void *arg, enum log_level level, const char *text)
{
	struct isolate_message m = { .kind = ISOLATE_LINE, .number = level };

	send_message(*(int *)arg, &m, text, NULL);
}

static void send_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	struct isolate_message m = { .kind = ISOLATE_PROGRESS, .done = done, .total = total };

	send_message(*(int *)arg, &m, what, NULL);
}

struct log isolate_log(int *fd)
{
	return (struct log){ .line = send_line, .progress = send_progress, .arg = fd };
}

/* Whether its numbers have a meaning; the texts are any. */
static bool is_known(const struct isolate_message *m)
{
	switch (m->kind) {
	case ISOLATE_LINE:
		return m->number <= LOG_DEBUG;
	case ISOLATE_ERROR:
		return m->number <= ERROR_INVALID;
	case ISOLATE_PROGRESS:
	case ISOLATE_DONE:
		return true;
	default:
		return false;
	}
}

bool isolate_receive(int fd, struct isolate_message *ret)
{
	ssize_t n;

	do
		n = recv(fd, ret, sizeof(*ret), 0);
	while (n < 0 && errno == EINTR);
	if (n <= (ssize_t)HEAD_SIZE)
		return false;
	ret->text[n - HEAD_SIZE - 1] = '\0';
	return ret->hint < n - HEAD_SIZE && is_known(ret);
}

struct error *isolate_error(const struct isolate_message *m)
{
	struct error *err;

	if (m->number == ERROR_NO_MEMORY)
		return &error_no_memory;
	if (m->number == ERROR_SYSTEM)
		err = error_errno(m->errnum > 0 ? m->errnum : EIO, "%s", m->text);
	else
		err = error_create(m->number, "%s", m->text);
	return m->hint ? error_hint(err, "%s", m->text + m->hint) : err;
}
