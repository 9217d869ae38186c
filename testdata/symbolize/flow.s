# SPDX-License-Identifier: GPL-2.0-or-later
# What recorded points tell by the flow of control. Before each function: "record 0:", then for each case the
# numbers of the points that it recorded; 1x2 is point 1, recorded twice. After each instruction: its state in
# each case, h hit, m missed, ? not known. After a conditional jump also two outcomes in each case, that it
# jumped and that it did not: t taken, n not taken, ? not known, . not reached.
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

function __stack_chk_fail
	ud2
end __stack_chk_fail

# These do not return: no_return.c says so, or they have the name of such a function of the kernel.
function ends_by_name
	ud2
	ud2
end ends_by_name

function panic
	ud2
end panic

function kcov_task_exit
	ret
end kcov_task_exit

	.weak	may_be_another
	.type	may_be_another, @function
may_be_another:
	ret
end may_be_another

# record 0:   | 1 | 1 2 | 1x2 2
function one_side_has_no_point
	call	__sanitizer_cov_trace_pc	# m h h h
	test	%edi, %edi			# m h h h
	je	1f				# m h h h  [.. nt tn tt]
	nop					# m h m h
	jmp	2f				# m h m h
1:	call	__sanitizer_cov_trace_pc	# m m h h
2:	ret					# m h h h
end one_side_has_no_point

# record 0:   | 1 | 1 2
function entry_has_no_point
	test	%edi, %edi			# m h h
	je	1f				# m h h  [.. nt tt]
	nop					# m h h
	call	__sanitizer_cov_trace_pc	# m h h
	ret					# m h h
1:	call	__sanitizer_cov_trace_pc	# m m h
	ret					# m m h
end entry_has_no_point

# record 0:   | 1
function protects_its_stack
	call	__sanitizer_cov_trace_pc	# m h
	cmp	(%rsp), %rdi			# m h
	jne	1f				# m h
	ret					# m h
1:	call	__stack_chk_fail		# ? ?
end protects_its_stack

# record 0:   | 1 | 1 2
function jumps_to_protect_its_stack
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	1f				# m h h  [.. nt tn]
	cmp	(%rsp), %rdi			# m h m
	je	2f				# m h m
	jmp	3f				# ? ? ?
1:	call	__sanitizer_cov_trace_pc	# m m h
	cmp	(%rsp), %rdi			# m m h
	jne	3f				# m m h
	nop					# m m h
2:	ret					# m h h
3:	call	__stack_chk_fail		# ? ? ?
end jumps_to_protect_its_stack

# record 0:   | 1x5 2x3
function divides
	call	__sanitizer_cov_trace_pc	# m h
	test	%edi, %edi			# m h
	je	3f				# m h  [.. tt]
	call	__sanitizer_cov_trace_pc	# m h
	mov	%rdi, %rax			# m h
	shr	$32, %rax			# m h
	je	1f				# m h  [.. ??]
	div	%rdi				# m ?
	jmp	2f				# m ?
1:	div	%edi				# m ?
2:	nop					# m h
	ret					# m h
3:	ret					# m h
end divides

# record 0:   | 1x5 2x3 3x3
function leaves_a_loop
	call	__sanitizer_cov_trace_pc	# m h
	test	%edi, %edi			# m h
	je	2f				# m h  [.. ??]
	nop					# m ?
1:	call	__sanitizer_cov_trace_pc	# m h
	jmp	3f				# m h
2:	nop					# m h
	jmp	*%rax				# m h
3:	call	__sanitizer_cov_trace_pc	# m h
	dec	%edi				# m h
	jne	1b				# m h  [.. ??]
	nop					# m ?
	jmp	2b				# m ?
end leaves_a_loop

# record 0:   | 1 2x3
function enters_a_loop
	call	__sanitizer_cov_trace_pc	# m h
	test	%edi, %edi			# m h
	je	2f				# m h  [.. ?t]
	nop					# m h
1:	call	__sanitizer_cov_trace_pc	# m h
	dec	%edi				# m h
	jne	1b				# m h  [.. ??]
2:	ret					# m h
end enters_a_loop

# record 0:   | 1
function loop
	call	__sanitizer_cov_trace_pc	# m h
1:	dec	%edi				# m h
	jne	1b				# m h  [.. ?t]
	ret					# m h
end loop

# record 0:   | 1
function endless
	call	__sanitizer_cov_trace_pc	# m h
	nop					# m h
1:	jmp	1b				# m h
end endless

# record 0:   | 1
function ends_in_a_trap
	call	__sanitizer_cov_trace_pc	# m h
	test	%edi, %edi			# m h
	jne	1f				# m h  [.. ??]
	ret					# m ?
1:	ud2					# m ?
end ends_in_a_trap

# record 0:   | 1 | 1 2
function cold
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	cold.cold			# m h h  [.. nt tn]
1:	ret					# m h h
end cold

function cold.cold
	call	__sanitizer_cov_trace_pc	# m m h
	nop					# m m h
	jmp	1b				# m m h
end cold.cold

# record 0:   | 1
function jumps_where_a_register_says
	call	__sanitizer_cov_trace_pc	# m h
	jmp	*%rax				# m h
	nop					# ? ?
	ret					# ? ?
end jumps_where_a_register_says

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

# After kcov_task_exit() no points are recorded, and the trap may have led to the code after it.
# record 0:   | 1 | 1 2 | 1 3
function ends_the_recording
	call	__sanitizer_cov_trace_pc	# m h h h
	cmp	%esi, %edi			# m h h h
	je	2f				# m h h h  [.. nt nt ??]
	call	kcov_task_exit			# m h h ?
	test	%edi, %edi			# m h h ?
	jne	1f				# m h h ?  [.. ?? ?t ??]
	call	__sanitizer_cov_trace_pc	# m ? h ?
1:	test	%edi, %edi			# m h h ?
	jne	3f				# m h h ?  [.. ?? ?? ??]
	ud2					# m ? ? ?
2:	call	__sanitizer_cov_trace_pc	# m m m h
3:	ret					# m ? ? h
end ends_the_recording

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

# record 0:   | 1 | 1 2
function calls_the_middle
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	1f				# m h h  [.. tn nt]
	call	__sanitizer_cov_trace_pc	# m m h
	call	ends_by_name + 2		# m m h
1:	nop					# m h h
	ret					# m h h
end calls_the_middle

# The cold part is named after the second name of its function.
# record 0:   | 1 | 1 2
function a_second_name
second_name:
	call	__sanitizer_cov_trace_pc	# m h h
	test	%edi, %edi			# m h h
	jne	2f				# m h h  [.. tn nt]
	test	%esi, %esi			# m m h
	je	1f				# m m h  [.. .. nt]
	call	__sanitizer_cov_trace_pc	# m m h
3:	ret					# m h h
1:	call	__sanitizer_cov_trace_pc	# m m m
	ret					# m m m
end a_second_name

	.type	second_name.cold, @function
	.section .text.unlikely, "ax"
second_name.cold:
2:	jmp	3b				# m h m
end second_name.cold
	.text

# record 0:   | 1 2
function start
	call	__sanitizer_cov_trace_pc	# m h
	call	one_side_has_no_point		# m h
	ret					# m h
end start

# record 0:   | 1 | 1 2 | 1 3
function switches
	call	__sanitizer_cov_trace_pc	# m h h h
	jmp	*table(,%rdi,8)			# m h h h
1:	call	__sanitizer_cov_trace_pc	# m m h m
	ret					# m m h m
2:	call	__sanitizer_cov_trace_pc	# m m m h
	ret					# m m m h
3:	nop					# m h m m
	ret					# m h m m
end switches

# A value that cannot be has the address of the end of the function. The last case is cold, and only the table leads
# there.
# record 0:   | 1 | 1 3
function switches_with_a_gap
	call	__sanitizer_cov_trace_pc	# m h h
	test	%esi, %esi			# m h h
	jne	13f				# m h h  [.. ?? ?t]
	jmp	*gap(,%rdi,8)			# m ? h
12:	call	__sanitizer_cov_trace_pc	# m m m
	ret					# m m m
14:	call	__sanitizer_cov_trace_pc	# m m h
	ret					# m m h
13:	nop					# m h ?
	ret					# m h ?
end switches_with_a_gap
15:	nop

	.type	switches_with_a_gap.cold, @function
	.section .text.unlikely, "ax"
switches_with_a_gap.cold:
16:	nop					# m ? ?
	jmp	13b				# m ? ?
end switches_with_a_gap.cold

	.text
# Nothing is known of a table that is longer than any, also if a gap is where it gets too long.
# record 0:   | 1
function switches_with_a_long_table
	call	__sanitizer_cov_trace_pc	# m h
	jmp	*long(,%rdi,8)			# m h
17:	nop					# ? ?
	ret					# ? ?
end switches_with_a_long_table
18:	nop

	.section .rodata
table:	.quad	1b, 2b, 3b, 1b
	.quad	plain_data
plain_data:
	.quad	0
gap:	.quad	12b, 15b, 14b, 16b
	.quad	plain_data
long:	.rept	1024
	.quad	17b
	.endr
	.quad	18b, 17b
	.quad	plain_data

	.section .note.GNU-stack, ""
