// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes the evidence of the lines of a file: the blocks that own them, with addresses as offsets,
 * since there are a hundred thousand of them, and in words what the statements corrected.
 *
 *	"evidence":{"base":"0x...","images":[..],"symbols":[..],
 *		"rows":[[line,image,symbol or -1,offset,size,state,count,points,offset of the block
 *			 that decided it,set of recorders,flags],...]},
 *	"corrections":[[line,text],...]
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "render/correction.h"
#include "render/html_private.h"

enum { IS_STATEMENT = 1, IS_OF_MISSED = 2, COUNTS = 4 };

/* Names of images and symbols of one file, by number. */
struct names {
	struct intern *images, *symbols;
};

static void write_names(const char *before, const struct intern *names, struct writer *out)
{
	writer_str(out, before);
	for (uint32_t i = 0; i < intern_count(names); i++) {
		writer_str(out, i ? "," : "");
		html_write_str(intern_string(names, i), out);
	}
	writer_byte(out, ']');
}

static struct error *write_row(const struct coverage_evidence *e, uint64_t base,
			       struct names *names, struct writer *out)
{
	uint32_t image, symbol = 0;
	uint64_t flags = (e->is_statement ? IS_STATEMENT : 0) |
			 (e->is_of_missed ? IS_OF_MISSED : 0) | (e->counts ? COUNTS : 0);

	struct error *err = intern_id(names->images, e->image, &image);
	if (!err && e->symbol)
		err = intern_id(names->symbols, e->symbol, &symbol);
	if (err)
		return err;
	html_write_number("[", e->line, out);
	html_write_number(",", image, out);
	if (e->symbol)
		html_write_number(",", symbol, out);
	else
		writer_str(out, ",-1");
	html_write_number(",", e->start - base, out);
	html_write_number(",", e->size, out);
	html_write_number(",", e->state, out);
	html_write_number(",", e->count, out);
	html_write_number(",", e->points, out);
	html_write_number(",", e->source - base, out);
	html_write_number(",", e->recorders, out);
	html_write_number(",", flags, out);
	writer_byte(out, ']');
	return NULL;
}

static uint64_t lowest_address(const struct coverage_evidence *first, size_t nr)
{
	uint64_t lowest = first->start;

	for (size_t i = 0; i < nr; i++) {
		if (first[i].start < lowest)
			lowest = first[i].start;
		if (first[i].source < lowest)
			lowest = first[i].source;
	}
	return lowest;
}

static struct error *write_blocks(const struct coverage_evidence *first, size_t nr,
				  struct writer *out)
{
	_cleanup_intern_ struct intern *images = NULL, *symbols = NULL;
	uint64_t base = lowest_address(first, nr);
	char text[24];

	struct error *err = intern_create(&images);
	if (!err)
		err = intern_create(&symbols);
	writer_str(out, ",\"evidence\":{\"rows\":[");
	for (size_t i = 0; !err && i < nr; i++) {
		writer_str(out, i ? "," : "");
		err = write_row(&first[i], base, &(struct names){ images, symbols }, out);
	}
	if (err)
		return err;
	write_names("],\"images\":[", images, out);
	write_names(",\"symbols\":[", symbols, out);
	snprintf(text, sizeof(text), "0x%" PRIx64, base);
	writer_str(out, ",\"base\":");
	html_write_str(text, out);
	writer_byte(out, '}');
	return NULL;
}

static struct error *write_correction(const struct coverage_correction *correction,
				      struct writer *out)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return &error_no_memory;
	correction_write(correction, stream);
	bool failed = ferror(stream);
	if (fclose(stream) || failed)
		return &error_no_memory;
	html_write_number("[", correction->line, out);
	writer_byte(out, ',');
	html_write_text(text, size, out);
	writer_byte(out, ']');
	return NULL;
}

struct html_evidence html_evidence_find(const struct coverage *c, const char *path,
					const struct html_evidence *before)
{
	struct html_evidence ret = {
		.first = before->first + before->nr,
		.first_correction = before->first_correction + before->nr_corrections,
	};
	size_t end;

	while (ret.first < c->nr_evidence && strcmp(c->evidence[ret.first].file, path) < 0)
		ret.first++;
	for (end = ret.first; end < c->nr_evidence && !strcmp(c->evidence[end].file, path);)
		end++;
	ret.nr = end - ret.first;
	while (ret.first_correction < c->nr_corrections &&
	       strcmp(c->corrections[ret.first_correction].file, path) < 0)
		ret.first_correction++;
	for (end = ret.first_correction;
	     end < c->nr_corrections && !strcmp(c->corrections[end].file, path);)
		end++;
	ret.nr_corrections = end - ret.first_correction;
	return ret;
}

struct error *html_evidence_write(const struct coverage *c, const struct html_evidence *evidence,
				  struct writer *out)
{
	const struct coverage_correction *corrections =
		c->corrections ? &c->corrections[evidence->first_correction] : NULL;
	struct error *err = NULL;

	if (evidence->nr)
		err = write_blocks(&c->evidence[evidence->first], evidence->nr, out);
	writer_str(out, ",\"corrections\":[");
	for (size_t i = 0; !err && i < evidence->nr_corrections; i++) {
		writer_str(out, i ? "," : "");
		err = write_correction(&corrections[i], out);
	}
	writer_byte(out, ']');
	return err;
}
