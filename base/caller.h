/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For whom the program works: the user that called sudo, or else the effective user. Outputs
 * that root makes under sudo belong to that user, who could not even remove them otherwise.
 */
#ifndef BASE_CALLER_H
#define BASE_CALLER_H

#include <stdbool.h>
#include <sys/types.h>

/* Sets *uid and *gid, and returns true, if we are root and sudo says who called it. */
bool caller_of_sudo(uid_t *uid, gid_t *gid);
/*
 * Give a new file or directory to the user that called sudo. Does nothing without sudo, and on a
 * file system that has no owners.
 */
void caller_own(int fd);
void caller_own_path(const char *path);
/* Whether a user is root, the effective user, or the one that called sudo. */
bool caller_trusts(uid_t uid);

#endif
