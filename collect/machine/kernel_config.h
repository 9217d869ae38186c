/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration of the running kernel, as text. /proc/config.gz (CONFIG_IKCONFIG_PROC) belongs
 * to the running kernel. The files that distributions install beside a kernel belong to it only if
 * the release in their name is right.
 */
#ifndef COLLECT_MACHINE_KERNEL_CONFIG_H
#define COLLECT_MACHINE_KERNEL_CONFIG_H

#include "base/error.h"
#include "collect/machine/identity.h"

struct kernel_config;

/*
 * Loads the first readable one of /proc/config.gz, /boot/config-RELEASE,
 * /lib/modules/RELEASE/config and /lib/modules/RELEASE/build/.config. ERROR_NOT_FOUND if there is
 * none. At most 16 MiB of text.
 */
struct error *kernel_config_load(const struct identity_options *options, const char *release,
				 struct kernel_config **ret);
/* Accepts NULL. */
void kernel_config_destroy(struct kernel_config *config);
/* 'y', 'm', the first character of another value, or 'n' if the option is not set. */
char kernel_config_get(const struct kernel_config *config, const char *option);
/* The path it was read from; valid as long as config. */
const char *kernel_config_path(const struct kernel_config *config);

#endif
