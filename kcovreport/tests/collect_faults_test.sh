#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Failing calls and allocations under `collect`, one after the other: either all is done, or collect ends with an error.
# The command runs as a whole or not at all, what is in the run file can be read, and no process or other file is left.
# fake_kcov.c stands for the device, fail_call.c makes the calls fail, no_memory.c the allocations. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/collect_faults_test.sh [CALL...]
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
# The sanitizers' libraries are loaded after those that make calls fail.
leaks=
if grep -q __asan_init "$kcovreport"; then
	leaks="$tmp/leaks.so "
	# The reports count: a leak leaves the status as it is.
	reports=exitcode=0:log_path=$tmp/report
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=1:fast_unwind_on_malloc=0:verify_asan_link_order=0:$reports
	export UBSAN_OPTIONS=${UBSAN_OPTIONS:-}:halt_on_error=1:print_stacktrace=1:$reports
fi
shown=("$tmp/why")
wanted=" $* "

build()
{
	gcc -O1 -g -fno-omit-frame-pointer -shared -fPIC -D_GNU_SOURCE -I"$root" -o "$1.so" "$here/$1.c" -ldl
}
build fake_kcov && build fail_call && build no_memory && build leaks || exit 99
mkfifo fifo || exit 99

# collect OLD LIBRARIES: sets $status; 'left' if a process still has the error output after the end. OLD: a run file is
# there before.
collect()
{
	rm -rf out
	mkdir out
	[ "$1" = 0 ] || cp old.kcov out/run.kcov
	(
		cd out || exit 99
		timeout -k 5 60 env LD_PRELOAD="$leaks$2" "$kcovreport" collect --follow "$follow" --contexts task -o run.kcov -- \
			sh -c 'echo started >started; echo ran >ran; exit 7' >/dev/null 2>../fifo </dev/null
	) &
	timeout 90 cat fifo >stderr
	local readers=$?
	wait $!
	status=$?
	[ $readers -eq 0 ] || status=left
}

# file_is_old: the run file is as before. file_is_read: it can be read, finished or not ($1).
file_is_old()
{
	if [ "$old" = 1 ]; then
		cmp -s out/run.kcov old.kcov
	else
		[ ! -e out/run.kcov ]
	fi
}

file_is_read()
{
	"$kcovreport" dump out/run.kcov >text 2>dump.err && sed -n 1p text | grep -q "$1"
}

right()
{
	local files
	if compgen -G 'report.*' >/dev/null; then
		cat report.*
		rm -f report.*
		return 1
	fi
	files=$(find out -type f ! -name run.kcov ! -name started ! -name ran)
	[ -z "$files" ] || { echo "files are left: $files"; return 1; }
	[ -e out/started ] && [ ! -e out/ran ] && { echo 'the command was ended'; return 1; }
	case $status in
	7)
		[ -e out/ran ] || { echo 'the command did not run'; return 1; }
		file_is_read ' finished$' && return
		echo 'status 7, but no whole run file'
		;;
	125)
		# To say it is a write, too. The C library has messages of its own for lack of memory.
		if [ "$silent" = 0 ] && ! grep -qE '^kcovreport: error: |^kcovreport collect: ' stderr; then
			echo 'status 125 without an error'
		elif [ -e out/ran ]; then
			file_is_read 'finished$' && return
			# Nothing could be written.
			[ ! -s out/run.kcov ] && return
			echo 'status 125, and the run file cannot be read'
		else
			file_is_old && return
			file_is_read 'finished$' && return
			echo 'status 125, and the run file is not the old one'
		fi
		;;
	126 | 127)
		grep -q '^kcovreport: error: cannot execute' stderr && file_is_old && return
		echo "status $status, but no error, or not the old file"
		;;
	*) echo "status $status" ;;
	esac
	tail -n 3 stderr
	ls -l out
	head -n 1 text
	cat dump.err 2>/dev/null
	return 1
}

# walk NAME ERROR LAST [+]: each call, but of many only some unless FULL is set.
walk()
{
	local name=$1 error=$2 last=$3 later=${4:-} i ok=0 runs=0 errors=0 old=0 silent=0
	[ "$name$later" != write+ ] || silent=1
	: >why
	for ((i = 1; i <= last; i += last > most ? 1 + i / 4 : 1)); do
		FAIL_CALL=$name:$error:$i$later collect $old "$tmp/fail_call.so $tmp/fake_kcov.so"
		runs=$((runs + 1))
		[ "$status" = 7 ] || errors=$((errors + 1))
		right >right.out || { ok=1; echo "$name number $i$later fails with $error, old file $old:"; cat right.out; } >>why
		old=$((1 - old))
	done
	verdict $ok "--follow $follow: $name fails with $error$later ($runs places, $errors errors)"
}

no_memory()
{
	local last=$1 i ok=0 runs=0 errors=0 old=0 silent=0
	: >why
	for ((i = 1; i <= last; i += 1 + i / most)); do
		NO_MEMORY=$i+ collect $old "$tmp/no_memory.so $tmp/fail_call.so $tmp/fake_kcov.so"
		runs=$((runs + 1))
		[ "$status" = 7 ] || errors=$((errors + 1))
		right >right.out || { ok=1; echo "allocation number $i and later, old file $old:"; cat right.out; } >>why
		old=$((1 - old))
	done
	[ $errors -gt 0 ] || ok=1
	verdict $ok "--follow $follow: no memory ($runs places, $errors errors)"
}

# With ASan a run takes five times as long.
most=${FULL:+100000} tracing='fork waitpid waitid ptrace ioctl syscall'
[ -z "$leaks" ] || most=${most:-4}
most=${most:-16}
for follow in kernel ptrace; do
	status=
	: >why
	FAIL_COUNT=$tmp/counts collect 0 "$tmp/fail_call.so $tmp/fake_kcov.so"
	old=0 silent=0
	right >why && [ "$status" = 7 ]
	verdict $? "--follow $follow: without a fault"
	[ "$status" = 7 ] || continue
	cp out/run.kcov old.kcov
	for fault in write=ENOSPC write=ENOSPC+ write=EIO write=EINTR write=SHORT read=EIO read=EINTR read=SHORT open64=EMFILE \
		open64=EMFILE+ mmap64=ENOMEM mmap64=ENOMEM+ ftruncate64=EIO fstat64=EIO stat64=EIO flock=EINTR flock=ENOLCK \
		ioctl=ENOMEM dup2=EINTR pipe2=EMFILE fork=EAGAIN waitpid=EINTR waitid=EINTR poll=EINTR poll=ENOMEM \
		sigwaitinfo=EINTR socket=EMFILE ptrace=EPERM syscall=ENOSYS eventfd=EMFILE pthread_create=EAGAIN; do
		call=${fault%=*} error=${fault#*=}
		later=${error##*[!+]}
		[ "$wanted" = "  " ] || [[ $wanted == *" $call "* ]] || continue
		# What does not depend on how tasks are followed was tried.
		[ $follow = kernel ] || [ -n "${FULL:-}" ] || [[ " $tracing " == *" $call "* ]] || continue
		last=$(awk -v call="$call" '$1 == call { print $2 }' counts)
		[ "${last:-0}" -gt 0 ] || continue
		walk "$call" "${error%+}" "$last" "$later"
	done
	[ "$wanted" = "  " ] || [[ $wanted == *" malloc "* ]] || continue
	no_memory 400
done
echo "1..$n"
exit $failed
