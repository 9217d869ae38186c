// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz entry: take any bytes as an image, index it, and make coverage from it. */
#include "base/tests/fuzz_main.h"
#include "symbolize/tests/read_everything.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	error_destroy(read_everything(data, size));
	return 0;
}
