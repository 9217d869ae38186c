/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System call numbers as text for an assembler: arch/x86/entry/syscalls/syscall_{64,32}.tbl */
#ifndef FIRST_H
#define FIRST_H

#define STR_(x) #x
#define STR(x)	STR_(x)

#ifdef __x86_64__
#define NR_FORK		 57
#define NR_EXIT		 60
#define NR_EVENTFD2	 290
#define NR_EPOLL_CREATE1 291
#define NR_INOTIFY_INIT1 294
#else
#define NR_EXIT		 1
#define NR_FORK		 2
#define NR_EVENTFD2	 328
#define NR_EPOLL_CREATE1 329
#define NR_INOTIFY_INIT1 332
#endif

#endif
