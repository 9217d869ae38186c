// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds, unpacks and searches the configuration of the running kernel. */
#include "collect/machine/kernel_config.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

#define CONFIG_MAX ((size_t)16 << 20)

struct kernel_config {
	char *path;
	char *text;
};

void kernel_config_destroy(struct kernel_config *config)
{
	if (!config)
		return;
	free(config->path);
	free(config->text);
	free(config);
}
DEFINE_CLEANUP(kernel_config, struct kernel_config, kernel_config_destroy);

/* zlib reads plain files too. Returns false if the file cannot be read or is not a
 * configuration. */
static bool read_text(const char *path, struct strbuf *text)
{
	char chunk[16384];
	int n;

	gzFile file = gzopen(path, "rbe");
	if (!file)
		return false;
	while ((n = gzread(file, chunk, sizeof(chunk))) > 0 && text->len <= CONFIG_MAX)
		strbuf_add(text, chunk, n);
	gzclose(file);
	return n == 0 && text->len <= CONFIG_MAX && strstr(strbuf_str(text), "CONFIG_");
}

/* *ret stays NULL if the file does not exist. */
static struct error *try_path(const struct identity_options *options, const char *path,
			      struct kernel_config **ret)
{
	_cleanup_(cleanup_kernel_config) struct kernel_config *config = calloc(1, sizeof(*config));
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	if (!config)
		return &error_no_memory;
	config->path = identity_path(options, path);
	if (!config->path)
		return &error_no_memory;
	if (!read_text(config->path, &text))
		return strbuf_check(&text);
	struct error *err = strbuf_steal(&text, &config->text);
	if (err)
		return err;
	*ret = steal_ptr(&config);
	return NULL;
}

struct error *kernel_config_load(const struct identity_options *options, const char *release,
				 struct kernel_config **ret)
{
	static const struct {
		const char *before, *after; /* text before and after the release */
	} places[] = {
		{ "/boot/config-", "" },
		{ "/lib/modules/", "/config" },
		{ "/lib/modules/", "/build/.config" },
	};
	struct kernel_config *config = NULL;

	struct error *err = try_path(options, "/proc/config.gz", &config);
	for (size_t i = 0; !err && !config && i < sizeof(places) / sizeof(*places); i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s%s%s", places[i].before, release, places[i].after) < 0)
			return &error_no_memory;
		err = try_path(options, path, &config);
	}
	if (err)
		return err;
	if (!config)
		return error_create(ERROR_NOT_FOUND,
				    "the configuration of kernel '%s' is not installed", release);
	*ret = config;
	return NULL;
}

char kernel_config_get(const struct kernel_config *config, const char *option)
{
	size_t n = strlen(option);

	for (const char *line = config->text; line; line = strchr(line, '\n')) {
		if (*line == '\n')
			line++;
		/* A text that is cut may end here. */
		if (!strncmp(line, option, n) && line[n] == '=' && line[n + 1] > ' ')
			return line[n + 1];
	}
	return 'n';
}

const char *kernel_config_path(const struct kernel_config *config)
{
	return config->path;
}
