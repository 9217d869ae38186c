/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls of a callback that look as if they came from other code.
 *
 * A callback records the address that it returns to. What a record costs depends on that address:
 * is it in the kernel's text or in a module, was it recorded before or not. So each call gets a
 * return address of its own. At that address is a ret instruction, which then returns to the loop.
 */
#include <linux/linkage.h>

/* rax: the clock. In this machine it advances by 1 per instruction. Clobbers rdx. */
.macro CLOCK
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
.endm

	.text

/*
 * u64 hooks_call(void (*callback)(void), const unsigned long *sites, unsigned long count): returns
 * the time it took.
 */
SYM_FUNC_START(hooks_call)
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	mov	%rdi, %rbx
	mov	%rsi, %rbp
	lea	(%rsi, %rdx, 8), %r12
	CLOCK
	mov	%rax, %r13
1:	cmp	%r12, %rbp
	je	3f
	lea	2f(%rip), %rax
	push	%rax
	push	(%rbp)
	jmp	*%rbx
2:	add	$8, %rbp
	jmp	1b
3:	CLOCK
	sub	%r13, %rax
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	RET
SYM_FUNC_END(hooks_call)

/* A callback that does nothing: one instruction. Not SYM_FUNC_START(), which adds another. */
SYM_CODE_START(hooks_nothing)
	.byte	0xc3
SYM_CODE_END(hooks_nothing)

/* Return addresses in a module. */
SYM_CODE_START(hooks_rets)
	.fill	4096, 1, 0xc3
SYM_CODE_END(hooks_rets)
