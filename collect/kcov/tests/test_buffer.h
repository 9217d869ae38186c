/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers for the collector where there is no KCOV device: collector_options.open_buffer. */
#ifndef COLLECT_KCOV_TESTS_TEST_BUFFER_H
#define COLLECT_KCOV_TESTS_TEST_BUFFER_H

#include <sys/mman.h>

#include "collect/kcov/kcov.h"
#include "run/tests/fixture.h"

/* A file in memory, mapped as the device is. A model of a task maps its fd. */
static inline struct error *open_test_buffer(struct kcov *ret, size_t words)
{
	int fd = memfd_create("kcov", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, words * sizeof(uint64_t)), 0);
	void *area =
		mmap(NULL, words * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(area != MAP_FAILED);
	*ret = (struct kcov){ .fd = fd, .area = area, .words = words };
	return NULL;
}

#endif
