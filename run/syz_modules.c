// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads syzkaller's JSON of modules. */
#include "run/syz_modules.h"

#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/strbuf.h"

/* More than the code of almost all modules. */
#define SIZE_GUESS (1 << 20)

DEFINE_CLEANUP(json, cJSON, cJSON_Delete);

/*
 * Put numbers in quotes: cJSON reads them as double, which cannot hold an address. Text in
 * quotes is copied as it is.
 */
static void quote_numbers(const char *text, struct strbuf *ret)
{
	static const char number[] = "+-.0123456789eE";
	bool quoted = false;

	while (*text) {
		size_t n = quoted ? 0 : strspn(text, number);

		/* The 'e' of "true" and "false" begins no number. */
		if (n && *text != 'e' && *text != 'E') {
			strbuf_addch(ret, '"');
			strbuf_add(ret, text, n);
			strbuf_addch(ret, '"');
			text += n;
			continue;
		}
		if (quoted && *text == '\\' && text[1])
			strbuf_addch(ret, *text++);
		else if (*text == '"')
			quoted = !quoted;
		strbuf_addch(ret, *text++);
	}
}

struct error *syz_modules_add(struct run_module_vector *modules, const char *name, uint64_t base)
{
	struct run_module module = { .base = base, .name = strdup(name) };

	if (!module.name)
		return &error_no_memory;
	for (char *p = module.name; *p; p++)
		if (*p == '-')
			*p = '_';
	if (run_module_vector_append(modules, &module))
		return NULL;
	free(module.name);
	return &error_no_memory;
}

static struct error *add_module(const cJSON *object, size_t number, const char *file,
				struct run_module_vector *modules)
{
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "Name"));
	const char *addr = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "Addr"));
	uint64_t base;

	if (!name || !addr || !parse_u64(addr, 0, UINT64_MAX, &base))
		return error_create(ERROR_FORMAT, "module %zu of '%s' has no name or no address",
				    number, file);
	return *name ? syz_modules_add(modules, name, base) : NULL;
}

struct error *syz_modules_read(const char *text, const char *name,
			       struct run_module_vector *modules)
{
	_cleanup_strbuf_ struct strbuf quoted = STRBUF_INIT;
	_cleanup_(cleanup_json) cJSON *list = NULL;
	struct error *err;
	size_t number = 1;

	quote_numbers(text, &quoted);
	err = strbuf_check(&quoted);
	if (err)
		return err;
	list = cJSON_ParseWithOpts(strbuf_str(&quoted), NULL, true);
	if (!cJSON_IsArray(list))
		return error_hint(error_create(ERROR_FORMAT, "'%s' is not a list of modules", name),
				  "expected the JSON of syz-manager's /modules");
	for (const cJSON *module = list->child; !err && module; module = module->next)
		err = add_module(module, number++, name, modules);
	return err;
}

static int compare_names(const void *a, const void *b)
{
	const struct run_module *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int compare_bases(const void *a, const void *b)
{
	const struct run_module *x = a, *y = b;

	return x->base != y->base ? (x->base < y->base ? -1 : 1) : compare_names(a, b);
}

struct error *syz_modules_sort(struct run_module_vector *modules)
{
	if (!modules->len)
		return NULL;
	qsort(modules->data, modules->len, sizeof(*modules->data), compare_names);
	for (size_t i = 1; i < modules->len; i++)
		if (!compare_names(&modules->data[i - 1], &modules->data[i]))
			return error_create(ERROR_INVALID, "module '%s' is named twice",
					    modules->data[i].name);
	qsort(modules->data, modules->len, sizeof(*modules->data), compare_bases);
	for (size_t i = 1; i < modules->len; i++)
		if (modules->data[i - 1].base == modules->data[i].base)
			return error_create(ERROR_INVALID,
					    "modules '%s' and '%s' are at the same address",
					    modules->data[i - 1].name, modules->data[i].name);
	for (size_t i = 0; i < modules->len; i++) {
		struct run_module *m = &modules->data[i];
		uint64_t room = i + 1 < modules->len ? m[1].base - m->base : SIZE_GUESS;

		m->size = room < SIZE_GUESS ? room : SIZE_GUESS;
	}
	return NULL;
}
