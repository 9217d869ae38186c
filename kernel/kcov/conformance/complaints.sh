#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: complaints.sh KERNEL_DIR CONSOLE [ALLOWED]
#
# Finds complaints of the kernel, built in KERNEL_DIR, in its log CONSOLE. Prints each as a TAP comment, with the lines
# that follow it. Fails if there are any that do not match ALLOWED. The rest of the kernel has data races of its own: if
# no stack of a KCSAN report has a function of KCOV or of the module of kernel/kmod, the report is counted but allowed.
set -u

kernel=$1 console=$2 allowed=${3:-^$}
complaint='WARNING:|BUG:|Oops|general protection|INFO: (task|rcu|trying)|possible .* detected|UBSAN:'
complaint+='|turning off the locking correctness validator|page table check|refcount_t:|list_(add|del) corruption'

# A function in a line of a stack: " name+0x1/0x2", for a module " name+0x1/0x2 [module]".
ours=$(nm "$kernel"/kernel/kcov/*.o "$kernel/kernel/kcov.o" 2>/dev/null | awk '$2 ~ /^[tT]$/ { print $3 }' | sort -u)

tr -d '\r' <"$console" | OURS=$ours ALLOWED=$allowed COMPLAINT=$complaint awk '
	BEGIN {
		n = split(ENVIRON["OURS"], names, "\n")
		for (i = 1; i <= n; i++)
			is_ours[names[i]] = 1
	}
	function names_ours(line, name) {
		if (line ~ /\+0x.*\[kcovreport_remote\]/)
			return 1
		name = line
		sub(/\+0x.*/, "", name)
		sub(/.*[ \]>]/, "", name)
		return line ~ /\+0x/ && name in is_ours
	}
	function report_end() {
		if (race == "")
			return
		if (race_ours) {
			printf "%s", race
			bad++
		} else {
			others++
			if (!seen[title]++)
				titles = titles "# not ours: " title "\n"
		}
		race = ""
		race_ours = 0
	}
	/BUG: KCSAN:/ { report_end(); title = $0 }
	/BUG: KCSAN:/, /^=====/ {
		if ($0 ~ /^=====/) {
			report_end()
		} else {
			race = race "# kernel: " $0 "\n"
			race_ours = race_ours || names_ours($0)
		}
		next
	}
	$0 ~ ENVIRON["COMPLAINT"] && $0 !~ ENVIRON["ALLOWED"] { bad++; rest = 40 }
	rest-- > 0 { print "# kernel: " $0 }
	END {
		report_end()
		printf "%s", titles
		if (others)
			print "# not ours: " others " reports of data races elsewhere"
		exit bad > 0
	}'
