#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reports for CI: all formats of a run, paths relative to the source tree, and kernels whose debug info has
# other paths than this machine. The "kernels" are compiled here. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/formats_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
check=$here/../../render/tests
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out")
export KCOVREPORT_CACHE="$tmp/cache" LC_ALL=C.UTF-8

tree=$tmp/linux
mkdir -p "$tree/init" "$tree/kernel" "$tree/fs" "$tree/include" "$tree/build" "$tmp/o" "$tmp/elsewhere"
cat >"$tree/include/inc.h" <<'END_OF_C'
static inline __attribute__((always_inline)) int twice(volatile int *p)
{
	if (*p > 3)
		*p = 2;
	return *p;
}
END_OF_C
cat >"$tree/fs/open.c" <<'END_OF_C'
#include "inc.h"
volatile int state;
int do_open(int n)
{
	if (n > 2)
		state = 3;
	return twice(&state);
}
END_OF_C
echo 'int do_fork(int n) { return n > 1 ? 3 * n : 2; }' >"$tree/kernel/fork.c"
cat >"$tree/init/main.c" <<'END_OF_C'
int do_open(int n);
int do_fork(int n);
void _start(void)
{
	while (do_open(1) < do_fork(5))
		;
}
END_OF_C
echo 'void __sanitizer_cov_trace_pc(void) {}' >"$tmp/callback.c"
gcc -O2 -c "$tmp/callback.c" -o "$tmp/callback.o" || exit 99

cc=gcc
# kernel NAME DIRECTORY PREFIX [OPTION...]: compile $tmp/NAME.vmlinux in DIRECTORY, where sources have this PREFIX, and
# make $tmp/NAME.data, a run that executed all points but the first four.
kernel()
{
	name=$1 dir=$2 prefix=$3
	shift 3
	for file in init/main kernel/fork fs/open; do
		(cd "$dir" && "$cc" -g -O2 -fsanitize-coverage=trace-pc "-I${prefix}include" "$@" -c "$prefix$file.c" \
			-o "$tmp/$(basename $file).o") || exit 99
	done
	gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/main.o" "$tmp/fork.o" "$tmp/open.o" "$tmp/callback.o" \
		-o "$tmp/$name.vmlinux" || exit 99
	"$kcovreport" points --vmlinux "$tmp/$name.vmlinux" | cut -d' ' -f1 >"$tmp/$name.points"
	awk 'NR > 4' "$tmp/$name.points" >"$tmp/$name.pcs"
	"$kcovreport" import -o "$tmp/$name.data" "$tmp/$name.pcs" 2>"$tmp/out" || exit 99
}

# report DIRECTORY NAME [OPTION...]: in DIRECTORY; sets status
report()
{
	dir=$1 name=$2
	shift 2
	rm -rf "$tmp/report"
	(cd "$dir" && "$kcovreport" report --force --vmlinux "$tmp/$name.vmlinux" -o "$tmp/report" "$@" \
		"$tmp/$name.data") >"$tmp/summary" 2>"$tmp/err"
	status=$?
	cat "$tmp/err" "$tmp/summary" >"$tmp/out"
	return $status
}

kernel plain "$tree" ""

if /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
	for view in '' --touched --relative '--include=fs/*'; do
		# shellcheck disable=SC2086 # nothing, or one word
		report / plain --format lcov,json,cobertura,jsonl,csv,markdown,summary,text $view &&
			/usr/bin/python3 "$check/check_formats.py" "$tmp/report" "$here/../../docs/summary.schema.json" >"$tmp/out" 2>&1 &&
			grep -qE '^lines [1-9]' "$tmp/out"
		verdict $? "all formats have the same numbers${view:+ with $view}"
	done
else
	echo "ok $((n = n + 1)) - formats # SKIP no python3-jsonschema"
fi

report / plain --format jsonl
sed -n 's/.*"pc":\([0-9]*\)}$/\1/p' "$tmp/report/coverage.jsonl" | sort -u >"$tmp/listed"
while read -r pc; do echo $((pc - 5)); done <"$tmp/plain.points" | sort -u >"$tmp/all"
diff "$tmp/all" "$tmp/listed" >"$tmp/out"
verdict $? "jsonl lists the points of the image, as addresses of calls"
sed -n 's/.*"hit_count":[1-9].*"pc":\([0-9]*\)}$/\1/p' "$tmp/report/coverage.jsonl" | sort -u >"$tmp/listed"
while read -r pc; do echo $((pc - 5)); done <"$tmp/plain.pcs" | sort -u >"$tmp/all"
diff "$tmp/all" "$tmp/listed" >"$tmp/out"
verdict $? "and those that were executed have a count"
grep -q '"file_path":"include/inc.h","func_name":"twice","sl":3,"sc":0,"el":3,"ec":-1,"hit_count":[0-9]*,"inline":true' "$tmp/report/coverage.jsonl" &&
	grep -q '"file_path":"fs/open.c","func_name":"do_open","sl":7,.*"inline":false' "$tmp/report/coverage.jsonl"
verdict $? "with the function that they were inlined into"
report / plain && [ "$(ls "$tmp/report" | tr '\n' ' ')" = 'coverage.info coverage.json summary.json ' ]
verdict $? "without --format summary.json is there too"
report / plain --format text && [ ! -e "$tmp/report" ]
verdict $? "text alone writes no file"

SOURCE_DATE_EPOCH=1700000000 report / plain --format cobertura && grep -q ' timestamp="1700000000000"' "$tmp/report/coverage.xml"
verdict $? "the time is that of SOURCE_DATE_EPOCH"

# Names of 4000 characters make a large report of few functions.
awk 'BEGIN { for (i = 0; i < 2700; i++) { name = sprintf("f%05d_%3990s", i, ""); gsub(" ", "x", name)
	printf "int %s(int n) { return n + %d; }\n", name, i } }' >"$tree/fs/large.c"
gcc -g1 -fsanitize-coverage=trace-pc -c "$tree/fs/large.c" -o "$tmp/large.o" &&
	gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/main.o" "$tmp/fork.o" "$tmp/open.o" "$tmp/large.o" \
		"$tmp/callback.o" -o "$tmp/large.vmlinux" && cp "$tmp/plain.data" "$tmp/large.data"
report / large --format cobertura &&
	grep -q "coverage.xml' has 1[0-9].[0-9] MiB, and GitLab ignores reports of more than 10 MiB: --touched, --include or --exclude make it smaller (9[0-9] % of the lines are in 'fs')" "$tmp/err"
verdict $? "a Cobertura report that is too large for GitLab is a warning"
rm -f "$tree/fs/large.c"

# paths WANTED: those of the tracefile
paths()
{
	sed -n 's/^SF://p' "$tmp/report/coverage.info" >"$tmp/out"
	[ "$(tr '\n' ' ' <"$tmp/out")" = "$1 " ]
}
relative='fs/open.c include/inc.h init/main.c kernel/fork.c'
absolute=$(for path in $relative; do printf ' %s' "$tree/$path"; done)
absolute=${absolute# }

report / plain --relative && paths "$relative"
verdict $? "--relative: to the source root"
report / plain --relative="$tree/fs" && grep -q '3 source files not below the directory of --relative' "$tmp/out" &&
	paths "open.c ${absolute#* }"
verdict $? "--relative=ROOT: files elsewhere stay absolute, and are counted"
report / plain --relative="$tree/fs" --format cobertura,jsonl,csv,summary,markdown
for name in open.c "${tree#/}/include/inc.h" "${tree#/}/init/main.c" "${tree#/}/kernel/fork.c"; do
	grep -qF " filename=\"$name\"" "$tmp/report/coverage.xml" || break
	name=/$name
	grep -qF "\"file_path\":\"${name#/open.c}" "$tmp/report/coverage.jsonl" && grep -qF "file,${name#/open.c}" "$tmp/report/coverage.csv" || break
	name=
done
cat "$tmp/report/coverage.xml" >>"$tmp/out"
[ -z "$name" ] && [ "$(sed -n 's:<source>\(.*\)</source>:\1:p' "$tmp/report/coverage.xml" | tr '\n' ' ')" = "$tree/fs / " ] &&
	grep -qF "{\"name\":\"$tree/include\"" "$tmp/report/summary.json" && grep -qF "| \`$tree/include\` |" "$tmp/report/coverage.md"
verdict $? "--relative=ROOT: and in all formats, so that no two files have one name"
ln -s linux "$tmp/link"
kernel linked "$tmp/link" "$tmp/link/"
for root in "$tmp/link" "$tmp/link/fs/.." "$tree"; do
	report / linked --relative="$root" && paths "$relative"
	verdict $? "--relative=${root#"$tmp"}: a source tree behind a symbolic link"
done
report "$tmp/link" linked --relative=fs && paths "open.c $(for path in ${relative#* }; do printf ' %s' "$tmp/link/$path"; done | sed 's/^ //')"
verdict $? "--relative=fs: in that tree"
report "$tmp" linked --relative=. && paths "$(for path in $relative; do printf ' %s' "link/$path"; done | sed 's/^ //')"
verdict $? "--relative=.: above it"
report / plain --relative="$tmp/elsewhere" && grep -q "warning: --relative: no source file is below" "$tmp/err"
verdict $? "--relative=ROOT: nothing below it is a warning"
report / plain --relative="$tmp/none"
[ $? -eq 1 ] && grep -q "error: cannot use directory '$tmp/none'" "$tmp/err"
verdict $? "--relative=ROOT: no such directory"

kernel map "$tree" "" "-fdebug-prefix-map=$tree=."
kernel map-in-build "$tree/build" ../ "-ffile-prefix-map=$tree/="
kernel map-outside "$tmp/o" "$tree/" "-ffile-prefix-map=$tree/="
kernel usr-src "$tree" "" "-ffile-prefix-map=$tree=/usr/src/linux-of-a-test"
kernel map-named "$tree/build" ../ "-ffile-prefix-map=$tree=linux-of-a-test"
kernel map-above "$tree/build" "$tree/" "-ffile-prefix-map=$tmp=."
clang=
if command -v clang >/dev/null; then
	clang='clang-map clang-map-named'
	cc=clang kernel clang-map "$tree/build" ../ -gdwarf-5 "-ffile-prefix-map=$tree=."
	cc=clang kernel clang-map-named "$tree" "" -gdwarf-5 "-ffile-prefix-map=$tree=linux-of-a-test"
fi
for name in plain map map-in-build map-outside usr-src map-named map-above $clang; do
	report "$tree" $name && ! grep -q 'source files missing' "$tmp/out" && paths "$absolute"
	verdict $? "$name: sources are found in their tree, without options"
	report "$tree" $name --relative && paths "$relative"
	verdict $? "$name: and so are relative paths"
	report "$tmp/elsewhere" $name --source-tree "$tree" && ! grep -q 'source files missing\|changes no path' "$tmp/out" &&
		paths "$absolute"
	verdict $? "$name: elsewhere with --source-tree"
	(cd "$tree" && "$kcovreport" show --force -k "$tmp/$name.vmlinux" fs/open.c:do_open "$tmp/$name.data" &&
		"$kcovreport" report --explain fs/open.c:6 --force -k "$tmp/$name.vmlinux" "$tmp/$name.data") >"$tmp/out" 2>"$tmp/err" &&
		grep -q "| int do_open(int n)$" "$tmp/out" && grep -q "^$tree/fs/open.c:6: hit, " "$tmp/out" &&
		(cd "$tree" && "$kcovreport" report --explain "$tree/fs/open.c:6" --force -k "$tmp/$name.vmlinux" "$tmp/$name.data") 2>"$tmp/err" |
		grep -q "^$tree/fs/open.c:6: hit, "
	verdict $? "$name: show and --explain find them, too"
done
report "$tree" usr-src && grep -q "the source tree that was compiled is not there: taking that in '$tree'" "$tmp/err"
verdict $? "another source tree is said"
# One path is the end of another. Nothing is said twice, and a line with nothing but its function's count is of its file.
kernel two "$tree" "" "-ffile-prefix-map=$tree=/usr/src/linux-of-a-test"
mkdir -p "$tree/arch/fs" && printf '\n\nint arch_open(int n)\n{\n\treturn n > 1 ? 3 * n : 2;\n}\n' >"$tree/arch/fs/open.c"
(cd "$tree" && gcc -g -O2 -fsanitize-coverage=trace-pc "-ffile-prefix-map=$tree=/usr/src/linux-of-a-test" -c arch/fs/open.c -o "$tmp/arch.o") &&
	gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/main.o" "$tmp/fork.o" "$tmp/open.o" "$tmp/callback.o" "$tmp/arch.o" -o "$tmp/two.vmlinux" &&
	"$kcovreport" import -o "$tmp/two.data" --module "a=$(head -n 1 "$tmp/two.pcs" | sed 's/^0x//')" "$tmp/two.pcs" 2>"$tmp/out" || exit 99
# explain FILE[:LINE] [OPTION...]: in the source tree
explain()
{
	(cd "$tree" && "$kcovreport" report --force -k "$tmp/two.vmlinux" --explain "$@" "$tmp/two.data") >"$tmp/out" 2>"$tmp/err"
}
explain "$tree/fs/open.c" && grep -q "^$tree/fs/open.c:5: " "$tmp/out" && ! grep -q arch "$tmp/out"
verdict $? "--explain: an absolute path is not the end of another"
grep -q 'where no module can be' "$tmp/err" && [ -z "$(sort "$tmp/err" | uniq -d)" ]
verdict $? "--explain: what is wrong is said once"
explain /usr/src/linux-of-a-test/fs/open.c:5 && grep -q "^$tree/fs/open.c:5: " "$tmp/out" && ! grep -q arch "$tmp/out"
verdict $? "--explain: an absolute path of the debug info"
explain fs/open.c:5 && grep -q "^$tree/fs/open.c:5: " "$tmp/out" && grep -q "^$tree/arch/fs/open.c:5: " "$tmp/out"
verdict $? "--explain: a relative path is the end of both"
touch "$tree/fs/open.c" && explain fs/open.c:3 && ! grep -q '^  0x' "$tmp/out" && grep -q "warning: '$tree/fs/open.c' is newer than the image" "$tmp/err"
verdict $? "--explain: a line without code in a source that may have changed"
explain /nonexistent/arch/fs/open.c
[ $? -eq 1 ] && grep -q "no instrumented code belongs to '/nonexistent/arch/fs/open.c'" "$tmp/err"
verdict $? "--explain: no such file"
explain arch/fs/open.c:99 --exclude "$tree/fs/open.c"
[ $? -eq 1 ] && grep -q "no instrumented code belongs to 'arch/fs/open.c:99'" "$tmp/err"
verdict $? "--explain: no such line, and another file of this name is left out"
printf 'static inline __attribute__((always_inline)) int twice(int x)\n{\n\tx = x * 2;\n\treturn x + 1;\n}\n' >"$tmp/twice.h"
cat >"$tmp/caller.c" <<'END'
void __sanitizer_cov_trace_pc(void);
volatile int v;
#include "twice.h"
void _start(void) { int k = v; k++; k = twice(k); v = k; }
END
gcc -g -O1 -fsanitize-coverage=trace-pc -static -nostdlib -no-pie -Wl,--build-id "$tmp/caller.c" "$tmp/callback.o" -o "$tmp/two.vmlinux" &&
	"$kcovreport" points "$tmp/two.vmlinux" | cut -d' ' -f1 | "$kcovreport" import -o "$tmp/two.data" 2>"$tmp/out" || exit 99
explain twice.h:3 && : >"$tmp/twice.h" && ! explain twice.h:3 && grep -q "no instrumented code belongs to 'twice.h:3'" "$tmp/err"
verdict $? "--explain: a file without a point of its own, whose source is empty now"
mkdir "$tmp/x" "$tmp/y" && printf 'int x_run(int n)\n{\n\treturn n + 1;\n}\n' >"$tmp/x/run.c" && sed s/x_/y_/ "$tmp/x/run.c" >"$tmp/y/run.c"
cat >"$tmp/caller.c" <<'END'
int x_run(int), y_run(int);
void __attribute__((no_sanitize_coverage, noinline)) call_rcu(void *head, void *run) { asm volatile("" : : "r"(head), "r"(run)); }
void _start(void) { call_rcu(0, 0); x_run(0); y_run(0); }
END
gcc -g -O1 -fsanitize-coverage=trace-pc -static -nostdlib -no-pie -Wl,--build-id "$tmp/caller.c" "$tmp/x/run.c" "$tmp/y/run.c" \
	"$tmp/callback.o" -o "$tmp/two.vmlinux" && "$kcovreport" points "$tmp/two.vmlinux" | grep -v y_run | cut -d' ' -f1 |
	"$kcovreport" import -o "$tmp/two.data" 2>"$tmp/out" || exit 99
explain run.c:3 && grep -q '^  missed in what was recorded: ' "$tmp/out" && explain "$tmp/x/run.c:3" && ! grep -q missed "$tmp/out"
verdict $? "--explain: a file of the same name says nothing of work that was handed on"
rm -rf "$tree/arch"
report / map && ! grep -q '^SF://' "$tmp/report/coverage.info"
verdict $? "relative paths below / have one slash"

# Lines without code of their own, on which functions are declared, are among them.
report / plain
for file in $relative; do
	awk -F '[:,]' -v path="$tree/$file" '$1 == "SF" { on = $2 == path } on && $1 == "DA" { print $2, $3 }' "$tmp/report/coverage.info" >"$tmp/listed"
	(cd / && "$kcovreport" report --explain "$file" --force -k "$tmp/plain.vmlinux" "$tmp/plain.data") 2>"$tmp/err" |
		sed -nE 's/^\/.*:([0-9]+): (hit|partial|missed), count ([0-9]+), .*/\1 \3/p' | diff "$tmp/listed" - >"$tmp/out" && [ -s "$tmp/listed" ]
	verdict $? "--explain: each line of $file, with the count of the report"
done
(cd / && "$kcovreport" report --explain fs/open.c:3 --force -k "$tmp/plain.vmlinux" "$tmp/plain.data") >"$tmp/out" 2>"$tmp/err" &&
	grep -qx '  function: do_open is declared here, and was called 1 time' "$tmp/out"
verdict $? "--explain: a line that has no code but its function's count"
(cd / && "$kcovreport" report --explain fs/open.c --exclude 'fs/*' --force -k "$tmp/plain.vmlinux" "$tmp/plain.data") >"$tmp/out" 2>"$tmp/err"
[ $? -eq 1 ] && grep -q -e 'error: --include and --exclude leave no line that --explain asks for' "$tmp/err"
verdict $? "--explain: a file that is left out"

report / plain --quiet && [ ! -s "$tmp/summary" ] && ! grep -qv 'warning: ' "$tmp/err"
verdict $? "--quiet prints only warnings"

report / plain --fail-under lines=1,functions=1,branches=0
verdict $? "--fail-under: more was executed"
report / plain --fail-under lines=100,functions=99.9,branches=0
[ $? -eq 1 ] && [ "$(grep -cE 'error: [0-9.]+ % of [0-9]+ (lines|functions) were executed, [0-9.]+ less than the (100.0|99.9) % of --fail-under$' "$tmp/err")" = 2 ] &&
	[ -s "$tmp/report/coverage.info" ] && [ -s "$tmp/summary" ]
verdict $? "--fail-under: a line for each that fails, and the report"
percent=$(awk '$1 == "total" { print $3 + 0 }' FS='[ %]+' "$tmp/summary")
report / plain --quiet --format text --fail-under "lines=$percent" && ! report / plain -q --format text --fail-under "lines=$(awk "BEGIN { print $percent + 0.1 }")"
grep -q ', 0.1 less than' "$tmp/err"
verdict $? "--fail-under: the share of the summary is enough, and a tenth more is not"
wrong=
for list in 60 lines lines= lines=101 lines=100.1 lines=-1 lines=1.25 lines=60,x=1 lines=60, ''; do
	report / plain --fail-under "$list"
	[ $? -eq 2 ] || wrong="$wrong '$list'"
done
echo "accepted:$wrong" >"$tmp/out"
[ -z "$wrong" ]
verdict $? "--fail-under: lists that are none are usage errors"

# diff-cover: the same lines by both of its inputs.
if command -v diff-cover >/dev/null; then
	(cd "$tree" && git init -q && git add -A && git -c user.name=t -c user.email=t@example.org commit -qm one &&
		sed -i 's/state = 3;/state = 4;/' fs/open.c) >"$tmp/out" 2>&1 || exit 99
	kernel changed "$tree" ""
	report "$tree" changed --relative --format lcov,cobertura
	line='fs/open.c (\(0.0%\|100%\))'
	for file in coverage.info coverage.xml; do
		(cd "$tree" && diff-cover "$tmp/report/$file" --compare-branch HEAD) >"$tmp/$file.cover" 2>"$tmp/out"
		cat "$tmp/$file.cover" >>"$tmp/out"
		grep -q "^$line" "$tmp/$file.cover"
		verdict $? "diff-cover finds the changed line by $file"
	done
	diff "$tmp/coverage.info.cover" "$tmp/coverage.xml.cover" >"$tmp/out"
	verdict $? "and the same by both"
else
	echo "ok $((n = n + 1)) - diff-cover # SKIP no diff-cover"
fi

# What docs/ci.md says was run: the blocks of code of its section "Readers".
case $(lcov --version 2>/dev/null) in
*"version 1."*)
	rm -rf "$tree/coverage"
	report "$tree" plain --relative --format lcov,json,cobertura,summary && mv "$tmp/report" "$tree/coverage"
	awk '/^## / { on = $2 == "Readers" } on && /^    [a-z]/ { sub(/^    /, ""); print }' "$here/../../docs/ci.md" >"$tmp/commands"
	while read -r command; do
		(cd "$tree" && sh -c "$command") >"$tmp/out" 2>&1 </dev/null
		verdict $? "docs/ci.md: $command"
	done <"$tmp/commands"
	;;
*) echo "ok $((n = n + 1)) - docs/ci.md # SKIP its commands are those of lcov 1.x" ;;
esac

# gcovr reads Cobertura since 7.0.
if gcovr --help 2>/dev/null | grep -q -e --cobertura-add-tracefile; then
	report "$tree" plain --format cobertura,summary
	(cd "$tree" && gcovr --root . --cobertura-add-tracefile "$tmp/report/coverage.xml" --txt -) >"$tmp/out" 2>&1
	want=$(jq -r '.totals.lines | "\(.found) *\(.hit)"' "$tmp/report/summary.json")
	grep -qE "^TOTAL +$want " "$tmp/out"
	verdict $? "gcovr counts the same lines"
else
	echo "ok $((n = n + 1)) - gcovr counts the same lines # SKIP gcovr before 7.0 does not read Cobertura"
fi

echo "1..$n"
exit $failed
