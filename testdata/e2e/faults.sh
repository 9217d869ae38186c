#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: faults.sh SCENE
#
# Faults around a collection. Environment: COLLECT, KCOVREPORT.
set -u

# Masks numbers that differ between runs.
masked()
{
	sed -E 's/\b(task|tasks|pid|in) [0-9]+/\1 N/g; s/[0-9]+ (distinct|recorded|of them|such)/N \1/g; s/of [0-9]+/of N/g'
}

# wait_until COMMAND...: waits until it succeeds.
wait_until()
{
	for _ in {1..300}; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

fails()
{
	! "$@"
}

# wait_for FILE
wait_for()
{
	wait_until test -s "$1" || echo "no $1"
}

# The supervisor is the child of collect that leads a process group of its own.
supervisor_of()
{
	ps -o pid=,pgid= --ppid "$1" | awk '$1 == $2 { print $1 }'
}

# The command runs to its end, and the file has what was recorded until a second before the kill.
supervisor_killed()
{
	$COLLECT -o run.kcov -- sh -c 'ls / >/dev/null; echo started >started
		until [ -e killed ]; do sleep 0.3; done; echo finished; exit 9' 2>err &
	wait_for started
	sleep 2
	kill -9 "$(supervisor_of $!)"
	touch killed
	wait $!
	echo "status $?"
	grep -v 'Killed' err | masked
	"$KCOVREPORT" dump run.kcov >text
	head -n 1 text
	awk '/^task 0/ { for (i = 1; i < NF; i++) if ($i == "pcs") print ($(i + 1) > 1000 ? "recorded" : "not recorded") }' text
}

# A signal that kills the front is meant for the command.
front_killed()
{
	$COLLECT -o run.kcov -- sh -c 'echo $$ >pid; exec sleep 60' &
	wait_for pid
	kill -9 $!
	wait $! 2>/dev/null
	echo "status $?"
	wait_until fails kill -0 "$(cat pid)" && echo 'command is gone'
	wait_until fails pgrep -x kcovreport && echo 'supervisor is gone'
	"$KCOVREPORT" dump run.kcov | sed -n 1p
}

# The same by the command itself, while it is followed. SIGTERM asks the supervisor to end: it releases the command.
killed_by_command()
{
	local number

	for number in KILL SEGV TERM; do
		# shellcheck disable=SC2016 # the inner shell's variables
		NUMBER=$number $COLLECT -o run.kcov -- bash -c '
			before=$SECONDS
			for pid in $(ps -o pid= --ppid $PPID); do
				[ $pid -eq $$ ] || [ "$(ps -o pgid= -p $pid)" -ne $pid ] || kill -$NUMBER $pid
			done
			# No process until the supervisor has ended.
			until [ $((SECONDS - before)) -ge 3 ]; do :; done
			(true); (ls / >/dev/null); echo finished; exit 9' 2>err
		echo "$number: status $?"
		masked <err | grep -v 'tasks\? covered, '
		"$KCOVREPORT" dump run.kcov | sed -n 1p
	done
	$COLLECT -o run.kcov -- bash -c 'kill -9 $PPID; sleep 60; echo finished' 2>/dev/null
	echo "front: status $?"
	wait_until fails pgrep -x 'kcovreport|sleep' && echo 'all are gone'
	"$KCOVREPORT" dump run.kcov | sed -n 1p
}

# The clock steps back by a year, twice: what is recorded goes on to be written, and the run keeps the time of its start.
clock_back()
{
	local before
	before=$(date +%s)
	# shellcheck disable=SC2016 # the inner shell's variables
	$COLLECT -o run.kcov -- bash -c '
		for _ in 1 2; do
			date -s "@$(($(date +%s) - 31536000))" >/dev/null || echo "it does not"
			size=$(stat -c %s run.kcov)
			for ((i = 0; i < 300; i++)); do
				(ls / >/dev/null)
				[ "$(stat -c %s run.kcov)" -le "$size" ] || break
			done
			[ $i -lt 300 ] && echo written
		done
		exit 5' 2>&1 | masked | grep -v 'tasks covered, '
	echo "status ${PIPESTATUS[0]}"
	date -s "@$(($(date +%s) + 63072000))" >/dev/null
	"$KCOVREPORT" dump run.kcov >text && sed -n 1p text
	started=$(date -d "$(sed -n 's/^meta start //p' text)" +%s)
	[ "$started" -ge "$before" ] && [ "$started" -le "$(date +%s)" ] && echo "started then"
}

disk_full()
{
	mkdir full && mount -t tmpfs -o size=16k full full
	$COLLECT -o full/run.kcov -- sh -c 'ls / >/dev/null; sleep 1; echo finished; exit 9' 2>&1 | masked
	echo "status ${PIPESTATUS[0]}"
	umount full
}

bad_commands()
{
	local command

	for command in no-such-command ./no-such-file /etc/passwd / ''; do
		$COLLECT -o run.kcov -- "$command" 2>&1
		echo "status $?"
		[ ! -e run.kcov ] || echo 'run file is there'
	done
}

bad_outputs()
{
	local output

	mkdir directory
	for output in /nonexistent/run.kcov directory /proc/run.kcov; do
		$COLLECT -o $output -- touch ran 2>&1
		echo "status $?"
		[ ! -e ran ] || echo 'command has run'
	done
}

# An existing run file stays until a new one can replace it.
file_kept()
{
	$COLLECT -o run.kcov -- true 2>/dev/null
	cp run.kcov before
	$COLLECT -o run.kcov -- no-such-command 2>/dev/null
	cmp run.kcov before && echo kept
}

not_root()
{
	chmod 777 .
	setpriv --reuid 65534 --regid 65534 --clear-groups $COLLECT -o run.kcov -- touch ran 2>&1
	echo "status $?"
	[ ! -e ran ] || echo 'command has run'
}

# While we trace a workload it cannot use ptrace. It fails as without the permission, and collect says why.
tracer()
{
	$COLLECT -o run.kcov -- strace -o log true >/dev/null 2>err
	[ $? -ne 0 ] && echo failed
	grep -o 'use --follow none.*' err
	# Start it as gdb would: PTRACE_TRACEME. gdb itself takes ten seconds to start here.
	$COLLECT -o run.kcov -- /usr/bin/python3 -c 'import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)' >/dev/null 2>err
	grep -o 'use --follow none.*' err
}

# A recorded task cannot use KCOV itself, and collect says so. Nothing is said of another process, and of ours.
kcov_user()
{
	$COLLECT -o run.kcov -- /usr/bin/python3 -c '
import errno, fcntl
f = open("/sys/kernel/debug/kcov", "r+b", buffering=0)
fcntl.ioctl(f, 0x80086301, 512)  # KCOV_INIT_TRACE
try:
    fcntl.ioctl(f, 0x6364, 0)  # KCOV_ENABLE
except OSError as e:
    print(errno.errorcode[e.errno])' 2>err
	grep -o '[0-9]* process.*' err
	$COLLECT -o run.kcov -- sh -c ': <>/sys/kernel/debug/kcov; (: <>/sys/kernel/debug/kcov; : <>/sys/kernel/debug/kcov)' 2>err
	grep -o '[0-9]* process.*' err
	"$KCOVREPORT" dump run.kcov | grep -c '^note .*KCOV_ENABLE'
	while [ ! -e stop ]; do : <>/sys/kernel/debug/kcov; echo >opened; done &
	wait_for opened
	$COLLECT -o run.kcov -- sh -c 'true; /bin/true' 2>err
	touch stop
	wait
	grep -c KCOV_ENABLE err
}

# If the kernel follows, the workload can use ptrace.
tracer_works()
{
	$COLLECT -o run.kcov -- strace -f -o log sh -c 'true; /bin/true; exit 5' 2>&1 | masked
	echo "status ${PIPESTATUS[0]}"
	grep -c exited log
}

tracer_unfollowed()
{
	$COLLECT --follow none -o run.kcov -- strace -f -o log sh -c 'true; /bin/true; exit 5' 2>&1 | masked
	echo "status ${PIPESTATUS[0]}"
	grep -c exited log
}

background()
{
	$COLLECT -o run.kcov -- sh -c 'sleep 60 >/dev/null 2>&1 & sleep 1; exit 4' 2>&1 | masked
	echo "status ${PIPESTATUS[0]}"
	"$KCOVREPORT" dump run.kcov | grep -o 'state cut'
	pgrep -x sleep >/dev/null && echo 'still running'
}

waiting()
{
	$COLLECT --wait -o run.kcov -- sh -c '(sleep 2; echo late) & echo early' 2>/dev/null
	echo end
	"$KCOVREPORT" dump run.kcov | grep -oE '^total tasks [0-9]+ not-followed [0-9]+ cut [0-9]+'
}

# Asked to end while it waits for background tasks of the command.
waiting_interrupted()
{
	$COLLECT --wait -o run.kcov -- sh -c 'echo x >started; sleep 60 &' 2>/dev/null &
	wait_for started
	sleep 3
	kill -TERM $!
	wait $!
	echo "status $?"
	"$KCOVREPORT" dump run.kcov | sed -n 1p
}

children_500()
{
	# Use a shell that forks quickly: bash takes twice as long, with collect and without.
	$COLLECT -o run.kcov -- busybox sh -c 'i=0; while [ $i -lt 500 ]; do (exit 3) & i=$((i + 1)); done; wait' 2>&1 | masked
	"$KCOVREPORT" dump run.kcov | grep -oE '^total tasks [0-9]+ not-followed [0-9]+ cut [0-9]+ remotes 1 saturations [0-9]+'
}

# The thread that looks for loads of modules sleeps if there is none. It is the only one of ours in a real-time class, and
# looks dozens of times after a load. Calls that need a capability are not loads.
no_loads()
{
	$COLLECT -o run.kcov -- busybox sh -c 'for i in 1 2 3 4 5; do renice -n -1 $$ >/dev/null; done; sleep 2
		for task in /proc/[0-9]*/task/[0-9]*; do
			read -r stat <$task/stat
			set -- ${stat##*) }
			case "$stat ${39}" in *"(kcovreport)"*" 1") grep "^voluntary" $task/status ;; esac
		done' 2>&1 | masked | sed -E 's/:\s*[0-9]$/ a few/'
}

python()
{
	$COLLECT -o run.kcov -- /usr/bin/python3 -c '
import subprocess, threading
threads = [threading.Thread(target=lambda: open("/etc/passwd").read()) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(subprocess.run(["sh", "-c", ":; /bin/echo three; exit 3"], capture_output=True).stdout)
' 2>&1 | masked
	"$KCOVREPORT" dump run.kcov | grep -oE '^total tasks [0-9]+ not-followed [0-9]+ cut [0-9]+ remotes 1 saturations [0-9]+'
}

"${1//-/_}"
