// SPDX-License-Identifier: GPL-2.0-or-later
/* Asks git for the diff of a revision, without a shell. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "kcovreport/patch.h"

#define CHUNK 65536

extern char **environ;

struct error *patch_check_revision(const char *revision)
{
	if (*revision && *revision != '-')
		return NULL;
	return error_create(ERROR_INVALID, "'%s' is not a revision", revision);
}

static struct error *spawn(char *const *argv, int out, int err, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	int errnum = posix_spawn_file_actions_init(&actions);

	if (errnum)
		return error_errno(errnum, "cannot run git");
	errnum = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!errnum)
		errnum = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (!errnum)
		errnum = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
	if (!errnum)
		errnum = posix_spawnp(ret, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return errnum ? error_errno(errnum, "cannot run git") : NULL;
}

static struct error *read_all(int fd, struct strbuf *sb)
{
	_cleanup_free_ char *chunk = malloc(CHUNK);
	ssize_t n;

	if (!chunk)
		return &error_no_memory;
	while ((n = read_full(fd, chunk, CHUNK)) > 0) {
		strbuf_add(sb, chunk, (size_t)n);
		if (sb->len > DIFF_SIZE_MAX)
			return error_create(ERROR_UNSUPPORTED, "the diff is larger than %d MB",
					    DIFF_SIZE_MAX >> 20);
	}
	return n < 0 ? error_errno(errno, "cannot read what git writes") : strbuf_check(sb);
}

/* The first line of what git complained of, but not its advice to compare without a repository. */
static struct error *complaint(int fd, const char *root, const char *revision)
{
	char text[256];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (strcasestr(text, "not a git repository"))
		return error_hint(
			error_create(ERROR_INVALID, "'%s' is not in a git repository", root),
			"name the source tree with --source-dir, or give a diff");
	return error_create(ERROR_INVALID, "git has no diff of '%s': %s", revision,
			    *text ? text : "it failed");
}

static struct error *run(char *const *argv, const char *root, const char *revision,
			 struct strbuf *sb)
{
	_cleanup_close_ int messages = memfd_create("git", MFD_CLOEXEC);
	_cleanup_close_ int from = -1, to = -1;
	int fds[2], status = 0;
	pid_t pid;

	if (messages < 0 || pipe2(fds, O_CLOEXEC))
		return error_errno(errno, "cannot run git");
	from = fds[0];
	to = fds[1];
	struct error *err = spawn(argv, to, messages, &pid);
	close(steal_fd(&to));
	if (err)
		return err;
	err = read_all(from, sb);
	if (err)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!err && !(WIFEXITED(status) && !WEXITSTATUS(status)))
		err = complaint(messages, root, revision);
	return err;
}

/* `git show` of a merge gives what it changes of its first parent. */
static struct error *run_git(const char *root, const char *revision, bool show, struct strbuf *sb)
{
	const char *const common[] = { "git",
				       "--no-pager",
				       "--no-optional-locks",
				       "-C",
				       root,
				       show ? "show" : "diff",
				       "--no-color",
				       "--no-ext-diff",
				       "--no-textconv",
				       "--no-relative",
				       "--submodule=short",
				       "-M",
				       "-U3",
				       "--src-prefix=a/",
				       "--dst-prefix=b/" };
	const char *const only_show[] = { "--format=", "-m", "--first-parent" };
	const char *argv[sizeof(common) / sizeof(*common) + 6];
	size_t nr = 0;

	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		argv[nr++] = common[i];
	for (size_t i = 0; show && i < sizeof(only_show) / sizeof(*only_show); i++)
		argv[nr++] = only_show[i];
	argv[nr++] = revision;
	argv[nr++] = "--";
	argv[nr] = NULL;
	return run((char *const *)argv, root, revision, sb);
}

struct error *patch_run_git(const char *root, const char *revision, char **ret, size_t *ret_size)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	struct error *err = patch_check_revision(revision);

	if (!err)
		err = run_git(root, revision, false, &sb);
	/* The tree is that revision: then what the revision itself changes is meant. */
	if (!err && !sb.len && !strstr(revision, ".."))
		err = run_git(root, revision, true, &sb);
	if (err)
		return err;
	*ret_size = sb.len;
	strbuf_addch(&sb, '\n');
	return strbuf_steal(&sb, ret);
}
