/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owned.s is written by hand and pretends to be compiled from this. Each function is for one rule by which
 * blocks own lines; gcc's line tables of a kernel were seen to need that rule. Comments as in moved.c.
 */

/* record 2: | 1 | 1 2 */
hoisted:
	entry;			/*  m h h */
	if (condition)		/*  m h h */
		r = 5;		/*  m m h  its code is in the entry, its statement is not */

/* record 3: | 1 3 | 1 2 3 */
left_over:
	if (condition)		/*  m h h */
		statement;	/*  m m h  one of its rows is at the first address after it, too */
	next;			/*  m h h */

/* record 1: | 1 */
only_code:
	entry;			/*  m h */
	no statement;		/*  m h  and no statement of it is missed elsewhere */

/* record 2: | 1 | 1 2 */
in_force:
	while (condition)	/*  m h h */
		statement;	/*  m m h  its row is still active in the next block, which has none */

/* record 3: | 1 3 | 1 2 3 */
behind_a_trap:
	if (condition)		/*  m h h */
		BUG();		/*  m m h  the code after its trap has no row of its own */
	next;			/*  m h h */
