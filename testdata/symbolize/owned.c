/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source that owned.s, written by hand, pretends to have been compiled from: each rule by which
 * blocks own lines, as gcc's line tables of a kernel were seen to call for it. Comments as in moved.c.
 */

/* record 2: | 1 | 1 2 */
hoisted:
	entry;			/*  m h h */
	if (condition)		/*  m h h */
		r = 5;		/*  m m h  its code is in the entry, its statement is not */

/* record 3: | 1 3 | 1 2 3 */
left_over:
	if (condition)		/*  m h h */
		statement;	/*  m m h  a row of it is at the first address behind it too */
	next;			/*  m h h */

/* record 1: | 1 */
only_code:
	entry;			/*  m h */
	no statement;		/*  m h  but nowhere is one missed */

/* record 2: | 1 | 1 2 */
in_force:
	while (condition)	/*  m h h */
		statement;	/*  m m h  its row reaches into the next block, which has none */

/* record 3: | 1 3 | 1 2 3 */
behind_a_trap:
	if (condition)		/*  m h h */
		BUG();		/*  m m h  what lies behind its trap has no row of its own */
	next;			/*  m h h */
