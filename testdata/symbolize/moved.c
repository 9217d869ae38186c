/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines whose code gcc moves, merges or drops. The tests read moved.s, which gcc 12.2 made of this file,
 * so that the cases do not depend on the compiler:
 *
 *	gcc -O2 -ffreestanding -fno-pic -mcmodel=kernel -fno-asynchronous-unwind-tables \
 *	    -fcf-protection=none -fsanitize-coverage=trace-pc -fno-optimize-sibling-calls -g \
 *	    -fno-var-tracking -gstatement-frontiers -fdebug-prefix-map=$PWD=/moved -S moved.c
 *
 * Before each function: how many points it has, and which of them each case records. After a line: its state in
 * each case, h hit, p partial, m missed. A remark says where that is not what was executed.
 */
extern int state, other;
void called(int);
int condition(int);

static inline int small(int x)	/*  m m h */
{
	return x + state;	/*  m m h */
}

/* record 3: | 1 3 | 1 2 3 */
int moved_value(int x)
{				/*  m h h */
	int r = 1;		/*  m h h  its statement is in the entry block */

	if (x > 3)		/*  m h h */
		r = other;	/*  m m h */
	called(r);		/*  m h h */
	return r;		/*  m h h */
}

/* record 5: | 1 4 5 | 1 2 3 */
int inlined(int x)
{				/*  m h h */
	if (condition(x))	/*  m h h */
		return small(x); /* m m h */
	called(x);		/*  m h m */
	return 0;		/*  m h m */
}

/* record 4: | 1 2 | 1 3 4 */
int no_code(int x)
{				/*  m h h */
	int a = x;		/*  m h h  no code: a row of length zero */
	int b = a;		/*  m h h  the same */

	called(b);		/*  m h h */
	a = 5;			/*  m h h  the same */
	if (condition(b))	/*  m h h */
		called(a);	/*  m m h */
	return b;		/*  m p p  each path has its own code */
}

/* record 4: | 1 4 | 1 2 3 4 */
int one_way_out(int x)
{				/*  m h h */
	int error = -22;	/*  m h h */

	if (condition(1))	/*  m h h */
		goto out;
	error = -5;		/*  m m h */
	if (condition(2))	/*  m m h */
		goto out;
	called(x);		/*  m m h */
	error = 0;		/*  m h h  wrong in case 2: its is_stmt row is in the next block */
out:
	called(error);		/*  m h h */
	return error;		/*  m h h */
}

/* record 6: | 1 2 3 | 1 3 4 5 | 1 3 4 6 */
int shared_end(int x)
{				/*  m h h h */
	int r;

	if (condition(1)) {	/*  m h h h */
		called(1);	/*  m h m m */
		r = 0;		/*  m h m m  the code of the other r = 0 is here, too */
	} else if (condition(2)) { /* m m h h */
		called(2);	/*  m m h m */
		r = 0;		/*  m m h m */
	} else {
		r = condition(3); /* m m m h */
	}
	state = r;		/*  m h h h */
	called(x);		/*  m h h h */
	return r;		/*  m h h h */
}
