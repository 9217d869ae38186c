# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's tables in a relocatable file, where each entry needs relocation. Comments as in flow.s.
	.text

	.macro function name
	.globl	\name
	.type	\name, @function
\name:
	.endm
	.macro end name
	.size	\name, . - \name
	.endm

# record 0:   | 1
function goes_on_at_a_fixup
	call	__sanitizer_cov_trace_pc	# m h
	test	%edi, %edi			# m h
	jne	2f				# m h  [.. nt]
1:	mov	(%rsi), %eax			# m h
	ret					# m h
2:	call	__sanitizer_cov_trace_pc	# m m
3:	nop					# ? ?
	ret					# ? ?
end goes_on_at_a_fixup

	.section __ex_table, "a"
	.long	1b - ., 3b - ., 0
	.text

# record 0:   | 1 | 1 2
function goes_on_behind_a_fault
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	3f				# m h h  [.. nt tn]
	nop					# m h m
1:	mov	(%rsi), %eax			# m h m
2:	nop					# m h m
	ret					# m h m
3:	call	__sanitizer_cov_trace_pc	# m m h
	ret					# m m h
end goes_on_behind_a_fault

	.section __ex_table, "a"
	.long	1b - ., 2b - ., 0
	.text

# record 0:   | 1 | 1 2 | 1x3 2x2
function has_a_point_after_a_fault
	call	__sanitizer_cov_trace_pc	# m h h h
1:	mov	(%rsi), %eax			# m h h h
	nop					# m m h h
	call	__sanitizer_cov_trace_pc	# m m h h
	test	%eax, %eax			# m m h h
	je	3f				# m m h h  [.. .. nt nt]
	call	__sanitizer_cov_trace_pc	# m m m m
2:	nop					# ? ? ? ?
	ret					# ? ? ? ?
3:	nop					# m m h h
	ret					# m m h h
end has_a_point_after_a_fault

	.section __ex_table, "a"
	.long	1b - ., 2b - ., 0
	.text

# It may have come to the fault, or have jumped over it.
# record 0:   | 1 | 1 2
function may_have_faulted
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	je	3f				# m h h  [.. ?? ?t]
1:	mov	(%rsi), %eax			# m ? h
	call	__sanitizer_cov_trace_pc	# m m h
	ret					# m m h
2:	call	__sanitizer_cov_trace_pc	# m m m
	ret					# m m m
3:	nop					# m ? ?
	ret					# m ? ?
end may_have_faulted

	.section __ex_table, "a"
	.long	1b - ., 2b - ., 0
	.text

# An instruction that faults is tried again, with another operand.
# record 0:   | 1 | 1 2
function is_tried_again
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	je	3f				# m h h  [.. tn ??]
1:	mov	%eax, %ds			# m m h
	call	__sanitizer_cov_trace_pc	# m m h
	ret					# m m h
3:	nop					# m h ?
	ret					# m h ?
end is_tried_again

	.section __ex_table, "a"
	.long	1b - ., 1b - ., 0
	.text

# record 0:   | 1 | 1 2
function has_a_static_key
	call	__sanitizer_cov_trace_pc	# m h h
1:	nopl	0(%rax,%rax,1)			# m h h
	nop					# m h m
	ret					# m h m
2:	call	__sanitizer_cov_trace_pc	# m m h
	ret					# m m h
end has_a_static_key

	.section __jump_table, "aw"
	.long	1b - ., 2b - .
	.quad	key - .
	.text

# record 0:   | 1 | 1 2 | 1 3
function has_an_alternative
	call	__sanitizer_cov_trace_pc	# m h h h
1:	jmp.d32	2f				# m h h h
	call	__sanitizer_cov_trace_pc	# m m h m
	ret					# m m h m
2:	nop					# m h m m
	ret					# m h m m
3:	call	__sanitizer_cov_trace_pc	# m m m h
	ret					# m m m h
end has_an_alternative

	.section .altinstr_replacement, "ax"
4:	jmp	3b
	.section .altinstructions, "a"
	.long	1b - ., 4b - ., 0
	.byte	5, 5
	.text

# record 0:   | 1 | 1 2
function calls_what_is_declared
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	1f				# m h h  [.. tn nt]
	call	__sanitizer_cov_trace_pc	# m m h
	call	ends_by_name			# m m h
1:	nop					# m h m
	ret					# m h m
end calls_what_is_declared

# record 0:   | 1 | 1 2
function calls_what_is_defined
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	1f				# m h h  [.. tn nt]
	call	__sanitizer_cov_trace_pc	# m m h
	call	ends_by_address			# m m h
1:	nop					# m h m
	ret					# m h m
end calls_what_is_defined

# record 0:   | 1 | 1 2
function calls_what_is_known
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	1f				# m h h  [.. tn nt]
	call	__sanitizer_cov_trace_pc	# m m h
	call	panic				# m m h
1:	nop					# m h m
	ret					# m h m
end calls_what_is_known

# record 0:   | 1 | 1 2
function calls_what_may_return
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	1f				# m h h  [.. tn nt]
	call	__sanitizer_cov_trace_pc	# m m h
	call	may_be_another			# m m h
1:	nop					# m h h
	ret					# m h h
end calls_what_may_return

	.weak	may_be_another
	.section .note.GNU-stack, ""
