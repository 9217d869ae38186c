/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * String interning: while the table lives, the same text gives the same
 * pointer and the same id. Millions of PCs repeat a few thousand names. Ids
 * count from 0 in the order of first appearance. Not thread-safe.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

#define INTERN_NONE UINT32_MAX

struct intern;

struct error *intern_create(struct intern **ret);
/* Accepts NULL. Frees all strings that were handed out. */
void intern_destroy(struct intern *in);
/* The id of s, which is copied if it is new. */
struct error *intern_id(struct intern *in, const char *s, uint32_t *ret);
/* The id of s, without adding it; INTERN_NONE if it is not in the table. */
uint32_t intern_find(const struct intern *in, const char *s);
/* The string of an id below intern_count(); valid until intern_destroy(). */
const char *intern_string(const struct intern *in, uint32_t id);
uint32_t intern_count(const struct intern *in);

DEFINE_CLEANUP(intern, struct intern, intern_destroy);
#define _cleanup_intern_ _cleanup_(cleanup_intern)

#endif
