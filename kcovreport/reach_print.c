// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints which runs reach a place. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/reach.h"
#include "render/json_value.h"

/* What has code, and what of it any run hits. */
struct totals {
	size_t code, hit;
	size_t runs, runs_unknown;
};

static struct totals count(const struct reach *reach)
{
	const struct reach_where *where = &reach->where;
	struct totals t = { 0 };

	for (size_t e = 0; e < where->nr_elements; e++) {
		bool is_hit = false;

		for (size_t i = 0; !is_hit && i < reach->runs.nr; i++)
			is_hit = reach->results[i].hits &&
				 reach->results[i].hits[e / 64] >> e % 64 & 1;
		t.code += where->has_code[e];
		t.hit += is_hit;
	}
	for (size_t i = 0; i < reach->runs.nr; i++) {
		t.runs += reach->results[i].answer.is_reached;
		t.runs_unknown += reach->results[i].answer.is_unknown;
	}
	return t;
}

static const char *element_name(const struct reach *reach, size_t nr)
{
	if (reach->where.kind == REACH_MODULE)
		return nr == 1 ? "point" : "points";
	return nr == 1 ? "line with code" : "lines with code";
}

static void print_count(const struct reach_answer *answer)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%" PRIu64, answer->is_least ? ">=" : "", answer->count);
	printf("%10s", text);
}

static void print_hits(const struct reach_answer *answer, const struct totals *t)
{
	char text[64];

	snprintf(text, sizeof(text), "%zu/%zu", answer->nr_hit, t->code);
	printf(" %9s  ", text);
}

static void print_task(const struct reach_task *task, const struct totals *t)
{
	print_count(&task->answer);
	print_hits(&task->answer, t);
	printf("  %s", run_kind_words(task->kind)->title);
	if (task->pid)
		printf(" %" PRId32, task->pid);
	/* The name of a context is its kind. */
	if (task->name && !run_kind_is_context(task->kind)) {
		putchar(' ');
		put_text(task->name);
	}
	putchar('\n');
}

static void print_run(const struct reach *reach, size_t i, const struct totals *t, bool with_tasks)
{
	const struct reach_run *result = &reach->results[i];
	const struct run *run = reach->runs.runs[i].run;

	print_count(&result->answer);
	print_hits(&result->answer, t);
	put_text(reach_run_name(run));
	fputs(" (", stdout);
	put_text(run->path);
	fputs(")\n", stdout);
	if (!with_tasks)
		return;
	vector_for_each(&result->tasks, task)
		print_task(task, t);
	if (!result->tasks.len)
		printf("%20s    no task shows it alone: it follows from several\n", "");
}

static void print_head(const struct reach *reach, const struct reach_output *output,
		       const struct totals *t)
{
	const char *where = strcmp(output->where, "-") ? output->where : "the diff";

	put_text(where);
	printf(": %zu of %zu %s reached, by %zu of %zu run%s\n", t->hit, t->code,
	       element_name(reach, t->code), t->runs, reach->runs.nr,
	       reach->runs.nr == 1 ? "" : "s");
}

static void print_unknown(const struct reach *reach, const struct totals *t)
{
	if (!t->runs_unknown)
		return;
	printf("\nCannot tell of %zu run%s, which executed code of the function%s:\n",
	       t->runs_unknown, t->runs_unknown == 1 ? "" : "s",
	       reach->where.ranges.len == 1 ? "" : "s");
	for (size_t i = 0; i < reach->runs.nr; i++) {
		if (!reach->results[i].answer.is_unknown)
			continue;
		fputs("  ", stdout);
		put_text(reach_run_name(reach->runs.runs[i].run));
		fputs(" (", stdout);
		put_text(reach->runs.runs[i].run->path);
		fputs(")\n", stdout);
	}
}

struct error *reach_print_text(const struct reach *reach, const struct reach_output *output)
{
	const struct totals t = count(reach);

	print_head(reach, output, &t);
	if (t.runs)
		printf("\n     COUNT %9s  RUN\n",
		       reach->where.kind == REACH_MODULE ? "POINTS" : "LINES");
	if (output->smallest) {
		for (size_t i = 0; i < output->nr_chosen; i++)
			print_run(reach, output->chosen[i], &t, false);
		if (t.runs)
			printf("\n%s %zu %s that any run reaches%s\n",
			       output->nr_chosen == 1 ? "This run reaches all"
						      : "These runs together reach all",
			       t.hit, element_name(reach, t.hit),
			       output->nr_chosen == 1
				       ? ""
				       : ", in this order (chosen greedily: fewer may do)");
	} else {
		for (size_t i = 0; i < reach->runs.nr; i++)
			if (reach->results[i].answer.is_reached)
				print_run(reach, i, &t, true);
	}
	print_unknown(reach, &t);
	return NULL;
}

static void add_answer(struct json_builder *b, cJSON *object, const struct reach *reach,
		       const struct reach_answer *answer)
{
	json_add_count(b, object, "count", answer->count);
	json_add_bool(b, object, "count_is_least", answer->is_least);
	json_add_count(b, object, reach->where.kind == REACH_MODULE ? "points" : "lines",
		       answer->nr_hit);
}

static void add_tasks(struct json_builder *b, cJSON *object, const struct reach *reach,
		      const struct reach_run *result)
{
	cJSON *tasks = json_add_array(b, object, "tasks");

	vector_for_each(&result->tasks, task) {
		cJSON *o = json_append_object(b, tasks);

		json_add_count(b, o, "id", task->id);
		json_add_text(b, o, "kind", run_kind_words(task->kind)->name);
		json_add_integer(b, o, "pid", task->pid);
		json_add_text(b, o, "name", task->name);
		add_answer(b, o, reach, &task->answer);
	}
}

static void add_run(struct json_builder *b, cJSON *runs, const struct reach *reach, size_t i)
{
	const struct reach_run *result = &reach->results[i];
	const struct run *run = reach->runs.runs[i].run;
	cJSON *o = json_append_object(b, runs);

	json_add_text(b, o, "path", run->path);
	json_add_text(b, o, "name", reach_run_name(run));
	json_add_text(b, o, "command", run->meta.command);
	/* null: the machine code does not decide it. */
	if (!result->answer.is_unknown)
		json_add_bool(b, o, "reached", result->answer.is_reached);
	else
		cJSON_AddNullToObject(o, "reached");
	add_answer(b, o, reach, &result->answer);
	add_tasks(b, o, reach, result);
}

/* Lines with code, with how many runs reach each. */
static void add_lines(struct json_builder *b, cJSON *root, const struct reach *reach)
{
	const struct reach_where *where = &reach->where;
	cJSON *lines = json_add_array(b, root, "lines");

	vector_for_each(&where->ranges, range) {
		for (uint32_t line = range->first; line <= range->last; line++) {
			size_t e = range->first_element + line - range->first;
			uint64_t nr = 0;

			if (!where->has_code[e])
				continue;
			for (size_t i = 0; i < reach->runs.nr; i++)
				nr += reach->results[i].hits &&
				      reach->results[i].hits[e / 64] >> e % 64 & 1;
			cJSON *o = json_append_object(b, lines);

			json_add_text(b, o, "path", where->files.data[range->file].path);
			json_add_count(b, o, "line", line);
			json_add_count(b, o, "runs", nr);
		}
	}
}

struct error *reach_print_json(const struct reach *reach, const struct reach_output *output)
{
	static const char *const kinds[] = {
		[REACH_LINES] = "lines",
		[REACH_FUNCTION] = "function",
		[REACH_MODULE] = "module",
	};
	const struct totals t = count(reach);
	const char *elements = reach->where.kind == REACH_MODULE ? "points_found" : "lines_found";
	struct json_builder b = JSON_BUILDER_INIT;
	cJSON *root = json_root(&b), *runs;

	json_add_text(&b, root, "where", output->where);
	json_add_text(&b, root, "kind", kinds[reach->where.kind]);
	json_add_count(&b, root, elements, t.code);
	json_add_count(&b, root,
		       reach->where.kind == REACH_MODULE ? "points_reached" : "lines_reached",
		       t.hit);
	json_add_count(&b, root, "runs_reached", t.runs);
	runs = json_add_array(&b, root, "runs");
	for (size_t i = 0; i < reach->runs.nr; i++)
		add_run(&b, runs, reach, i);
	if (reach->where.kind != REACH_MODULE)
		add_lines(&b, root, reach);
	if (output->smallest) {
		cJSON *smallest = json_add_array(&b, root, "smallest");

		for (size_t i = 0; i < output->nr_chosen; i++)
			json_append_text(&b, smallest,
					 reach->runs.runs[output->chosen[i]].run->path);
	}
	struct error *err = json_print(&b, root, stdout);
	putchar('\n');
	cJSON_Delete(root);
	json_builder_deinit(&b);
	return err;
}
