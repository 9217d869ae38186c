// SPDX-License-Identifier: GPL-2.0-or-later
/* The coverage callback of kernel_like.c, which is not instrumented itself. */
void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
}
