// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz entry: take any bytes as a message of the process that builds an index. */
#include "base/tests/fuzz_main.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "symbolize/index/isolate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int sockets[2];
	struct isolate_message *m = malloc(sizeof(*m));

	if (!m || (!sockets[1] && isolate_connect(sockets)))
		abort();
	/* An empty one would be the end; a longer one is cut by the receiver. */
	if (size && size <= 2 * sizeof(*m) && send(sockets[0], data, size, 0) == (ssize_t)size &&
	    isolate_receive(sockets[1], m)) {
		if (m->kind > ISOLATE_DONE || strlen(m->text) >= sizeof(m->text) ||
		    (m->kind == ISOLATE_LINE && m->number > LOG_DEBUG))
			abort();
		if (m->kind == ISOLATE_ERROR) {
			struct error *err = isolate_error(m);

			if (!err)
				abort();
			error_destroy(err);
		}
	}
	free(m);
	return 0;
}
