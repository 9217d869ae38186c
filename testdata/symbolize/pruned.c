/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clang gives points to the edges of the flow, and none to a block that others imply. pruned.s is what
 * clang 14.0.6 made of this, so that the cases stay what they are:
 *
 *	clang -O2 -ffreestanding -fno-pic -mcmodel=kernel -fno-asynchronous-unwind-tables \
 *	    -fcf-protection=none -fsanitize-coverage=trace-pc -fno-addrsig -g \
 *	    -fdebug-prefix-map=$PWD=/moved -S pruned.c
 *
 * Comments as in moved.c.
 */
extern int state, other;
void called(int);
int condition(int);

/* record 3: | 1 2 | 1 3 */
int one_way(int x)
{				/*  m h h */
	called(1);		/*  m h h */
	if (x)			/*  m h h */
		called(2);	/*  m h m */
	called(3);		/*  m h h */
	return 0;		/*  m h h */
}

/* record 6: | 1 6 | 1 2 5 | 1 2 3 4 5 */
int loops(int n)
{					/*  m h h h */
	for (int i = 0; i < n; i++) {	/*  m p h h  the last part is not reached */
		called(i);		/*  m m h h */
		if (condition(i))	/*  m m h h */
			called(-1);	/*  m m h h */
		state = i;		/*  m m h h */
	}
	return state;			/*  m h p p  what is there without a loop is not */
}

/* record 4: | 1 2 | 1 3 | 1 4 */
int gives_up(int x)
{				/*  m h h h */
	int err = condition(x);	/*  m h h h */

	if (err)		/*  m h h h */
		goto out;
	err = condition(x + 1);	/*  m m h h */
	if (err)		/*  m m h h */
		goto out;
	called(x);		/*  m m m h */
out:
	called(err);		/*  m h h h */
	return err;		/*  m h h h */
}

/* record 5: | 1 2 | 1 3 | 1 5 */
int any_of(int x)
{				/*  m h h h */
	if (condition(1) ||	/*  m p p h  it has the jump after the last condition too */
	    condition(2) ||	/*  m m h h */
	    condition(x))	/*  m m m h */
		return 1;
	called(0);		/*  m m m h */
	return 0;
}

/* record 3: | 1 2 | 1 3 */
int chosen_late(int x)
{					/*  m h h */
	if (condition(x) && other > 1)	/*  m h h */
		called(other);		/*  m h m */
	return other;			/*  m h p  each way loads it */
}

/* record 3: | 1 2 | 1 3 */
void ends_in_a_call(int x)
{				/*  m h h */
	state = x;		/*  m h h */
	if (x)			/*  m h h */
		called(x);	/*  m h m  a jump */
}				/*  m p h  what is jumped to returns here, but not by this code */

/* record 1: | | */
int looks_up(const int *from)
{				/*  m p p  the code out of line was not executed */
	int value = *from;	/*  m p p  no code of it is left where it is inlined */

	called(value);		/*  m p p */
	return 0;		/*  m p p */
}

/* record 1: | 1 | 1 */
int knows(int x)
{				/*  m h h */
	state = x;		/*  m h h */
	return looks_up(&state);/*  m h h */
}
