#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Failing system calls and allocations, one after the other, under commands that read run files and images: each command
# either does all that it should, or ends with an error and leaves every file as it was. strace injects the failures of
# system calls, no_memory.c those of allocations, fail_call.c makes reads and writes short. Prints TAP.
#
# If the program was built with ASan, no report of a sanitizer may come either, not even of a leak, from the program or
# its children. fail_call.c injects all failures then: below strace no leaks can be found.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/faults_test.sh [COMMAND...]
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
sources=$(realpath "$here/../../testdata/symbolize")
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1000000000
unset XDG_CACHE_HOME KCOVREPORT_CACHE_SIZE
shown=("$tmp/why")
wanted=" $* "
sanitized=0 leaks=
if grep -q __asan_init "$kcovreport"; then
	sanitized=1 leaks="$tmp/leaks.so "
	# The reports count: a leak leaves the status as it is.
	reports=exitcode=0:log_path=$tmp/report
	# A child that reads debug info catches signals itself: reports come before.
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=1:fast_unwind_on_malloc=0:verify_asan_link_order=0:handle_segv=2:handle_sigbus=2:$reports
	export UBSAN_OPTIONS=${UBSAN_OPTIONS:-}:halt_on_error=1:print_stacktrace=1:$reports
fi

skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

flags="-O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -fno-optimize-sibling-calls"
# shellcheck disable=SC2086
gcc $flags -c -o callback.o "$sources/callback.c" &&
	gcc $flags -fsanitize-coverage=trace-pc -c -o kernel.o "$sources/kernel_like.c" &&
	gcc -nostdlib -static -Wl,--build-id -Wl,-e,start -o vmlinux kernel.o callback.o &&
	for name in no_memory fail_call leaks; do
		gcc -O1 -g -fno-omit-frame-pointer -shared -fPIC -D_GNU_SOURCE -o $name.so "$here/$name.c" -ldl || exit 99
	done || exit 99
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')
"$kcovreport" points --no-cache | cut -d' ' -f1 >pcs
head -n 1 pcs >one
for name in kcov:pcs b:pcs one:one; do
	"$kcovreport" import --build-id "$id" -o "${name%:*}.data" "${name#*:}" || exit 99
done
cat >one.diff <<'END'
--- a/symbolize/kernel_like.c
+++ b/symbolize/kernel_like.c
@@ -22,2 +22,3 @@
 {
+	if (x & 1)
 		return sink;
END

# Each works in out/, where files of an older run are.
declare -A commands=(
	[report]="report --no-cache -j1 --vmlinux vmlinux -o out kcov.data"
	[index]="report -j1 --vmlinux vmlinux -o out kcov.data"
	[merge]="merge -o out/all.data kcov.data b.data"
	[import]="import --build-id $id -o out/new.data pcs"
	[export]="export -o out/pcs kcov.data"
	[dump]="dump --pcs kcov.data"
	[points]="points --no-cache vmlinux"
	# These read images as report does: only allocations fail, and reads and writes are short.
	[formats]="report --no-cache -j1 --vmlinux vmlinux --format lcov,json,html,cobertura,jsonl,csv,markdown,summary --fail-under lines=1 -o out kcov.data"
	[show]="show --no-cache -j1 --vmlinux vmlinux kernel_like.c kcov.data"
	[diff]="diff --no-cache -j1 --vmlinux vmlinux kcov.data one.data"
	[reach]="reach --no-cache -j1 --vmlinux vmlinux kernel_like.c:24 kcov.data one.data"
	[symbolize]="symbolize --no-cache --vmlinux vmlinux $(head -n 1 pcs)"
	[patch]="patch --no-cache -j1 --vmlinux vmlinux --run kcov.data --fail-under 1 one.diff"
)
# Those whose system calls fail.
traced="report index merge import export dump points"

# prepare: the directory as it is before a command
prepare()
{
	local file
	rm -rf out cache
	mkdir out
	for file in coverage.info coverage.json all.data new.data pcs; do
		echo old >out/$file
	done
}

# state: all files but the cache, which may get an index or not, but nothing unfinished. (A lock stays if libdw ends the
# program, as after a kill.) An imported run has the time in it.
state()
{
	(cd out && find . -type f ! -name new.data -exec cksum {} + && find . -name new.data -printf '%p %s\n') | sort
	find cache -type f ! -name '*.index' ! -name '*.image' ! -name '*.lock' 2>/dev/null
	return 0
}

# no_report: no sanitizer has found anything, but for leaks that libdw itself makes if it gets no memory (elfutils 0.188:
# the table of abbreviations of a unit). The innermost three frames are then in libdw, but of what we leave open only one.
no_report()
{
	local file bad=0
	for file in report.*; do
		[ -e "$file" ] || continue
		awk '/ERROR: LeakSanitizer/ { leaks = 1 }
			/ERROR: AddressSanitizer|runtime error/ { other = 1 }
			/^(Direct|Indirect) leak of/ { all++ }
			/^ *#[234] .*libdw\.so/ && ++frames[all] == 3 { known++ }
			END { exit !(leaks && !other && all && all == known) }' "$file" || { bad=1 && cat "$file"; }
		rm -f "$file"
	done
	return $bad
}

# right NAME: did the run whose exit status is $status, with files and output as they are, do all or nothing?
right()
{
	local now
	no_report || return
	now=$(state)
	if grep -q ' ends in a crash ' stdout stderr; then
		echo "it crashes"
	elif [ "$status" -eq 0 ]; then
		[ "$now" = "$(cat "good.$1.state")" ] && cmp -s stdout "good.$1.stdout" && return
		# Sources are not needed, but the report says so.
		grep -q ' source files\? not readable' stdout && return
		echo "status 0, but not the right output"
	elif [ "$status" -eq 1 ]; then
		# After the files there is only standard output that can fail. libdw ends the program by itself if it gets no
		# memory.
		grep -qE '^kcovreport: error: |libdw: Cannot allocate memory$' stderr && [[ $now = "$before" || $now = "$(cat "good.$1.state")" ]] && return
		echo "status 1, but no error, or not the old files"
	else
		echo "status $status"
	fi
	diff <(echo "$now") <(echo "$before")
	tail -n 3 stderr
	false
}

# limited COMMAND...: a fault must not make it hang or eat the machine's memory. ASan needs terabytes of addresses.
limited()
{
	([ $sanitized = 1 ] || ulimit -v 4000000; exec timeout 120 "$@") >stdout 2>stderr </dev/null
	status=$?
}

# preloaded LIBRARY VARIABLE=VALUE NAME: run the command with the library.
preloaded()
{
	# shellcheck disable=SC2086
	limited env "LD_PRELOAD=$leaks$tmp/$1.so" "$2" "$kcovreport" ${commands[$3]}
}

# step NAME WHAT: judge a run.
step()
{
	runs=$((runs + 1))
	[ $status -ne 1 ] || errors=$((errors + 1))
	right "$1" >right.out || { ok=1; echo "$2:"; cat right.out; } >>why
}

# later CALL ERROR: print + if all later calls fail too. Only one is interrupted, since another attempt must succeed, and
# only one write fails, since the error has to be written, too.
later()
{
	[ "$2" = EINTR ] || [ "$1" = write ] || echo +
}

# inject NAME CALL ERROR FIRST LAST: fail each such call of the command
inject()
{
	local name=$1 call=$2 error=$3 i ok=0 runs=0 errors=0
	: >why
	for ((i = $4; i <= $5; i++)); do
		prepare
		# shellcheck disable=SC2086
		limited strace -o /dev/null -e "trace=$call" -e "inject=$call:error=$error:when=$i$(later "$call" "$error")" \
			"$kcovreport" ${commands[$name]}
		step "$name" "$call number $i fails with $error"
	done
	verdict $ok "$name: $call fails with $error ($runs places, $errors errors)"
}

# fail_call NAME CALL ERROR: the same for calls of a library function, but of many only some
fail_call()
{
	local name=$1 call=$2 error=$3 i last ok=0 runs=0 errors=0
	last=$(awk -v call="$call" '$1 == call { print $2 }' counts)
	[ "$last" -gt 0 ] || return 0
	: >why
	for ((i = 1; i <= last; i += 1 + i / 8)); do
		prepare
		preloaded fail_call "FAIL_CALL=$call:$error:$i$(later "$call" "$error")" "$name"
		step "$name" "$call number $i fails with $error"
	done
	verdict $ok "$name: $call fails with $error ($runs places, $errors errors)"
}

# count CALL COMMAND...: how many such calls
count()
{
	local call=$1
	shift
	strace -o calls -e "trace=$call" "$@" >/dev/null 2>&1 </dev/null
	grep -cE "^($(tr ',' '|' <<<"$call"))\(" calls
}

# no_memory NAME: fail an allocation, and all later ones: each of the first ones, and some of the others
no_memory()
{
	local name=$1 last i ok=0 runs=0 errors=0
	prepare
	# shellcheck disable=SC2086
	env NO_MEMORY_COUNT=9 "LD_PRELOAD=$leaks$tmp/no_memory.so" "$kcovreport" ${commands[$name]} >/dev/null 2>&1 9>allocations
	last=$(cat allocations)
	: >why
	for ((i = 1; i <= last; i += 1 + i / 8)); do
		prepare
		preloaded no_memory NO_MEMORY=$i+ "$name"
		step "$name" "allocation number $i of $last fails"
	done
	[ $errors -gt 0 ] || { ok=1; echo "none of $runs was an error" >>why; }
	verdict $ok "$name: no memory ($runs places, $errors errors)"
}

# short NAME: all calls read or write one byte. That is no fault, so all must be done.
short()
{
	local name=$1 call ok=0 runs=0 errors=0
	: >why
	for call in read pread64 write; do
		prepare
		preloaded fail_call "FAIL_CALL=$call:SHORT:1+" "$name"
		step "$name" "short $call"
		[ "$status" -eq 0 ] || { ok=1; echo "short $call: status $status"; tail -n 3 stderr; } >>why
	done
	verdict $ok "$name: short reads and writes"
}

tracing=0
if [ $sanitized = 0 ]; then
	strace -o /dev/null true 2>/dev/null && tracing=1 || skip "failing system calls" "strace cannot trace here"
fi
for name in $traced formats show diff reach symbolize patch; do
	[ "$wanted" = "  " ] || [[ $wanted == *" $name "* ]] || continue
	prepare
	before=$(state)
	# shellcheck disable=SC2086
	"$kcovreport" ${commands[$name]} >"good.$name.stdout" 2>why </dev/null && state >"good.$name.state"
	verdict $? "$name: without a fault"
	if [ $tracing = 1 ] && [[ " $traced " == *" $name "* ]]; then
		for fault in write=ENOSPC write=EIO write=EINTR read=EIO read=EINTR openat=EMFILE mmap=ENOMEM rename=EACCES \
			mkdir=ENOSPC ftruncate=ENOSPC lseek=EIO; do
			call=${fault%=*} error=${fault#*=}
			prepare
			# shellcheck disable=SC2086
			last=$(count "$call" "$kcovreport" ${commands[$name]})
			# The calls of the loader and of the C library are made before, the same in all commands.
			first=$(($(count "$call" "$kcovreport" --version) + 1))
			# It prints, which the loader does not.
			[ "$call" != write ] || first=1
			# If it is the second of two that fails, there is no way back from the first one.
			[ "$call" != rename ] || last=$first
			[ "$first" -le "$last" ] || continue
			inject "$name" "$call" "$error" "$first" "$last"
		done
	fi
	if [ $sanitized = 1 ] && [[ " $traced " == *" $name "* ]]; then
		prepare
		preloaded fail_call "FAIL_COUNT=$tmp/counts" "$name"
		for fault in write=ENOSPC write=EINTR read=EIO read=EINTR pread64=EIO open64=EMFILE openat64=EMFILE fopen64=EMFILE \
			mmap64=ENOMEM rename=EACCES mkdir=ENOSPC ftruncate64=ENOSPC lseek64=EIO fstat64=EIO fork=EAGAIN; do
			fail_call "$name" "${fault%=*}" "${fault#*=}"
		done
	fi
	short "$name"
	no_memory "$name"
	# The limit on the size of files, in steps of 1024 bytes.
	: >why
	ok=0
	for blocks in 0 1 2 4 8; do
		prepare
		# shellcheck disable=SC2086
		text=$( (ulimit -f $blocks; exec "$kcovreport" ${commands[$name]} 2>&1 >/dev/null </dev/null))
		status=$?
		echo "$text" >stderr
		cp "good.$name.stdout" stdout
		right "$name" >right.out || { ok=1; echo "ulimit -f $blocks:"; cat right.out; } >>why
	done
	verdict $ok "$name: a limit on the size of files"
done

echo "1..$n"
exit $failed
