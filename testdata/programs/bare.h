/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child that has practically no stack, so it cannot return from any function. */
#ifndef BARE_H
#define BARE_H

#include <sys/syscall.h>

/*
 * Create a child with system call nr (clone, clone3) and its first two arguments.
 * The child's first instruction leaves the mark of times(2); then it exits. Uses
 * only registers.
 */
static inline long bare_child(long nr, long a, long b)
{
	long pid;

#ifdef __x86_64__
	__asm__ volatile("syscall\n\t"
			 "test %%eax, %%eax\n\t"
			 "jnz 1f\n\t"
			 "mov %2, %%eax\n\t"
			 "xor %%edi, %%edi\n\t"
			 "syscall\n\t"
			 "mov %3, %%eax\n\t"
			 "syscall\n"
			 "1:"
			 : "=a"(pid)
			 : "0"(nr), "i"(SYS_times), "i"(SYS_exit), "D"(a), "S"(b)
			 : "rcx", "r11", "memory");
#else
	__asm__ volatile("int $0x80\n\t"
			 "test %%eax, %%eax\n\t"
			 "jnz 1f\n\t"
			 "mov %2, %%eax\n\t"
			 "xor %%ebx, %%ebx\n\t"
			 "int $0x80\n\t"
			 "mov %3, %%eax\n\t"
			 "int $0x80\n"
			 "1:"
			 : "=a"(pid)
			 : "0"(nr), "i"(SYS_times), "i"(SYS_exit), "b"(a), "c"(b)
			 : "memory");
#endif
	return pid;
}

#endif
