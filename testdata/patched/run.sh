#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A patch from build to review: builds the kernel with pidfd-o-path.patch, which adds a condition with an error path to
# pidfd_getfd(), runs some kernel selftests on it, each with a run file of its own, and asks which lines of the patch they
# executed, which of them do, and what a test of the error path does more. Prints TAP. Everything that is asked and
# answered is in docs/patch.md too, which must be what is printed here.
#
# Environment: KCOVREPORT=PROGRAM (build/kcovreport), KERNEL=BUILD_DIR of the patched kernel (kernel/build.sh builds
# it), O=DIR for results (build).

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
top=$(cd "$here/../.." && pwd) || exit 99
O=${O:-$top/build}
KCOVREPORT=$(realpath "${KCOVREPORT:-$O/kcovreport}") || exit 99
patch=$here/pidfd-o-path.patch
kernel=${KERNEL:-$(PATCH=$patch "$top/kernel/build.sh")} || exit 99
stock=$("$top/kernel/build.sh" --print-dir) || exit 99
tests=$("$top/kernel/selftests.sh" "$stock") || exit 99
mkdir -p "$O" || exit 99
results=$(realpath "$O")/patched
selftests=(clone3/clone3 openat2/openat2_test pidfd/pidfd_open_test pidfd/pidfd_getfd_test pidfd/pidfd_wait)
export XDG_CACHE_HOME=$results/cache

number=0 failed=0

# result STATUS NAME [FILE]: one line of TAP, and after a failure the file.
result()
{
	number=$((number + 1))
	[ "$1" -eq 0 ] && echo "ok $number - $2" && return
	echo "not ok $number - $2"
	failed=$((failed + 1))
	[ -z "${3:-}" ] || sed 's/^/# /' "$3"
}

# ask NAME [ARG...]: runs kcovreport in the folder of the runs and adds question and answer to the transcript.
ask()
{
	local name=$1

	shift
	(cd "$results" && "$KCOVREPORT" "$@") >"$results/$name.out" 2>"$results/$name.err" </dev/null
	echo $? >"$results/$name.status"
	{
		printf '$ kcovreport %s\n' "$*"
		cat "$results/$name.out" "$results/$name.err"
		echo
	} >>"$results/transcript"
}

# is NAME PATTERN DESCRIPTION: a line of the answer matches.
is()
{
	grep -qE -- "$2" "$results/$1.out"
	result $? "$3" "$results/$1.out"
}

rm -rf "$results"
mkdir -p "$results" || exit 99
${CC:-gcc} -O1 -o "$results/o_path" "$here/o_path.c" || exit 99
cp "$patch" "$results/" || exit 99
ln -s "$kernel/vmlinux" "$results/vmlinux"
vm=${KCOVREPORT%/*}/vm/vm.sh
[ -x "$vm" ] || vm=$top/kernel/vm/vm.sh
"$vm" --kernel "$kernel" --cpus 1 --root --share "$results" -- \
	"$here/guest.sh" "$KCOVREPORT" "$results" "${selftests[@]/#/$tests/}" "$results/o_path" </dev/null >"$results/log" 2>&1
result $? 'the patched kernel runs the tests' "$results/log"
for test in "${selftests[@]##*/}" o_path; do
	[ "$(cat "$results/$test.status" 2>/dev/null)" = 0 ] && [ -s "$results/$test.kcov" ]
	result $? "$test passes under collect" "$results/$test.log"
done

runs=("${selftests[@]##*/}")
runs=("${runs[@]/%/.kcov}")
ask selftests patch "${runs[@]/#/--run=}" pidfd-o-path.patch
cat "$results/transcript"
