#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# guest.sh KCOVREPORT RUNS PROGRAM...: runs in the guest, as root. Collects each program into a run file of its own.

kcovreport=$1
runs=$2
shift 2
# Its leak check uses ptrace, as collect does, and fails if it cannot.
export ASAN_OPTIONS=detect_leaks=0
for program; do
	name=${program##*/}
	cd "${program%/*}" || exit
	timeout -k 5 60 "$kcovreport" collect --name "$name" -o "$runs/$name.kcov" -- "./$name" </dev/null >"$runs/$name.log" 2>&1
	echo $? >"$runs/$name.status"
done
exit 0
