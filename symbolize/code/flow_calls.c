// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the calls that do not return, and the one that ends the recording of a task. */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/code/flow.h"

/* A call into the middle of a function is not a call of it. */
static bool is_call_of(const struct image *image, const struct arch *arch,
		       const struct code_call *c, uint64_t function)
{
	struct insn insn;
	size_t size;

	const uint8_t *code = image_code_at(image, c->address, &size);
	return code && arch->decode(code, size, c->address, &insn) && insn.target == function;
}

/*
 * do_exit() calls kcov_task_exit() and goes on, but the task is no longer
 * recorded: code after the call may run without being recorded.
 */
static bool ends_recording(const struct image_symbol *function)
{
	return !strcmp(function->name, "kcov_task_exit");
}

struct error *flow_calls_init(struct flow_calls *calls, const struct image *image,
			      const struct code *code, unsigned int jobs)
{
	struct address_vector no_return = VECTOR_INIT;
	size_t nr;
	const struct image_symbol *symbols = image_symbols(image, &nr);
	bool ok = true;

	*calls = (struct flow_calls){ 0 };
	struct error *err = flow_no_return(image, jobs, &no_return);
	if (err)
		return err;
	vector_for_each(&code->calls, c) {
		uint64_t end = c->address + c->size;

		if (c->kind != CODE_CALL || c->target == CODE_NO_SYMBOL)
			continue;
		const struct image_symbol *target = &symbols[c->target];
		if (has_address(&no_return, target->address)) {
			if (is_call_of(image, code->arch, c, target->address))
				ok = ok && address_vector_append(&calls->finals, &end);
		} else if (ends_recording(target) &&
			   is_call_of(image, code->arch, c, target->address)) {
			ok = ok && address_vector_append(&calls->silencers, &end);
		}
	}
	address_vector_deinit(&no_return);
	return ok ? NULL : &error_no_memory;
}

void flow_calls_deinit(struct flow_calls *calls)
{
	address_vector_deinit(&calls->finals);
	address_vector_deinit(&calls->silencers);
}

bool flow_mark_unrecorded(struct flow *flow, const struct flow_calls *calls)
{
	_cleanup_free_ uint32_t *open = NULL;
	size_t nr = 0;
	uint32_t block;

	if (!calls->silencers.len)
		return true;
	/* A block is added at most once for each edge to it. */
	open = calloc(calls->silencers.len + flow->edges.len, sizeof(*open));
	if (!open)
		return false;
	vector_for_each(&calls->silencers, end)
		if (flow_find_block(flow, *end, &block) && flow->blocks.data[block].start == *end)
			open[nr++] = block;
	while (nr) {
		uint32_t i = open[--nr];
		struct flow_block *b = &flow->blocks.data[i];
		size_t end = i + 1 < flow->blocks.len ? b[1].first_edge : flow->edges.len;

		if (b->flags & FLOW_UNRECORDED)
			continue;
		b->flags |= FLOW_UNRECORDED;
		/*
		 * The code after a BUG() may only be reached from before the
		 * silencer: do not go past a block with unknown successors.
		 */
		if (b->flags & FLOW_OPEN_OUT)
			continue;
		for (size_t e = b->first_edge; e < end; e++)
			open[nr++] = flow->edges.data[e];
	}
	return true;
}
