// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells who called sudo, and gives files to that user. */
#include "base/caller.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/parse.h"

static bool read_id(const char *name, uint64_t *ret)
{
	const char *text = getenv(name);

	/* The largest id is -1, which chown() takes for "leave it". */
	return text && parse_u64(text, 10, UINT32_MAX - 1, ret);
}

bool caller_of_sudo(uid_t *uid, gid_t *gid)
{
	uint64_t u, g;

	if (geteuid() != 0 || !read_id("SUDO_UID", &u) || !read_id("SUDO_GID", &g))
		return false;
	*uid = u;
	*gid = g;
	return true;
}

void caller_own(int fd)
{
	uid_t uid;
	gid_t gid;

	if (caller_of_sudo(&uid, &gid) && fchown(fd, uid, gid))
		return;
}

void caller_own_path(const char *path)
{
	uid_t uid;
	gid_t gid;

	if (caller_of_sudo(&uid, &gid) && lchown(path, uid, gid))
		return;
}

bool caller_trusts(uid_t uid)
{
	uid_t caller;
	gid_t gid;

	return uid == 0 || uid == geteuid() || (caller_of_sudo(&caller, &gid) && uid == caller);
}
