/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Monotonic time, in nanoseconds since an arbitrary start. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* System calls refuse a tv_nsec of a second or more. */
static inline struct timespec timespec_from_ns(uint64_t ns)
{
	return (struct timespec){ .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
}

/* A signal ends the sleep. */
static inline void sleep_ns(uint64_t ns)
{
	const struct timespec time = timespec_from_ns(ns);

	nanosleep(&time, NULL);
}

#endif
