# SPDX-License-Identifier: GPL-2.0-or-later
	.text
	.file	"pruned.c"
	.globl	one_way                         # -- Begin function one_way
	.p2align	4, 0x90
	.type	one_way,@function
one_way:                                # @one_way
.Lfunc_begin0:
	.file	0 "/moved" "pruned.c" md5 0x4f32fe0622949e32ba7a3487144c8fb4
	.loc	0 18 0                          # pruned.c:18:0
	.cfi_sections .debug_frame
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: one_way:x <- $edi
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	movl	%edi, %ebx
.Ltmp0:
	.loc	0 18 0 prologue_end             # pruned.c:18:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp1:
	#DEBUG_VALUE: one_way:x <- $ebx
	.loc	0 19 2                          # pruned.c:19:2
	movl	$1, %edi
	callq	called
.Ltmp2:
	.loc	0 20 6                          # pruned.c:20:6
	testl	%ebx, %ebx
.Ltmp3:
	.loc	0 20 6 is_stmt 0                # pruned.c:20:6
	je	.LBB0_1
.Ltmp4:
# %bb.2:
	#DEBUG_VALUE: one_way:x <- $ebx
	.loc	0 21 3 is_stmt 1                # pruned.c:21:3
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp5:
	movl	$2, %edi
	callq	called
.Ltmp6:
	.loc	0 0 3 is_stmt 0                 # pruned.c:0:3
	jmp	.LBB0_3
.Ltmp7:
.LBB0_1:
	#DEBUG_VALUE: one_way:x <- $ebx
	.loc	0 20 6 is_stmt 1                # pruned.c:20:6
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp8:
.LBB0_3:
	#DEBUG_VALUE: one_way:x <- $ebx
	.loc	0 22 2                          # pruned.c:22:2
	movl	$3, %edi
	callq	called
.Ltmp9:
	.loc	0 23 2                          # pruned.c:23:2
	xorl	%eax, %eax
	popq	%rbx
.Ltmp10:
	#DEBUG_VALUE: one_way:x <- [DW_OP_LLVM_entry_value 1] $edi
	.cfi_def_cfa_offset 8
	retq
.Ltmp11:
.Lfunc_end0:
	.size	one_way, .Lfunc_end0-one_way
	.cfi_endproc
                                        # -- End function
	.globl	loops                           # -- Begin function loops
	.p2align	4, 0x90
	.type	loops,@function
loops:                                  # @loops
.Lfunc_begin1:
	.loc	0 28 0                          # pruned.c:28:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: loops:n <- $edi
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%rbx
	.cfi_def_cfa_offset 24
	pushq	%rax
	.cfi_def_cfa_offset 32
	.cfi_offset %rbx, -24
	.cfi_offset %rbp, -16
	movl	%edi, %ebx
.Ltmp12:
	.loc	0 28 0 prologue_end             # pruned.c:28:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp13:
	#DEBUG_VALUE: loops:n <- $ebx
	#DEBUG_VALUE: i <- 0
	.loc	0 29 20                         # pruned.c:29:20
	testl	%ebx, %ebx
.Ltmp14:
	.loc	0 29 2 is_stmt 0                # pruned.c:29:2
	jle	.LBB1_4
.Ltmp15:
# %bb.1:
	#DEBUG_VALUE: loops:n <- $ebx
	#DEBUG_VALUE: i <- 0
	addl	$-1, %ebx
.Ltmp16:
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	.loc	0 0 2                           # pruned.c:0:2
	xorl	%ebp, %ebp
.Ltmp17:
	.p2align	4, 0x90
.LBB1_2:                                # =>This Inner Loop Header: Depth=1
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	#DEBUG_VALUE: i <- $ebp
	.loc	0 30 3 is_stmt 1                # pruned.c:30:3
	movl	%ebp, %edi
	callq	called
.Ltmp18:
	.loc	0 31 7                          # pruned.c:31:7
	movl	%ebp, %edi
	callq	condition
.Ltmp19:
	testl	%eax, %eax
.Ltmp20:
	.loc	0 31 7 is_stmt 0                # pruned.c:31:7
	je	.LBB1_3
.Ltmp21:
# %bb.6:                                #   in Loop: Header=BB1_2 Depth=1
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	#DEBUG_VALUE: i <- $ebp
	.loc	0 32 4 is_stmt 1                # pruned.c:32:4
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp22:
	movl	$-1, %edi
	callq	called
.Ltmp23:
	.loc	0 0 4 is_stmt 0                 # pruned.c:0:4
	jmp	.LBB1_7
.Ltmp24:
	.p2align	4, 0x90
.LBB1_3:                                #   in Loop: Header=BB1_2 Depth=1
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	#DEBUG_VALUE: i <- $ebp
	.loc	0 31 7 is_stmt 1                # pruned.c:31:7
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp25:
.LBB1_7:                                #   in Loop: Header=BB1_2 Depth=1
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	#DEBUG_VALUE: i <- $ebp
	.loc	0 33 9                          # pruned.c:33:9
	movl	%ebp, state(%rip)
.Ltmp26:
	.loc	0 29 20                         # pruned.c:29:20
	cmpl	%ebp, %ebx
.Ltmp27:
	.loc	0 29 2 is_stmt 0                # pruned.c:29:2
	je	.LBB1_9
.Ltmp28:
# %bb.8:                                #   in Loop: Header=BB1_2 Depth=1
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	#DEBUG_VALUE: i <- $ebp
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp29:
	.loc	0 29 26                         # pruned.c:29:26
	addl	$1, %ebp
.Ltmp30:
	#DEBUG_VALUE: i <- $ebp
	.loc	0 0 26                          # pruned.c:0:26
	jmp	.LBB1_2
.Ltmp31:
.LBB1_9:
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	#DEBUG_VALUE: i <- $ebp
	.loc	0 29 2                          # pruned.c:29:2
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp32:
	.loc	0 0 2                           # pruned.c:0:2
	jmp	.LBB1_5
.Ltmp33:
.LBB1_4:
	#DEBUG_VALUE: loops:n <- $ebx
	.loc	0 35 9 is_stmt 1                # pruned.c:35:9
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp34:
	movl	state(%rip), %ebp
.Ltmp35:
.LBB1_5:
	#DEBUG_VALUE: loops:n <- [DW_OP_LLVM_entry_value 1] $edi
	.loc	0 35 2 is_stmt 0                # pruned.c:35:2
	movl	%ebp, %eax
	addq	$8, %rsp
	.cfi_def_cfa_offset 24
	popq	%rbx
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	retq
.Ltmp36:
.Lfunc_end1:
	.size	loops, .Lfunc_end1-loops
	.cfi_endproc
                                        # -- End function
	.globl	gives_up                        # -- Begin function gives_up
	.p2align	4, 0x90
	.type	gives_up,@function
gives_up:                               # @gives_up
.Lfunc_begin2:
	.loc	0 40 0 is_stmt 1                # pruned.c:40:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: gives_up:x <- $edi
	pushq	%r14
	.cfi_def_cfa_offset 16
	pushq	%rbx
	.cfi_def_cfa_offset 24
	pushq	%rax
	.cfi_def_cfa_offset 32
	.cfi_offset %rbx, -24
	.cfi_offset %r14, -16
	movl	%edi, %r14d
.Ltmp37:
	.loc	0 40 0 prologue_end             # pruned.c:40:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp38:
	#DEBUG_VALUE: gives_up:x <- $r14d
	.loc	0 41 12                         # pruned.c:41:12
	movl	%r14d, %edi
	callq	condition
.Ltmp39:
	#DEBUG_VALUE: gives_up:err <- $eax
	.loc	0 43 6                          # pruned.c:43:6
	testl	%eax, %eax
.Ltmp40:
	.loc	0 43 6 is_stmt 0                # pruned.c:43:6
	je	.LBB2_2
.Ltmp41:
# %bb.1:
	#DEBUG_VALUE: gives_up:x <- $r14d
	#DEBUG_VALUE: gives_up:err <- $eax
	.loc	0 0 0                           # pruned.c:0:0
	movl	%eax, %ebx
	.loc	0 43 6                          # pruned.c:43:6
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp42:
	#DEBUG_VALUE: gives_up:err <- $ebx
	.loc	0 0 6                           # pruned.c:0:6
	jmp	.LBB2_5
.Ltmp43:
.LBB2_2:
	#DEBUG_VALUE: gives_up:x <- $r14d
	#DEBUG_VALUE: gives_up:err <- $eax
	.loc	0 45 20 is_stmt 1               # pruned.c:45:20
	leal	1(%r14), %edi
	.loc	0 45 8 is_stmt 0                # pruned.c:45:8
	callq	condition
.Ltmp44:
	#DEBUG_VALUE: gives_up:err <- $eax
	.loc	0 46 6 is_stmt 1                # pruned.c:46:6
	testl	%eax, %eax
.Ltmp45:
	.loc	0 46 6 is_stmt 0                # pruned.c:46:6
	je	.LBB2_4
.Ltmp46:
# %bb.3:
	#DEBUG_VALUE: gives_up:x <- $r14d
	#DEBUG_VALUE: gives_up:err <- $eax
	.loc	0 0 0                           # pruned.c:0:0
	movl	%eax, %ebx
	.loc	0 46 6                          # pruned.c:46:6
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp47:
	#DEBUG_VALUE: gives_up:err <- $ebx
	.loc	0 0 6                           # pruned.c:0:6
	jmp	.LBB2_5
.Ltmp48:
.LBB2_4:
	#DEBUG_VALUE: gives_up:x <- $r14d
	#DEBUG_VALUE: gives_up:err <- $eax
	.loc	0 48 2 is_stmt 1                # pruned.c:48:2
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp49:
	movl	%r14d, %edi
	callq	called
.Ltmp50:
	.loc	0 0 2 is_stmt 0                 # pruned.c:0:2
	xorl	%ebx, %ebx
.Ltmp51:
.LBB2_5:
	#DEBUG_VALUE: gives_up:x <- $r14d
	#DEBUG_LABEL: gives_up:out
	#DEBUG_VALUE: gives_up:err <- $ebx
	.loc	0 50 2 is_stmt 1                # pruned.c:50:2
	movl	%ebx, %edi
	callq	called
.Ltmp52:
	.loc	0 51 2                          # pruned.c:51:2
	movl	%ebx, %eax
	addq	$8, %rsp
	.cfi_def_cfa_offset 24
	popq	%rbx
.Ltmp53:
	#DEBUG_VALUE: gives_up:err <- $eax
	.cfi_def_cfa_offset 16
	popq	%r14
.Ltmp54:
	#DEBUG_VALUE: gives_up:x <- [DW_OP_LLVM_entry_value 1] $edi
	.cfi_def_cfa_offset 8
	retq
.Ltmp55:
.Lfunc_end2:
	.size	gives_up, .Lfunc_end2-gives_up
	.cfi_endproc
                                        # -- End function
	.globl	any_of                          # -- Begin function any_of
	.p2align	4, 0x90
	.type	any_of,@function
any_of:                                 # @any_of
.Lfunc_begin3:
	.loc	0 56 0                          # pruned.c:56:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: any_of:x <- $edi
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%rbx
	.cfi_def_cfa_offset 24
	pushq	%rax
	.cfi_def_cfa_offset 32
	.cfi_offset %rbx, -24
	.cfi_offset %rbp, -16
	movl	%edi, %ebp
.Ltmp56:
	.loc	0 56 0 prologue_end             # pruned.c:56:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp57:
	#DEBUG_VALUE: any_of:x <- $ebp
	.loc	0 0 0 is_stmt 0                 # pruned.c:0:0
	movl	$1, %ebx
.Ltmp58:
	.loc	0 57 6 is_stmt 1                # pruned.c:57:6
	movl	$1, %edi
	callq	condition
.Ltmp59:
	testl	%eax, %eax
	.loc	0 57 19 is_stmt 0               # pruned.c:57:19
	je	.LBB3_2
.Ltmp60:
# %bb.1:
	#DEBUG_VALUE: any_of:x <- $ebp
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp61:
	.loc	0 0 19                          # pruned.c:0:19
	jmp	.LBB3_7
.Ltmp62:
.LBB3_2:
	#DEBUG_VALUE: any_of:x <- $ebp
	.loc	0 58 6 is_stmt 1                # pruned.c:58:6
	movl	$2, %edi
	callq	condition
.Ltmp63:
	testl	%eax, %eax
	.loc	0 58 19 is_stmt 0               # pruned.c:58:19
	je	.LBB3_4
.Ltmp64:
# %bb.3:
	#DEBUG_VALUE: any_of:x <- $ebp
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp65:
	.loc	0 0 19                          # pruned.c:0:19
	jmp	.LBB3_7
.Ltmp66:
.LBB3_4:
	#DEBUG_VALUE: any_of:x <- $ebp
	.loc	0 59 6 is_stmt 1                # pruned.c:59:6
	movl	%ebp, %edi
	callq	condition
.Ltmp67:
	testl	%eax, %eax
.Ltmp68:
	.loc	0 57 6                          # pruned.c:57:6
	je	.LBB3_6
.Ltmp69:
# %bb.5:
	#DEBUG_VALUE: any_of:x <- $ebp
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp70:
	.loc	0 0 6 is_stmt 0                 # pruned.c:0:6
	jmp	.LBB3_7
.Ltmp71:
.LBB3_6:
	#DEBUG_VALUE: any_of:x <- $ebp
	.loc	0 61 2 is_stmt 1                # pruned.c:61:2
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp72:
	.loc	0 0 2 is_stmt 0                 # pruned.c:0:2
	xorl	%ebx, %ebx
	.loc	0 61 2                          # pruned.c:61:2
	xorl	%edi, %edi
	callq	called
.Ltmp73:
.LBB3_7:
	#DEBUG_VALUE: any_of:x <- $ebp
	.loc	0 63 1 is_stmt 1                # pruned.c:63:1
	movl	%ebx, %eax
	addq	$8, %rsp
	.cfi_def_cfa_offset 24
	popq	%rbx
	.cfi_def_cfa_offset 16
	popq	%rbp
.Ltmp74:
	#DEBUG_VALUE: any_of:x <- [DW_OP_LLVM_entry_value 1] $edi
	.cfi_def_cfa_offset 8
	retq
.Ltmp75:
.Lfunc_end3:
	.size	any_of, .Lfunc_end3-any_of
	.cfi_endproc
                                        # -- End function
	.globl	chosen_late                     # -- Begin function chosen_late
	.p2align	4, 0x90
	.type	chosen_late,@function
chosen_late:                            # @chosen_late
.Lfunc_begin4:
	.loc	0 67 0                          # pruned.c:67:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: chosen_late:x <- $edi
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	movl	%edi, %ebx
.Ltmp76:
	.loc	0 67 0 prologue_end             # pruned.c:67:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp77:
	#DEBUG_VALUE: chosen_late:x <- $ebx
	.loc	0 68 6                          # pruned.c:68:6
	movl	%ebx, %edi
	callq	condition
.Ltmp78:
	.loc	0 0 6 is_stmt 0                 # pruned.c:0:6
	movl	other(%rip), %ebx
.Ltmp79:
	#DEBUG_VALUE: chosen_late:x <- [DW_OP_LLVM_entry_value 1] $edi
	.loc	0 68 6                          # pruned.c:68:6
	testl	%eax, %eax
	.loc	0 68 19                         # pruned.c:68:19
	je	.LBB4_2
.Ltmp80:
# %bb.1:
	#DEBUG_VALUE: chosen_late:x <- [DW_OP_LLVM_entry_value 1] $edi
	cmpl	$1, %ebx
	jle	.LBB4_2
.Ltmp81:
# %bb.3:
	#DEBUG_VALUE: chosen_late:x <- [DW_OP_LLVM_entry_value 1] $edi
	.loc	0 69 3 is_stmt 1                # pruned.c:69:3
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp82:
	movl	%ebx, %edi
	callq	called
.Ltmp83:
	.loc	0 70 9                          # pruned.c:70:9
	movl	other(%rip), %ebx
	jmp	.LBB4_4
.Ltmp84:
.LBB4_2:
	#DEBUG_VALUE: chosen_late:x <- [DW_OP_LLVM_entry_value 1] $edi
	.loc	0 68 19                         # pruned.c:68:19
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp85:
.LBB4_4:
	#DEBUG_VALUE: chosen_late:x <- [DW_OP_LLVM_entry_value 1] $edi
	.loc	0 70 2                          # pruned.c:70:2
	movl	%ebx, %eax
	popq	%rbx
	.cfi_def_cfa_offset 8
	retq
.Ltmp86:
.Lfunc_end4:
	.size	chosen_late, .Lfunc_end4-chosen_late
	.cfi_endproc
                                        # -- End function
	.globl	ends_in_a_call                  # -- Begin function ends_in_a_call
	.p2align	4, 0x90
	.type	ends_in_a_call,@function
ends_in_a_call:                         # @ends_in_a_call
.Lfunc_begin5:
	.loc	0 75 0                          # pruned.c:75:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: ends_in_a_call:x <- $edi
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	movl	%edi, %ebx
.Ltmp87:
	.loc	0 75 0 prologue_end             # pruned.c:75:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp88:
	#DEBUG_VALUE: ends_in_a_call:x <- $ebx
	.loc	0 76 8                          # pruned.c:76:8
	movl	%ebx, state(%rip)
.Ltmp89:
	.loc	0 77 6                          # pruned.c:77:6
	testl	%ebx, %ebx
.Ltmp90:
	.loc	0 77 6 is_stmt 0                # pruned.c:77:6
	je	.LBB5_1
.Ltmp91:
# %bb.2:
	#DEBUG_VALUE: ends_in_a_call:x <- $ebx
	.loc	0 78 3 is_stmt 1                # pruned.c:78:3
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp92:
	movl	%ebx, %edi
	popq	%rbx
.Ltmp93:
	#DEBUG_VALUE: ends_in_a_call:x <- $edi
	.cfi_def_cfa_offset 8
	jmp	called                          # TAILCALL
.Ltmp94:
.LBB5_1:
	.cfi_def_cfa_offset 16
	#DEBUG_VALUE: ends_in_a_call:x <- $ebx
	.loc	0 77 6                          # pruned.c:77:6
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp95:
	.loc	0 79 1                          # pruned.c:79:1
	popq	%rbx
.Ltmp96:
	#DEBUG_VALUE: ends_in_a_call:x <- [DW_OP_LLVM_entry_value 1] $edi
	.cfi_def_cfa_offset 8
	retq
.Ltmp97:
.Lfunc_end5:
	.size	ends_in_a_call, .Lfunc_end5-ends_in_a_call
	.cfi_endproc
                                        # -- End function
	.globl	looks_up                        # -- Begin function looks_up
	.p2align	4, 0x90
	.type	looks_up,@function
looks_up:                               # @looks_up
.Lfunc_begin6:
	.loc	0 83 0                          # pruned.c:83:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: looks_up:from <- $rdi
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	movq	%rdi, %rbx
.Ltmp98:
	.loc	0 83 0 prologue_end             # pruned.c:83:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp99:
	#DEBUG_VALUE: looks_up:from <- $rbx
	.loc	0 84 14                         # pruned.c:84:14
	movl	(%rbx), %edi
.Ltmp100:
	#DEBUG_VALUE: looks_up:value <- $edi
	.loc	0 86 2                          # pruned.c:86:2
	callq	called
.Ltmp101:
	.loc	0 87 2                          # pruned.c:87:2
	xorl	%eax, %eax
	popq	%rbx
.Ltmp102:
	#DEBUG_VALUE: looks_up:from <- [DW_OP_LLVM_entry_value 1] $rdi
	.cfi_def_cfa_offset 8
	retq
.Ltmp103:
.Lfunc_end6:
	.size	looks_up, .Lfunc_end6-looks_up
	.cfi_endproc
                                        # -- End function
	.globl	knows                           # -- Begin function knows
	.p2align	4, 0x90
	.type	knows,@function
knows:                                  # @knows
.Lfunc_begin7:
	.loc	0 92 0                          # pruned.c:92:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: knows:x <- $edi
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	movl	%edi, %ebx
.Ltmp104:
	.loc	0 92 0 prologue_end             # pruned.c:92:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp105:
	#DEBUG_VALUE: knows:x <- $ebx
	.loc	0 93 8                          # pruned.c:93:8
	movl	%ebx, state(%rip)
.Ltmp106:
	#DEBUG_VALUE: looks_up:value <- $ebx
	#DEBUG_VALUE: looks_up:from <- undef
	.loc	0 86 2                          # pruned.c:86:2
	movl	%ebx, %edi
	callq	called
.Ltmp107:
	.loc	0 94 2                          # pruned.c:94:2
	xorl	%eax, %eax
	popq	%rbx
.Ltmp108:
	#DEBUG_VALUE: knows:x <- [DW_OP_LLVM_entry_value 1] $edi
	.cfi_def_cfa_offset 8
	retq
.Ltmp109:
.Lfunc_end7:
	.size	knows, .Lfunc_end7-knows
	.cfi_endproc
                                        # -- End function
	.section	.debug_loclists,"",@progbits
	.long	.Ldebug_list_header_end0-.Ldebug_list_header_start0 # Length
.Ldebug_list_header_start0:
	.short	5                               # Version
	.byte	8                               # Address size
	.byte	0                               # Segment selector size
	.long	11                              # Offset entry count
.Lloclists_table_base0:
	.long	.Ldebug_loc0-.Lloclists_table_base0
	.long	.Ldebug_loc1-.Lloclists_table_base0
	.long	.Ldebug_loc2-.Lloclists_table_base0
	.long	.Ldebug_loc3-.Lloclists_table_base0
	.long	.Ldebug_loc4-.Lloclists_table_base0
	.long	.Ldebug_loc5-.Lloclists_table_base0
	.long	.Ldebug_loc6-.Lloclists_table_base0
	.long	.Ldebug_loc7-.Lloclists_table_base0
	.long	.Ldebug_loc8-.Lloclists_table_base0
	.long	.Ldebug_loc9-.Lloclists_table_base0
	.long	.Ldebug_loc10-.Lloclists_table_base0
.Ldebug_loc0:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin0-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp1-.Lfunc_begin0           #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp1-.Lfunc_begin0           #   starting offset
	.uleb128 .Ltmp10-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp10-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end0-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc1:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin1-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp13-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp13-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp16-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp16-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp33-.Lfunc_begin0          #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp33-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp35-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp35-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end1-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc2:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp13-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp17-.Lfunc_begin0          #   ending offset
	.byte	3                               # Loc expr size
	.byte	17                              # DW_OP_consts
	.byte	0                               # 0
	.byte	159                             # DW_OP_stack_value
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp17-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp33-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	86                              # super-register DW_OP_reg6
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc3:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin2-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp38-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp38-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp54-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	94                              # super-register DW_OP_reg14
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp54-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end2-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc4:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp39-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp42-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	80                              # super-register DW_OP_reg0
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp42-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp43-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp43-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp47-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	80                              # super-register DW_OP_reg0
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp47-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp48-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp48-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp49-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	80                              # super-register DW_OP_reg0
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp51-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp53-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp53-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end2-.Lfunc_begin0      #   ending offset
	.byte	1                               # Loc expr size
	.byte	80                              # super-register DW_OP_reg0
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc5:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin3-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp57-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp57-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp74-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	86                              # super-register DW_OP_reg6
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp74-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end3-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc6:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin4-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp77-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp77-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp79-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp79-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end4-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc7:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin5-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp88-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp88-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp93-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp93-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp94-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp94-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp96-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp96-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end5-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc8:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin6-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp99-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp99-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp102-.Lfunc_begin0         #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp102-.Lfunc_begin0         #   starting offset
	.uleb128 .Lfunc_end6-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc9:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp100-.Lfunc_begin0         #   starting offset
	.uleb128 .Ltmp101-.Lfunc_begin0         #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc10:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin7-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp105-.Lfunc_begin0         #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # super-register DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp105-.Lfunc_begin0         #   starting offset
	.uleb128 .Ltmp108-.Lfunc_begin0         #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # super-register DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp108-.Lfunc_begin0         #   starting offset
	.uleb128 .Lfunc_end7-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	85                              # super-register DW_OP_reg5
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_list_header_end0:
	.section	.debug_abbrev,"",@progbits
	.byte	1                               # Abbreviation Code
	.byte	17                              # DW_TAG_compile_unit
	.byte	1                               # DW_CHILDREN_yes
	.byte	37                              # DW_AT_producer
	.byte	37                              # DW_FORM_strx1
	.byte	19                              # DW_AT_language
	.byte	5                               # DW_FORM_data2
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	114                             # DW_AT_str_offsets_base
	.byte	23                              # DW_FORM_sec_offset
	.byte	16                              # DW_AT_stmt_list
	.byte	23                              # DW_FORM_sec_offset
	.byte	27                              # DW_AT_comp_dir
	.byte	37                              # DW_FORM_strx1
	.byte	17                              # DW_AT_low_pc
	.byte	27                              # DW_FORM_addrx
	.byte	18                              # DW_AT_high_pc
	.byte	6                               # DW_FORM_data4
	.byte	115                             # DW_AT_addr_base
	.byte	23                              # DW_FORM_sec_offset
	.ascii	"\214\001"                      # DW_AT_loclists_base
	.byte	23                              # DW_FORM_sec_offset
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	2                               # Abbreviation Code
	.byte	46                              # DW_TAG_subprogram
	.byte	1                               # DW_CHILDREN_yes
	.byte	17                              # DW_AT_low_pc
	.byte	27                              # DW_FORM_addrx
	.byte	18                              # DW_AT_high_pc
	.byte	6                               # DW_FORM_data4
	.byte	64                              # DW_AT_frame_base
	.byte	24                              # DW_FORM_exprloc
	.byte	122                             # DW_AT_call_all_calls
	.byte	25                              # DW_FORM_flag_present
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	39                              # DW_AT_prototyped
	.byte	25                              # DW_FORM_flag_present
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	63                              # DW_AT_external
	.byte	25                              # DW_FORM_flag_present
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	3                               # Abbreviation Code
	.byte	5                               # DW_TAG_formal_parameter
	.byte	0                               # DW_CHILDREN_no
	.byte	2                               # DW_AT_location
	.byte	34                              # DW_FORM_loclistx
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	4                               # Abbreviation Code
	.byte	72                              # DW_TAG_call_site
	.byte	1                               # DW_CHILDREN_yes
	.byte	127                             # DW_AT_call_origin
	.byte	19                              # DW_FORM_ref4
	.byte	125                             # DW_AT_call_return_pc
	.byte	27                              # DW_FORM_addrx
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	5                               # Abbreviation Code
	.byte	73                              # DW_TAG_call_site_parameter
	.byte	0                               # DW_CHILDREN_no
	.byte	2                               # DW_AT_location
	.byte	24                              # DW_FORM_exprloc
	.byte	126                             # DW_AT_call_value
	.byte	24                              # DW_FORM_exprloc
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	6                               # Abbreviation Code
	.byte	46                              # DW_TAG_subprogram
	.byte	1                               # DW_CHILDREN_yes
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	39                              # DW_AT_prototyped
	.byte	25                              # DW_FORM_flag_present
	.byte	60                              # DW_AT_declaration
	.byte	25                              # DW_FORM_flag_present
	.byte	63                              # DW_AT_external
	.byte	25                              # DW_FORM_flag_present
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	7                               # Abbreviation Code
	.byte	5                               # DW_TAG_formal_parameter
	.byte	0                               # DW_CHILDREN_no
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	8                               # Abbreviation Code
	.byte	36                              # DW_TAG_base_type
	.byte	0                               # DW_CHILDREN_no
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	62                              # DW_AT_encoding
	.byte	11                              # DW_FORM_data1
	.byte	11                              # DW_AT_byte_size
	.byte	11                              # DW_FORM_data1
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	9                               # Abbreviation Code
	.byte	11                              # DW_TAG_lexical_block
	.byte	1                               # DW_CHILDREN_yes
	.byte	17                              # DW_AT_low_pc
	.byte	27                              # DW_FORM_addrx
	.byte	18                              # DW_AT_high_pc
	.byte	6                               # DW_FORM_data4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	10                              # Abbreviation Code
	.byte	52                              # DW_TAG_variable
	.byte	0                               # DW_CHILDREN_no
	.byte	2                               # DW_AT_location
	.byte	34                              # DW_FORM_loclistx
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	11                              # Abbreviation Code
	.byte	46                              # DW_TAG_subprogram
	.byte	1                               # DW_CHILDREN_yes
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	39                              # DW_AT_prototyped
	.byte	25                              # DW_FORM_flag_present
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	60                              # DW_AT_declaration
	.byte	25                              # DW_FORM_flag_present
	.byte	63                              # DW_AT_external
	.byte	25                              # DW_FORM_flag_present
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	12                              # Abbreviation Code
	.byte	10                              # DW_TAG_label
	.byte	0                               # DW_CHILDREN_no
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	17                              # DW_AT_low_pc
	.byte	27                              # DW_FORM_addrx
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	13                              # Abbreviation Code
	.byte	46                              # DW_TAG_subprogram
	.byte	1                               # DW_CHILDREN_yes
	.byte	17                              # DW_AT_low_pc
	.byte	27                              # DW_FORM_addrx
	.byte	18                              # DW_AT_high_pc
	.byte	6                               # DW_FORM_data4
	.byte	64                              # DW_AT_frame_base
	.byte	24                              # DW_FORM_exprloc
	.byte	122                             # DW_AT_call_all_calls
	.byte	25                              # DW_FORM_flag_present
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	39                              # DW_AT_prototyped
	.byte	25                              # DW_FORM_flag_present
	.byte	63                              # DW_AT_external
	.byte	25                              # DW_FORM_flag_present
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	14                              # Abbreviation Code
	.byte	72                              # DW_TAG_call_site
	.byte	1                               # DW_CHILDREN_yes
	.byte	127                             # DW_AT_call_origin
	.byte	19                              # DW_FORM_ref4
	.ascii	"\202\001"                      # DW_AT_call_tail_call
	.byte	25                              # DW_FORM_flag_present
	.ascii	"\201\001"                      # DW_AT_call_pc
	.byte	27                              # DW_FORM_addrx
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	15                              # Abbreviation Code
	.byte	46                              # DW_TAG_subprogram
	.byte	1                               # DW_CHILDREN_yes
	.byte	17                              # DW_AT_low_pc
	.byte	27                              # DW_FORM_addrx
	.byte	18                              # DW_AT_high_pc
	.byte	6                               # DW_FORM_data4
	.byte	64                              # DW_AT_frame_base
	.byte	24                              # DW_FORM_exprloc
	.byte	122                             # DW_AT_call_all_calls
	.byte	25                              # DW_FORM_flag_present
	.byte	49                              # DW_AT_abstract_origin
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	16                              # Abbreviation Code
	.byte	5                               # DW_TAG_formal_parameter
	.byte	0                               # DW_CHILDREN_no
	.byte	2                               # DW_AT_location
	.byte	34                              # DW_FORM_loclistx
	.byte	49                              # DW_AT_abstract_origin
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	17                              # Abbreviation Code
	.byte	52                              # DW_TAG_variable
	.byte	0                               # DW_CHILDREN_no
	.byte	2                               # DW_AT_location
	.byte	34                              # DW_FORM_loclistx
	.byte	49                              # DW_AT_abstract_origin
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	18                              # Abbreviation Code
	.byte	72                              # DW_TAG_call_site
	.byte	0                               # DW_CHILDREN_no
	.byte	127                             # DW_AT_call_origin
	.byte	19                              # DW_FORM_ref4
	.byte	125                             # DW_AT_call_return_pc
	.byte	27                              # DW_FORM_addrx
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	19                              # Abbreviation Code
	.byte	46                              # DW_TAG_subprogram
	.byte	1                               # DW_CHILDREN_yes
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	39                              # DW_AT_prototyped
	.byte	25                              # DW_FORM_flag_present
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	63                              # DW_AT_external
	.byte	25                              # DW_FORM_flag_present
	.byte	32                              # DW_AT_inline
	.byte	33                              # DW_FORM_implicit_const
	.byte	1
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	20                              # Abbreviation Code
	.byte	5                               # DW_TAG_formal_parameter
	.byte	0                               # DW_CHILDREN_no
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	21                              # Abbreviation Code
	.byte	52                              # DW_TAG_variable
	.byte	0                               # DW_CHILDREN_no
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	22                              # Abbreviation Code
	.byte	15                              # DW_TAG_pointer_type
	.byte	0                               # DW_CHILDREN_no
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	23                              # Abbreviation Code
	.byte	38                              # DW_TAG_const_type
	.byte	0                               # DW_CHILDREN_no
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	24                              # Abbreviation Code
	.byte	29                              # DW_TAG_inlined_subroutine
	.byte	1                               # DW_CHILDREN_yes
	.byte	49                              # DW_AT_abstract_origin
	.byte	19                              # DW_FORM_ref4
	.byte	17                              # DW_AT_low_pc
	.byte	27                              # DW_FORM_addrx
	.byte	18                              # DW_AT_high_pc
	.byte	6                               # DW_FORM_data4
	.byte	88                              # DW_AT_call_file
	.byte	11                              # DW_FORM_data1
	.byte	89                              # DW_AT_call_line
	.byte	11                              # DW_FORM_data1
	.byte	87                              # DW_AT_call_column
	.byte	11                              # DW_FORM_data1
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	25                              # Abbreviation Code
	.byte	52                              # DW_TAG_variable
	.byte	0                               # DW_CHILDREN_no
	.byte	2                               # DW_AT_location
	.byte	24                              # DW_FORM_exprloc
	.byte	49                              # DW_AT_abstract_origin
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	0                               # EOM(3)
	.section	.debug_info,"",@progbits
.Lcu_begin0:
	.long	.Ldebug_info_end0-.Ldebug_info_start0 # Length of Unit
.Ldebug_info_start0:
	.short	5                               # DWARF version number
	.byte	1                               # DWARF Unit Type
	.byte	8                               # Address Size (in bytes)
	.long	.debug_abbrev                   # Offset Into Abbrev. Section
	.byte	1                               # Abbrev [1] 0xc:0x23c DW_TAG_compile_unit
	.byte	0                               # DW_AT_producer
	.short	12                              # DW_AT_language
	.byte	1                               # DW_AT_name
	.long	.Lstr_offsets_base0             # DW_AT_str_offsets_base
	.long	.Lline_table_start0             # DW_AT_stmt_list
	.byte	2                               # DW_AT_comp_dir
	.byte	0                               # DW_AT_low_pc
	.long	.Lfunc_end7-.Lfunc_begin0       # DW_AT_high_pc
	.long	.Laddr_table_base0              # DW_AT_addr_base
	.long	.Lloclists_table_base0          # DW_AT_loclists_base
	.byte	2                               # Abbrev [2] 0x27:0x3d DW_TAG_subprogram
	.byte	0                               # DW_AT_low_pc
	.long	.Lfunc_end0-.Lfunc_begin0       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	9                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	17                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0x36:0x9 DW_TAG_formal_parameter
	.byte	0                               # DW_AT_location
	.byte	16                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	17                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	4                               # Abbrev [4] 0x3f:0xc DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	1                               # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x45:0x5 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	1                               # DW_AT_call_value
	.byte	49
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x4b:0xc DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	2                               # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x51:0x5 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	1                               # DW_AT_call_value
	.byte	50
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x57:0xc DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	3                               # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x5d:0x5 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	1                               # DW_AT_call_value
	.byte	51
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
	.byte	6                               # Abbrev [6] 0x64:0xa DW_TAG_subprogram
	.byte	3                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	13                              # DW_AT_decl_line
                                        # DW_AT_prototyped
                                        # DW_AT_declaration
                                        # DW_AT_external
	.byte	7                               # Abbrev [7] 0x68:0x5 DW_TAG_formal_parameter
	.long	110                             # DW_AT_type
	.byte	0                               # End Of Children Mark
	.byte	8                               # Abbrev [8] 0x6e:0x4 DW_TAG_base_type
	.byte	4                               # DW_AT_name
	.byte	5                               # DW_AT_encoding
	.byte	4                               # DW_AT_byte_size
	.byte	2                               # Abbrev [2] 0x72:0x50 DW_TAG_subprogram
	.byte	4                               # DW_AT_low_pc
	.long	.Lfunc_end1-.Lfunc_begin1       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	10                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	27                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0x81:0x9 DW_TAG_formal_parameter
	.byte	1                               # DW_AT_location
	.byte	17                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	27                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	9                               # Abbrev [9] 0x8a:0x10 DW_TAG_lexical_block
	.byte	5                               # DW_AT_low_pc
	.long	.Ltmp33-.Ltmp13                 # DW_AT_high_pc
	.byte	10                              # Abbrev [10] 0x90:0x9 DW_TAG_variable
	.byte	2                               # DW_AT_location
	.byte	18                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	29                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x9a:0xd DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	6                               # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0xa0:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	118
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0xa7:0xd DW_TAG_call_site
	.long	194                             # DW_AT_call_origin
	.byte	7                               # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0xad:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	118
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0xb4:0xd DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	8                               # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0xba:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	48
	.byte	32
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
	.byte	11                              # Abbrev [11] 0xc2:0xe DW_TAG_subprogram
	.byte	5                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	14                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_declaration
                                        # DW_AT_external
	.byte	7                               # Abbrev [7] 0xca:0x5 DW_TAG_formal_parameter
	.long	110                             # DW_AT_type
	.byte	0                               # End Of Children Mark
	.byte	2                               # Abbrev [2] 0xd0:0x5b DW_TAG_subprogram
	.byte	9                               # DW_AT_low_pc
	.long	.Lfunc_end2-.Lfunc_begin2       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	11                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	39                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0xdf:0x9 DW_TAG_formal_parameter
	.byte	3                               # DW_AT_location
	.byte	16                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	39                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	10                              # Abbrev [10] 0xe8:0x9 DW_TAG_variable
	.byte	4                               # DW_AT_location
	.byte	19                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	41                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	12                              # Abbrev [12] 0xf1:0x5 DW_TAG_label
	.byte	20                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	49                              # DW_AT_decl_line
	.byte	29                              # DW_AT_low_pc
	.byte	4                               # Abbrev [4] 0xf6:0xd DW_TAG_call_site
	.long	194                             # DW_AT_call_origin
	.byte	10                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0xfc:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	126
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x103:0xd DW_TAG_call_site
	.long	194                             # DW_AT_call_origin
	.byte	11                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x109:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	126
	.byte	1
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x110:0xd DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	12                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x116:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	126
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x11d:0xd DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	13                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x123:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	115
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
	.byte	2                               # Abbrev [2] 0x12b:0x4a DW_TAG_subprogram
	.byte	14                              # DW_AT_low_pc
	.long	.Lfunc_end3-.Lfunc_begin3       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	12                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	55                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0x13a:0x9 DW_TAG_formal_parameter
	.byte	5                               # DW_AT_location
	.byte	16                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	55                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	4                               # Abbrev [4] 0x143:0xc DW_TAG_call_site
	.long	194                             # DW_AT_call_origin
	.byte	15                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x149:0x5 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	1                               # DW_AT_call_value
	.byte	49
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x14f:0xc DW_TAG_call_site
	.long	194                             # DW_AT_call_origin
	.byte	16                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x155:0x5 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	1                               # DW_AT_call_value
	.byte	50
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x15b:0xd DW_TAG_call_site
	.long	194                             # DW_AT_call_origin
	.byte	17                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x161:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	118
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x168:0xc DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	18                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x16e:0x5 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	1                               # DW_AT_call_value
	.byte	48
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
	.byte	2                               # Abbrev [2] 0x175:0x33 DW_TAG_subprogram
	.byte	19                              # DW_AT_low_pc
	.long	.Lfunc_end4-.Lfunc_begin4       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	13                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	66                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0x184:0x9 DW_TAG_formal_parameter
	.byte	6                               # DW_AT_location
	.byte	16                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	66                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	4                               # Abbrev [4] 0x18d:0xd DW_TAG_call_site
	.long	194                             # DW_AT_call_origin
	.byte	20                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x193:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	115
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x19a:0xd DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	21                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x1a0:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	115
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
	.byte	13                              # Abbrev [13] 0x1a8:0x22 DW_TAG_subprogram
	.byte	22                              # DW_AT_low_pc
	.long	.Lfunc_end5-.Lfunc_begin5       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	14                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	74                              # DW_AT_decl_line
                                        # DW_AT_prototyped
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0x1b3:0x9 DW_TAG_formal_parameter
	.byte	7                               # DW_AT_location
	.byte	16                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	74                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	14                              # Abbrev [14] 0x1bc:0xd DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
                                        # DW_AT_call_tail_call
	.byte	23                              # DW_AT_call_pc
	.byte	5                               # Abbrev [5] 0x1c2:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	115
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
	.byte	15                              # Abbrev [15] 0x1ca:0x1f DW_TAG_subprogram
	.byte	24                              # DW_AT_low_pc
	.long	.Lfunc_end6-.Lfunc_begin6       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.long	489                             # DW_AT_abstract_origin
	.byte	16                              # Abbrev [16] 0x1d6:0x6 DW_TAG_formal_parameter
	.byte	8                               # DW_AT_location
	.long	497                             # DW_AT_abstract_origin
	.byte	17                              # Abbrev [17] 0x1dc:0x6 DW_TAG_variable
	.byte	9                               # DW_AT_location
	.long	505                             # DW_AT_abstract_origin
	.byte	18                              # Abbrev [18] 0x1e2:0x6 DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	25                              # DW_AT_call_return_pc
	.byte	0                               # End Of Children Mark
	.byte	19                              # Abbrev [19] 0x1e9:0x19 DW_TAG_subprogram
	.byte	6                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	82                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_external
                                        # DW_AT_inline
	.byte	20                              # Abbrev [20] 0x1f1:0x8 DW_TAG_formal_parameter
	.byte	7                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	82                              # DW_AT_decl_line
	.long	514                             # DW_AT_type
	.byte	21                              # Abbrev [21] 0x1f9:0x8 DW_TAG_variable
	.byte	8                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	84                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	0                               # End Of Children Mark
	.byte	22                              # Abbrev [22] 0x202:0x5 DW_TAG_pointer_type
	.long	519                             # DW_AT_type
	.byte	23                              # Abbrev [23] 0x207:0x5 DW_TAG_const_type
	.long	110                             # DW_AT_type
	.byte	2                               # Abbrev [2] 0x20c:0x3b DW_TAG_subprogram
	.byte	26                              # DW_AT_low_pc
	.long	.Lfunc_end7-.Lfunc_begin7       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	15                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	91                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	110                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0x21b:0x9 DW_TAG_formal_parameter
	.byte	10                              # DW_AT_location
	.byte	16                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	91                              # DW_AT_decl_line
	.long	110                             # DW_AT_type
	.byte	24                              # Abbrev [24] 0x224:0x15 DW_TAG_inlined_subroutine
	.long	489                             # DW_AT_abstract_origin
	.byte	27                              # DW_AT_low_pc
	.long	.Ltmp107-.Ltmp106               # DW_AT_high_pc
	.byte	0                               # DW_AT_call_file
	.byte	94                              # DW_AT_call_line
	.byte	9                               # DW_AT_call_column
	.byte	25                              # Abbrev [25] 0x231:0x7 DW_TAG_variable
	.byte	1                               # DW_AT_location
	.byte	83
	.long	505                             # DW_AT_abstract_origin
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0x239:0xd DW_TAG_call_site
	.long	100                             # DW_AT_call_origin
	.byte	28                              # DW_AT_call_return_pc
	.byte	5                               # Abbrev [5] 0x23f:0x6 DW_TAG_call_site_parameter
	.byte	1                               # DW_AT_location
	.byte	85
	.byte	2                               # DW_AT_call_value
	.byte	115
	.byte	0
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
.Ldebug_info_end0:
	.section	.debug_str_offsets,"",@progbits
	.long	88                              # Length of String Offsets Set
	.short	5
	.short	0
.Lstr_offsets_base0:
	.section	.debug_str,"MS",@progbits,1
.Linfo_string0:
	.asciz	"Debian clang version 14.0.6"   # string offset=0
.Linfo_string1:
	.asciz	"pruned.c"                      # string offset=28
.Linfo_string2:
	.asciz	"/moved"                        # string offset=37
.Linfo_string3:
	.asciz	"called"                        # string offset=44
.Linfo_string4:
	.asciz	"int"                           # string offset=51
.Linfo_string5:
	.asciz	"condition"                     # string offset=55
.Linfo_string6:
	.asciz	"looks_up"                      # string offset=65
.Linfo_string7:
	.asciz	"from"                          # string offset=74
.Linfo_string8:
	.asciz	"value"                         # string offset=79
.Linfo_string9:
	.asciz	"one_way"                       # string offset=85
.Linfo_string10:
	.asciz	"loops"                         # string offset=93
.Linfo_string11:
	.asciz	"gives_up"                      # string offset=99
.Linfo_string12:
	.asciz	"any_of"                        # string offset=108
.Linfo_string13:
	.asciz	"chosen_late"                   # string offset=115
.Linfo_string14:
	.asciz	"ends_in_a_call"                # string offset=127
.Linfo_string15:
	.asciz	"knows"                         # string offset=142
.Linfo_string16:
	.asciz	"x"                             # string offset=148
.Linfo_string17:
	.asciz	"n"                             # string offset=150
.Linfo_string18:
	.asciz	"i"                             # string offset=152
.Linfo_string19:
	.asciz	"err"                           # string offset=154
.Linfo_string20:
	.asciz	"out"                           # string offset=158
	.section	.debug_str_offsets,"",@progbits
	.long	.Linfo_string0
	.long	.Linfo_string1
	.long	.Linfo_string2
	.long	.Linfo_string3
	.long	.Linfo_string4
	.long	.Linfo_string5
	.long	.Linfo_string6
	.long	.Linfo_string7
	.long	.Linfo_string8
	.long	.Linfo_string9
	.long	.Linfo_string10
	.long	.Linfo_string11
	.long	.Linfo_string12
	.long	.Linfo_string13
	.long	.Linfo_string14
	.long	.Linfo_string15
	.long	.Linfo_string16
	.long	.Linfo_string17
	.long	.Linfo_string18
	.long	.Linfo_string19
	.long	.Linfo_string20
	.section	.debug_addr,"",@progbits
	.long	.Ldebug_addr_end0-.Ldebug_addr_start0 # Length of contribution
.Ldebug_addr_start0:
	.short	5                               # DWARF version number
	.byte	8                               # Address size
	.byte	0                               # Segment selector size
.Laddr_table_base0:
	.quad	.Lfunc_begin0
	.quad	.Ltmp2
	.quad	.Ltmp6
	.quad	.Ltmp9
	.quad	.Lfunc_begin1
	.quad	.Ltmp13
	.quad	.Ltmp18
	.quad	.Ltmp19
	.quad	.Ltmp23
	.quad	.Lfunc_begin2
	.quad	.Ltmp39
	.quad	.Ltmp44
	.quad	.Ltmp50
	.quad	.Ltmp52
	.quad	.Lfunc_begin3
	.quad	.Ltmp59
	.quad	.Ltmp63
	.quad	.Ltmp67
	.quad	.Ltmp73
	.quad	.Lfunc_begin4
	.quad	.Ltmp78
	.quad	.Ltmp83
	.quad	.Lfunc_begin5
	.quad	.Ltmp93
	.quad	.Lfunc_begin6
	.quad	.Ltmp101
	.quad	.Lfunc_begin7
	.quad	.Ltmp106
	.quad	.Ltmp107
	.quad	.Ltmp51
.Ldebug_addr_end0:
	.ident	"Debian clang version 14.0.6"
	.section	".note.GNU-stack","",@progbits
	.section	.debug_line,"",@progbits
.Lline_table_start0:
