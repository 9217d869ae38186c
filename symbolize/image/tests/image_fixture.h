/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tiny ELF files for the suites. A suite builds them when it starts, from the
 * sources in testdata/symbolize, with the compilers and binutils of the
 * machine. Suites must be run from the top of the source tree.
 */
#ifndef SYMBOLIZE_IMAGE_TESTS_IMAGE_FIXTURE_H
#define SYMBOLIZE_IMAGE_TESTS_IMAGE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/tests/assert.h"
#include "symbolize/index/index.h"

#define SOURCES "testdata/symbolize"
/* The kernel's compiler flags, as far as they matter here. */
#define COMPILE                                                                                    \
	"-O2 -ffreestanding -fno-pic -mcmodel=kernel -fno-asynchronous-unwind-tables "             \
	"-fcf-protection=none"
#define COVERAGE "-fsanitize-coverage=trace-pc"
#define LINK	 "-nostdlib -static -Wl,--build-id -Wl,-e,start -Wl,-z,noseparate-code"

static char fixture_dir[] = "/tmp/kcovreport-test-XXXXXX";

/* Run a shell command, formatted as by printf(); it must succeed. */
__attribute__((format(printf, 1, 2), unused)) static void shell(const char *format, ...)
{
	char *command;
	va_list ap;

	va_start(ap, format);
	assert_true(vasprintf(&command, format, ap) >= 0);
	va_end(ap);
	if (system(command))
		fail_msg("failed: %s", command);
	free(command);
}

__attribute__((unused)) static bool have_program(const char *name)
{
	char command[128];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", name);
	return !system(command);
}

/* fixture_dir/name; valid until the fifth call after it. */
__attribute__((unused)) static const char *fixture(const char *name)
{
	static char paths[5][256];
	static int next;
	char *path = paths[next++ % 5];

	snprintf(path, sizeof(paths[0]), "%s/%s", fixture_dir, name);
	return path;
}

static int make_fixture_dir(void **state)
{
	(void)state;
	return mkdtemp(fixture_dir) ? 0 : -1;
}

static int remove_fixture_dir(void **state)
{
	(void)state;
	shell("rm -rf %s", fixture_dir);
	return 0;
}

/* Link kernel_like.c and the callback as fixture `name`. */
__attribute__((unused)) static void build_kernel(const char *name, const char *cc,
						 const char *flags)
{
	shell("cd %s && %s %s -c -o callback.o $OLDPWD/" SOURCES "/callback.c && "
	      "%s %s " COVERAGE " %s -c -o kernel.o $OLDPWD/" SOURCES "/kernel_like.c && "
	      "%s " LINK " -o %s kernel.o callback.o",
	      fixture_dir, cc, COMPILE, cc, COMPILE, flags, cc, name);
}

/* The same source as a relocatable file. */
__attribute__((unused)) static void build_module(const char *name, const char *cc,
						 const char *flags)
{
	shell("%s %s " COVERAGE " -DMODULE %s -c -o %s/module.o " SOURCES "/kernel_like.c && "
	      "ld -r --build-id -o %s/%s %s/module.o",
	      cc, COMPILE, flags, fixture_dir, fixture_dir, name, fixture_dir);
}

/* Open and index a file; debug_dir may be NULL. */
__attribute__((unused)) static struct index *read_index(const char *path, const char *debug_dir)
{
	_cleanup_image_ struct image *image = NULL;
	struct index *index;
	const char *dirs[] = { debug_dir, NULL };
	struct image_options options = { .debug_dirs = dirs };

	assert_ok(image_open(path, &options, &image));
	assert_ok(index_build(image, NULL, &index));
	return index;
}

/* Every point with all its frames, as text; addresses only when asked for. The caller frees it. */
__attribute__((unused)) static char *dump_index(const struct index *index, bool addresses)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	size_t nr_points;
	const struct index_point *points = index_points(index, &nr_points);
	char *ret;

	for (size_t i = 0; i < nr_points; i++) {
		struct index_frame frames[8];
		size_t nr = index_frames_at(index, points[i].offset, frames, 8);

		if (addresses)
			strbuf_addf(&text, "%#" PRIx64 " ", index_base(index) + points[i].offset);
		strbuf_addf(&text, "%s\n", points[i].kind == INDEX_JUMP ? "jump" : "call");
		for (size_t f = 0; f < nr; f++) {
			const char *name = frames[f].function;
			const char *path = index_file_path(index, frames[f].file);

			strbuf_addf(&text, "\t%s %s:%" PRIu32 "\n", name ? name : "?",
				    path ? path : "?", frames[f].line);
		}
	}
	assert_ok(strbuf_steal(&text, &ret));
	return ret;
}

#endif
