#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/symbolize.sh KERNEL_BUILD_DIR [PCS]
#
# Functions, files and lines of the same PCs, including inlined frames: kcovreport symbolize against
# binutils' addr2line -afi and, if it is installed, llvm-addr2line. Prints time and peak memory of each in
# the same run, and the ratio to ours. A run with few PCs shows the start-up cost.
set -u
cd "$(dirname "$0")/.." || exit 1

vmlinux=${1:?usage: bench/symbolize.sh KERNEL_BUILD_DIR [PCS]}/vmlinux
kcovreport=${KCOVREPORT:-${O:-build}/kcovreport}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"$kcovreport" points --json --vmlinux "$vmlinux" |
	grep -oE '"return": *"0x[0-9a-f]+"' | grep -oE '0x[0-9a-f]+' >"$work/all" || exit 1

# measure NAME COMMAND...: writes seconds and KiB to NAME.s and NAME.kib; stdin is the PCs.
measure()
{
	local name=$1
	shift
	/usr/bin/env python3 - "$work/$name" "$work/pcs" "$@" <<'EOF'
import os, resource, subprocess, sys, time
out, pcs, command = sys.argv[1], sys.argv[2], sys.argv[3:]
start = time.monotonic()
with open(pcs) as stdin:
    subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, check=True)
seconds = time.monotonic() - start
kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(seconds, kib, file=open(out, "w"))
EOF
}

printf '%-10s %-16s %10s %10s %8s\n' PCs program seconds MiB ratio
for count in 100 ${2:-20000}; do
	shuf -n "$count" --random-source="$vmlinux" "$work/all" >"$work/pcs"
	measure ours "$kcovreport" symbolize --vmlinux "$vmlinux" || exit 1
	for peer in ours addr2line llvm-addr2line; do
		if [ $peer != ours ]; then
			command -v $peer >/dev/null || continue
			measure $peer $peer -afi -e "$vmlinux" || exit 1
		fi
		awk -v n="$count" -v name="${peer/ours/kcovreport}" 'NR == FNR { ours = $1; next }
			{ printf "%-10d %-16s %10.2f %10.0f %8.2f\n", n, name, $1, $2 / 1024, $1 / ours }' \
			"$work/ours" "$work/$peer"
	done
done
