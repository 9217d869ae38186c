// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens sets, enables them for a process tree or the system, and reads what is new in them. */
#include "collect/kcov/kcov_set.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/kcov/kcov.h"

#define HASH_SLOTS_MAX ((uint64_t)1 << 24)
#define WORD	       sizeof(uint64_t)
#define WORD_BITS      64

static uint64_t power_of_two_below(uint64_t n)
{
	uint64_t power = 1;

	while (power <= n / 2 && power < HASH_SLOTS_MAX)
		power *= 2;
	return power;
}

static struct error *init_error(int errnum)
{
	switch (errnum) {
	case ENOTTY:
		return error_hint(error_create(ERROR_UNSUPPORTED,
					       "this kernel's KCOV has no sets (KCOV_INIT_SET)"),
				  "use --follow ptrace, or a kernel with kernel/kcov/ of "
				  "kcovreport: make kernel KCOV=ours");
	case ENOMEM:
		return error_hint(
			error_create(ERROR_UNSUPPORTED, "the kernel has no memory for a KCOV set"),
			"ask for a smaller one with --buffer");
	default:
		return error_errno(errnum, "cannot set up a KCOV set");
	}
}

/* The addresses that a bitmap covers, and its place in the mapping. */
struct bitmap {
	uint64_t start, size, offset;
	unsigned int shift;
};

static struct bitmap text_bitmap(const struct kcov_set_init *l)
{
	return (struct bitmap){ l->text_start, l->text_size, l->bitmap_offset, l->text_shift };
}

static struct bitmap modules_bitmap(const struct kcov_set_init *l)
{
	return (struct bitmap){ l->modules_start, l->modules_size, l->modules_offset,
				l->text_shift };
}

static uint64_t bitmap_bits(const struct bitmap *bitmap)
{
	return bitmap->size ? ((bitmap->size - 1) >> bitmap->shift) + 1 : 0;
}

static uint64_t bitmap_words(const struct bitmap *bitmap)
{
	return bitmap_bits(bitmap) / WORD_BITS + !!(bitmap_bits(bitmap) % WORD_BITS);
}

static bool fits(const struct kcov_set_init *layout, uint64_t offset, uint64_t words)
{
	return offset % WORD == 0 && offset <= layout->map_size &&
	       words <= (layout->map_size - offset) / WORD;
}

static bool bitmap_is_valid(const struct kcov_set_init *layout, struct bitmap bitmap)
{
	return bitmap.start + bitmap.size >= bitmap.start &&
	       fits(layout, bitmap.offset, bitmap_words(&bitmap));
}

bool kcov_set_layout_is_known(const struct kcov_set_init *layout)
{
	return layout->size == sizeof(*layout) &&
	       !(layout->flags & ~(KCOV_SET_SYSTEM | KCOV_SET_HASH_MODULES)) &&
	       layout->text_shift < WORD_BITS && layout->map_size <= SIZE_MAX &&
	       bitmap_is_valid(layout, text_bitmap(layout)) &&
	       bitmap_is_valid(layout, modules_bitmap(layout)) &&
	       fits(layout, layout->hash_offset, layout->hash_slots);
}

static struct error *system_error(int errnum)
{
	switch (errnum) {
	case EBUSY:
		return error_hint(error_errno(errnum, "another process records the whole system"),
				  "wait for its end: the kernel does it for one at a time");
	case ENOTTY:
		return error_hint(init_error(errnum),
				  "--system and --boot need a kernel with kernel/kcov/ of "
				  "kcovreport: make kernel KCOV=ours");
	/* It has sets, but does not know the flag. */
	case EINVAL:
		return error_hint(error_create(ERROR_UNSUPPORTED,
					       "this kernel's KCOV cannot record the whole system"),
				  "build one with the kernel/kcov/ of this kcovreport: "
				  "make kernel KCOV=ours");
	default:
		return init_error(errnum);
	}
}

static struct error *open_set(const char *path, uint64_t hash_slots, uint32_t flags,
			      struct kcov_set *ret)
{
	struct kcov_set_init layout = { .size = sizeof(layout),
					.flags = flags,
					.hash_slots = power_of_two_below(hash_slots) };
	_cleanup_close_ int fd = -1;

	struct error *err = kcov_device_open(path, &fd);
	if (err)
		return err;
	if (ioctl(fd, KCOV_INIT_SET, &layout))
		return flags & KCOV_SET_SYSTEM ? system_error(errno) : init_error(errno);
	if (!kcov_set_layout_is_known(&layout))
		return error_create(ERROR_UNSUPPORTED,
				    "this kernel's KCOV sets have an unknown layout");
	*ret = (struct kcov_set){ .fd = steal_fd(&fd), .layout = layout };
	return NULL;
}

struct error *kcov_set_open(const char *path, uint64_t hash_slots, struct kcov_set *ret)
{
	return open_set(path, hash_slots, 0, ret);
}

struct error *kcov_set_open_system(const char *path, uint64_t hash_slots, bool from_boot,
				   struct kcov_set *ret)
{
	_cleanup_(kcov_set_close) struct kcov_set set = KCOV_SET_CLOSED;
	struct kcov_stats stats = { 0 };

	struct error *err = open_set(path, hash_slots, KCOV_SET_SYSTEM, &set);
	if (!err && from_boot)
		err = kcov_set_stats(&set, &stats);
	if (err)
		return err;
	if (from_boot && !stats.tasks)
		return error_hint(
			error_create(ERROR_UNSUPPORTED, "the kernel has not recorded since boot"),
			"boot it with the parameter kcov_boot; only the first collection "
			"after that gets what was recorded");
	*ret = set;
	set = (struct kcov_set)KCOV_SET_CLOSED;
	return NULL;
}

struct error *kcov_set_map(struct kcov_set *set)
{
	size_t size = set->layout.map_size;

	set->seen = calloc(size / WORD + 1, WORD);
	if (!set->seen)
		return &error_no_memory;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, set->fd, 0);
	if (memory == MAP_FAILED)
		return error_errno(errno, "cannot map a KCOV set of %zu bytes", size);
	set->memory = memory;
	return NULL;
}

void kcov_set_close(struct kcov_set *set)
{
	if (set->memory)
		munmap(set->memory, set->layout.map_size);
	if (set->fd >= 0)
		close(set->fd);
	free(set->seen);
	*set = (struct kcov_set)KCOV_SET_CLOSED;
}

int kcov_set_enable_tree(const struct kcov_set *set)
{
	return ioctl(set->fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT) ? errno : 0;
}

struct error *kcov_set_add_context(const struct kcov_set *set, unsigned int context,
				   const struct kcov_set *second)
{
	const struct kcov_set_context arg = { .size = sizeof(arg),
					      .context = context,
					      .fd = second->fd };

	if (ioctl(set->fd, KCOV_ADD_CONTEXT, &arg) == 0)
		return NULL;
	switch (errno) {
	case ENOTTY:
		return error_hint(
			error_create(ERROR_UNSUPPORTED,
				     "this kernel's KCOV cannot record other contexts than tasks "
				     "(KCOV_ADD_CONTEXT)"),
			"use --contexts task, or a kernel with the kernel/kcov/ of this "
			"kcovreport: make kernel KCOV=ours");
	case ENOSPC:
		return error_errno(errno, "too many collections with contexts run at a time");
	default:
		return error_errno(errno, "the kernel refuses to record a context");
	}
}

struct error *kcov_set_start_system(struct kcov_set *set)
{
	if (ioctl(set->fd, KCOV_RESET_SET, 0) ||
	    ioctl(set->fd, KCOV_ENABLE, (unsigned long)KCOV_TRACE_SYSTEM))
		return error_errno(errno, "cannot record the whole system");
	return NULL;
}

struct error *kcov_set_stop_system(const struct kcov_set *set)
{
	if (ioctl(set->fd, KCOV_DISABLE, 0))
		return error_errno(errno, "cannot end recording the whole system");
	return NULL;
}

static uint64_t load(const struct kcov_set *set, uint64_t offset, uint64_t word)
{
	return __atomic_load_n((const uint64_t *)((const char *)set->memory + offset) + word,
			       __ATOMIC_RELAXED);
}

static uint64_t *seen(struct kcov_set *set, uint64_t offset, uint64_t word)
{
	return &set->seen[offset / WORD + word];
}

/* Mark a PC as seen only after it was added: if memory is short for a moment, nothing is lost. */
static bool read_bitmap(struct kcov_set *set, struct bitmap bitmap, struct pc_map *pcs)
{
	uint64_t nr_words = bitmap_words(&bitmap), nr_bits = bitmap_bits(&bitmap);

	for (uint64_t w = 0; w < nr_words; w++) {
		uint64_t now = le64toh(load(set, bitmap.offset, w));

		/* Most code is never executed: do not even touch the pages of `seen` for it. */
		if (!now)
			continue;
		uint64_t *old = seen(set, bitmap.offset, w);
		for (uint64_t new = now & ~*old; new; new &= new - 1) {
			uint64_t n = w * WORD_BITS + __builtin_ctzll(new);

			/* The last word may have bits after the end of the bitmap. */
			if (n >= nr_bits)
				break;
			if (!pc_map_add(pcs, bitmap.start + (n << bitmap.shift), 1))
				return false;
			*old |= new & -new;
		}
	}
	return true;
}

static bool read_hash(struct kcov_set *set, struct pc_map *pcs)
{
	const struct kcov_set_init *l = &set->layout;

	for (uint64_t i = 0; i < l->hash_slots; i++) {
		uint64_t *old = seen(set, l->hash_offset, i);
		uint64_t pc = load(set, l->hash_offset, i);

		if (!pc || pc == *old)
			continue;
		if (!pc_map_add(pcs, pc, 1))
			return false;
		*old = pc;
	}
	return true;
}

struct error *kcov_set_read(struct kcov_set *set, struct pc_map *pcs)
{
	bool ok = read_bitmap(set, text_bitmap(&set->layout), pcs) &&
		  read_bitmap(set, modules_bitmap(&set->layout), pcs) && read_hash(set, pcs);

	return ok ? NULL : &error_no_memory;
}

bool kcov_set_again(struct kcov_set *set, uint64_t pc, struct pc_map *pcs)
{
	const struct bitmap text = text_bitmap(&set->layout);
	uint64_t n = (pc - text.start) >> text.shift, w = n / WORD_BITS;
	uint64_t bit = (uint64_t)1 << n % WORD_BITS;

	if (pc - text.start >= text.size || !(le64toh(load(set, text.offset, w)) & bit))
		return false;
	uint64_t *old = seen(set, text.offset, w);
	if (!(*old & bit) && !pc_map_add(pcs, pc, 1))
		return true;
	*old |= bit;
	/* The kernel sets bits of this word meanwhile: it uses set_bit(). */
	__atomic_fetch_and((uint64_t *)((char *)set->memory + text.offset) + w, ~htole64(bit),
			   __ATOMIC_RELAXED);
	return true;
}

struct error *kcov_set_stats(const struct kcov_set *set, struct kcov_stats *ret)
{
	struct kcov_stats stats = { .size = sizeof(stats) };

	if (ioctl(set->fd, KCOV_GET_STATS, &stats))
		return error_errno(errno, "cannot read the statistics of the KCOV set");
	*ret = stats;
	return NULL;
}
