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

# ask NAME COMMAND: runs a command line in the folder of the runs and adds it and its answer to the transcript.
ask()
{
	(cd "$results" && PATH=${KCOVREPORT%/*}:$PATH bash -o pipefail -c "$2") >"$results/$1.out" 2>"$results/$1.err" </dev/null
	result $? "$2" "$results/$1.err"
	printf '\n    $ %s\n' "$2" >>"$results/transcript"
	# The middle of the line is the host's business.
	sed "s|$tests/||; s/^./    &/; s/^	/    	/" "$results/$1.out" "$results/$1.err" >>"$results/transcript"
}

# is NAME PATTERN DESCRIPTION: a line of the answer matches.
is()
{
	grep -qE -- "$2" "$results/$1.out"
	result $? "$3" "$results/$1.out"
}

rm -rf "$results"
mkdir -p "$results/selftests" || exit 99
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
for test in "${selftests[@]##*/}"; do
	mv "$results/$test.kcov" "$results/selftests/"
done

# -- the lines that no selftest executes

ask merge 'kcovreport merge -o selftests.kcov selftests/*.kcov'
ask patch 'kcovreport patch --run selftests.kcov pidfd-o-path.patch'
is patch '^ +1 [+] +724 -F \| [+]	if \(file->f_mode & FMODE_PATH\) \{$' 'the condition is hit'
is patch '^ +0 - +725    \| [+]		fput\(file\);$' 'the error path is missed'
is patch '^ +0 - +726    \| [+]		return -EBADF;$' 'and its return'
is patch '^  724: the condition was never true$' 'the condition was never true'
is patch '^8 changed lines: 3 with code, 1 hit, 0 partial, 2 missed$' 'and nothing else'

# -- the selftest that comes near

ask reach 'kcovreport reach - selftests/*.kcov <pidfd-o-path.patch'
is reach '^ +1 +1/3  pidfd_getfd_test ' 'pidfd_getfd_test reaches the condition'
[ "$(grep -c '\.kcov)$' "$results/reach.out")" = 1 ]
result $? 'and no other one does' "$results/reach.out"

# -- what a test of the error path adds

ask both 'kcovreport patch --run selftests.kcov --run o_path.kcov pidfd-o-path.patch | tail -n 1'
is both '^8 changed lines: 3 with code, 3 hit, 0 partial, 0 missed$' 'with a test of the error path all lines are hit'
ask diff "kcovreport diff selftests.kcov o_path.kcov | sed -n '/^  pidfd_getfd,/,/only B/p'"
is diff '^  pidfd_getfd, line 708; they part at line 720: ' 'diff says where the new test parts from the selftests'
is diff '^    only B: 725-726$' 'and what only it executes'

# -- what is left if a run is subtracted from itself: blocks whose state only the counts of others tell, too

"$KCOVREPORT" report --quiet --vmlinux "$kernel/vmlinux" --subtract "$results/selftests.kcov" \
	-o "$results/nothing" "$results/selftests.kcov" 2>"$results/nothing.err"
jq -c '.totals | [.lines.hit, .functions.hit, .branches.hit, .points.hit]' "$results/nothing/summary.json" >"$results/nothing.out"
[ "$(cat "$results/nothing.out")" = '[0,0,0,0]' ]
result $? 'a run without itself is nothing' "$results/nothing.out"

# -- the manual

# The text between two markers. Task ids are not the same in each run.
sed -n '/^<!-- testdata.patched.run.sh prints this -->$/,/^<!-- end -->$/p' "$top/docs/patch.md" | sed '1d;$d' >"$results/manual"
diff -u <(sed 's/task [0-9][0-9]*/task N/' "$results/manual") <(sed 's/task [0-9][0-9]*/task N/' "$results/transcript") >"$results/difference"
result $? 'docs/patch.md has what was asked and answered here' "$results/difference"
echo "patched: $((number - failed)) passed, $failed failed, 0 skipped"
[ $failed = 0 ]
