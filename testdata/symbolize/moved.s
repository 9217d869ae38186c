# SPDX-License-Identifier: GPL-2.0-or-later
	.file	"moved.c"
	.text
.Ltext0:
	.cfi_sections	.debug_frame
	.file 0 "/moved" "moved.c"
	.p2align 4
	.globl	moved_value
	.type	moved_value, @function
moved_value:
.LFB1:
	.file 1 "moved.c"
	.loc 1 24 1
	.cfi_startproc
	.loc 1 25 2
	.loc 1 27 2
	.loc 1 24 1 is_stmt 0
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset 6, -16
	movl	$1, %ebp
	pushq	%rbx
	.cfi_def_cfa_offset 24
	.cfi_offset 3, -24
	movl	%edi, %ebx
	subq	$8, %rsp
	.cfi_def_cfa_offset 32
	.loc 1 27 5
	call	__sanitizer_cov_trace_pc
	cmpl	$3, %ebx
	jle	.L2
	.loc 1 28 3 is_stmt 1
	.loc 1 28 5 is_stmt 0
	call	__sanitizer_cov_trace_pc
	movl	other(%rip), %ebp
.L2:
	.loc 1 29 2 is_stmt 1
	call	__sanitizer_cov_trace_pc
	movl	%ebp, %edi
	call	called
	.loc 1 30 2
	.loc 1 31 1 is_stmt 0
	addq	$8, %rsp
	.cfi_def_cfa_offset 24
	movl	%ebp, %eax
	popq	%rbx
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE1:
	.size	moved_value, .-moved_value
	.p2align 4
	.globl	inlined
	.type	inlined, @function
inlined:
.LFB2:
	.loc 1 35 1 is_stmt 1
	.cfi_startproc
	.loc 1 36 2
	.loc 1 35 1 is_stmt 0
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset 6, -16
	movl	%edi, %ebp
	pushq	%rbx
	.cfi_def_cfa_offset 24
	.cfi_offset 3, -24
	subq	$8, %rsp
	.cfi_def_cfa_offset 32
	.loc 1 36 6
	call	__sanitizer_cov_trace_pc
	movl	%ebp, %edi
	call	condition
	.loc 1 36 5
	testl	%eax, %eax
	je	.L8
	.loc 1 37 3 is_stmt 1
.LBB4:
.LBB5:
	.loc 1 19 2
	.loc 1 19 11 is_stmt 0
	call	__sanitizer_cov_trace_pc
	movl	state(%rip), %ebx
	call	__sanitizer_cov_trace_pc
.LBE5:
.LBE4:
	.loc 1 40 1
	addq	$8, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 24
.LBB7:
.LBB6:
	.loc 1 19 11
	addl	%ebp, %ebx
.LBE6:
.LBE7:
	.loc 1 40 1
	movl	%ebx, %eax
	popq	%rbx
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	ret
	.p2align 4,,10
	.p2align 3
.L8:
	.cfi_restore_state
	movl	%eax, %ebx
	.loc 1 38 2 is_stmt 1
	call	__sanitizer_cov_trace_pc
	movl	%ebp, %edi
	call	called
	.loc 1 39 2
	call	__sanitizer_cov_trace_pc
	.loc 1 40 1 is_stmt 0
	addq	$8, %rsp
	.cfi_def_cfa_offset 24
	movl	%ebx, %eax
	popq	%rbx
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE2:
	.size	inlined, .-inlined
	.p2align 4
	.globl	no_code
	.type	no_code, @function
no_code:
.LFB3:
	.loc 1 44 1 is_stmt 1
	.cfi_startproc
	.loc 1 45 2
	.loc 1 46 2
	.loc 1 48 2
	.loc 1 44 1 is_stmt 0
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset 3, -16
	.loc 1 44 1
	movl	%edi, %ebx
	.loc 1 48 2
	call	__sanitizer_cov_trace_pc
	movl	%ebx, %edi
	call	called
	.loc 1 49 2 is_stmt 1
	.loc 1 50 2
	.loc 1 50 6 is_stmt 0
	movl	%ebx, %edi
	call	condition
	.loc 1 50 5
	testl	%eax, %eax
	jne	.L17
	.loc 1 52 2 is_stmt 1
	.loc 1 52 9 is_stmt 0
	call	__sanitizer_cov_trace_pc
	.loc 1 53 1
	movl	%ebx, %eax
	popq	%rbx
	.cfi_remember_state
	.cfi_def_cfa_offset 8
	ret
	.p2align 4,,10
	.p2align 3
.L17:
	.cfi_restore_state
	.loc 1 51 3 is_stmt 1
	call	__sanitizer_cov_trace_pc
	movl	$5, %edi
	call	called
	.loc 1 52 2
	.loc 1 52 9 is_stmt 0
	call	__sanitizer_cov_trace_pc
	.loc 1 53 1
	movl	%ebx, %eax
	popq	%rbx
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE3:
	.size	no_code, .-no_code
	.p2align 4
	.globl	one_way_out
	.type	one_way_out, @function
one_way_out:
.LFB4:
	.loc 1 57 1 is_stmt 1
	.cfi_startproc
	.loc 1 58 2
	.loc 1 60 2
	.loc 1 57 1 is_stmt 0
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset 6, -16
	movl	%edi, %ebp
	pushq	%rbx
	.cfi_def_cfa_offset 24
	.cfi_offset 3, -24
	subq	$8, %rsp
	.cfi_def_cfa_offset 32
	.loc 1 60 6
	call	__sanitizer_cov_trace_pc
	movl	$1, %edi
	call	condition
	.loc 1 60 5
	testl	%eax, %eax
	jne	.L20
	.loc 1 62 2 is_stmt 1
	.loc 1 63 2
	.loc 1 63 6 is_stmt 0
	call	__sanitizer_cov_trace_pc
	movl	$2, %edi
	call	condition
	movl	%eax, %ebx
	.loc 1 63 5
	testl	%eax, %eax
	jne	.L21
	.loc 1 65 2 is_stmt 1
	call	__sanitizer_cov_trace_pc
	movl	%ebp, %edi
	call	called
	.loc 1 66 2
.L19:
	.loc 1 68 2
	call	__sanitizer_cov_trace_pc
	movl	%ebx, %edi
	call	called
	.loc 1 69 2
	.loc 1 70 1 is_stmt 0
	addq	$8, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 24
	movl	%ebx, %eax
	popq	%rbx
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	ret
	.p2align 4,,10
	.p2align 3
.L20:
	.cfi_restore_state
	.loc 1 58 6
	movl	$-22, %ebx
	jmp	.L19
	.p2align 4,,10
	.p2align 3
.L21:
	.loc 1 62 8
	movl	$-5, %ebx
	jmp	.L19
	.cfi_endproc
.LFE4:
	.size	one_way_out, .-one_way_out
	.p2align 4
	.globl	shared_end
	.type	shared_end, @function
shared_end:
.LFB5:
	.loc 1 74 1 is_stmt 1
	.cfi_startproc
	.loc 1 75 2
	.loc 1 77 2
	.loc 1 74 1 is_stmt 0
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset 6, -16
	pushq	%rbx
	.cfi_def_cfa_offset 24
	.cfi_offset 3, -24
	movl	%edi, %ebx
	subq	$8, %rsp
	.cfi_def_cfa_offset 32
	.loc 1 77 6
	call	__sanitizer_cov_trace_pc
	movl	$1, %edi
	call	condition
	.loc 1 77 5
	testl	%eax, %eax
	je	.L24
	.loc 1 78 3 is_stmt 1
	call	__sanitizer_cov_trace_pc
	movl	$1, %edi
	call	called
	.loc 1 79 3
.L25:
	.loc 1 79 5 is_stmt 0
	xorl	%ebp, %ebp
.L27:
	.loc 1 86 2 is_stmt 1
	.loc 1 86 8 is_stmt 0
	call	__sanitizer_cov_trace_pc
	.loc 1 87 2
	movl	%ebx, %edi
	.loc 1 86 8
	movl	%ebp, state(%rip)
	.loc 1 87 2 is_stmt 1
	call	called
	.loc 1 88 2
	.loc 1 89 1 is_stmt 0
	addq	$8, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 24
	movl	%ebp, %eax
	popq	%rbx
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	ret
	.p2align 4,,10
	.p2align 3
.L24:
	.cfi_restore_state
	.loc 1 80 9 is_stmt 1
	.loc 1 80 13 is_stmt 0
	call	__sanitizer_cov_trace_pc
	movl	$2, %edi
	call	condition
	.loc 1 80 12
	testl	%eax, %eax
	je	.L26
	.loc 1 81 3 is_stmt 1
	call	__sanitizer_cov_trace_pc
	movl	$2, %edi
	call	called
	.loc 1 82 3
	jmp	.L25
	.p2align 4,,10
	.p2align 3
.L26:
	.loc 1 84 3
	.loc 1 84 7 is_stmt 0
	call	__sanitizer_cov_trace_pc
	movl	$3, %edi
	call	condition
	movl	%eax, %ebp
	jmp	.L27
	.cfi_endproc
.LFE5:
	.size	shared_end, .-shared_end
.Letext0:
	.section	.debug_info,"",@progbits
.Ldebug_info0:
	.long	0x1be
	.value	0x5
	.byte	0x1
	.byte	0x8
	.long	.Ldebug_abbrev0
	.uleb128 0x7
	.long	.LASF10
	.byte	0x1d
	.long	.LASF0
	.long	.LASF1
	.quad	.Ltext0
	.quad	.Letext0-.Ltext0
	.long	.Ldebug_line0
	.uleb128 0x3
	.long	.LASF2
	.byte	0xc
	.long	0x38
	.uleb128 0x8
	.byte	0x4
	.byte	0x5
	.string	"int"
	.uleb128 0x3
	.long	.LASF3
	.byte	0x13
	.long	0x38
	.uleb128 0x9
	.long	.LASF11
	.byte	0x1
	.byte	0xf
	.byte	0x5
	.long	0x38
	.long	0x5f
	.uleb128 0x4
	.long	0x38
	.byte	0
	.uleb128 0xa
	.long	.LASF12
	.byte	0x1
	.byte	0xe
	.byte	0x6
	.long	0x71
	.uleb128 0x4
	.long	0x38
	.byte	0
	.uleb128 0x1
	.long	.LASF4
	.byte	0x49
	.long	0x38
	.quad	.LFB5
	.quad	.LFE5-.LFB5
	.uleb128 0x1
	.byte	0x9c
	.long	0xa7
	.uleb128 0x2
	.string	"x"
	.byte	0x49
	.byte	0x14
	.long	0x38
	.uleb128 0x1
	.byte	0x53
	.uleb128 0x5
	.string	"r"
	.byte	0x4b
	.long	0x38
	.uleb128 0x1
	.byte	0x56
	.byte	0
	.uleb128 0x1
	.long	.LASF5
	.byte	0x38
	.long	0x38
	.quad	.LFB4
	.quad	.LFE4-.LFB4
	.uleb128 0x1
	.byte	0x9c
	.long	0xf1
	.uleb128 0x2
	.string	"x"
	.byte	0x38
	.byte	0x15
	.long	0x38
	.uleb128 0x1
	.byte	0x56
	.uleb128 0xb
	.long	.LASF6
	.byte	0x1
	.byte	0x3a
	.byte	0x6
	.long	0x38
	.uleb128 0x1
	.byte	0x53
	.uleb128 0xc
	.string	"out"
	.byte	0x1
	.byte	0x43
	.byte	0x1
	.quad	.L19
	.byte	0
	.uleb128 0x1
	.long	.LASF7
	.byte	0x2b
	.long	0x38
	.quad	.LFB3
	.quad	.LFE3-.LFB3
	.uleb128 0x1
	.byte	0x9c
	.long	0x12d
	.uleb128 0x2
	.string	"x"
	.byte	0x2b
	.byte	0x11
	.long	0x38
	.uleb128 0x1
	.byte	0x53
	.uleb128 0x6
	.string	"a"
	.byte	0x2d
	.long	0x38
	.uleb128 0x6
	.string	"b"
	.byte	0x2e
	.long	0x38
	.byte	0
	.uleb128 0x1
	.long	.LASF8
	.byte	0x22
	.long	0x38
	.quad	.LFB2
	.quad	.LFE2-.LFB2
	.uleb128 0x1
	.byte	0x9c
	.long	0x173
	.uleb128 0x2
	.string	"x"
	.byte	0x22
	.byte	0x11
	.long	0x38
	.uleb128 0x1
	.byte	0x56
	.uleb128 0xd
	.long	0x1a9
	.quad	.LBB4
	.long	.LLRL0
	.byte	0x1
	.byte	0x25
	.byte	0xa
	.uleb128 0xe
	.long	0x1b6
	.byte	0
	.byte	0
	.uleb128 0x1
	.long	.LASF9
	.byte	0x17
	.long	0x38
	.quad	.LFB1
	.quad	.LFE1-.LFB1
	.uleb128 0x1
	.byte	0x9c
	.long	0x1a9
	.uleb128 0x2
	.string	"x"
	.byte	0x17
	.byte	0x15
	.long	0x38
	.uleb128 0x1
	.byte	0x53
	.uleb128 0x5
	.string	"r"
	.byte	0x19
	.long	0x38
	.uleb128 0x1
	.byte	0x56
	.byte	0
	.uleb128 0xf
	.long	.LASF13
	.byte	0x1
	.byte	0x11
	.byte	0x13
	.long	0x38
	.byte	0x3
	.uleb128 0x10
	.string	"x"
	.byte	0x1
	.byte	0x11
	.byte	0x1d
	.long	0x38
	.byte	0
	.byte	0
	.section	.debug_abbrev,"",@progbits
.Ldebug_abbrev0:
	.uleb128 0x1
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0x21
	.sleb128 5
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x11
	.uleb128 0x1
	.uleb128 0x12
	.uleb128 0x7
	.uleb128 0x40
	.uleb128 0x18
	.uleb128 0x7c
	.uleb128 0x19
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x2
	.uleb128 0x5
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x2
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0x3
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0x21
	.sleb128 13
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3c
	.uleb128 0x19
	.byte	0
	.byte	0
	.uleb128 0x4
	.uleb128 0x5
	.byte	0
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x5
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0x21
	.sleb128 6
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x2
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0x6
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0x21
	.sleb128 6
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x7
	.uleb128 0x11
	.byte	0x1
	.uleb128 0x25
	.uleb128 0xe
	.uleb128 0x13
	.uleb128 0xb
	.uleb128 0x3
	.uleb128 0x1f
	.uleb128 0x1b
	.uleb128 0x1f
	.uleb128 0x11
	.uleb128 0x1
	.uleb128 0x12
	.uleb128 0x7
	.uleb128 0x10
	.uleb128 0x17
	.byte	0
	.byte	0
	.uleb128 0x8
	.uleb128 0x24
	.byte	0
	.uleb128 0xb
	.uleb128 0xb
	.uleb128 0x3e
	.uleb128 0xb
	.uleb128 0x3
	.uleb128 0x8
	.byte	0
	.byte	0
	.uleb128 0x9
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x3c
	.uleb128 0x19
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0xa
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x3c
	.uleb128 0x19
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0xb
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x2
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0xc
	.uleb128 0xa
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x11
	.uleb128 0x1
	.byte	0
	.byte	0
	.uleb128 0xd
	.uleb128 0x1d
	.byte	0x1
	.uleb128 0x31
	.uleb128 0x13
	.uleb128 0x52
	.uleb128 0x1
	.uleb128 0x55
	.uleb128 0x17
	.uleb128 0x58
	.uleb128 0xb
	.uleb128 0x59
	.uleb128 0xb
	.uleb128 0x57
	.uleb128 0xb
	.byte	0
	.byte	0
	.uleb128 0xe
	.uleb128 0x5
	.byte	0
	.uleb128 0x31
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0xf
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x20
	.uleb128 0xb
	.byte	0
	.byte	0
	.uleb128 0x10
	.uleb128 0x5
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_aranges,"",@progbits
	.long	0x2c
	.value	0x2
	.long	.Ldebug_info0
	.byte	0x8
	.byte	0
	.value	0
	.value	0
	.quad	.Ltext0
	.quad	.Letext0-.Ltext0
	.quad	0
	.quad	0
	.section	.debug_rnglists,"",@progbits
.Ldebug_ranges0:
	.long	.Ldebug_ranges3-.Ldebug_ranges2
.Ldebug_ranges2:
	.value	0x5
	.byte	0x8
	.byte	0
	.long	0
.LLRL0:
	.byte	0x4
	.uleb128 .LBB4-.Ltext0
	.uleb128 .LBE4-.Ltext0
	.byte	0x4
	.uleb128 .LBB7-.Ltext0
	.uleb128 .LBE7-.Ltext0
	.byte	0
.Ldebug_ranges3:
	.section	.debug_line,"",@progbits
.Ldebug_line0:
	.section	.debug_str,"MS",@progbits,1
.LASF4:
	.string	"shared_end"
.LASF7:
	.string	"no_code"
.LASF12:
	.string	"called"
.LASF13:
	.string	"small"
.LASF8:
	.string	"inlined"
.LASF9:
	.string	"moved_value"
.LASF10:
	.string	"GNU C17 12.2.0 -mcmodel=kernel -mtune=generic -march=x86-64 -g -gstatement-frontiers -O2 -ffreestanding -fno-pic -fno-asynchronous-unwind-tables -fcf-protection=none -fsanitize-coverage=trace-pc -fno-optimize-sibling-calls -fno-var-tracking"
.LASF2:
	.string	"state"
.LASF11:
	.string	"condition"
.LASF3:
	.string	"other"
.LASF6:
	.string	"error"
.LASF5:
	.string	"one_way_out"
	.section	.debug_line_str,"MS",@progbits,1
.LASF0:
	.string	"moved.c"
.LASF1:
	.string	"/moved"
	.ident	"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
