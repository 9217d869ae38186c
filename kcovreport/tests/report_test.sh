#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test `kcovreport report` from run files to a report, with a "kernel" of a few functions that is
# compiled here: how images are found, what the options do, and that a failure leaves nothing
# half-written. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/report_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
check_report=$here/../../render/tests/check_report.sh
tmp=$(mktemp -d) || exit 99
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$tmp"' EXIT
shown=("$tmp/out" "$tmp/err")
# No file of this machine may be found by accident.
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
unset XDG_CACHE_HOME

skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# report STATUS [OPTION...]: run it and keep its output; fails if it exits with another status
report()
{
	local expected=$1 status
	shift
	"$kcovreport" report "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq "$expected" ] && return
	echo "exit status $status, expected $expected" >>"$tmp/err"
	return 1
}

# refused DESCRIPTION PATTERN [OPTION...]: it must fail with one line that matches, and write no file
refused()
{
	local description=$1 pattern=$2 before after
	shift 2
	before=$(find . -name 'coverage*' | sort; cat coverage/coverage.* 2>/dev/null | cksum)
	report 1 "$@" && [ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qE "^kcovreport: error: $pattern" "$tmp/err" &&
		[ ! -s "$tmp/out" ]
	local ok=$?
	after=$(find . -name 'coverage*' | sort; cat coverage/coverage.* 2>/dev/null | cksum)
	[ "$before" = "$after" ] || { ok=1; echo "left behind: $after" >>"$tmp/err"; }
	verdict $ok "$description"
}

# A kernel of three files in a source tree of its own.
mkdir -p "$tmp/src/kernel" "$tmp/src/fs" "$tmp/src/mm" "$tmp/work" || exit 99
cat >"$tmp/src/kernel/start.c" <<'END'
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {}
int reach(int x);
volatile int sink;

void _start(void)
{
	sink = reach(2);
}
END
cat >"$tmp/src/fs/reach.c" <<'END'
static inline int twice(int x)
{
	if (x > 3)
		return x * 2;
	return x;
}

int reach(int x)
{
	if (x)
		return twice(x);
	return 3;
}
END
cat >"$tmp/src/mm/unreached.c" <<'END'
int unreached(int x)
{
	return x / 3;
}
END
compile()
{
	local objects=() name

	for name in fs/reach mm/unreached; do
		gcc -g -O1 -fsanitize-coverage=trace-pc -fno-optimize-sibling-calls "$@" \
			-c "$tmp/src/$name.c" -o "$tmp/${name#*/}.o" || return
		objects+=("$tmp/${name#*/}.o")
	done
	gcc -g -O1 -c "$tmp/src/kernel/start.c" -o "$tmp/start.o" &&
		gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/start.o" "${objects[@]}" -o "$tmp/vmlinux"
}
build_id()
{
	readelf -n "$1" | sed -n 's/.*Build ID: //p'
}
compile -DOTHER=1 -fno-inline && mv "$tmp/vmlinux" "$tmp/other" && compile || exit 99
cp "$tmp/vmlinux" "$tmp/work/vmlinux"
id=$(build_id "$tmp/vmlinux")
[ -n "$id" ] && [ "$id" != "$(build_id "$tmp/other")" ] || exit 99

# All return addresses in reach(): the first two are those of its entry block and of a branch.
pcs=$(objdump -d --no-show-raw-insn "$tmp/vmlinux" |
	awk '/call .*<__sanitizer_cov_trace_pc>/ { getline; sub(":", "", $1); print $1 }')
echo "$pcs" | head -n 3 >"$tmp/some"
echo "$pcs" >"$tmp/all"
cd "$tmp/work" || exit 99
"$kcovreport" import --build-id "$id" -o kcov.data "$tmp/some" || exit 99
"$kcovreport" import --build-id "$id" -o all.data "$tmp/all" || exit 99
"$kcovreport" import -o unknown.data "$tmp/some" || exit 99
: >"$tmp/none"

# -- one line of a file, one source file

# kcov COMMAND...: run it and keep its output
kcov()
{
	"$kcovreport" "$@" >"$tmp/out" 2>"$tmp/err"
}

kcov show fs/reach.c && grep -qE '^ +1 [+] +8 +\| int reach\(int x\)$' "$tmp/out" &&
	[ "$(wc -l <"$tmp/out")" -eq "$(wc -l <"$tmp/src/fs/reach.c")" ] &&
	[ "$(sed 's/^[^|]*| //' "$tmp/out")" = "$(cat "$tmp/src/fs/reach.c")" ]
verdict $? "show: a source, each line with its margin"
grep -qE '^ +1 [+] +3 -F +\| ' "$tmp/out" && grep -qE '^ +1 [+] +10 TF +\| ' "$tmp/out"
verdict $? "show: a condition that was never true, and one that was both"
kcov show fs/reach.c --no-sources && grep -qE '^ +1 [+] +10 [-+?]{2} +\| ' "$tmp/out"
verdict $? "show --no-sources: its jump"
kcov report --explain fs/reach.c:3 && grep -qx '  condition: true 0 times, false 1 time' "$tmp/out"
verdict $? "explain: how often a condition was true and false"
kcov show reach.c:twice kcov.data && [ "$(sed 's/^[^|]*| //' "$tmp/out")" = "$(head -n 6 "$tmp/src/fs/reach.c")" ]
verdict $? "show: one function"
kcov show unreached.c:unreached && grep -qE '^ +0 - +3 +\| ' "$tmp/out"
verdict $? "show: a function that was missed"
for name in nowhere.c each.c ''; do
	! kcov show "$name" && grep -q "no instrumented code belongs to '$name'" "$tmp/err"
	verdict $? "show: no such file: '$name'"
done
! kcov show reach.c:nothing && grep -q "has no instrumented function 'nothing'$" "$tmp/err" &&
	! kcov show reach.c:9 && grep -q "has no instrumented function '9' ('kcovreport report --explain FILE:LINE' explains a line)" "$tmp/err"
verdict $? "show: no such function, and a line is not one"
kcov report --explain fs/reach.c:9 &&
	grep -qE '/fs/reach.c:9: hit, count 1, 1 of 1 blocks hit$' "$tmp/out" &&
	grep -qE '^  0x[0-9a-f]+-0x[0-9a-f]+ vmlinux reach: hit 1 time, by its point; the statement begins here$' "$tmp/out"
verdict $? "explain: the blocks of a line"
kcov report --explain fs/reach.c && grep -q '/fs/reach.c:9: hit, count 1, 1 of 1 blocks hit$' "$tmp/out" &&
	[ "$(grep -c '/fs/reach.c:' "$tmp/out")" -gt 1 ] && [ "$(grep -c '^/' "$tmp/out")" -eq "$(grep -c '/fs/reach.c:' "$tmp/out")" ]
verdict $? "explain: all lines of a file"
kcov report --explain fs/reach.c:12 && grep -q '/fs/reach.c:12: hit, count 1, ' "$tmp/out" && ! grep -q statements "$tmp/out"
verdict $? "explain: text has no counts: no statement was executed too often"
kcov report --no-sources --explain fs/reach.c:12 && grep -q '/fs/reach.c:12: hit, count 1, ' "$tmp/out" &&
	! grep -q statements "$tmp/out"
verdict $? "explain: without the sources, only the machine code"
! kcov report --explain each.c && grep -q "no instrumented code belongs to 'each.c'" "$tmp/err"
verdict $? "explain: no such file"
! kcov report --explain fs/reach.c:999 && grep -q "no instrumented code belongs to 'fs/reach.c:999'" "$tmp/err" &&
	[ ! -e coverage ]
verdict $? "explain: a line without code"
for text in reach.c: reach.c:0 :3 reach.c:x; do
	kcov report --explain "$text"
	[ $? -eq 2 ] && grep -q "takes FILE:LINE or FILE, not '$text'" "$tmp/err"
	verdict $? "explain: '$text' is wrong use"
done

# -- a signal in the middle: report waits for a run file, a FIFO that has no writer

for signal in INT TERM HUP; do
	mkfifo "$tmp/fifo"
	env --default-signal "$kcovreport" report --vmlinux "$tmp/vmlinux" -o "$tmp/interrupted" "$tmp/fifo" >/dev/null 2>&1 &
	for _ in {1..100}; do
		[ -d "$tmp/interrupted" ] && break
		sleep 0.1
	done
	[ -d "$tmp/interrupted" ] && kill -s $signal $! && ! wait $! && [ ! -e "$tmp/interrupted" ]
	verdict $? "interrupted by SIG$signal: no directory is left"
	rm -rf "$tmp/fifo" "$tmp/interrupted"
done

# -- the report itself

report 0 && "$check_report" coverage >"$tmp/out" 2>"$tmp/err"
verdict $? "defaults: ./kcov.data, ./vmlinux, ./coverage; accepted by genhtml, lcov and the schema"

report 0 && grep -q '^fs  .*%$' "$tmp/out" && grep -q '^1 directory not reached ' "$tmp/out" &&
	grep -q '^total  .*%$' "$tmp/out" && grep -q "build id $id" "$tmp/out"
verdict $? "the summary has the kernel, directories and a total"

grep -q "^SF:$tmp/src/fs/reach.c$" coverage/coverage.info && grep -q '^FNDA:0,unreached$' coverage/coverage.info &&
	grep -q '^FNDA:1,reach$' coverage/coverage.info
verdict $? "functions are hit and not hit"

cp coverage/coverage.info "$tmp/first.info" && cp coverage/coverage.json "$tmp/first.json"
report 0 && cmp coverage/coverage.info "$tmp/first.info" && cmp coverage/coverage.json "$tmp/first.json"
verdict $? "the same input gives the same bytes"

report 0 kcov.data all.data kcov.data -o sum && grep -q '^FNDA:3,reach$' sum/coverage.info &&
	grep -q '^FNDA:1,unreached$' sum/coverage.info &&
	[ "$(grep -c '^{"path":".*\.data"' sum/coverage.json)" -eq 3 ]
verdict $? "several run files add up, each is described"

report 0 -o html/../a/b/report && [ -s a/b/report/coverage.info ] || report 0 -o a/b/report && [ -s a/b/report/coverage.json ]
verdict $? "the output directory is made with its parents"

# -- formats

rm -rf coverage
report 0 && cp "$tmp/out" "$tmp/summary" && report 0 --format json -o f1 && cmp "$tmp/out" "$tmp/summary" &&
	[ "$(ls f1)" = coverage.json ] && cmp f1/coverage.json "$tmp/first.json"
verdict $? "--format json writes that alone, and prints the summary"
report 0 --format text,lcov,text,lcov -o f2 && [ "$(ls f2)" = coverage.info ] && cmp f2/coverage.info "$tmp/first.info"
verdict $? "--format takes a list, each format once"
report 0 --format text -o f3 && cmp "$tmp/out" "$tmp/summary" && [ ! -e f3 ]
verdict $? "--format text writes no file"
report 2 --format lcov,pdf -o f4 && grep -q "unknown format 'pdf', known formats: lcov, json, .*, text$" "$tmp/err" && [ ! -e f4 ]
verdict $? "an unknown format is wrong use, and the known ones are named"
report 2 --format '' && grep -q "unknown format ''" "$tmp/err"
verdict $? "so is none at all"

# -- only files with a hit

report 0 --touched -o t1 && "$check_report" t1 >"$tmp/check" 2>&1 && cp "$tmp/out" "$tmp/touched" &&
	! grep -q unreached t1/coverage.info t1/coverage.json && grep -q '^"touched": true,$' t1/coverage.json &&
	grep -q '^TN:touched_files_only$' t1/coverage.info && [ "$(grep -c ^SF: t1/coverage.info)" -eq 1 ]
verdict $? "--touched writes only files with a hit, says so in them, and genhtml and lcov take them"
diff "$tmp/summary" "$tmp/touched" | sed -n 's/^> //p' >"$tmp/added"
! diff "$tmp/summary" "$tmp/touched" | grep -q '^<' && grep -q '^--touched: the report has the 1 of 2 source files' "$tmp/added" &&
	read -r lines functions branches < <(sed -n 's/^lines \([^ ]*\) functions \([^ ]*\) branches \([^ ]*\) .*/\1 \2 \3/p' "$tmp/check") &&
	[ "$(sed -n 3p "$tmp/added" | sed 's/ ([^)]*)//g')" = "  lines $lines, functions $functions, branches $branches" ]
verdict $? "the summary has the totals of all files, and adds those of lcov"
/usr/bin/python3 "$here/../../render/tests/expand_json.py" <t1/coverage.json >"$tmp/expanded" &&
	[ "$(grep -oE '"state":"(hit|partial)"' "$tmp/expanded" | wc -l)" -eq "$(grep -cE '^DA:[0-9]+,[1-9]' t1/coverage.info)" ]
verdict $? "coverage.json, expanded, has the hit lines of the tracefile"
"$kcovreport" import --build-id "$id" -o elsewhere.data <(echo ffffffffa0000000) 2>/dev/null
report 0 --touched -o t2 elsewhere.data && grep -q 'warning: --touched leaves no source file' "$tmp/err" && [ ! -s t2/coverage.info ] &&
	[ -s t2/coverage.json ]
verdict $? "--touched of a run that hit nothing says so"

# -- finding vmlinux

mkdir -p "$KCOVREPORT_CACHE/kernel/6.0-x" && mv vmlinux "$KCOVREPORT_CACHE/kernel/6.0-x/vmlinux"
report 0 -o c1 && grep -q "\"path\":\"$KCOVREPORT_CACHE/kernel/6.0-x/vmlinux\"" c1/coverage.json
verdict $? "vmlinux is found in the cache of kernels"

cp "$tmp/other" vmlinux
report 0 -o c2 && grep -q "\"path\":\"$KCOVREPORT_CACHE/kernel/6.0-x/vmlinux\"" c2/coverage.json
verdict $? "one of another build is passed over"

rm -r "$KCOVREPORT_CACHE"
refused "none of them fits: the error names what was there" \
	"no vmlinux with build id $id found: './vmlinux' has build id [0-9a-f]{40} \(name the vmlinux .*--vmlinux\)$" -o c3
refused "a vmlinux of another build is refused" "'$tmp/other' is not the kernel that ran: .* \(--force" \
	--vmlinux "$tmp/other" -o c3
report 0 --vmlinux "$tmp/other" --force -o c3 && grep -q "warning: .* is not the kernel that ran" "$tmp/err"
verdict $? "--force takes it with a warning"
report 0 --vmlinux "$tmp/vmlinux" -o c4 unknown.data && grep -q 'warning: .* used unchecked' "$tmp/err"
verdict $? "a run without build id needs --vmlinux, and says so"
refused "without it, that is an error" "the run has no build id of its kernel \(name its" unknown.data -o c5
objcopy -g "$tmp/vmlinux" stripped && refused "vmlinux without debug info" ".*stripped" --vmlinux stripped -o c5
mkdir -p "debug/.build-id/${id:0:2}" && objcopy --only-keep-debug "$tmp/vmlinux" "debug/.build-id/${id:0:2}/${id:2}.debug"
report 0 -k stripped --debug-dir debug -o c6 && cmp "$tmp/first.info" c6/coverage.info
verdict $? "debug info is found with --debug-dir"
head -c 3000 "$tmp/vmlinux" >cut && refused "vmlinux cut off" ".*'cut'" --vmlinux cut -o c5
refused "not an ELF file" ".*'$tmp/some' is not an ELF file" --vmlinux "$tmp/some" -o c5
refused "no such vmlinux" ".*'missing'.*No such file" --vmlinux missing -o c5
refused "modules in no directory" "cannot search 'cut' for modules: Not a directory" --vmlinux "$tmp/vmlinux" --modules cut -o c5

# -- modules

make_run=$(dirname "$kcovreport")/tests/kcovreport/tests/find_module_test
cp "$tmp/vmlinux" vmlinux
mkdir -p mods/kernel/deep
cat >"$tmp/src/fs/mod.c" <<'END'
int module_function(int x)
{
	return x + 1;
}
END
gcc -g -O1 -fsanitize-coverage=trace-pc -fno-pic -c "$tmp/src/fs/mod.c" -o "$tmp/mod.o" &&
	ld -r --build-id "$tmp/mod.o" -o mods/kernel/deep/my-mod.ko || exit 99
mod_id=$(build_id mods/kernel/deep/my-mod.ko)
base=ffffffffa0001000
offset=$(objdump -dr --no-show-raw-insn mods/kernel/deep/my-mod.ko |
	awk '/R_X86_64.*trace_pc/ { getline; sub(":", "", $1); print $1; exit }')
{ cat "$tmp/some"; printf '%x\n' $((0x$base + 0x$offset)); } >"$tmp/with_module"
# Write a run with the module under this build id.
run_with_module()
{
	"$make_run" mod.data "$id" "$tmp/with_module" my_mod $base "$1" || exit 99
}

if [ -x "$make_run" ]; then
	run_with_module "$mod_id"
	report 0 mod.data -o m1 && grep -q '^FNDA:1,module_function$' m1/coverage.info &&
		grep -q '"name":"my_mod","path":"[^"]*mods/kernel/deep/my-mod.ko"' m1/coverage.json &&
		"$check_report" m1 >"$tmp/out" 2>"$tmp/err"
	verdict $? "a module is found below the directory of vmlinux"
	mkdir -p mods/a && objcopy -g mods/kernel/deep/my-mod.ko mods/a/my_mod.ko
	report 0 mod.data -o m1 && grep -q 'mods/kernel/deep/my-mod.ko"' m1/coverage.json
	verdict $? "a stripped copy that comes first is passed over"
	rm -r mods/a
	mv mods "$tmp/mods"
	report 0 mod.data -o m2 && grep -q "my_mod (1 PC): no file 'my_mod.ko' found" "$tmp/out" &&
		grep -q '1 of 4 distinct PCs .* not coverage points' "$tmp/out" && "$check_report" m2 >"$tmp/out" 2>"$tmp/err"
	verdict $? "one that is not found is told with its PCs, and fails nothing"
	report 0 mod.data -o m3 --modules "$tmp/mods" && grep -q '^FNDA:1,module_function$' m3/coverage.info
	verdict $? "--modules names the place"
	run_with_module "$id"
	report 0 mod.data -o m4 --modules "$tmp/mods" && grep -q "my_mod (1 PC): .*my-mod.ko' has build id $mod_id, not $id" "$tmp/out"
	verdict $? "one of another build is not used"
	report 0 mod.data -o m5 --modules "$tmp/mods" --force && grep -q "warning: module 'my_mod'" "$tmp/err" &&
		grep -q '^FNDA:1,module_function$' m5/coverage.info
	verdict $? "but with --force it is"
	echo garbage >"$tmp/mods/kernel/deep/my-mod.ko"
	report 0 mod.data -o m6 --modules "$tmp/mods" && grep -q "my_mod (1 PC): '.*my-mod.ko' is not an ELF file" "$tmp/out"
	verdict $? "one that is broken is told"
else
	skip "modules" "no $make_run"
fi

# -- paths and filters

cp -rp "$tmp/src" "$tmp/moved"
report 0 --source-dir "$tmp/moved" -o p1 && grep -q "^SF:$tmp/moved/fs/reach.c$" p1/coverage.info && ! grep -q 'source file' "$tmp/out"
verdict $? "--source-dir stands in place of the tree that was compiled"
report 0 --strip "$tmp" -o p2 && grep -q '^SF:/src/fs/reach.c$' p2/coverage.info &&
	grep -q 'source file.*--source-dir DIR' "$tmp/out" && grep -q 'synthesize-missing' "$tmp/out"
verdict $? "--strip removes; missing sources are told, with genhtml's options"
report 0 --strip /elsewhere -o p3 && grep -q "warning: --strip '/elsewhere' changes no path" "$tmp/err"
verdict $? "--strip without effect is warned of"
report 0 --include '*/reach.c' --exclude nothing -o p4 && [ "$(grep -c ^SF: p4/coverage.info)" -eq 1 ] &&
	grep -q "warning: --exclude 'nothing' matches no source file" "$tmp/err" && "$check_report" p4 >"$tmp/out" 2>"$tmp/err"
verdict $? "--include chooses, and a pattern without effect is warned of"
report 1 --include fs -o p4 && grep -q "warning: --include 'fs' matches no source file (a directory ends with '/')" "$tmp/err"
verdict $? "a directory without its slash is told"
report 1 --exclude '*' -o p5 && grep -q 'leave no source file' "$tmp/err" && [ ! -e p5 ]
verdict $? "a filter that leaves nothing is an error"
refused "no such source directory" "cannot use source directory '/nonexistent': No such file" --source-dir /nonexistent -o p6
head -n 5 "$tmp/src/fs/reach.c" >"$tmp/moved/fs/reach.c"
report 0 --source-dir "$tmp/moved" -o p7 && grep -q 'sources do not match the kernel' "$tmp/out" && "$check_report" p7 >"$tmp/out" 2>"$tmp/err"
verdict $? "sources that are too short are told, and genhtml takes the rest"
rm "$tmp/moved/fs/reach.c" && mkdir "$tmp/moved/fs/reach.c"
report 0 --source-dir "$tmp/moved" -o p8 && grep -q '1 source file not readable .*not a regular file' "$tmp/out"
verdict $? "an unreadable source is told"

# -- sources that changed, or that only debug info names

cp -rp "$tmp/src" "$tmp/changed" && touch -d '+1 hour' "$tmp/changed/fs/reach.c"
report 0 --source-dir "$tmp/changed" -o s1 &&
	grep -q "^1 source file newer than the image ($tmp/changed/fs/reach.c): if changed" "$tmp/out"
verdict $? "a source that was written after the image is told"
kcov show reach.c --source-dir "$tmp/changed" && grep -q "warning: '.*/reach.c' is newer than the image" "$tmp/err" &&
	[ "$(wc -l <"$tmp/err")" -eq 1 ] && kcov show reach.c && [ ! -s "$tmp/err" ]
verdict $? "show says so too, and nothing of a source that is older"
: >"$tmp/changed/mm/unreached.c"
report 0 --source-dir "$tmp/changed" -o s2 &&
	grep -q "^1 source file shorter than when the kernel was compiled ($tmp/changed/mm/unreached.c)" "$tmp/out"
verdict $? "a source that was emptied is told"
rm "$tmp/changed/fs/reach.c" && mkfifo "$tmp/changed/fs/reach.c"
timeout 60 "$kcovreport" show reach.c --strip "$tmp/src" --source-dir "$tmp/changed" >"$tmp/out" 2>"$tmp/err"
[ $? -eq 1 ] && grep -q "'.*/reach.c' is not a regular file" "$tmp/err"
verdict $? "show does not wait for a FIFO"

# -- outputs

umask 022
report 0 -o o1 && chmod 640 o1/coverage.info && report 0 -o o1 && [ "$(stat -c %a o1/coverage.info)" = 640 ]
verdict $? "the mode of an output stays"
report 1 --vmlinux /nonexistent -o o2/new/deep; [ $? -eq 0 ] && [ ! -e o2 ]
verdict $? "a failure leaves no directory"
if [ "$(id -u)" -eq 0 ]; then
	mkdir -m 1777 shared && echo secret >target && ln -s ../target shared/coverage.info &&
		chown -h 4711 shared/coverage.info && mkdir linked && ln -s ../linked shared/cov && chown -h 4711 shared/cov
	report 1 -o shared && grep -q "'shared/coverage.info' is a link of another user (uid 4711)" "$tmp/err" &&
		[ "$(cat target)" = secret ] && [ "$(ls shared | wc -l)" -eq 2 ]
	verdict $? "a link that another user planted is not followed"
	report 1 -o shared/cov && [ -z "$(ls linked)" ]
	verdict $? "nor one in place of the directory"
	SUDO_UID=4711 SUDO_GID=4712 "$kcovreport" report -o o3/deep >"$tmp/out" 2>"$tmp/err" &&
		[ "$(find o3 -uid 4711 -gid 4712 | wc -l)" -eq 5 ] &&
		SUDO_UID=4711 SUDO_GID=4712 "$kcovreport" merge -o o4 kcov.data && [ "$(stat -c %u:%g o4)" = 4711:4712 ]
	verdict $? "under sudo outputs belong to its caller"
else
	skip "a link that another user planted is not followed" "not root"
fi

# -- why nothing is left, what imported PCs are, and where modules were

"$kcovreport" import --build-id "$id" --module a-mod=ffffffffc0000000 -o module.data <(cat "$tmp/some"; echo ffffffffc0000123)
report 1 --include '/home/u/mod/*' -o none-left module.data &&
	grep -q 'warning: a_mod (1 PC) is not in the report: .*a_mod.ko' "$tmp/err" && [ ! -e none-left ]
verdict $? "if no file is left, the image that could not be used is told"
for command in 'show mod.c' 'report --explain mod.c' 'report --explain mod.c:3'; do
	# shellcheck disable=SC2086 # words
	! kcov $command module.data && grep -q 'warning: a_mod (1 PC) is not in the report: .*a_mod.ko' "$tmp/err" &&
		grep -q "no instrumented code belongs to 'mod.c" "$tmp/err"
	verdict $? "${command%.c*}: and if the file has no code"
done
gcc -g -O1 -static -nostdlib -no-pie "$tmp/src/kernel/start.c" "$tmp/src/fs/reach.c" -o "$tmp/bare" &&
	"$kcovreport" import -o bare.data "$tmp/some"
report 1 --vmlinux "$tmp/bare" -o none-left bare.data &&
	grep -q "error: '$tmp/bare' has no coverage points (.*CONFIG_KCOV_INSTRUMENT_ALL" "$tmp/err" && [ ! -e none-left ]
verdict $? "no code is instrumented"
report 0 -o m2 module.data && grep -q '  a_mod (1 PC): .*a_mod.ko' "$tmp/out"
verdict $? "import says where a module was"
echo '[{"Name":"","Addr":18446744071578845184,"Size":1,"Path":""},{"Name":"a_mod","Addr":18446744072635809792,"Size":0}]' >m.json
"$kcovreport" import --modules m.json --build-id "$id" -o modules.data <(cat "$tmp/some"; echo ffffffffc0000123) &&
	kcov dump modules.data && grep -q '^module base 0xffffffffc0000000 size 1048576 name "a_mod"$' "$tmp/out" &&
	[ "$(grep -c ^module "$tmp/out")" -eq 1 ]
verdict $? "import reads syzkaller's modules"
kcov import --module nothing -o x "$tmp/some"; [ $? -eq 2 ] && grep -q 'takes NAME=ADDRESS' "$tmp/err"
verdict $? "import: a module without an address is wrong use"
"$kcovreport" import --machine x86_64 --build-id "$id" -o machine.data "$tmp/some" && "$kcovreport" export --pc-kind call machine.data >calls
"$kcovreport" import --build-id "$id" -o calls.data calls && report 0 -o c1 calls.data &&
	grep -q "warning: imported PCs are taken for addresses of calls: 3 .*, 0 .*--pc-kind call" "$tmp/err" &&
	cmp c1/coverage.info "$tmp/first.info"
verdict $? "addresses of calls are recognised"
"$kcovreport" import --build-id "$id" --pc-kind call -o called.data calls && report 0 -o c2 called.data && [ ! -s "$tmp/err" ] &&
	cmp c2/coverage.info "$tmp/first.info" && report 0 -o c3 kcov.data && [ ! -s "$tmp/err" ]
verdict $? "of others nothing is said"

# A build with relative paths (-fdebug-prefix-map=$PWD=.).
(cd "$tmp/src" && gcc -g -O1 "-ffile-prefix-map=$tmp/src=." -fsanitize-coverage=trace-pc -c "$tmp/src/fs/reach.c" -o "$tmp/reach.o" &&
	gcc -g -O1 "-ffile-prefix-map=$tmp/src=." -c kernel/start.c -o "$tmp/start.o" &&
	gcc -static -nostdlib -no-pie "$tmp/start.o" "$tmp/reach.o" -o "$tmp/relative") &&
	"$kcovreport" points "$tmp/relative" | cut -d' ' -f1 >relative.pcs && "$kcovreport" import -o relative.data relative.pcs
report 0 --vmlinux "$tmp/relative" --source-dir "$tmp/src" -o r1 relative.data && grep -q "^SF:$tmp/src/fs/reach.c$" r1/coverage.info
verdict $? "relative paths are below --source-dir"
(cd "$tmp/src" && report 0 --vmlinux "$tmp/relative" -o "$tmp/work/r2" ../work/relative.data && grep -q "^SF:$tmp/src/fs/reach.c$" "$tmp/work/r2/coverage.info")
verdict $? "or below the current directory"

# -- bad run files, bad output directories

refused "no run file" ".*'missing.data'.*No such file" missing.data
refused "not a run file" ".*'vmlinux'" vmlinux
refused "an empty run file" ".*'empty'" "$(: >empty; echo empty)"
"$kcovreport" import --build-id "$id" -o none.data "$tmp/none"
refused "nothing recorded" "no PC was recorded in 'none.data' \(the text that it was imported from has none\)" none.data
head -c $(($(stat -c %s kcov.data) * 2 / 3)) kcov.data >cut.data
refused "only the beginning is left" "no PC was recorded in 'cut.data' \('cut.data': .* damaged at .*\)" cut.data
"$kcovreport" import --build-id "$(build_id "$tmp/other")" -o other.data "$tmp/some"
refused "runs of two kernels" "'other.data' is of another kernel: .* \(make one report" kcov.data other.data
head -c "$(($(stat -c %s all.data) - 3))" all.data >short.data
report 0 short.data -o b1 && grep -q '^short.data: unfinished' "$tmp/out" &&
	[ "$(grep -cE '^short.data: .*(unfinished|damaged)' "$tmp/out")" -eq 1 ] && "$check_report" b1 >"$tmp/out" 2>"$tmp/err"
verdict $? "a cut run file is reported as far as it goes, and as unfinished"
: >file
refused "the output is a file" "cannot use directory 'file': Not a directory" -o file
ln -s nowhere link && refused "the output leads nowhere" "cannot use directory 'link', a symbolic link to 'nowhere': No such file" -o link/sub
refused "the output is below a file" "cannot .* directory 'file(/x)?': Not a directory" -o file/x
mkdir -p taken/coverage.info
refused "the tracefile is a directory" ".*taken/coverage.info.*: Is a directory" -o taken
refused "no place to make files" ".*/proc/x'" -o /proc/x
chmod 444 kcov.data
if [ "$(id -u)" -ne 0 ]; then
	mkdir readonly && chmod 555 readonly
	refused "a directory that is not writable" "cannot write to directory 'readonly': Permission denied" -o readonly
fi

# A full disk: too small for the JSON, with an older report in the directory.
mkdir small
if mount -t tmpfs -o size=16k tmpfs small 2>/dev/null; then
	mounted=$tmp/work/small
	echo old >small/coverage.info && echo old >small/coverage.json
	head -c 6000 /dev/zero >small/filler
	report 1 -o small && grep -q "error: cannot write 'small/coverage\.[a-z]*': No space left" "$tmp/err" &&
		[ "$(cat small/coverage.info small/coverage.json)" = $'old\nold' ] && [ "$(ls small | wc -l)" -eq 3 ]
	verdict $? "a full disk leaves the older report whole"
	mount -o remount,ro small
	refused "a file system that is read-only" "cannot write to directory 'small': Read-only" -o small
	umount small && mounted=
else
	skip "a full disk leaves the older report whole" "cannot mount a tmpfs"
fi
if [ -w /dev/full ]; then
	"$kcovreport" report -o d1 >/dev/full 2>"$tmp/err"
	[ $? -eq 1 ] && grep -q 'cannot write to standard output: No space' "$tmp/err"
	verdict $? "a summary that cannot be printed is an error"
fi
for command in "report --source remote" "report --source=$tmp/moved" "show --source local fs/reach.c"; do
	"$kcovreport" $command >"$tmp/out" 2>"$tmp/err"
	[ $? -eq 2 ] && grep -q -- 'unknown option --source: use --only=local|remote or --source-dir=DIR$' "$tmp/err"
	verdict $? "'$command' is wrong use, and names the two options that it was"
done
report 2 --only all && tr '\n' ' ' <"$tmp/err" | grep -q "takes local, remote, softirq, .* or system, not 'all'"
verdict $? "--only takes words"
refused "imported PCs are nobody's background work" "no remote PC was recorded in 'kcov.data'" --only remote
report 0 --only local -o l1 && cmp l1/coverage.info "$tmp/first.info"
verdict $? "--only local counts them"
report 2 --no-such-option || report 2 --include
verdict $? "wrong use ends with status 2"

echo "1..$n"
exit $failed
