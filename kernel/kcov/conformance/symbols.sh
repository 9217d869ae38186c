#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: symbols.sh KERNEL_DIR MODULE
#
# Prints the symbols that symbols.c looks for, and those after each, of the kernel built in KERNEL_DIR and of MODULE, the
# file of kernel/kmod. In the machine it takes 10 s to read all of /proc/kallsyms.
set -u

[ $# -eq 2 ] || {
	sed -n '4s/^# //p' "$0" >&2
	exit 2
}
wanted='_[se]text|__x64_sys_get(pid|ppid|tid)|udp_rcv|run_timer_softirq|update_process_times'
wanted+='|call_usermodehelper_exec_async'
grep -i ' t ' "$1/System.map" | grep -A 4 -E " ($wanted)\$" | grep -v '^--'
nm -n -f sysv "$2" |
	awk -F '|' '$7 == ".text" && tolower($3) ~ /t/ { gsub(/ /, ""); print $2 " t " $1 "\t[kcovreport_remote]" }'
