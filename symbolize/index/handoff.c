// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the handoffs of an image. */
#include "symbolize/index/handoff.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "symbolize/image/addresses.h"
#include "symbolize/index/private.h"

struct handoff_function {
	const char *name;
	enum index_handoff_kind kind;
};

/*
 * Ascending by name. Linux 6.12: kernel/kthread.c, fork.c, workqueue.c, softirq.c, irq_work.c,
 * smp.c, rcu/, time/timer.c, time/hrtimer.c, net/core/dev.c. Names of older and newer kernels do no
 * harm.
 */
static const struct handoff_function functions[] = {
	{ "____napi_schedule", INDEX_HANDOFF_SOFTIRQ },
	{ "__call_rcu_common", INDEX_HANDOFF_RCU },
	{ "__kthread_create_on_node", INDEX_HANDOFF_THREAD },
	{ "__kthread_create_worker", INDEX_HANDOFF_THREAD },
	{ "__kthread_queue_delayed_work", INDEX_HANDOFF_WORK },
	{ "__mod_timer", INDEX_HANDOFF_TIMER },
	{ "__napi_schedule", INDEX_HANDOFF_SOFTIRQ },
	{ "__napi_schedule_irqoff", INDEX_HANDOFF_SOFTIRQ },
	{ "__queue_delayed_work", INDEX_HANDOFF_WORK },
	{ "__queue_work", INDEX_HANDOFF_WORK },
	{ "__raise_softirq_irqoff", INDEX_HANDOFF_SOFTIRQ },
	{ "__smp_call_single_queue", INDEX_HANDOFF_INTERRUPT },
	{ "__tasklet_hi_schedule", INDEX_HANDOFF_SOFTIRQ },
	{ "__tasklet_schedule", INDEX_HANDOFF_SOFTIRQ },
	{ "__tasklet_schedule_common", INDEX_HANDOFF_SOFTIRQ },
	{ "add_timer", INDEX_HANDOFF_TIMER },
	{ "add_timer_global", INDEX_HANDOFF_TIMER },
	{ "add_timer_local", INDEX_HANDOFF_TIMER },
	{ "add_timer_on", INDEX_HANDOFF_TIMER },
	{ "call_rcu", INDEX_HANDOFF_RCU },
	{ "call_rcu_hurry", INDEX_HANDOFF_RCU },
	{ "call_rcu_tasks", INDEX_HANDOFF_RCU },
	{ "call_rcu_tasks_generic", INDEX_HANDOFF_RCU },
	{ "call_rcu_tasks_rude", INDEX_HANDOFF_RCU },
	{ "call_rcu_tasks_trace", INDEX_HANDOFF_RCU },
	{ "call_srcu", INDEX_HANDOFF_RCU },
	{ "create_io_thread", INDEX_HANDOFF_THREAD },
	{ "hrtimer_sleeper_start_expires", INDEX_HANDOFF_INNER },
	{ "hrtimer_start_range_ns", INDEX_HANDOFF_TIMER },
	{ "irq_work_queue", INDEX_HANDOFF_INTERRUPT },
	{ "irq_work_queue_on", INDEX_HANDOFF_INTERRUPT },
	{ "kernel_thread", INDEX_HANDOFF_THREAD },
	{ "kthread_create_on_cpu", INDEX_HANDOFF_THREAD },
	{ "kthread_create_on_node", INDEX_HANDOFF_THREAD },
	{ "kthread_create_worker", INDEX_HANDOFF_THREAD },
	{ "kthread_create_worker_on_cpu", INDEX_HANDOFF_THREAD },
	{ "kthread_create_worker_on_node", INDEX_HANDOFF_THREAD },
	{ "kthread_insert_work", INDEX_HANDOFF_WORK },
	{ "kthread_mod_delayed_work", INDEX_HANDOFF_WORK },
	{ "kthread_queue_delayed_work", INDEX_HANDOFF_WORK },
	{ "kthread_queue_work", INDEX_HANDOFF_WORK },
	{ "kvfree_call_rcu", INDEX_HANDOFF_RCU },
	{ "mod_delayed_work_on", INDEX_HANDOFF_WORK },
	{ "mod_timer", INDEX_HANDOFF_TIMER },
	{ "mod_timer_pending", INDEX_HANDOFF_TIMER },
	{ "on_each_cpu_cond_mask", INDEX_HANDOFF_INTERRUPT },
	{ "queue_delayed_work_on", INDEX_HANDOFF_WORK },
	{ "queue_rcu_work", INDEX_HANDOFF_WORK },
	{ "queue_work_node", INDEX_HANDOFF_WORK },
	{ "queue_work_on", INDEX_HANDOFF_WORK },
	{ "raise_softirq", INDEX_HANDOFF_SOFTIRQ },
	{ "raise_softirq_irqoff", INDEX_HANDOFF_SOFTIRQ },
	{ "schedule_timeout", INDEX_HANDOFF_INNER },
	{ "smp_call_function", INDEX_HANDOFF_INTERRUPT },
	{ "smp_call_function_any", INDEX_HANDOFF_INTERRUPT },
	{ "smp_call_function_many", INDEX_HANDOFF_INTERRUPT },
	{ "smp_call_function_many_cond", INDEX_HANDOFF_INTERRUPT },
	{ "smp_call_function_single", INDEX_HANDOFF_INTERRUPT },
	{ "smp_call_function_single_async", INDEX_HANDOFF_INTERRUPT },
	{ "timer_reduce", INDEX_HANDOFF_TIMER },
	{ "user_mode_thread", INDEX_HANDOFF_THREAD },
};

/* Linux 6.12: net/unix/af_unix.c; net/ipv4/af_inet.c, tcp.c and inet_connection_sock.c. */
const struct index_conversation index_conversations[INDEX_CONVERSATIONS] = {
	{ "unix_stream_connect", "unix_stream_sendmsg", "unix_accept" },
	{ "inet_stream_connect", "tcp_sendmsg", "inet_csk_accept" },
};

static bool is_of_conversation(const char *function)
{
	for (int i = 0; i < INDEX_CONVERSATIONS; i++) {
		const struct index_conversation *c = &index_conversations[i];

		if (!strcmp(function, c->connects) || !strcmp(function, c->sends) ||
		    !strcmp(function, c->accepts))
			return true;
	}
	return false;
}

/* A name, as far as it is the source's. */
struct source_name {
	const char *text;
	size_t length;
};

static int compare_name(const void *va, const void *vb)
{
	const struct source_name *name = va;
	const struct handoff_function *f = vb;
	int order = strncmp(name->text, f->name, name->length);

	return order ? order : -(int)(f->name[name->length] != '\0');
}

enum index_handoff_kind index_handoff_kind(const char *function)
{
	const struct source_name name = { function, strcspn(function, ".") };
	const struct handoff_function *f =
		bsearch(&name, functions, sizeof(functions) / sizeof(*functions),
			sizeof(*functions), compare_name);

	return f ? f->kind : INDEX_HANDOFF_NONE;
}

DEFINE_SORT(sort_handoffs, struct index_handoff, a->offset < b->offset);

struct finder {
	struct index_draft *draft;
	const struct image *image;
	const struct image_symbol *symbols;
	uint8_t *kinds;		       /* of each symbol: enum index_handoff_kind */
	struct address_vector targets; /* ascending: where these functions begin */
	bool ok;
};

static void finder_deinit(struct finder *f)
{
	free(f->kinds);
	address_vector_deinit(&f->targets);
}

static bool finder_init(struct finder *f)
{
	size_t nr;

	f->symbols = image_symbols(f->image, &nr);
	f->kinds = malloc(nr + 1);
	for (size_t i = 0; f->kinds && i < nr; i++) {
		f->kinds[i] = index_handoff_kind(f->symbols[i].name);
		if (f->kinds[i] < INDEX_HANDOFF_KINDS &&
		    !address_vector_append(&f->targets, &f->symbols[i].address))
			return false;
	}
	return f->kinds;
}

/* These are called through tables of functions, so their entries are noted, not their calls. */
static void add_conversations(struct finder *f, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		const struct image_symbol *s = &f->symbols[i];
		const struct index_handoff handoff = { s->address - f->draft->base, i,
						       INDEX_HANDOFF_PROCESS };

		if (!s->is_external && is_of_conversation(s->name))
			f->ok = f->ok && index_handoff_vector_append(&f->draft->handoffs, &handoff);
	}
}

static void add_handoff(struct finder *f, uint64_t address, size_t symbol)
{
	size_t caller;

	if (f->kinds[symbol] >= INDEX_HANDOFF_KINDS ||
	    (image_find_symbol(f->image, address, &caller) &&
	     f->kinds[caller] != INDEX_HANDOFF_NONE))
		return;
	const struct index_handoff handoff = { address - f->draft->base, symbol, f->kinds[symbol] };
	f->ok = f->ok && index_handoff_vector_append(&f->draft->handoffs, &handoff);
}

struct error *index_find_handoffs(struct index_draft *draft, const struct image *image,
				  const struct code *code)
{
	_cleanup_(finder_deinit) struct finder f = { .draft = draft, .image = image, .ok = true };
	size_t symbol, nr;

	if (!finder_init(&f))
		return &error_no_memory;
	image_symbols(image, &nr);
	add_conversations(&f, nr);
	vector_for_each(&code->calls, c)
		if (c->target != CODE_NO_SYMBOL)
			add_handoff(&f, c->address, c->target);
	vector_for_each(&code->transfers, t)
		if ((t->kind == INSN_JUMP || t->kind == INSN_BRANCH) &&
		    has_address(&f.targets, t->target) &&
		    image_find_symbol(image, t->target, &symbol))
			add_handoff(&f, t->address, symbol);
	if (!f.ok || !sort_handoffs(draft->handoffs.data, draft->handoffs.len))
		return &error_no_memory;
	return NULL;
}
