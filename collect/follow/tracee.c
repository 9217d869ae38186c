// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of followed tasks, and reading /proc/PID/status. */
#include "collect/follow/tracee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/parse.h"

static struct tracee **bucket(struct tracee_table *table, pid_t pid)
{
	return &table->buckets[(unsigned int)pid % TRACEE_BUCKETS];
}

struct tracee *tracee_find(struct tracee_table *table, pid_t pid)
{
	struct tracee *t = *bucket(table, pid);

	while (t && t->pid != pid)
		t = t->next;
	return t;
}

static void tracee_link(struct tracee_table *table, struct tracee *t)
{
	struct tracee **head = bucket(table, t->pid);

	t->next = *head;
	*head = t;
	table->len++;
}

static void tracee_unlink(struct tracee_table *table, struct tracee *t)
{
	struct tracee **p = bucket(table, t->pid);

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	table->len--;
}

static bool forget_stray(struct tracee_table *table, pid_t pid)
{
	for (size_t i = 0; i < TRACEE_STRAYS; i++)
		if (table->strays[i] == pid) {
			table->strays[i] = 0;
			return true;
		}
	return false;
}

struct tracee *tracee_get(struct tracee_table *table, pid_t pid)
{
	struct tracee *t = tracee_find(table, pid);

	if (t)
		return t;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	/* A stray with its thread id will not be announced any more. */
	forget_stray(table, pid);
	t->pid = pid;
	t->tgid = pid;
	t->id = -1;
	t->parent = -1;
	tracee_link(table, t);
	return t;
}

void tracee_remove(struct tracee_table *table, struct tracee *t)
{
	tracee_unlink(table, t);
	free(t);
}

void tracee_remove_ended(struct tracee_table *table, struct tracee *t)
{
	if (!t->announced) {
		table->nr_strays++;
		table->strays[table->next_stray++ % TRACEE_STRAYS] = t->pid;
	}
	tracee_remove(table, t);
}

bool tracee_take_stray(struct tracee_table *table, pid_t pid)
{
	bool found = forget_stray(table, pid);

	table->nr_strays -= found;
	return found;
}

void tracee_rename(struct tracee_table *table, struct tracee *t, pid_t pid)
{
	tracee_unlink(table, t);
	t->pid = pid;
	tracee_link(table, t);
}

void tracee_table_deinit(struct tracee_table *table)
{
	for (size_t i = 0; i < TRACEE_BUCKETS; i++)
		while (table->buckets[i])
			tracee_remove(table, table->buckets[i]);
}

/* The decimal number after "\nKEY:\t"; -1 if it is not there. */
static pid_t status_field(const char *status, const char *key)
{
	const char *p = strstr(status, key);
	char digits[16];
	uint64_t value;

	if (!p)
		return -1;
	p += strlen(key);
	size_t n = strspn(p, "0123456789");
	if (n >= sizeof(digits))
		return -1;
	memcpy(digits, p, n);
	digits[n] = '\0';
	return parse_u64(digits, 10, INT32_MAX, &value) ? (pid_t)value : -1;
}

bool task_comm_read(pid_t pid, struct task_status *ret)
{
	_cleanup_free_ char *comm = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	struct error *err = file_read(path, 4096, &comm, NULL);
	if (err) {
		error_destroy(err);
		return false;
	}
	comm[strcspn(comm, "\n")] = '\0';
	snprintf(ret->comm, sizeof(ret->comm), "%s", comm);
	return true;
}

/* The name in the first line of status. Linux fs/proc/array.c, proc_task_name(). */
static void status_comm(const char *status, pid_t pid, struct task_status *ret)
{
	static const char key[] = "Name:\t";
	size_t n = strcspn(status, "\n");

	/* It is escaped there: ask for the name alone. */
	if (strncmp(status, key, sizeof(key) - 1) || memchr(status, '\\', n))
		(void)task_comm_read(pid, ret);
	else
		snprintf(ret->comm, sizeof(ret->comm), "%.*s", (int)(n - (sizeof(key) - 1)),
			 status + sizeof(key) - 1);
}

bool task_status_read(pid_t pid, struct task_status *ret)
{
	_cleanup_free_ char *status = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	struct error *err = file_read(path, 1 << 20, &status, NULL);
	if (err) {
		error_destroy(err);
		return false;
	}
	pid_t tgid = status_field(status, "\nTgid:\t");
	if (tgid <= 0)
		return false;
	ret->tgid = tgid;
	ret->ppid = status_field(status, "\nPPid:\t");
	status_comm(status, pid, ret);
	return true;
}
