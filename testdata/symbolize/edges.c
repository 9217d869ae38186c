/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clang 19 gives the jump after the point of an edge the line of a statement that the edge goes around: here the line of
 * the second condition. edges.s is what clang 19.1.7 made of this, so that the cases stay what they are:
 *
 *	clang -O2 -ffreestanding -fno-pic -mcmodel=kernel -fno-asynchronous-unwind-tables \
 *	    -fcf-protection=none -fsanitize-coverage=trace-pc -fno-addrsig -g \
 *	    -fdebug-prefix-map=$PWD=/moved -S edges.c
 *
 * Comments as in moved.c.
 */
struct pair {
	void *first, *second;
};

int merge(struct pair *pair);

/* record 6: | 1 4 | 1 2 3 | 1 5 6 */
int copy(struct pair *pair, void *that, int keep, int faulted)
{					/*  m h h h */
	if (!faulted && keep) {		/*  m h h h */
		if (pair->first == that)	/*  m m h h */
			pair->first = 0;	/*  m m m h */
		if (pair->second == that)	/*  m m p p  one of its two copies */
			pair->second = 0;	/*  m m m h */
	}
	return merge(pair);		/*  m h h h */
}

static void clear(struct pair *pair, void *that)	/*  m m h h */
{
	if (pair->first == that)	/*  m m h h */
		pair->first = 0;	/*  m m m h */
	if (pair->second == that)	/*  m m p p  one of its two copies */
		pair->second = 0;	/*  m m m h */
}

/* record 6: | 1 4 | 1 2 3 | 1 5 6 */
int keeps(struct pair *pair, void *that, int keep, int faulted)
{					/*  m h h h */
	if (!faulted && keep)		/*  m h h h */
		clear(pair, that);	/*  m m h h */
	return merge(pair);		/*  m h h h */
}
