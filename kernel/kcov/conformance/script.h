/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Scripts: cases that are a sequence of calls with the errno of each.
 *
 *	a.init:512=0 a.enable:0=0 t.a.disable:0=EINVAL p.b.enable:0=EBUSY p.exit=0
 *
 * A step is [TASK.]DESCRIPTOR.CALL[:ARGUMENT]=ERRNO. Descriptors a to d are opened before the first
 * step, O_RDWR, and are not initialized. Tasks: m runs the script, and is the default; t and u are
 * threads of it; p and q are processes, forked from it by the first step that names them. TASK.exit
 * ends a task and waits for its end.
 *
 * init:WORDS	INIT_TRACE		init32:WORDS	the same with the number of 32-bit programs
 * enable:MODE	ENABLE			disable:ARG	DISABLE
 * raw:NUMBER	the ioctl of this number, argument 0
 * remote:MODE,AREA[,ITEM]...	REMOTE_ENABLE; items:
 *	cN	the common handle of instance N
 *	CHEX	any number as common handle
 *	uN	the USB handle N
 *	hHEX	any number as handle
 *	nN	N more USB handles, from 65536 on
 *	NN	num_handles is N, however many handles there are
 * remotefault:ADDRESS	REMOTE_ENABLE with this argument
 * mmap:PAGES[,PAGE[,FLAGS]]	s shared, p private; r, w, x. Default: 0,srw
 * mapset		map_size of the descriptor's own INIT_SET, shared
 * open:FLAGS	opens the descriptor again, r, w or rw		close
 * set:SLOTS	INIT_SET		setsize:N, setflags:N	INIT_SET with this size, these flags
 * share:D	SHARE_SET of descriptor D, or of a number	reset	RESET_SET
 * stats		GET_STATS		statssize:N	GET_STATS with this size
 * setfault, statsfault	INIT_SET, GET_STATS with a bad address
 */
#ifndef KCOV_CONFORMANCE_SCRIPT_H
#define KCOV_CONFORMANCE_SCRIPT_H

void script_run(const char *script);

#endif
