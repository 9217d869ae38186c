#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: contexts.sh SCENE
#
# Contexts of two collections at a time, and the set of the whole system. Environment: COLLECT, KCOVREPORT,
# KCOVREPORT_MODULE.
set -u

# in_module FILE KIND: does this context of the run have a PC of our module? Prints "some" or "none".
in_module()
{
	local base size

	"$KCOVREPORT" dump --pcs "$1" >dump
	read -r base size < <(sed -nE 's/^module base (0x[0-9a-f]+) size ([0-9]+) .*"kcovreport_remote"$/\1 \2/p' dump)
	# Numbers of the same length, so that they compare as text.
	awk -v kind="$2" -v first="$base" -v last="$(printf '0x%x' $((base + size)))" '
		/^(task|remote|context)/ { is = $1 == "context" && $4 == kind }
		is && $1 == "pc" && $2 "" >= first "" && $2 "" < last "" { n++ }
		END { print n ? "some" : "none" }' dump
}

# Neither collection gets what the other caused, though both run at the same time.
two()
{
	$COLLECT -o load.kcov -- remote.static work common 1 1 2>/dev/null
	$COLLECT -o work.kcov --no-remote -- env REMOTE=none remote.static work common 300 1 2>/dev/null &
	$COLLECT -o softirq.kcov --no-remote -- env REMOTE=none remote.static softirq common 300 1 2>/dev/null &
	$COLLECT -o none.kcov --no-remote -- sleep 1 2>/dev/null &
	wait
	for run in work softirq none; do
		for kind in work softirq; do
			echo "$run: $kind: $(in_module $run.kcov $kind)"
		done
	done
}

# The system has what tasks did that nobody follows. It can be recorded once at a time, and again.
system()
{
	remote.static work common 1 1
	mkfifo go done
	(read -r _ <go && remote.static work common 300 1 && echo done >done) &
	$COLLECT -o run.kcov --system -- sh -c 'echo go >go; read -r _ <done' 2>/dev/null
	wait
	"$KCOVREPORT" dump run.kcov | sed -nE 's/^(context [0-9]+ kind [a-z]+ state [a-z]+).*/\1/p; s/^(total tasks [0-9]+).*/\1/p'
	echo "in the module: $(in_module run.kcov system)"
	$COLLECT -o run.kcov --system -- $COLLECT -o other.kcov --system -- true 2>&1 | grep -o 'another process records.*'
	$COLLECT -o run.kcov --system --contexts all -- true 2>/dev/null && echo "and again, with contexts:"
	"$KCOVREPORT" dump run.kcov | sed -nE 's/^context [0-9]+ kind ([a-z]+) state ([a-z]+).*/\1 \2/p'
	$COLLECT -o run.kcov --boot -- true 2>&1 | grep -o 'has not recorded since boot'
}

"$1"
