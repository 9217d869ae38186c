// SPDX-License-Identifier: GPL-2.0-or-later
/* Splits a run file into records and searches for the next one after damage. */
#include "run/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "run/format.h"

#define RECORD_MAX (RUN_RECORD_HEADER + RUN_PAYLOAD_MAX)
/* The window begins small, for the many small files, and grows while a file is longer than it. */
#define WINDOW_MIN ((size_t)16 << 10)
#define WINDOW_MAX (4 * RECORD_MAX)
/* Describe this many damaged ranges one by one; only count the others. */
#define RANGES_DESCRIBED 4
/*
 * Limit the work for false sync marks: computing checksums that do not match may
 * cost this many bytes, plus as many as were read. Otherwise a file of nothing but
 * sync marks would cost 2^18 times its size.
 */
#define WASTE_FREE   ((uint64_t)64 << 20)
#define WASTE_FACTOR 4

struct run_reader {
	char *path;
	int fd;
	bool at_eof; /* there is nothing more to read into the window */
	uint8_t *window;
	size_t window_size;
	size_t start, end;   /* the bytes in the window that are not consumed */
	uint64_t offset;     /* of window[start] in the file */
	size_t handed_out;   /* size of the record at start that run_reader_next() returned */
	uint64_t wasted;     /* bytes in failed checksums, see WASTE_FREE */
	uint64_t nr_records; /* records returned so far */
	bool finished;
	uint64_t damage_start, damage_end; /* a damaged range that may still grow; empty if equal */
	size_t nr_ranges;
	uint64_t damaged_bytes;
	struct strbuf damage;
};

static size_t available(const struct run_reader *r)
{
	return r->end - r->start;
}

/* Double the size of the window, or make it large enough for want bytes if that is more. */
static bool window_grow(struct run_reader *r, size_t want)
{
	size_t size = 2 * r->window_size;

	if (size < WINDOW_MIN)
		size = WINDOW_MIN;
	if (size < want)
		size = want;
	if (size > WINDOW_MAX)
		size = WINDOW_MAX;
	uint8_t *grown = realloc(r->window, size);
	if (!grown)
		return false;
	r->window = grown;
	r->window_size = size;
	return true;
}

/* Read until the window holds at least want bytes (<= RECORD_MAX), or up to the end of the file. */
static struct error *window_fill(struct run_reader *r, size_t want)
{
	if (available(r) >= want || r->at_eof)
		return NULL;
	if (r->start)
		memmove(r->window, r->window + r->start, available(r));
	r->end -= r->start;
	r->start = 0;
	if (r->window_size < WINDOW_MAX && !window_grow(r, want))
		return &error_no_memory;
	ssize_t n = read_full(r->fd, r->window + r->end, r->window_size - r->end);
	if (n < 0)
		return error_errno(errno, "cannot read '%s'", r->path);
	r->at_eof = r->end + n < r->window_size;
	r->end += n;
	return NULL;
}

static void window_consume(struct run_reader *r, size_t size)
{
	r->start += size;
	r->offset += size;
}

/* Append 1234567 as "1,234,567". */
static void add_count(struct strbuf *sb, uint64_t n)
{
	if (n >= 1000) {
		add_count(sb, n / 1000);
		strbuf_addf(sb, ",%03u", (unsigned int)(n % 1000));
		return;
	}
	strbuf_addf(sb, "%u", (unsigned int)n);
}

static void describe(struct run_reader *r, uint64_t n, const char *text)
{
	if (r->damage.len)
		strbuf_addstr(&r->damage, "; ");
	if (n)
		add_count(&r->damage, n);
	strbuf_addstr(&r->damage, text);
}

/* End the damaged range: an intact record or the end of the file follows. */
static void damage_close(struct run_reader *r)
{
	uint64_t size = r->damage_end - r->damage_start;

	if (!size)
		return;
	r->damaged_bytes += size;
	if (++r->nr_ranges <= RANGES_DESCRIBED) {
		describe(r, size, size == 1 ? " byte" : " bytes");
		strbuf_addf(&r->damage, " damaged at offset %" PRIu64, r->damage_start);
	}
	r->damage_start = r->damage_end;
}

static void damage_add(struct run_reader *r, uint64_t offset, uint64_t size)
{
	if (r->damage_end != offset) {
		damage_close(r);
		r->damage_start = offset;
	}
	r->damage_end = offset + size;
}

static struct error *check_header(struct run_reader *r)
{
	const uint8_t *p = r->window;

	if (available(r) == 0)
		return error_create(ERROR_FORMAT, "'%s' is empty, not a run file", r->path);
	if (available(r) < RUN_HEADER_SIZE || memcmp(p, RUN_MAGIC, RUN_MAGIC_SIZE))
		return error_hint(
			error_create(ERROR_FORMAT, "'%s' is not a run file", r->path),
			"'kcovreport collect' writes them, 'kcovreport import' makes them from "
			"text");
	if (run_get_le(p + 12, 4) != crc32(0, p, 12))
		damage_add(r, 0, RUN_HEADER_SIZE);
	else if (run_get_le(p + 8, 2) < 1 || run_get_le(p + 8, 2) > RUN_VERSION_MAJOR)
		return error_hint(error_create(ERROR_UNSUPPORTED,
					       "'%s' has format version %u, but this program reads "
					       "versions 1 to %u",
					       r->path, (unsigned int)run_get_le(p + 8, 2),
					       RUN_VERSION_MAJOR),
				  "use the kcovreport that wrote it");
	window_consume(r, RUN_HEADER_SIZE);
	return NULL;
}

struct error *run_reader_create(const char *path, struct run_reader **ret)
{
	_cleanup_run_reader_ struct run_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return &error_no_memory;
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		return error_errno(errno, "cannot open '%s'", path);
	r->path = strdup(path);
	if (!r->path)
		return &error_no_memory;
	struct error *err = window_fill(r, RUN_HEADER_SIZE);
	if (!err)
		err = check_header(r);
	if (err)
		return err;
	*ret = steal_ptr(&r);
	return NULL;
}

void run_reader_destroy(struct run_reader *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	strbuf_deinit(&r->damage);
	free(r->window);
	free(r->path);
	free(r);
}

bool run_reader_can_rewind(const struct run_reader *r)
{
	struct stat st;

	return !fstat(r->fd, &st) && S_ISREG(st.st_mode);
}

uint64_t run_reader_size(const struct run_reader *r)
{
	struct stat st;

	return !fstat(r->fd, &st) && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : r->offset;
}

struct error *run_reader_rewind(struct run_reader *r)
{
	if (lseek(r->fd, 0, SEEK_SET) < 0)
		return error_errno(errno, "cannot read '%s'", r->path);
	strbuf_deinit(&r->damage);
	*r = (struct run_reader){
		.path = r->path, .fd = r->fd, .window = r->window, .window_size = r->window_size
	};
	struct error *err = window_fill(r, RUN_HEADER_SIZE);
	return err ? err : check_header(r);
}

/* Is there an intact record at window[start]? */
static struct error *parse_record(struct run_reader *r, struct run_record *record, bool *ok)
{
	*ok = false;
	const uint8_t *p = r->window + r->start;
	if (available(r) < RUN_RECORD_HEADER || memcmp(p, RUN_SYNC, RUN_SYNC_SIZE))
		return NULL;
	size_t length = run_get_le(p + 5, 3);
	if (length > RUN_PAYLOAD_MAX || r->wasted > WASTE_FREE + WASTE_FACTOR * r->offset)
		return NULL;
	struct error *err = window_fill(r, RUN_RECORD_HEADER + length);
	if (err)
		return err;
	p = r->window + r->start;
	if (available(r) < RUN_RECORD_HEADER + length)
		return NULL;
	*ok = run_get_le(p + 8, 4) == run_record_crc(p, length);
	if (!*ok)
		r->wasted += length;
	*record = (struct run_record){ .type = p[4],
				       .payload = p + RUN_RECORD_HEADER,
				       .length = length,
				       .offset = r->offset };
	return NULL;
}

/* No record starts at window[start]: skip to where the next one may start. */
static void skip_to_sync(struct run_reader *r)
{
	const uint8_t *from = r->window + r->start + 1;
	const uint8_t *sync = memmem(from, available(r) - 1, RUN_SYNC, RUN_SYNC_SIZE);
	size_t skipped;

	if (sync)
		skipped = sync - (r->window + r->start);
	else if (!r->at_eof && available(r) >= RUN_SYNC_SIZE)
		skipped = available(r) - (RUN_SYNC_SIZE - 1);
	else
		skipped = available(r);
	damage_add(r, r->offset, skipped);
	window_consume(r, skipped);
}

/* Count the bytes after the end record. */
static struct error *read_rest(struct run_reader *r)
{
	uint64_t size = 0;

	for (;;) {
		struct error *err = window_fill(r, 1);

		if (err)
			return err;
		if (!available(r))
			break;
		size += available(r);
		window_consume(r, available(r));
	}
	r->damaged_bytes += size;
	if (size)
		describe(r, size,
			 size == 1 ? " byte after the end record" : " bytes after the end record");
	return NULL;
}

static void describe_end(struct run_reader *r)
{
	damage_close(r);
	if (r->nr_ranges > RANGES_DESCRIBED)
		describe(r, r->nr_ranges - RANGES_DESCRIBED, " more damaged places");
	if (!r->finished)
		describe(r, 0, "no end record: the collection did not end normally");
}

static struct error *take_end(struct run_reader *r, const struct run_record *record)
{
	struct run_end end = { 0 };
	bool ok;

	struct error *err =
		run_decode_fields(record->payload, record->length, run_end_fields, &end, &ok);
	if (err)
		return err;
	window_consume(r, RUN_RECORD_HEADER + record->length);
	r->finished = true;
	describe_end(r);
	if (ok && end.nr_records > r->nr_records) {
		uint64_t missing = end.nr_records - r->nr_records;

		describe(r, missing, missing == 1 ? " record is missing" : " records are missing");
	}
	return read_rest(r);
}

struct error *run_reader_next(struct run_reader *r, struct run_record *record, bool *ok)
{
	window_consume(r, r->handed_out);
	r->handed_out = 0;
	*ok = false;
	while (!r->finished) {
		struct error *err = window_fill(r, RUN_RECORD_HEADER);

		if (err)
			return err;
		if (!available(r)) {
			describe_end(r);
			return NULL;
		}
		err = parse_record(r, record, ok);
		if (err)
			return err;
		if (!*ok) {
			skip_to_sync(r);
			continue;
		}
		if (record->type == RUN_RECORD_END) {
			*ok = false;
			return take_end(r, record);
		}
		r->handed_out = RUN_RECORD_HEADER + record->length;
		r->nr_records++;
		return NULL;
	}
	return NULL;
}

void run_reader_reject(struct run_reader *r, const struct run_record *record)
{
	damage_add(r, record->offset, RUN_RECORD_HEADER + record->length);
}

bool run_reader_finished(const struct run_reader *r)
{
	return r->finished;
}

uint64_t run_reader_damaged_bytes(const struct run_reader *r)
{
	return r->damaged_bytes;
}

const char *run_reader_damage(const struct run_reader *r)
{
	return strbuf_str(&r->damage);
}
