/* SPDX-License-Identifier: GPL-2.0 */
/* What a workload loses if it has more PCs than a trace can hold. */
#ifndef BENCH_HOOKS_WORKLOAD_H
#define BENCH_HOOKS_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

void measure_workload(bool ours, void (*print)(const char *name, double value));

/* measure.c: calls the callback from this many places of the module. Returns the lowest PC;
 * the others follow it. */
uint64_t call_from_module(unsigned int count);

#endif
