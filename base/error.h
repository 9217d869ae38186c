/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One error object; NULL is success.
 *
 * A function that can fail returns `struct error *`. Its result goes to its last parameter, named
 * `ret`, which a failed call leaves untouched. The caller owns the error: it returns it, or frees
 * it with error_destroy().
 *
 * Messages: lower case, cause first, the subject in single quotes, no full stop, no errno text
 * (error_format() adds it). What the user can do about it goes into the hint. Stages return errors
 * and never print; only kcovreport/ prints.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum error_code {
	ERROR_NO_MEMORY,   /* static object, never allocated */
	ERROR_SYSTEM,	   /* a system call failed: errnum is set */
	ERROR_FORMAT,	   /* input does not follow its format */
	ERROR_NOT_FOUND,   /* what was asked for does not exist */
	ERROR_MISMATCH,	   /* two things do not belong together (different build ids) */
	ERROR_UNSUPPORTED, /* valid, but this machine, kernel or program cannot do it */
	ERROR_INVALID,	   /* an argument of the user is wrong */
};

struct error {
	enum error_code code;
	int errnum;    /* errno of ERROR_SYSTEM, else 0 */
	char *message; /* owned; never NULL */
	char *hint;    /* owned; what to do about it, or NULL */
};

/* The one error that needs no memory; error_destroy() accepts it. */
extern struct error error_no_memory;

/* Never NULL: returns &error_no_memory if memory runs out. */
struct error *error_create(enum error_code code, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull, warn_unused_result));

/* ERROR_SYSTEM with errnum (an errno value, positive; ENOMEM gives &error_no_memory). */
struct error *error_errno(int errnum, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull, warn_unused_result));

/* Put "CONTEXT: " before the message. Takes err, returns it (or &error_no_memory). NULL stays NULL.
 */
struct error *error_context(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3), warn_unused_result));

/* Set the hint, replacing an older one. Takes err, returns it. NULL stays NULL. */
struct error *error_hint(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3), warn_unused_result));

/*
 * Whether memory or file descriptors ran out. Then the same call may succeed later, so the error
 * says nothing of a file.
 */
bool error_is_shortage(const struct error *err);

/* Accepts NULL and static errors. */
void error_destroy(struct error *err);

/*
 * The whole error as one line without newline: "message: errno text (hint)", with '?' for control
 * bytes. The caller frees it; NULL if memory runs out.
 */
char *error_format(const struct error *err);

static inline void cleanup_error(struct error **err)
{
	error_destroy(*err);
}
#define _cleanup_error_ __attribute__((__cleanup__(cleanup_error)))

#endif
