#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: remote.sh SCENE
#
# Remote handles: two collections at a time, handles that are not available, a kernel without them. Environment:
# COLLECT, KCOVREPORT, KCOVREPORT_MODULE.
set -u

masked()
{
	sed -E 's/\b(task|of) [0-9]+/\1 N/g; s/[0-9]+ (distinct|recorded|of them)/N \1/g; s/handle 0x00000000[0-9a-f]{8}/handle H/'
}

# remotes FILE: prints what the run has of each handle.
remotes()
{
	"$KCOVREPORT" dump "$1" | awk '/^remote/ { print $14, $6, $12 }'
}

# Neither collection gets PCs of the other: 300 sections give the same number of PCs, alone or together.
two()
{
	$COLLECT -o alone.kcov -- remote.static work common 300 1 2>/dev/null
	$COLLECT -o work.kcov -- remote.static work common 300 1 2>/dev/null &
	$COLLECT -o thread.kcov --remote usb:1 -- remote.static kthread common 300 1 2>/dev/null &
	$COLLECT -o again.kcov -- remote.static work common 300 1 2>/dev/null &
	wait
	for run in work again; do
		[ "$(remotes $run.kcov)" = "$(remotes alone.kcov)" ] && echo "$run: as alone"
	done
	remotes alone.kcov | grep -q ' 0$' && echo "nothing was recorded"
	remotes thread.kcov | sed -E 's/[1-9][0-9]*$/N/'
	for run in alone work thread again; do
		"$KCOVREPORT" dump $run.kcov | awk '/^remote.*"common"/ { print $4 }'
	done | sort -u | wc -l
}

# The command runs, and every available handle is recorded.
bad()
{
	$COLLECT -o run.kcov --remote usb:99 --remote handle:0xff00000001 --remote usb:1 --remote=usb:1 -- echo said 2>err
	echo "status $?"
	masked <err
	remotes run.kcov
	$COLLECT --remote=usb:x -- true 2>&1 | head -n 1
	$COLLECT --remote=handle:12 -- true 2>&1 | head -n 1
}

# However collect is killed, the kernel releases the handles, and the next collection gets them.
killed()
{
	local front supervisor

	$COLLECT -o run.kcov --remote usb:1 -- sh -c 'echo >started; exec sleep 100' 2>/dev/null &
	front=$!
	until [ -s started ]; do sleep 0.1; done
	supervisor=$(ps -o pid=,pgid= --ppid $front | awk '$1 == $2 { print $1 }')
	kill -9 $front "$supervisor"
	wait $front 2>/dev/null
	while kill -0 "$supervisor" 2>/dev/null; do sleep 0.1; done
	$COLLECT -o run.kcov --remote usb:1 -- true 2>/dev/null
	remotes run.kcov
}

# A collect with a seccomp filter cannot suspend the filters of others. The command still runs, and collect says so.
old()
{
	# shellcheck disable=SC2086 # words
	old-kernel.static $COLLECT -o run.kcov --remote usb:1 -- remote.static work common 3 4 2>err
	echo "status $?"
	masked <err
}

# As many handles as collect accepts, and more.
many()
{
	local handles=() handle

	for i in {1..260}; do
		printf -v handle 'handle:0x01000000%08x' $((0x10000 + i))
		handles+=(--remote "$handle")
	done
	$COLLECT --buffer 512 -o run.kcov "${handles[@]}" -- remote.static work handle:0x0100000000010003 1 1 2>&1 |
		grep -v ' filled its buffer ' | masked
	remotes run.kcov | awk '$3 > 0 { print $1 } { n[$2]++ } END { for (state in n) print state, n[state] }' | sort
}

"$1"
