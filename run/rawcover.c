// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads and writes syzkaller's text, and converts between call and return addresses. */
#include "run/rawcover.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/parse.h"

/* Longer than any PC with some white space around it. */
#define LINE_SIZE 128

/* Remove white space at both ends. */
static char *trim(char *line)
{
	static const char white[] = " \t\r\n";

	line += strspn(line, white);
	for (size_t n = strlen(line); n && strchr(white, line[n - 1]); n--)
		line[n - 1] = '\0';
	return line;
}

/*
 * Returns false at the end of the file. *whole = false if the line is too long or
 * contains a NUL byte, and so is not a PC.
 */
static bool read_line(FILE *in, char line[LINE_SIZE], bool *whole)
{
	size_t n = 0;
	int c;

	*whole = true;
	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		if (!c || n == LINE_SIZE - 1)
			*whole = false;
		else
			line[n++] = c;
	}
	line[n] = '\0';
	return c != EOF || n || !*whole;
}

struct error *rawcover_read(FILE *in, const char *name, struct pc_map *pcs)
{
	char line[LINE_SIZE];
	bool whole;
	uint64_t pc;

	for (uint64_t number = 1; read_line(in, line, &whole); number++) {
		const char *text = trim(line);

		if (whole && !*text)
			continue;
		if (!whole || !parse_u64(text, 16, UINT64_MAX, &pc) || !pc)
			return error_hint(error_create(ERROR_FORMAT,
						       "line %" PRIu64 " of '%s' is not a PC: '%s'",
						       number, name, text),
					  "expected one hexadecimal PC per line");
		if (!pc_map_add(pcs, pc, 1))
			return &error_no_memory;
	}
	if (ferror(in))
		return error_errno(errno ? errno : EIO, "cannot read '%s'", name);
	return NULL;
}

void rawcover_write(FILE *out, const struct pc_count *pcs, size_t nr_pcs)
{
	for (size_t i = 0; i < nr_pcs; i++)
		fprintf(out, "0x%" PRIx64 "\n", pcs[i].pc);
}

/*
 * Length of a call of the callback, in bytes; one row for each architecture that
 * reports can be made for.
 */
static const struct call_length {
	const char *machine;
	unsigned int bytes;
} call_lengths[] = {
	{ "x86_64", 5 }, /* e8 rel32 */
};

static unsigned int call_length_find(const char *machine)
{
	for (size_t i = 0; machine && i < sizeof(call_lengths) / sizeof(*call_lengths); i++)
		if (!strcmp(call_lengths[i].machine, machine))
			return call_lengths[i].bytes;
	return 0;
}

struct error *rawcover_convert(struct pc_count *pcs, size_t nr_pcs, const char *machine,
			       enum run_pc_kind from, enum run_pc_kind to)
{
	unsigned int length = call_length_find(machine);

	if (from == to)
		return NULL;
	if (!length)
		return error_hint(error_create(ERROR_UNSUPPORTED,
					       "the length of a call is not known for machine '%s'",
					       machine ? machine : "?"),
				  machine ? "export without --pc-kind"
					  : "import with --machine, or export without --pc-kind");
	for (size_t i = 0; i < nr_pcs; i++) {
		uint64_t pc = to == RUN_PC_CALL ? pcs[i].pc - length : pcs[i].pc + length;

		if ((to == RUN_PC_CALL) != (pc < pcs[i].pc) || !pc)
			return error_create(ERROR_UNSUPPORTED,
					    "no call can be before PC 0x%" PRIx64, pcs[i].pc);
		pcs[i].pc = pc;
	}
	return NULL;
}
