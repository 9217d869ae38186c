// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens the KCOV device, makes buffers, and records the calling task. */
#include "collect/kcov/kcov.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Translate an errno of opening the device to its cause on this machine. */
static struct error *open_error(int errnum, const char *path)
{
	struct error *err = error_errno(errnum, "cannot open '%s'", path);

	switch (errnum) {
	case ENOENT:
		return error_hint(err, "needs a kernel with CONFIG_KCOV=y and debugfs mounted: "
				       "mount -t debugfs none /sys/kernel/debug; "
				       "'kcovreport doctor' tells which is missing");
	case EACCES:
		return error_hint(err, "only root may open it: use sudo");
	case EPERM:
		return error_hint(err, "the kernel is locked down or debugfs is off, see "
				       "/sys/kernel/security/lockdown and debugfs= in "
				       "/proc/cmdline");
	default:
		return err;
	}
}

struct error *kcov_device_open(const char *path, int *ret)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return open_error(errno, path);
	*ret = fd;
	return NULL;
}

static struct error *init_error(int errnum, size_t words)
{
	switch (errnum) {
	case ENOMEM:
		return error_hint(error_create(ERROR_UNSUPPORTED,
					       "the kernel has no memory for a KCOV buffer of "
					       "%zu words",
					       words),
				  "ask for a smaller one with --buffer");
	case ENOTTY:
		return error_create(ERROR_UNSUPPORTED, "the device does not know KCOV_INIT_TRACE: "
						       "it is not KCOV, or the kernel is not "
						       "64-bit");
	default:
		return error_errno(errnum, "cannot set up a KCOV buffer of %zu words", words);
	}
}

struct error *kcov_init_fd(int fd, size_t words, struct kcov *ret)
{
	size_t bytes;

	if (words < 2 || __builtin_mul_overflow(words, sizeof(uint64_t), &bytes) ||
	    bytes % sysconf(_SC_PAGESIZE))
		return error_create(ERROR_INVALID,
				    "a KCOV buffer of %zu words is not a whole number of pages",
				    words);
	if (ioctl(fd, KCOV_INIT_TRACE, words))
		return init_error(errno, words);
	void *area = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (area == MAP_FAILED)
		return error_errno(errno, "cannot map a KCOV buffer of %zu words", words);
	*ret = (struct kcov){ .fd = fd, .area = area, .words = words };
	return NULL;
}

struct error *kcov_open(struct kcov *ret, size_t words)
{
	_cleanup_close_ int fd = -1;

	struct error *err = kcov_device_open(KCOV_DEVICE, &fd);
	if (!err)
		err = kcov_init_fd(fd, words, ret);
	if (err)
		return err;
	steal_fd(&fd);
	return NULL;
}

void kcov_close(struct kcov *kcov)
{
	if (kcov->area)
		munmap(kcov->area, kcov->words * sizeof(uint64_t));
	if (kcov->fd >= 0)
		close(kcov->fd);
	*kcov = (struct kcov)KCOV_CLOSED;
}

struct error *kcov_enable_self(struct kcov *kcov)
{
	__atomic_store_n(&kcov->area[0], 0, __ATOMIC_RELAXED);
	if (ioctl(kcov->fd, KCOV_ENABLE, KCOV_TRACE_PC) == 0)
		return NULL;
	int errnum = errno;
	struct error *err = error_errno(errnum, "cannot enable KCOV");
	if (errnum == EBUSY)
		return error_hint(err, "another user of KCOV already records this task");
	return err;
}

struct error *kcov_disable_self(struct kcov *kcov)
{
	if (ioctl(kcov->fd, KCOV_DISABLE, 0))
		return error_errno(errno, "cannot disable KCOV");
	return NULL;
}

static struct error *remote_error(int errnum, uint64_t handle)
{
	static const struct {
		int errnum;
		const char *hint;
	} hints[] = {
		{ EEXIST, "another user of KCOV has registered it" },
		{ EBUSY, "another user of KCOV already records this task" },
		{ ENOTTY, "it has no remote coverage (KCOV_REMOTE_ENABLE, since Linux 5.5)" },
		{ EINVAL, "the top byte must be the subsystem, 0x00 common or 0x01 USB, the low "
			  "four bytes the instance, all others zero" },
	};
	struct error *err =
		error_errno(errnum, "the kernel refuses handle 0x%016jx", (uintmax_t)handle);

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (hints[i].errnum == errnum)
			return error_hint(err, "%s", hints[i].hint);
	return err;
}

struct error *kcov_enable_remote(struct kcov *kcov, uint64_t handle)
{
	/* The struct, with room for one handle at its end. */
	uint64_t space[(sizeof(struct kcov_remote_arg) + sizeof(uint64_t)) / sizeof(uint64_t)] = {
		0
	};
	struct kcov_remote_arg *arg = (struct kcov_remote_arg *)space;

	arg->trace_mode = KCOV_TRACE_PC;
	arg->area_size = kcov->words;
	if ((handle & KCOV_REMOTE_SUBSYSTEM_MASK) == KCOV_SUBSYSTEM_COMMON) {
		arg->common_handle = handle;
	} else {
		arg->num_handles = 1;
		arg->handles[0] = handle;
	}
	if (ioctl(kcov->fd, KCOV_REMOTE_ENABLE, arg) == 0)
		return NULL;
	return remote_error(errno, handle);
}

size_t kcov_count(const struct kcov *kcov)
{
	uint64_t n = __atomic_load_n(&kcov->area[0], __ATOMIC_ACQUIRE);

	return n < kcov->words ? n : kcov->words - 1;
}

struct error *kcov_trace(struct kcov *kcov, void (*call)(void *arg), void *arg, uint64_t *pcs,
			 size_t max, size_t *ret)
{
	struct error *err = kcov_enable_self(kcov);

	if (err)
		return err;
	/* Discard the PCs of returning from the ENABLE ioctl, and read the count before DISABLE. */
	__atomic_store_n(&kcov->area[0], 0, __ATOMIC_RELAXED);
	call(arg);
	size_t n = kcov_count(kcov);
	err = kcov_disable_self(kcov);
	if (err)
		return err;
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++)
		pcs[i] = kcov->area[1 + i];
	*ret = n;
	return NULL;
}

static void do_system_call(void *arg)
{
	const struct kcov_call *call = arg;

	syscall(call->number, call->args[0], call->args[1], 0, 0);
}

struct error *kcov_trace_call(struct kcov *kcov, const struct kcov_call *call, uint64_t *pcs,
			      size_t max, size_t *ret)
{
	return kcov_trace(kcov, do_system_call, (void *)call, pcs, max, ret);
}

struct error *kcov_trace_getpid(struct kcov *kcov, uint64_t *pcs, size_t max, size_t *ret)
{
	return kcov_trace_call(kcov, &(struct kcov_call){ SYS_getpid }, pcs, max, ret);
}
