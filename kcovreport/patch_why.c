// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a line of a diff was not instrumented, or not built: Makefiles, attributes, #if. */
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "kcovreport/patch.h"
#include "symbolize/source/config.h"
#include "symbolize/source/kbuild.h"

#define MAKEFILE_MAX	(4 << 20)
#define CONDITION_SHOWN 60

struct error *patch_string(struct patch_job *job, const char **ret, const char *format, ...)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	uint32_t id;
	va_list ap;

	va_start(ap, format);
	strbuf_vaddf(&sb, format, ap);
	va_end(ap);
	if (sb.failed)
		return &error_no_memory;
	struct error *err = intern_id(job->patch.strings, strbuf_str(&sb), &id);
	if (!err)
		*ret = intern_string(job->patch.strings, id);
	return err;
}

/* How the option is set; SOURCE_CONFIG_UNKNOWN without a configuration. */
static enum source_config config_of(const struct patch_job *job, const char *name, size_t length)
{
	int64_t value;

	return job->config.options
		       ? source_config_file_get(job->config.options, name, length, &value)
		       : SOURCE_CONFIG_UNKNOWN;
}

struct makefile {
	char *path; /* below the root */
	char *text;
	size_t size;
};

static void makefile_deinit(struct makefile *m)
{
	free(m->path);
	free(m->text);
}

/* The Kbuild or Makefile of a directory below the root; text stays NULL if there is none. */
static struct error *makefile_read(const struct patch_job *job, const char *directory,
				   struct makefile *ret)
{
	static const char *const names[] = { "Kbuild", "Makefile" };

	for (size_t i = 0; i < 2 && !ret->text; i++) {
		_cleanup_free_ char *path = NULL;
		_cleanup_error_ struct error *err = NULL;

		free(ret->path);
		ret->path = NULL;
		if (asprintf(&ret->path, "%s%s%s", directory, *directory ? "/" : "", names[i]) < 0)
			ret->path = NULL;
		if (!ret->path ||
		    asprintf(&path, "%s/%s", job->view->root ? job->view->root : "", ret->path) < 0)
			return &error_no_memory;
		err = file_read_regular(path, MAKEFILE_MAX, &ret->text, &ret->size);
	}
	return NULL;
}

/* Goes up the directories from that of a source. target: what to look for in the next Makefile. */
struct climb {
	char *directory; /* below the root; "" = the root */
	char *target;
	bool is_found; /* a rule names the target of the Makefile before */
	bool is_at_root;
};

static void climb_deinit(struct climb *c)
{
	free(c->directory);
	free(c->target);
}

static struct error *climb_init(const struct patch_source *source, struct climb *ret)
{
	const char *slash = strrchr(source->relative, '/');
	const char *name = slash ? slash + 1 : source->relative;
	const char *dot = strrchr(name, '.');
	int length = (int)(dot ? dot - name : (long)strlen(name));

	ret->directory = strndup(source->relative, slash ? (size_t)(slash - source->relative) : 0);
	if (asprintf(&ret->target, "%.*s.o", length, name) < 0)
		ret->target = NULL;
	return ret->directory && ret->target ? NULL : &error_no_memory;
}

/* To the directory above; its Makefile names this one, or the target in it. */
static struct error *climb_up(struct climb *c, bool is_found)
{
	char *slash = strrchr(c->directory, '/'), *target;
	const char *name = slash ? slash + 1 : c->directory;

	c->is_at_root = !*c->directory;
	if (c->is_at_root)
		return NULL;
	if (asprintf(&target, "%s/%s", name, is_found ? "" : c->target) < 0)
		return &error_no_memory;
	free(c->target);
	c->target = target;
	*(slash ? slash : c->directory) = '\0';
	return NULL;
}

static bool has_unusable_image(const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->nr_images; i++)
		if (coverage->images[i].problem)
			return true;
	return false;
}

/* The options of all rules on the way from the object up. *ret is in the texts of makefiles. */
static struct error *explain_options(struct patch_job *job, const struct makefile *m,
				     const struct kbuild_options *options, struct patch_line *line)
{
	for (uint32_t i = 0; i < options->nr; i++) {
		const struct kbuild_option *o = &options->options[i];
		enum source_config config = config_of(job, o->name, o->length);
		struct error *err;

		if (config != SOURCE_CONFIG_NO && config != SOURCE_CONFIG_UNKNOWN &&
		    config != SOURCE_CONFIG_MODULE)
			continue;
		err = patch_string(job, &line->option, "%.*s", (int)o->length, o->name);
		if (err)
			return err;
		if (config == SOURCE_CONFIG_MODULE)
			return patch_string(
				job, &line->why,
				has_unusable_image(&job->view->coverage)
					? "%s=m: it may be in a module whose file could "
					  "not be used"
					: "%s=m: it is in a module that no run had loaded",
				line->option);
		return patch_string(job, &line->why, "%s %s (%s)", line->option,
				    config == SOURCE_CONFIG_NO ? "is not set" : "builds it",
				    m->path);
	}
	return NULL;
}

struct error *patch_why_not_built(struct patch_job *job, const struct patch_source *source,
				  struct patch_line *line)
{
	_cleanup_(climb_deinit) struct climb climb = { 0 };
	struct error *err = NULL;
	bool is_named = false;

	if (!source->relative || !string_ends_with(source->path, ".c"))
		return patch_string(job, &line->why, "no image has code of this file");
	err = climb_init(source, &climb);
	while (!err && !line->why && !climb.is_at_root) {
		_cleanup_(makefile_deinit) struct makefile m = { 0 };
		struct kbuild_options options = { .nr = 0 };
		bool is_found;

		err = makefile_read(job, climb.directory, &m);
		if (err)
			return err;
		is_found = m.text && kbuild_find(m.text, m.size, climb.target, &options);
		is_named |= is_found;
		err = explain_options(job, &m, &options, line);
		if (!err)
			err = climb_up(&climb, is_found || string_ends_with(climb.target, "/"));
	}
	if (err || line->why)
		return err;
	return patch_string(job, &line->why, "%s",
			    is_named ? "no image has code of this file"
				     : "no Makefile names its object");
}

/* The options in a condition of #if that decide against it; without a configuration all of them. */
static struct error *find_option(struct patch_job *job, const char *text, uint32_t length,
				 bool is_negated, struct patch_line *line)
{
	const char *end = text + length, *at = text;

	while (!line->option && (at = memmem(at, (size_t)(end - at), "CONFIG_", 7))) {
		const char *name = at;

		while (at < end && (*at == '_' || (*at >= '0' && *at <= '9') ||
				    (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z')))
			at++;
		enum source_config config = config_of(job, name, (size_t)(at - name));
		/* "!defined(CONFIG_X" */
		bool is_not = is_negated != (memmem(text, (size_t)(name - text), "!", 1) != NULL);
		bool is_set = config != SOURCE_CONFIG_NO && config != SOURCE_CONFIG_UNKNOWN;

		if (config != SOURCE_CONFIG_UNKNOWN && is_set != is_not)
			continue;
		struct error *err = patch_string(job, &line->option, "%.*s%s", (int)(at - name),
						 name, is_not ? "=n" : "");
		if (err)
			return err;
	}
	return NULL;
}

/* The text of a line, without blanks around it. */
static const char *trimmed_line(const struct patch_source *source, uint32_t number, int *ret)
{
	bool is_there = number && number <= source->nr_lines;
	const char *text = source->text + (is_there ? source->starts[number - 1] : 0);
	const char *end = is_there ? source->text + source->starts[number] : text;

	while (text < end && strchr(" \t", *text))
		text++;
	while (end > text && strchr(" \t\r\n", end[-1]))
		end--;
	*ret = end - text < CONDITION_SHOWN ? (int)(end - text) : CONDITION_SHOWN;
	return text;
}

/* "CONFIG_X: #else of '#ifdef CONFIG_Y' (line 12)" */
static struct error *name_condition(struct patch_job *job, const struct patch_source *source,
				    uint32_t number, const char *else_of, struct patch_line *line)
{
	int length;
	const char *text = trimmed_line(source, number, &length);

	return patch_string(job, &line->why, "%s: %s'%.*s' (line %u)",
			    line->option ? line->option : "left out", else_of, length, text,
			    number);
}

struct error *patch_why_left_out(struct patch_job *job, const struct patch_source *source,
				 const struct source_left_out *arm, struct patch_line *line)
{
	struct error *err = find_option(job, source->text + arm->condition, arm->length,
					arm->is_else != arm->is_negated, line);

	return err ? err
		   : name_condition(job, source, arm->is_else ? arm->group : arm->directive,
				    arm->is_else ? "#else of " : "", line);
}

struct error *patch_why_constant(struct patch_job *job, const struct patch_source *source,
				 const struct source_statement *s, bool is_else,
				 struct patch_line *line)
{
	uint32_t last = s->head.last < source->nr_lines ? s->head.last : source->nr_lines;
	uint32_t begin = s->head.first && s->head.first <= last ? source->starts[s->head.first - 1]
								: source->starts[last];
	uint32_t end = source->starts[last];
	struct error *err = find_option(job, source->text + begin, end - begin, is_else, line);

	return err ? err
		   : name_condition(job, source, s->head.first, is_else ? "else of " : "", line);
}

/* Does the head of the function have this word? */
static bool has_word(const struct patch_source *source, const struct source_function *f,
		     const char *word)
{
	uint32_t first = f->first_line ? f->first_line - 1 : 0;
	uint32_t end = f->open_line < source->nr_lines ? f->open_line : source->nr_lines;

	return first < end &&
	       memmem(source->text + source->starts[first],
		      source->starts[end] - source->starts[first], word, strlen(word));
}

static struct error *by_makefile(struct patch_job *job, const struct patch_source *source,
				 struct patch_line *line)
{
	_cleanup_(climb_deinit) struct climb climb = { 0 };
	bool is_own = true; /* no Makefile was seen yet: this one is for the file's directory */
	struct error *err = source->relative ? climb_init(source, &climb) : NULL;

	while (!err && source->relative && !line->why && !climb.is_at_root) {
		_cleanup_(makefile_deinit) struct makefile m = { 0 };
		uint32_t number;

		err = makefile_read(job, climb.directory, &m);
		if (err)
			return err;
		number = m.text ? kbuild_not_instrumented(m.text, m.size, climb.target, is_own) : 0;
		if (number)
			err = patch_string(job, &line->why, "KCOV_INSTRUMENT in %s:%u", m.path,
					   number);
		is_own &= !m.text;
		if (!err)
			err = climb_up(&climb, false);
	}
	return err;
}

struct error *patch_why_not_instrumented(struct patch_job *job, const struct patch_source *source,
					 const struct source_function *function,
					 struct patch_line *line)
{
	static const char *const attributes[] = { "noinstr", "__no_sanitize_coverage",
						  "__no_kcov" };

	if (string_ends_with(source->path, ".S"))
		return patch_string(job, &line->why, "it is in assembly");
	struct error *err = by_makefile(job, source, line);
	for (size_t i = 0; !err && function && !line->why && i < 3; i++)
		if (has_word(source, function, attributes[i]))
			err = patch_string(job, &line->why, "its function is %s", attributes[i]);
	return err;
}
