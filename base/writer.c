// SPDX-License-Identifier: GPL-2.0-or-later
/* Buffered output of bytes, strings and decimal numbers; see writer.h. */
#include "base/writer.h"

#include <errno.h>

/* Two digits per division. */
static const char digit_pairs[] = "00010203040506070809"
				  "10111213141516171819"
				  "20212223242526272829"
				  "30313233343536373839"
				  "40414243444546474849"
				  "50515253545556575859"
				  "60616263646566676869"
				  "70717273747576777879"
				  "80818283848586878889"
				  "90919293949596979899";

void writer_init(struct writer *w, FILE *stream)
{
	w->stream = stream;
	w->len = 0;
	w->errnum = 0;
}

static void write_out(struct writer *w, const void *data, size_t len)
{
	if (w->errnum)
		return;
	errno = 0;
	if (fwrite(data, 1, len, w->stream) != len)
		w->errnum = errno ? errno : EIO;
}

void writer_overflow(struct writer *w, const void *data, size_t len)
{
	size_t room = WRITER_BUFFER_SIZE - w->len;

	/* Fill the buffer first, so that only whole buffers are written. */
	memcpy(w->buffer + w->len, data, room);
	write_out(w, w->buffer, WRITER_BUFFER_SIZE);
	w->len = 0;
	data = (const char *)data + room;
	len -= room;
	if (len > WRITER_BUFFER_SIZE)
		write_out(w, data, len);
	else
		writer_bytes(w, data, len);
}

void writer_u64(struct writer *w, uint64_t value)
{
	char digits[20];
	char *p = digits + sizeof(digits);

	while (value >= 10) {
		p -= 2;
		memcpy(p, &digit_pairs[value % 100 * 2], 2);
		value /= 100;
	}
	/* The most significant pair may begin with a zero. */
	if (value)
		*--p = '0' + value;
	else if (p == digits + sizeof(digits))
		*--p = '0';
	writer_bytes(w, p, digits + sizeof(digits) - p);
}

int writer_flush(struct writer *w)
{
	write_out(w, w->buffer, w->len);
	w->len = 0;
	return w->errnum;
}

FILE *writer_stream(struct writer *w)
{
	writer_flush(w);
	return w->stream;
}
