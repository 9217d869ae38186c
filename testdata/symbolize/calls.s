# SPDX-License-Identifier: GPL-2.0-or-later
# One function per class of recorded PC. A label ret_CLASS_n is at the return
# address of a call of that class, point_n at that of a call of the callback.
	.text

	.macro function name
	.globl	\name
	.type	\name, @function
\name:
	.endm
	.macro end name
	.size	\name, . - \name
	.endm

function __sanitizer_cov_trace_pc
	ret
end __sanitizer_cov_trace_pc

# points: a plain call, one with a prefix, a conditional tail jump, a tail jump
function plain
	call	__sanitizer_cov_trace_pc
point_1:
	.byte	0x2e
	call	__sanitizer_cov_trace_pc
point_2:
	ret
end plain

function tail
	call	__sanitizer_cov_trace_pc
point_3:
	test	%eax, %eax
	jne	__sanitizer_cov_trace_pc
	jmp	__sanitizer_cov_trace_pc
end tail

# tail jumps that are reached through another jump: a sibling call, a .cold piece
function sibling
	jmp	tail
end sibling
function with_cold
	test	%eax, %eax
	je	with_cold.cold
	ret
end with_cold
	.type	with_cold.cold, @function
with_cold.cold:
	jmp	__sanitizer_cov_trace_pc
	.size	with_cold.cold, . - with_cold.cold

function indirect_jump
	jmp	*%rax
end indirect_jump
function thunk_jump
	jmp	__x86_indirect_thunk_rax
end thunk_jump
function returns_by_thunk
	jmp	__x86_return_thunk
end returns_by_thunk

function __x86_indirect_thunk_rax
	jmp	*%rax
end __x86_indirect_thunk_rax
function __x86_return_thunk
	ret
end __x86_return_thunk

function calls
	call	tail
ret_tail_1:
	call	sibling
ret_tail_2:
	call	with_cold
ret_tail_3:
	call	*%rax
ret_indirect_1:
	call	__x86_indirect_thunk_rax
ret_indirect_2:
	call	indirect_jump
ret_indirect_3:
	call	thunk_jump
ret_indirect_4:
	call	*sink(%rip)
ret_indirect_5:
	call	plain
ret_other_1:
	call	returns_by_thunk
ret_other_2:
	nop
	nop
ret_nothing_1:
	ret
end calls

# binutils 2.40 does not know lkgs %edi. Its last byte swallows the start of the call.
function out_of_step
	.byte	0xf2, 0x0f, 0x00, 0xf7
	call	__sanitizer_cov_trace_pc
	ret
end out_of_step

# In step, bytes within an instruction are not a call: mov $imm64 that contains them.
function only_looks_like_a_call
	.byte	0x48, 0xb8
	.byte	0xe8
	.long	__sanitizer_cov_trace_pc - . - 4
	.byte	0, 0, 0
	ret
end only_looks_like_a_call

function __sanitizer_cov_trace_pc_exit
	ret
end __sanitizer_cov_trace_pc_exit

function has_exit
	call	__sanitizer_cov_trace_pc_exit
point_exit:
	ret
end has_exit

	.bss
sink:	.quad	0
