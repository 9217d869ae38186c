/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of a header, inlined into each other: a point in them has a frame for each. */
static inline __attribute__((always_inline)) int innermost(int x)
{
	if (x > 3) /* LINE innermost */
		sink += x;
	return x;
}

static inline __attribute__((always_inline)) int middle(int x)
{
	return innermost(x + 1); /* CALL innermost */
}
