// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions of the kernel that hand work on, and callers: see handoffs_test.c. */
#define NOINLINE __attribute__((noinline))

volatile int sink;

NOINLINE void __queue_work(int n)
{
	sink = n;
}

/* The inner call is of the same work. */
NOINLINE void queue_work_on(int n)
{
	sink = n;
	__queue_work(n + 1);
	sink = n;
}

NOINLINE void call_rcu(int n)
{
	sink = n;
}

NOINLINE void call_rcu_of_ours(int n)
{
	sink = n;
}

NOINLINE void raise_softirq(int n)
{
	sink = n;
}

NOINLINE void __mod_timer(int n)
{
	sink = n;
}

/* Its timer only wakes the task up. */
NOINLINE void schedule_timeout(int n)
{
	__mod_timer(n);
	sink = n;
}

NOINLINE void works(int n)
{
	queue_work_on(n);
	sink = n;
	queue_work_on(n + 1);
	sink = n;
}

/* A jump, at the end. */
NOINLINE void frees(int n)
{
	sink = n;
	call_rcu(n);
}

NOINLINE void sometimes(int n)
{
	if (n > 5) {
		raise_softirq(n);
		sink = n;
	}
	call_rcu_of_ours(n);
	sink = n;
}

NOINLINE void sleeps(int n)
{
	schedule_timeout(n);
	sink = n;
}

NOINLINE void unix_stream_connect(int n)
{
	sink = n;
}

NOINLINE void unix_stream_sendmsg(int n)
{
	sink = n;
}

NOINLINE void unix_accept(int n)
{
	sink = n;
}

NOINLINE void inet_stream_connect(int n)
{
	sink = n;
}

NOINLINE void tcp_sendmsg(int n)
{
	sink = n;
}

/* As the kernel does it: through tables. */
static void (*const calls[])(int n) = { unix_stream_connect, unix_stream_sendmsg, unix_accept,
					inet_stream_connect, tcp_sendmsg };

void start(void)
{
	works(sink);
	frees(sink);
	sometimes(sink);
	sleeps(sink);
	calls[sink](sink);
	sink = 0;
}
