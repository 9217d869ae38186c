# SPDX-License-Identifier: GPL-2.0-or-later
# The code for owned.c; line numbers are those of that file.
	.file	1 "/moved/owned.c"
	.text

	.macro function name
	.globl	\name
	.type	\name, @function
\name:
	.endm
	.macro end name
	.size	\name, . - \name
	.endm

function hoisted
	.loc	1 9 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	.loc	1 11 1 is_stmt 0
	mov	$5, %eax
	.loc	1 10 1 is_stmt 1
	test	%edi, %edi
	je	1f
	.loc	1 11 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	ret
1:	.loc	1 10 1 is_stmt 0
	ret
end hoisted

function left_over
	.loc	1 15 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	test	%edi, %edi
	je	1f
	.loc	1 16 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	nop
1:	.loc	1 16 2 is_stmt 1
	.loc	1 17 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	ret
end left_over

function only_code
	.loc	1 21 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	.loc	1 22 1 is_stmt 0
	ret
end only_code

function in_force
	.loc	1 26 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	test	%edi, %edi
	je	1f
	.loc	1 27 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
1:	ret
end in_force

function behind_a_trap
	.loc	1 31 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	test	%edi, %edi
	je	1f
	.loc	1 32 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	ud2
	nop
1:	.loc	1 32 2 is_stmt 1
	.loc	1 33 1 is_stmt 1
	call	__sanitizer_cov_trace_pc
	ret
end behind_a_trap

	.loc	1 1 1
function __sanitizer_cov_trace_pc
	ret
end __sanitizer_cov_trace_pc
