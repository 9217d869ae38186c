#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: guest.sh BOOT CASES RESULTS PROGRAMS [NAME...]
#
# Runs in the guest, as root: the cases of BOOT in the list CASES (those with a NAME), and leaves what they
# gave in RESULTS/NAME/ for check.py. Environment: KCOVREPORT.
set -u

boot=$1 cases=$2 results=$3 programs=$4
shift 4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Not on the share: programs become set-uid here, and files are mapped shared.
work=/mnt/e2e
mkdir -p $work && mount -t tmpfs -o mode=755 e2e $work && mkdir $work/programs || exit 99
cp "$programs"/* $work/programs/
[ ! -e $work/programs/births ] || install -m 4755 $work/programs/births $work/programs/set-uid
# The limits of the list are for a machine that has two processors for itself.
SLOWNESS=4
export PATH=$work/programs:$PATH HERE=$here LC_ALL=C
before=$(ps -eo pid= | tr '\n' ' ')

# What the case left running: all but kernel threads and what was there before.
kill_leftovers()
{
	local pid ppid

	while read -r pid ppid; do
		[ "$ppid" = 2 ] || [ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] || [[ " $before " == *" $pid "* ]] ||
			kill -9 "$pid" 2>/dev/null
	done < <(ps -eo pid=,ppid=)
}

# limited SECONDS FILE COMMAND...: output to FILE.out and FILE.err, exit status or `timeout` to FILE.status.
limited()
{
	local limit=$(($1 * SLOWNESS)) file=$2 status start=$SECONDS
	shift 2

	timeout -k 1 "$limit" "$@" </dev/null >"$file.out" 2>"$file.err"
	status=$?
	[ $((SECONDS - start)) -lt "$limit" ] || status=timeout
	echo $status >"$file.status"
	kill_leftovers
}

# A program that prints what it must leave: see mark.h, and exec.c for the files in root/.
run_cover()
{
	truncate -s 524288 expect
	chmod 666 expect
	mkdir root
	ln expect root/expect
	ln $work/programs/exec.static root/exec 2>/dev/null
	export KCOVREPORT_EXPECT=$PWD/expect
	# shellcheck disable=SC2086 # words
	limited "$limit" covered "$KCOVREPORT" collect $options -o run.kcov -- $command
	tail -c +65 expect | tr -d '\0' >"$out/expect"
	cp run.kcov "$out/" 2>/dev/null
}

run_same()
{
	RUN='' limited "$limit" plain bash -c "$command"
	RUN="$KCOVREPORT collect $options -o run.kcov --" limited "$limit" covered bash -c "$command"
}

run_text()
{
	export COLLECT="$KCOVREPORT collect $options"
	limited "$limit" covered bash -c "$command"
}

wanted()
{
	local name

	[ $# -gt 1 ] || return 0
	for name in "${@:2}"; do
		[ "$name" != "$1" ] || return 0
	done
	return 1
}

while IFS='|' read -r in_boot kind name limit options command; do
	in_boot=${in_boot// /} kind=${kind// /} name=${name// /} limit=${limit// /}
	[ "$in_boot" = "$boot" ] && wanted "$name" "$@" || continue
	out=$results/$name
	mkdir -p "$out" $work/cases/"$name"
	chmod 777 $work/cases/"$name"
	cd $work/cases/"$name" || exit 99
	started=$EPOCHREALTIME
	(run_"$kind")
	echo "$started $EPOCHREALTIME" >"$out/time"
	cp ./*.out ./*.err ./*.status "$out/"
	cd / && rm -rf $work/cases/"$name"
	echo "$name"
done <"$cases"
dmesg | grep -E 'WARNING:|BUG:|Oops|general protection' >"$results/$boot.dmesg"
exit 0
