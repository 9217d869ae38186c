// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's side of kernel_like.c, itself without coverage. */
void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
}
