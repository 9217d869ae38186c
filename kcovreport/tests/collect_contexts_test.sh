#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `collect --contexts`, --system and --boot, with a device that is not there (fake_kcov.c). Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/collect_contexts_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
export LC_ALL=C KCOVREPORT_CACHE=$tmp/cache
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0:detect_leaks=0
shown=(err sources)
gcc -O1 -shared -fPIC -D_GNU_SOURCE -I"$root" -o fake_kcov.so "$here/fake_kcov.c" -ldl || exit 99

# collect KIND STATUS [OPTION...]: $FAKE_KCOV is KIND. sources: "KIND PCS" of each source but remote handles, by id.
collect()
{
	local status expected=$2
	export FAKE_KCOV=$1
	shift 2
	rm -f run.kcov ran
	LD_PRELOAD=$tmp/fake_kcov.so "$kcovreport" collect -o run.kcov "$@" -- sh -c 'echo ran >ran; exit 7' >out 2>err </dev/null
	status=$?
	: >sources
	[ ! -e run.kcov ] || "$kcovreport" dump run.kcov 2>>err >dump
	[ ! -e run.kcov ] || sed -nE 's/^task ([0-9]+) .* pcs ([0-9]+) count.*/\1 task \2/p; s/^context ([0-9]+) kind ([a-z]+) .* pcs ([0-9]+) count.*/\1 \2 \3/p' \
		dump >sources
	[ $status -eq "$expected" ] || { echo "status $status, not $expected" >>err && false; }
}

# has LINE...: these are the sources.
has()
{
	[ "$(cut -d ' ' -f 2- sources)" = "$(printf '%s\n' "$@")" ] && [ -e ran ]
}

# refused PATTERN: nothing ran, and the error says why.
refused()
{
	[ ! -e ran ] && [ ! -e run.kcov ] && grep -qE "^kcovreport: error: $1" err
}

collect '' 7 && has 'task 100' 'softirq 1' 'kthread 1' 'work 1' && grep -q ' task covered, 103 distinct PCs in sets, 3 of them in other contexts, ' err
verdict $? "by default what the kernel attributes for certain"
collect '' 7 --contexts task && has 'task 100' && grep -q ' task covered, 100 distinct PCs in one set, in ' err
verdict $? "--contexts task"
collect '' 7 --contexts all && has 'task 100' 'softirq 1' 'interrupt 1' 'kthread 1' 'work 1'
verdict $? "--contexts all"
collect '' 7 --contexts work,softirq && has 'task 0' 'softirq 1' 'work 1' &&
	grep -q 'what the tasks executed themselves was not recorded' dump
verdict $? "without task its PCs are not kept"
collect '' 7 --follow kernel --contexts task,interrupt && has 'task 100' 'interrupt 1'
verdict $? "with --follow kernel"

collect old 7 && has 'task 100' && ! grep -q warning err
verdict $? "on a kernel without contexts only the tasks are recorded"
collect old 7 --contexts task && has 'task 100'
verdict $? "also if that is asked for"
collect old 125 --contexts task,work && refused "this kernel's KCOV cannot record other contexts .*use --contexts task"
verdict $? "but not if more is asked for"
collect old 125 --system && refused "this kernel's KCOV cannot record the whole system"
verdict $? "nor the system"
collect stock 125 --contexts work && refused "this kernel's KCOV has no sets .*use --contexts task, or a kernel with"
verdict $? "a kernel without sets records the tasks only"
collect stock 125 --system && refused 'this kernel.*KCOV has no sets .*--system and --boot need a kernel with'
verdict $? "and says what recording the system needs"
collect hidden 125 --contexts work && refused 'cannot open .*/kcov.*Permission denied' &&
	! grep -q -e '--contexts task' err
verdict $? "a device that cannot be opened is not a kernel without contexts"

collect full 7 && has 'task 100' 'softirq 1' 'kthread 1' 'work 0' &&
	grep -q 'warning: context work was not recorded: too many collections' err && grep -q 'kind work state not-recorded' dump
verdict $? "a context that is refused is named"
collect full 125 --contexts all && refused 'too many collections with contexts'
verdict $? "and is an error if it was asked for"
collect pending 7 && grep -q 'kind work .* dropped-sections 2 pending 3 ' dump &&
	grep -q 'warning: work in other contexts was not recorded 2 times: the kernel could not attribute it' err
verdict $? "work that does not run is counted, and ends the wait"

collect '' 7 --system && has 'system 1' && [ "$(cut -d ' ' -f 1 sources)" = 0 ] && ! grep -q '^remote' dump &&
	grep -q '0 tasks covered, 1 distinct PCs of the whole system' err
verdict $? "--system records nothing else"
collect '' 7 --system --contexts task,work && has 'task 100' 'work 1' 'system 1'
verdict $? "but contexts as well, with --contexts"
# The fake device cannot be enabled in a traced task.
collect '' 7 --system --follow ptrace && has 'task 0' 'system 1' && [ "$(cut -d ' ' -f 1 sources | head -n 1)" = 0 ]
verdict $? "and tasks, with --follow"
collect '' 7 --system --remote && has 'system 1' && grep -q '^remote' dump
verdict $? "and remote handles, with --remote"
collect busy 125 --system && refused 'another process records the whole system'
verdict $? "the system can be recorded once at a time"
collect '' 125 --boot && refused 'the kernel has not recorded since boot .*kcov_boot'
verdict $? "--boot needs a kernel that has recorded"
collect booted 7 --boot && has 'system 0'
verdict $? "--boot empties nothing"

# doctor KIND
doctor()
{
	FAKE_KCOV=$1 LD_PRELOAD=$tmp/fake_kcov.so "$kcovreport" doctor >err 2>&1
	[ $? -le 1 ]
}

# contexts: what doctor says of them
contexts()
{
	sed -nE 's/^([a-z]+) +contexts +/\1 /p' err
}

doctor booted && [ "$(contexts)" = "$(printf 'ok %s is recorded for tasks, too\n' softirq kthread work)" ]
verdict $? "doctor says that contexts are recorded"
doctor old && [ "$(contexts)" = "info this kernel's KCOV records only what tasks execute themselves" ]
verdict $? "or that they are not"
doctor full && [ "$(contexts | cut -d ' ' -f 1,2 | tr '\n' ' ')" = 'ok softirq ok kthread info work ' ] &&
	contexts | grep -q 'work is not recorded: too many collections'
verdict $? "or which one is not, and why"

# The run must not be lost without a word.
LD_PRELOAD=$tmp/fake_kcov.so "$kcovreport" collect -o /dev/stdout -- true >&- 2>err
[ $? -eq 125 ] && grep -q "error: cannot open '/dev/stdout' for writing: No such device" err
verdict $? "a closed stream is no place for the run"
for streams in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
	rm -f run.kcov
	eval "LD_PRELOAD=\$tmp/fake_kcov.so '$kcovreport' collect -o run.kcov -- true 2>err $streams"
	[ $? -eq 0 ] && "$kcovreport" dump run.kcov >dump 2>err && grep -q 'command "true"' dump
	verdict $? "a run with $streams"
done

echo "1..$n"
exit $failed
