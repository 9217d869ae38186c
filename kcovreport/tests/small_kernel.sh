# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by suites that compare runs: writes the sources of a "kernel" of a few functions below $src, among them a
# header whose function is inlined in two files, two static functions with one name, and two files with one.

mkdir -p "$src/kernel" "$src/fs" "$src/mm" || exit 99
cat >"$src/kernel/start.c" <<'END1'
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {}
int work(int x);
int other(int x);
volatile int sink;

void _start(void)
{
	sink = work(2) + other(3);
}
END1
cat >"$src/fs/work.c" <<'END1'
#include "inline.h"

int work(int x)
{
	int y = 2;

	if (x > 3)
		y = helper(x);
	else
		y += x * 5;
	if (x < 0)
		return -1;
	y++;
	y *= 3;
	return y;
}

static int twin(int x)
{
	return x / 7;
}

int use_work(int x)
{
	return twin(x) + 1;
}
END1
cat >"$src/fs/inline.h" <<'END1'
static inline __attribute__((always_inline)) int helper(int x)
{
	if (x & 1)
		return x * 11;
	return x;
}
END1
cat >"$src/mm/other.c" <<'END1'
#include "../fs/inline.h"

static int twin(int x)
{
	return x / 9;
}

int other(int x)
{
	return helper(x) + twin(x);
}
END1
printf 'int work2(int x)\n{\n\treturn x + 4;\n}\n' >"$src/mm/work.c"
