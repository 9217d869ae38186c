# SPDX-License-Identifier: GPL-2.0-or-later
	.text
	.file	"edges.c"
	.globl	copy                            # -- Begin function copy
	.p2align	4, 0x90
	.type	copy,@function
copy:                                   # @copy
.Lfunc_begin0:
	.file	0 "/moved" "edges.c" md5 0xd6d90b58afd0b9fb807375d0b371924f
	.loc	0 20 0                          # edges.c:20:0
	.cfi_sections .debug_frame
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: copy:pair <- $rdi
	#DEBUG_VALUE: copy:that <- $rsi
	#DEBUG_VALUE: copy:keep <- $edx
	#DEBUG_VALUE: copy:faulted <- $ecx
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%rbx
	.cfi_def_cfa_offset 40
	pushq	%rax
	.cfi_def_cfa_offset 48
	.cfi_offset %rbx, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	movl	%ecx, %ebp
	movl	%edx, %r15d
	movq	%rsi, %r14
	movq	%rdi, %rbx
.Ltmp0:
	.loc	0 20 0 prologue_end             # edges.c:20:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp1:
	#DEBUG_VALUE: copy:faulted <- $ebp
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:pair <- $rbx
	.loc	0 21 7                          # edges.c:21:7
	testl	%ebp, %ebp
	sete	%al
	testl	%r15d, %r15d
	setne	%cl
	.loc	0 21 15 is_stmt 0               # edges.c:21:15
	testb	%al, %cl
	je	.LBB0_1
.Ltmp2:
# %bb.2:
	#DEBUG_VALUE: copy:pair <- $rbx
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:faulted <- $ebp
	.loc	0 22 19 is_stmt 1               # edges.c:22:19
	cmpq	%r14, (%rbx)
.Ltmp3:
	.loc	0 22 7 is_stmt 0                # edges.c:22:7
	je	.LBB0_4
.Ltmp4:
# %bb.3:
	#DEBUG_VALUE: copy:pair <- $rbx
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:faulted <- $ebp
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp5:
	.loc	0 24 20 is_stmt 1               # edges.c:24:20
	cmpq	%r14, 8(%rbx)
.Ltmp6:
	.loc	0 24 7 is_stmt 0                # edges.c:24:7
	je	.LBB0_7
.Ltmp7:
.LBB0_6:
	#DEBUG_VALUE: copy:pair <- $rbx
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:faulted <- $ebp
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp8:
	jmp	.LBB0_8
.Ltmp9:
.LBB0_1:
	#DEBUG_VALUE: copy:pair <- $rbx
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:faulted <- $ebp
	.loc	0 21 15 is_stmt 1               # edges.c:21:15
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp10:
	.loc	0 24 7                          # edges.c:24:7
	jmp	.LBB0_8
.Ltmp11:
.LBB0_4:
	#DEBUG_VALUE: copy:pair <- $rbx
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:faulted <- $ebp
	.loc	0 23 16                         # edges.c:23:16
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp12:
	movq	$0, (%rbx)
.Ltmp13:
	.loc	0 24 20                         # edges.c:24:20
	cmpq	%r14, 8(%rbx)
.Ltmp14:
	.loc	0 24 7 is_stmt 0                # edges.c:24:7
	jne	.LBB0_6
.Ltmp15:
.LBB0_7:
	#DEBUG_VALUE: copy:pair <- $rbx
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:faulted <- $ebp
	.loc	0 25 17 is_stmt 1               # edges.c:25:17
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp16:
	movq	$0, 8(%rbx)
.Ltmp17:
.LBB0_8:
	#DEBUG_VALUE: copy:pair <- $rbx
	#DEBUG_VALUE: copy:that <- $r14
	#DEBUG_VALUE: copy:keep <- $r15d
	#DEBUG_VALUE: copy:faulted <- $ebp
	.loc	0 27 9                          # edges.c:27:9
	movq	%rbx, %rdi
	.loc	0 27 9 epilogue_begin is_stmt 0 # edges.c:27:9
	addq	$8, %rsp
	.cfi_def_cfa_offset 40
	popq	%rbx
.Ltmp18:
	#DEBUG_VALUE: copy:pair <- $rdi
	.cfi_def_cfa_offset 32
	popq	%r14
.Ltmp19:
	#DEBUG_VALUE: copy:that <- [DW_OP_LLVM_entry_value 1] $rsi
	.cfi_def_cfa_offset 24
	popq	%r15
.Ltmp20:
	#DEBUG_VALUE: copy:keep <- [DW_OP_LLVM_entry_value 1] $edx
	.cfi_def_cfa_offset 16
	popq	%rbp
.Ltmp21:
	#DEBUG_VALUE: copy:faulted <- [DW_OP_LLVM_entry_value 1] $ecx
	.cfi_def_cfa_offset 8
	jmp	merge                           # TAILCALL
.Ltmp22:
.Lfunc_end0:
	.size	copy, .Lfunc_end0-copy
	.cfi_endproc
                                        # -- End function
	.globl	keeps                           # -- Begin function keeps
	.p2align	4, 0x90
	.type	keeps,@function
keeps:                                  # @keeps
.Lfunc_begin1:
	.loc	0 40 0 is_stmt 1                # edges.c:40:0
	.cfi_startproc
# %bb.0:
	#DEBUG_VALUE: keeps:pair <- $rdi
	#DEBUG_VALUE: keeps:that <- $rsi
	#DEBUG_VALUE: keeps:keep <- $edx
	#DEBUG_VALUE: keeps:faulted <- $ecx
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%rbx
	.cfi_def_cfa_offset 40
	pushq	%rax
	.cfi_def_cfa_offset 48
	.cfi_offset %rbx, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	movl	%ecx, %ebp
	movl	%edx, %r15d
	movq	%rsi, %r14
	movq	%rdi, %rbx
.Ltmp23:
	.loc	0 40 0 prologue_end             # edges.c:40:0
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp24:
	#DEBUG_VALUE: keeps:faulted <- $ebp
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:pair <- $rbx
	.loc	0 41 7                          # edges.c:41:7
	testl	%ebp, %ebp
	sete	%al
	testl	%r15d, %r15d
	setne	%cl
	.loc	0 41 15 is_stmt 0               # edges.c:41:15
	testb	%al, %cl
	je	.LBB1_1
.Ltmp25:
# %bb.2:
	#DEBUG_VALUE: keeps:pair <- $rbx
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:faulted <- $ebp
	#DEBUG_VALUE: clear:pair <- $rbx
	#DEBUG_VALUE: clear:that <- $r14
	.loc	0 32 18 is_stmt 1               # edges.c:32:18
	cmpq	%r14, (%rbx)
.Ltmp26:
	.loc	0 32 6 is_stmt 0                # edges.c:32:6
	je	.LBB1_4
.Ltmp27:
# %bb.3:
	#DEBUG_VALUE: keeps:pair <- $rbx
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:faulted <- $ebp
	#DEBUG_VALUE: clear:pair <- $rbx
	#DEBUG_VALUE: clear:that <- $r14
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp28:
	.loc	0 34 19 is_stmt 1               # edges.c:34:19
	cmpq	%r14, 8(%rbx)
.Ltmp29:
	.loc	0 34 6 is_stmt 0                # edges.c:34:6
	je	.LBB1_7
.Ltmp30:
.LBB1_6:
	#DEBUG_VALUE: keeps:pair <- $rbx
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:faulted <- $ebp
	#DEBUG_VALUE: clear:pair <- $rbx
	#DEBUG_VALUE: clear:that <- $r14
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp31:
	jmp	.LBB1_8
.Ltmp32:
.LBB1_1:
	#DEBUG_VALUE: keeps:pair <- $rbx
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:faulted <- $ebp
	.loc	0 41 15 is_stmt 1               # edges.c:41:15
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp33:
	.loc	0 34 6                          # edges.c:34:6
	jmp	.LBB1_8
.Ltmp34:
.LBB1_4:
	#DEBUG_VALUE: keeps:pair <- $rbx
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:faulted <- $ebp
	#DEBUG_VALUE: clear:pair <- $rbx
	#DEBUG_VALUE: clear:that <- $r14
	.loc	0 33 15                         # edges.c:33:15
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp35:
	movq	$0, (%rbx)
.Ltmp36:
	.loc	0 34 19                         # edges.c:34:19
	cmpq	%r14, 8(%rbx)
.Ltmp37:
	.loc	0 34 6 is_stmt 0                # edges.c:34:6
	jne	.LBB1_6
.Ltmp38:
.LBB1_7:
	#DEBUG_VALUE: keeps:pair <- $rbx
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:faulted <- $ebp
	#DEBUG_VALUE: clear:pair <- $rbx
	#DEBUG_VALUE: clear:that <- $r14
	.loc	0 35 16 is_stmt 1               # edges.c:35:16
	callq	__sanitizer_cov_trace_pc@PLT
.Ltmp39:
	movq	$0, 8(%rbx)
.Ltmp40:
.LBB1_8:
	#DEBUG_VALUE: keeps:pair <- $rbx
	#DEBUG_VALUE: keeps:that <- $r14
	#DEBUG_VALUE: keeps:keep <- $r15d
	#DEBUG_VALUE: keeps:faulted <- $ebp
	.loc	0 43 9                          # edges.c:43:9
	movq	%rbx, %rdi
	.loc	0 43 9 epilogue_begin is_stmt 0 # edges.c:43:9
	addq	$8, %rsp
	.cfi_def_cfa_offset 40
	popq	%rbx
.Ltmp41:
	#DEBUG_VALUE: keeps:pair <- $rdi
	.cfi_def_cfa_offset 32
	popq	%r14
.Ltmp42:
	#DEBUG_VALUE: keeps:that <- [DW_OP_LLVM_entry_value 1] $rsi
	.cfi_def_cfa_offset 24
	popq	%r15
.Ltmp43:
	#DEBUG_VALUE: keeps:keep <- [DW_OP_LLVM_entry_value 1] $edx
	.cfi_def_cfa_offset 16
	popq	%rbp
.Ltmp44:
	#DEBUG_VALUE: keeps:faulted <- [DW_OP_LLVM_entry_value 1] $ecx
	.cfi_def_cfa_offset 8
	jmp	merge                           # TAILCALL
.Ltmp45:
.Lfunc_end1:
	.size	keeps, .Lfunc_end1-keeps
	.cfi_endproc
                                        # -- End function
	.section	.debug_loclists,"",@progbits
	.long	.Ldebug_list_header_end0-.Ldebug_list_header_start0 # Length
.Ldebug_list_header_start0:
	.short	5                               # Version
	.byte	8                               # Address size
	.byte	0                               # Segment selector size
	.long	10                              # Offset entry count
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
.Ldebug_loc0:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin0-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp1-.Lfunc_begin0           #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp1-.Lfunc_begin0           #   starting offset
	.uleb128 .Ltmp18-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp18-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp22-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # DW_OP_reg5
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc1:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin0-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp1-.Lfunc_begin0           #   ending offset
	.byte	1                               # Loc expr size
	.byte	84                              # DW_OP_reg4
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp1-.Lfunc_begin0           #   starting offset
	.uleb128 .Ltmp19-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	94                              # DW_OP_reg14
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp19-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end0-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	84                              # DW_OP_reg4
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc2:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin0-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp1-.Lfunc_begin0           #   ending offset
	.byte	1                               # Loc expr size
	.byte	81                              # super-register DW_OP_reg1
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp1-.Lfunc_begin0           #   starting offset
	.uleb128 .Ltmp20-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	95                              # super-register DW_OP_reg15
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp20-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end0-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	81                              # super-register DW_OP_reg1
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc3:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin0-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp1-.Lfunc_begin0           #   ending offset
	.byte	1                               # Loc expr size
	.byte	82                              # super-register DW_OP_reg2
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp1-.Lfunc_begin0           #   starting offset
	.uleb128 .Ltmp21-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	86                              # super-register DW_OP_reg6
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp21-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end0-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	82                              # super-register DW_OP_reg2
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc4:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin1-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp24-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # DW_OP_reg5
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp24-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp41-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp41-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp45-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	85                              # DW_OP_reg5
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc5:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin1-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp24-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	84                              # DW_OP_reg4
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp24-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp42-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	94                              # DW_OP_reg14
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp42-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end1-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	84                              # DW_OP_reg4
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc6:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin1-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp24-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	81                              # super-register DW_OP_reg1
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp24-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp43-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	95                              # super-register DW_OP_reg15
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp43-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end1-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	81                              # super-register DW_OP_reg1
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc7:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Lfunc_begin1-.Lfunc_begin0    #   starting offset
	.uleb128 .Ltmp24-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	82                              # super-register DW_OP_reg2
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp24-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp44-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	86                              # super-register DW_OP_reg6
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp44-.Lfunc_begin0          #   starting offset
	.uleb128 .Lfunc_end1-.Lfunc_begin0      #   ending offset
	.byte	4                               # Loc expr size
	.byte	163                             # DW_OP_entry_value
	.byte	1                               # 1
	.byte	82                              # super-register DW_OP_reg2
	.byte	159                             # DW_OP_stack_value
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc8:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp25-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp32-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # DW_OP_reg3
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp34-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp40-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	83                              # DW_OP_reg3
	.byte	0                               # DW_LLE_end_of_list
.Ldebug_loc9:
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp25-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp32-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	94                              # DW_OP_reg14
	.byte	4                               # DW_LLE_offset_pair
	.uleb128 .Ltmp34-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp40-.Lfunc_begin0          #   ending offset
	.byte	1                               # Loc expr size
	.byte	94                              # DW_OP_reg14
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
	.byte	116                             # DW_AT_rnglists_base
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
	.byte	0                               # DW_CHILDREN_no
	.byte	127                             # DW_AT_call_origin
	.byte	19                              # DW_FORM_ref4
	.ascii	"\202\001"                      # DW_AT_call_tail_call
	.byte	25                              # DW_FORM_flag_present
	.ascii	"\201\001"                      # DW_AT_call_pc
	.byte	27                              # DW_FORM_addrx
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	5                               # Abbreviation Code
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
	.byte	6                               # Abbreviation Code
	.byte	5                               # DW_TAG_formal_parameter
	.byte	0                               # DW_CHILDREN_no
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	7                               # Abbreviation Code
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
	.byte	8                               # Abbreviation Code
	.byte	15                              # DW_TAG_pointer_type
	.byte	0                               # DW_CHILDREN_no
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	9                               # Abbreviation Code
	.byte	19                              # DW_TAG_structure_type
	.byte	1                               # DW_CHILDREN_yes
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	11                              # DW_AT_byte_size
	.byte	11                              # DW_FORM_data1
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	10                              # Abbreviation Code
	.byte	13                              # DW_TAG_member
	.byte	0                               # DW_CHILDREN_no
	.byte	3                               # DW_AT_name
	.byte	37                              # DW_FORM_strx1
	.byte	73                              # DW_AT_type
	.byte	19                              # DW_FORM_ref4
	.byte	58                              # DW_AT_decl_file
	.byte	11                              # DW_FORM_data1
	.byte	59                              # DW_AT_decl_line
	.byte	11                              # DW_FORM_data1
	.byte	56                              # DW_AT_data_member_location
	.byte	11                              # DW_FORM_data1
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	11                              # Abbreviation Code
	.byte	15                              # DW_TAG_pointer_type
	.byte	0                               # DW_CHILDREN_no
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	12                              # Abbreviation Code
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
	.byte	32                              # DW_AT_inline
	.byte	33                              # DW_FORM_implicit_const
	.byte	1
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	13                              # Abbreviation Code
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
	.byte	14                              # Abbreviation Code
	.byte	29                              # DW_TAG_inlined_subroutine
	.byte	1                               # DW_CHILDREN_yes
	.byte	49                              # DW_AT_abstract_origin
	.byte	19                              # DW_FORM_ref4
	.byte	85                              # DW_AT_ranges
	.byte	35                              # DW_FORM_rnglistx
	.byte	88                              # DW_AT_call_file
	.byte	11                              # DW_FORM_data1
	.byte	89                              # DW_AT_call_line
	.byte	11                              # DW_FORM_data1
	.byte	87                              # DW_AT_call_column
	.byte	11                              # DW_FORM_data1
	.byte	0                               # EOM(1)
	.byte	0                               # EOM(2)
	.byte	15                              # Abbreviation Code
	.byte	5                               # DW_TAG_formal_parameter
	.byte	0                               # DW_CHILDREN_no
	.byte	2                               # DW_AT_location
	.byte	34                              # DW_FORM_loclistx
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
	.byte	1                               # Abbrev [1] 0xc:0xef DW_TAG_compile_unit
	.byte	0                               # DW_AT_producer
	.short	29                              # DW_AT_language
	.byte	1                               # DW_AT_name
	.long	.Lstr_offsets_base0             # DW_AT_str_offsets_base
	.long	.Lline_table_start0             # DW_AT_stmt_list
	.byte	2                               # DW_AT_comp_dir
	.byte	0                               # DW_AT_low_pc
	.long	.Lfunc_end1-.Lfunc_begin0       # DW_AT_high_pc
	.long	.Laddr_table_base0              # DW_AT_addr_base
	.long	.Lrnglists_table_base0          # DW_AT_rnglists_base
	.long	.Lloclists_table_base0          # DW_AT_loclists_base
	.byte	2                               # Abbrev [2] 0x2b:0x3a DW_TAG_subprogram
	.byte	0                               # DW_AT_low_pc
	.long	.Lfunc_end0-.Lfunc_begin0       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	10                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	19                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	115                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0x3a:0x9 DW_TAG_formal_parameter
	.byte	0                               # DW_AT_location
	.byte	7                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	19                              # DW_AT_decl_line
	.long	119                             # DW_AT_type
	.byte	3                               # Abbrev [3] 0x43:0x9 DW_TAG_formal_parameter
	.byte	1                               # DW_AT_location
	.byte	9                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	19                              # DW_AT_decl_line
	.long	148                             # DW_AT_type
	.byte	3                               # Abbrev [3] 0x4c:0x9 DW_TAG_formal_parameter
	.byte	2                               # DW_AT_location
	.byte	12                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	19                              # DW_AT_decl_line
	.long	115                             # DW_AT_type
	.byte	3                               # Abbrev [3] 0x55:0x9 DW_TAG_formal_parameter
	.byte	3                               # DW_AT_location
	.byte	13                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	19                              # DW_AT_decl_line
	.long	115                             # DW_AT_type
	.byte	4                               # Abbrev [4] 0x5e:0x6 DW_TAG_call_site
	.long	101                             # DW_AT_call_origin
                                        # DW_AT_call_tail_call
	.byte	1                               # DW_AT_call_pc
	.byte	0                               # End Of Children Mark
	.byte	5                               # Abbrev [5] 0x65:0xe DW_TAG_subprogram
	.byte	3                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	16                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	115                             # DW_AT_type
                                        # DW_AT_declaration
                                        # DW_AT_external
	.byte	6                               # Abbrev [6] 0x6d:0x5 DW_TAG_formal_parameter
	.long	119                             # DW_AT_type
	.byte	0                               # End Of Children Mark
	.byte	7                               # Abbrev [7] 0x73:0x4 DW_TAG_base_type
	.byte	4                               # DW_AT_name
	.byte	5                               # DW_AT_encoding
	.byte	4                               # DW_AT_byte_size
	.byte	8                               # Abbrev [8] 0x77:0x5 DW_TAG_pointer_type
	.long	124                             # DW_AT_type
	.byte	9                               # Abbrev [9] 0x7c:0x18 DW_TAG_structure_type
	.byte	7                               # DW_AT_name
	.byte	16                              # DW_AT_byte_size
	.byte	0                               # DW_AT_decl_file
	.byte	12                              # DW_AT_decl_line
	.byte	10                              # Abbrev [10] 0x81:0x9 DW_TAG_member
	.byte	5                               # DW_AT_name
	.long	148                             # DW_AT_type
	.byte	0                               # DW_AT_decl_file
	.byte	13                              # DW_AT_decl_line
	.byte	0                               # DW_AT_data_member_location
	.byte	10                              # Abbrev [10] 0x8a:0x9 DW_TAG_member
	.byte	6                               # DW_AT_name
	.long	148                             # DW_AT_type
	.byte	0                               # DW_AT_decl_file
	.byte	13                              # DW_AT_decl_line
	.byte	8                               # DW_AT_data_member_location
	.byte	0                               # End Of Children Mark
	.byte	11                              # Abbrev [11] 0x94:0x1 DW_TAG_pointer_type
	.byte	12                              # Abbrev [12] 0x95:0x15 DW_TAG_subprogram
	.byte	8                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	30                              # DW_AT_decl_line
                                        # DW_AT_prototyped
                                        # DW_AT_inline
	.byte	13                              # Abbrev [13] 0x99:0x8 DW_TAG_formal_parameter
	.byte	7                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	30                              # DW_AT_decl_line
	.long	119                             # DW_AT_type
	.byte	13                              # Abbrev [13] 0xa1:0x8 DW_TAG_formal_parameter
	.byte	9                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	30                              # DW_AT_decl_line
	.long	148                             # DW_AT_type
	.byte	0                               # End Of Children Mark
	.byte	2                               # Abbrev [2] 0xaa:0x50 DW_TAG_subprogram
	.byte	2                               # DW_AT_low_pc
	.long	.Lfunc_end1-.Lfunc_begin1       # DW_AT_high_pc
	.byte	1                               # DW_AT_frame_base
	.byte	87
                                        # DW_AT_call_all_calls
	.byte	11                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	39                              # DW_AT_decl_line
                                        # DW_AT_prototyped
	.long	115                             # DW_AT_type
                                        # DW_AT_external
	.byte	3                               # Abbrev [3] 0xb9:0x9 DW_TAG_formal_parameter
	.byte	4                               # DW_AT_location
	.byte	7                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	39                              # DW_AT_decl_line
	.long	119                             # DW_AT_type
	.byte	3                               # Abbrev [3] 0xc2:0x9 DW_TAG_formal_parameter
	.byte	5                               # DW_AT_location
	.byte	9                               # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	39                              # DW_AT_decl_line
	.long	148                             # DW_AT_type
	.byte	3                               # Abbrev [3] 0xcb:0x9 DW_TAG_formal_parameter
	.byte	6                               # DW_AT_location
	.byte	12                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	39                              # DW_AT_decl_line
	.long	115                             # DW_AT_type
	.byte	3                               # Abbrev [3] 0xd4:0x9 DW_TAG_formal_parameter
	.byte	7                               # DW_AT_location
	.byte	13                              # DW_AT_name
	.byte	0                               # DW_AT_decl_file
	.byte	39                              # DW_AT_decl_line
	.long	115                             # DW_AT_type
	.byte	14                              # Abbrev [14] 0xdd:0x16 DW_TAG_inlined_subroutine
	.long	149                             # DW_AT_abstract_origin
	.byte	0                               # DW_AT_ranges
	.byte	0                               # DW_AT_call_file
	.byte	42                              # DW_AT_call_line
	.byte	3                               # DW_AT_call_column
	.byte	15                              # Abbrev [15] 0xe6:0x6 DW_TAG_formal_parameter
	.byte	8                               # DW_AT_location
	.long	153                             # DW_AT_abstract_origin
	.byte	15                              # Abbrev [15] 0xec:0x6 DW_TAG_formal_parameter
	.byte	9                               # DW_AT_location
	.long	161                             # DW_AT_abstract_origin
	.byte	0                               # End Of Children Mark
	.byte	4                               # Abbrev [4] 0xf3:0x6 DW_TAG_call_site
	.long	101                             # DW_AT_call_origin
                                        # DW_AT_call_tail_call
	.byte	3                               # DW_AT_call_pc
	.byte	0                               # End Of Children Mark
	.byte	0                               # End Of Children Mark
.Ldebug_info_end0:
	.section	.debug_rnglists,"",@progbits
	.long	.Ldebug_list_header_end1-.Ldebug_list_header_start1 # Length
.Ldebug_list_header_start1:
	.short	5                               # Version
	.byte	8                               # Address size
	.byte	0                               # Segment selector size
	.long	1                               # Offset entry count
.Lrnglists_table_base0:
	.long	.Ldebug_ranges0-.Lrnglists_table_base0
.Ldebug_ranges0:
	.byte	4                               # DW_RLE_offset_pair
	.uleb128 .Ltmp25-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp32-.Lfunc_begin0          #   ending offset
	.byte	4                               # DW_RLE_offset_pair
	.uleb128 .Ltmp33-.Lfunc_begin0          #   starting offset
	.uleb128 .Ltmp40-.Lfunc_begin0          #   ending offset
	.byte	0                               # DW_RLE_end_of_list
.Ldebug_list_header_end1:
	.section	.debug_str_offsets,"",@progbits
	.long	60                              # Length of String Offsets Set
	.short	5
	.short	0
.Lstr_offsets_base0:
	.section	.debug_str,"MS",@progbits,1
.Linfo_string0:
	.asciz	"Debian clang version 19.1.7 (3~deb12u1)" # string offset=0
.Linfo_string1:
	.asciz	"edges.c"                       # string offset=40
.Linfo_string2:
	.asciz	"/moved"                        # string offset=48
.Linfo_string3:
	.asciz	"merge"                         # string offset=55
.Linfo_string4:
	.asciz	"int"                           # string offset=61
.Linfo_string5:
	.asciz	"first"                         # string offset=65
.Linfo_string6:
	.asciz	"second"                        # string offset=71
.Linfo_string7:
	.asciz	"pair"                          # string offset=78
.Linfo_string8:
	.asciz	"clear"                         # string offset=83
.Linfo_string9:
	.asciz	"that"                          # string offset=89
.Linfo_string10:
	.asciz	"copy"                          # string offset=94
.Linfo_string11:
	.asciz	"keeps"                         # string offset=99
.Linfo_string12:
	.asciz	"keep"                          # string offset=105
.Linfo_string13:
	.asciz	"faulted"                       # string offset=110
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
	.section	.debug_addr,"",@progbits
	.long	.Ldebug_addr_end0-.Ldebug_addr_start0 # Length of contribution
.Ldebug_addr_start0:
	.short	5                               # DWARF version number
	.byte	8                               # Address size
	.byte	0                               # Segment selector size
.Laddr_table_base0:
	.quad	.Lfunc_begin0
	.quad	.Ltmp21
	.quad	.Lfunc_begin1
	.quad	.Ltmp44
.Ldebug_addr_end0:
	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.section	.debug_line,"",@progbits
.Lline_table_start0:
