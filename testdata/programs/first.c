// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * build: -static -nostdlib
 *
 * Its very first instructions make a system call, and so do the first ones of its
 * child. It has no C library and no loader, so it cannot print its expectation:
 * that is in the expected text of the case.
 */
#include "first.h"

#ifdef __x86_64__
__asm__(".globl _start\n"
	"_start:\n"
	"	mov $" STR(
		NR_EVENTFD2) ", %eax\n"
			     "	syscall\n"
			     "	mov $" STR(
				     NR_FORK) ", %eax\n"
					      "	syscall\n"
					      "	test %eax, %eax\n"
					      "	mov $" STR(
						      NR_EPOLL_CREATE1) ", %eax\n"
									"	jz 1f\n"
									"	mov $" STR(
										NR_INOTIFY_INIT1) ", %eax\n"
												  "1:	xor %edi, %edi\n"
												  "	syscall\n"
												  "	mov $" STR(
													  NR_EXIT) ", %eax\n"
														   "	xor %edi, %edi\n"
														   "	syscall\n");
#else
__asm__(".globl _start\n"
	"_start:\n"
	"	mov $" STR(
		NR_EVENTFD2) ", %eax\n"
			     "	int $0x80\n"
			     "	mov $" STR(
				     NR_FORK) ", %eax\n"
					      "	int $0x80\n"
					      "	test %eax, %eax\n"
					      "	mov $" STR(
						      NR_EPOLL_CREATE1) ", %eax\n"
									"	jz 1f\n"
									"	mov $" STR(
										NR_INOTIFY_INIT1) ", %eax\n"
												  "1:	xor %ebx, %ebx\n"
												  "	int $0x80\n"
												  "	mov $" STR(
													  NR_EXIT) ", %eax\n"
														   "	xor %ebx, %ebx\n"
														   "	int $0x80\n");
#endif
