// SPDX-License-Identifier: GPL-2.0
/* The last lines of the guest's console, kept in memory for error messages. */
#include "kernel/vm/host/relay.h"

#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

#define CONSOLE_KEEP  (256 * 1024)
#define CONSOLE_LINES 20

static struct buffer kept;

void console_take(const char *data, size_t len)
{
	buffer_append(&kept, data, len);
	if (buffer_len(&kept) > 2 * CONSOLE_KEEP)
		buffer_consume(&kept, buffer_len(&kept) - CONSOLE_KEEP);
}

bool console_empty(void)
{
	return !buffer_len(&kept);
}

bool console_find(const char *text, char *ret_line, size_t size)
{
	const char *end = buffer_bytes(&kept) + buffer_len(&kept);
	const char *at = buffer_len(&kept) ? memmem(buffer_bytes(&kept), buffer_len(&kept), text,
						    strlen(text))
					   : NULL;
	size_t len = 0;

	if (!at)
		return false;
	while (at + len < end && at[len] != '\n' && at[len] != '\r' && len + 1 < size)
		len++;
	memcpy(ret_line, at, len);
	ret_line[len] = '\0';
	return true;
}

/* The start of the last CONSOLE_LINES lines. */
static size_t tail_start(const char *text, size_t len)
{
	size_t at = len;
	int lines = 0;

	while (at > 0) {
		if (text[at - 1] == '\n' && at != len && ++lines == CONSOLE_LINES)
			break;
		at--;
	}
	return at;
}

/* Firmware and kernel may send anything. Let no escape sequence reach the user's terminal. */
static void add_printable(struct buffer *out, const char *text, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		bool is_plain;

		n = text_next(text + i, len - i, &is_plain);
		if (text[i] == '\r')
			continue;
		if (is_plain || text[i] == '\n' || text[i] == '\t')
			buffer_append(out, text + i, n);
		else
			buffer_append(out, "?", 1);
		if (text[i] == '\n' && i + 1 < len)
			buffer_append(out, "  | ", 4);
	}
}

void console_print_tail(void)
{
	const char *text = buffer_bytes(&kept);
	size_t len = buffer_len(&kept);
	size_t start = tail_start(text, len);
	struct buffer out = { 0 };
	ssize_t ignored;

	if (!len)
		return;
	buffer_append(&out, "  | ", 4);
	add_printable(&out, text + start, len - start);
	if (text[len - 1] != '\n')
		buffer_append(&out, "\n", 1);
	ignored = write(STDERR_FILENO, buffer_bytes(&out), buffer_len(&out));
	(void)ignored;
	buffer_deinit(&out);
}
