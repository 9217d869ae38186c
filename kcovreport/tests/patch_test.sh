#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test `kcovreport patch` with a "kernel" of a few files that is compiled here: the state of each kind of line, each way to
# give a diff, and what is refused. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/patch_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out" "$tmp/err")
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C HOME=$tmp GIT_CONFIG_NOSYSTEM=1
unset XDG_CACHE_HOME GIT_DIR GIT_WORK_TREE

# patch STATUS [ARG...]: run it and keep its output; fails if it exits with another status
patch()
{
	local expected=$1 status
	shift
	"$kcovreport" patch "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq "$expected" ] && return
	echo "exit status $status, expected $expected" >>"$tmp/err"
	return 1
}

# refused DESCRIPTION PATTERN [ARG...]: it fails with one line that matches, and prints nothing
refused()
{
	local description=$1 pattern=$2
	shift 2
	patch 1 "$@" && [ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qE "^kcovreport: error: $pattern" "$tmp/err" &&
		[ ! -s "$tmp/out" ]
	verdict $? "$description"
}

# states PATH: "LINE:STATE ..." of the JSON in $tmp/out
states()
{
	jq -r --arg path "$1" '[.files[] | select(.path == $path) | .lines[] | "\(.line):\(.state)"] | join(" ")' "$tmp/out"
}

# has WHAT GOT WANTED
has()
{
	[ "$2" = "$3" ]
	local ok=$?
	[ $ok -eq 0 ] || printf '%s\n%s\n' "$2" "$3" >"$tmp/err"
	verdict $ok "$1"
}

src=$tmp/src
mkdir -p "$src/kernel" "$src/fs" "$src/mm/sub" "$src/drivers" || exit 99
cat >"$src/kernel/start.c" <<'END'
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {}
int reach(int x);
int bare(int x);
int quiet(int x);
volatile int sink;

void _start(void)
{
	sink = reach(2) + bare(3) + quiet(4);
}
END
cat >"$src/fs/reach.c" <<'END'
/* A comment */
struct s {
	int member;
};

static int twice(int x)
{
	if (x > 3)
		return x * 2;
	return x;
}

#ifdef CONFIG_ABSENT
int absent(int x)
{
	/* more */
	return x + 4;
}
#else
int present(int x)
{
	return x + 5;
}
#endif

int reach(int x)
{
	int y;

#ifndef CONFIG_PRESENT
	y = x * 7;
	x += y;
#endif
	if (x)
	{
		y = twice(x);
		return y;
	}
	return 3;
}
END
cat >"$src/fs/bare.c" <<'END'
int bare(int x)
{
	int y = x;

	return y / 3;
}
END
cat >"$src/mm/quiet.c" <<'END'
#define noinstr __attribute__((no_sanitize_coverage))
noinstr int quiet(int x);

noinstr int quiet(int x)
{
	return x * 9;
}

int loud(int x)
{
	return x - 1;
}
END
cat >"$src/mm/sub/unbuilt.c" <<'END'
/* Nobody builds it. */
int unbuilt(int x)
{
	int y;

	if (x > 1)
		return 4;
	y = x;
	return y;
}
END
cat >"$src/fs/dead.c" <<'END'
#define IS_ENABLED(x) 0
int dead(int x);

int dead(int x)
{
	if (IS_ENABLED(CONFIG_DEAD))
		x = x * 3;
	return x;
}

#ifdef CONFIG_GONE
int gone(int x)
{
	return x;
}
#endif
END
printf 'int part(void)\n{\n\treturn 1;\n}\n' >"$src/drivers/part.c"
printf 'int lost(void)\n{\n\treturn 1;\n}\n' >"$src/drivers/lost.c"
printf 'obj-y += reach.o bare.o\nKCOV_INSTRUMENT_bare.o := n\n' >"$src/fs/Makefile"
printf 'obj-y += quiet.o\nobj-$(CONFIG_SUB) += sub/\n' >"$src/mm/Makefile"
printf 'obj-y += unbuilt.o\n' >"$src/mm/sub/Makefile"
printf 'obj-$(CONFIG_WHOLE) += whole.o\nwhole-y := part.o\n' >"$src/drivers/Makefile"
printf 'CONFIG_PRESENT=y\nCONFIG_WHOLE=m\n# CONFIG_ABSENT is not set\n' >"$src/.config"
printf 'Words.\n' >"$src/README"
touch -d '-1 hour' "$src"/*/*.c "$src"/*/*/*.c "$src/.config"

compile()
{
	local flags='-g -O1 -fno-inline -fno-optimize-sibling-calls'
	local points=-fsanitize-coverage=trace-pc

	# shellcheck disable=SC2086 # flags
	gcc $flags -c "$src/kernel/start.c" -o "$tmp/start.o" && gcc $flags -c "$src/fs/bare.c" -o "$tmp/bare.o" &&
		gcc $flags $points -DCONFIG_PRESENT -c "$src/fs/reach.c" -o "$tmp/reach.o" &&
		gcc $flags $points -c "$src/mm/quiet.c" -o "$tmp/quiet.o" &&
		gcc $flags $points -c "$src/fs/dead.c" -o "$tmp/dead.o" &&
		gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp"/{start,reach,bare,quiet,dead}.o -o "$src/vmlinux"
}
compile || exit 99
cd "$src" || exit 99
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')
# The points that reach(2) executes, in their order in each function.
objdump -d --no-show-raw-insn vmlinux | awk '/^[0-9a-f]+ <.*>:/ { f = $2 }
	/call .*<__sanitizer_cov_trace_pc>/ { n[f]++; getline; sub(":", "", $1); print f n[f], $1 }' >"$tmp/points"
awk '/^<(twice>:[12]|reach>:[13]) / { print $2 }' "$tmp/points" >"$tmp/pcs"
"$kcovreport" import --build-id "$id" -o kcov.data "$tmp/pcs" || exit 99
git init -q . && git config user.email a@example.org && git config user.name A || exit 99
echo >.gitignore && git add .gitignore && git commit -qm base || exit 99
git add README ./*/ && git commit -qm all || exit 99
git format-patch -q -1 -o "$tmp" || exit 99
all=$tmp/0001-all.patch

# -- states

patch 0 --json "$all"
has 'hit, missed, no code, and compiled out in an #ifdef, or its #else' "$(states fs/reach.c)" "$(printf '%s ' \
	{1..5}:no-code {6..8}:hit 9:missed {10,11}:hit {12,13}:no-code 14:not-built {15,16}:no-code 17:not-built \
	{18,19}:no-code {20..23}:missed {24,25}:no-code {26..28}:hit {29,30}:no-code {31,32}:not-built 33:no-code 34:hit \
	35:no-code {36,37}:hit 38:no-code {39,40}:hit | sed 's/ $//')"
has 'a file that is not instrumented' "$(states fs/bare.c)" \
	'1:not-instrumented 2:no-code 3:not-instrumented 4:no-code 5:not-instrumented 6:not-instrumented'
has 'a function that is not instrumented, beside one that is' "$(states mm/quiet.c)" \
	'1:no-code 2:no-code 3:no-code 4:not-instrumented 5:no-code 6:not-instrumented 7:not-instrumented 8:no-code 9:missed 10:missed 11:missed 12:missed'
has 'a file that is in no image' "$(states mm/sub/unbuilt.c)" \
	'1:no-code 2:not-built 3:no-code 4:no-code 5:no-code 6:not-built 7:not-built 8:not-built 9:not-built 10:no-code'
has 'what is no source has no code' "$(states README) $(states mm/Makefile)" '1:no-code 1:no-code 2:no-code'
# why FILE LINE: why and option of the line
why()
{
	jq -r --arg path "$1" --argjson line "$2" \
		'.files[] | select(.path == $path) | .lines[] | select(.line == $line) | "\(.why) | \(.option)"' "$tmp/out"
}
has 'why: KCOV_INSTRUMENT_x.o := n' "$(why fs/bare.c 1)" 'KCOV_INSTRUMENT in fs/Makefile:2 | null'
has 'why: noinstr' "$(why mm/quiet.c 6)" 'its function is noinstr | null'
has 'why: #ifdef' "$(why fs/reach.c 17)" "CONFIG_ABSENT: '#ifdef CONFIG_ABSENT' (line 13) | CONFIG_ABSENT"
has 'why: #ifndef' "$(why fs/reach.c 31)" "CONFIG_PRESENT=n: '#ifndef CONFIG_PRESENT' (line 30) | CONFIG_PRESENT=n"
has 'why: the option of a directory' "$(why mm/sub/unbuilt.c 6)" 'CONFIG_SUB is not set (mm/Makefile) | CONFIG_SUB'
has 'why: a part of a module' "$(why drivers/part.c 3)" \
	'CONFIG_WHOLE=m: it is in a module that no run had loaded | CONFIG_WHOLE'
(cat "$tmp/pcs"; echo ffffffffc0000123) >"$tmp/whole.pcs"
"$kcovreport" import --build-id "$id" --module whole=ffffffffc0000000 -o whole.data "$tmp/whole.pcs" || exit 99
patch 0 --json --run whole.data "$all"
has 'why: the file of a module was not found' "$(why drivers/part.c 3)" \
	'CONFIG_WHOLE=m: it may be in a module whose file could not be used | CONFIG_WHOLE'
grep -q "warning: whole (1 PC) is not in the report: no file 'whole.ko' found" "$tmp/err"
verdict $? 'and a warning names the module'
patch 0 --json "$all"
has 'why: IS_ENABLED()' "$(why fs/dead.c 7)" "CONFIG_DEAD: 'if (IS_ENABLED(CONFIG_DEAD))' (line 6) | CONFIG_DEAD"
has 'why: a function in an #ifdef' "$(why fs/dead.c 14)" "CONFIG_GONE: '#ifdef CONFIG_GONE' (line 11) | CONFIG_GONE"
has 'why: no rule' "$(why drivers/lost.c 3)" 'no Makefile names its object | null'
has 'counts and conditions' "$(jq -c '.files[] | select(.path == "fs/reach.c") | .lines[] | select(.line == 8 or .line == 9)' "$tmp/out")" \
	'{"line":8,"state":"hit","count":1,"condition":{"true":0,"false":1}}
{"line":9,"state":"missed","count":0}'
[ "$(jq -c '.totals, ([.files[].lines[]] | [length, (map(select(.state == "hit")) | length)])' "$tmp/out")" = \
	'{"changed":111,"with-code":27,"hit":13,"partial":0,"missed":14,"no-code":56,"not-instrumented":12,"not-built":16,"unknown":0}
[111,13]' ]
verdict $? 'JSON: totals are those of the lines'
cp "$tmp/out" "$tmp/json"
sed -i 's/CONFIG_ABSENT is/CONFIG_OTHER is/' .config && touch -d '+1 hour' .config && patch 0 --json "$all" &&
	[ "$(why mm/sub/unbuilt.c 6)" = 'CONFIG_SUB builds it (mm/Makefile) | CONFIG_SUB' ] &&
	[ "$(states fs/reach.c)" = "$(jq -r '[.files[] | select(.path == "fs/reach.c") | .lines[] | "\(.line):\(.state)"] | join(" ")' "$tmp/json")" ]
verdict $? 'a configuration that is newer than the image says nothing; the code of the image does'
[ "$(why fs/dead.c 14)" = "CONFIG_GONE: '#ifdef CONFIG_GONE' (line 11) | CONFIG_GONE" ]
verdict $? 'why: a function in an #ifdef, without a configuration'
touch -d '-1 hour' .config
printf 'KCOV_INSTRUMENT := n\n' >fs/Kbuild && patch 0 --json "$all" && [ "$(why fs/bare.c 1)" = 'KCOV_INSTRUMENT in fs/Kbuild:1 | null' ]
verdict $? 'why: KCOV_INSTRUMENT := n of the directory'
rm fs/Kbuild
patch 0 --json --no-sources "$all" && [ "$(states fs/bare.c)" = "$(jq -r '[.files[] | select(.path == "fs/bare.c") | .lines[] | "\(.line):\(.state)"] | join(" ")' "$tmp/json")" ]
verdict $? '--no-sources: what has no point is the same'

# -- text, mail, Markdown

summary='111 changed lines: 27 with code, 13 hit, 0 partial, 14 missed; 12 not instrumented; 16 not built: CONFIG_WHOLE, CONFIG_DEAD, CONFIG_GONE, CONFIG_ABSENT, CONFIG_PRESENT=n, CONFIG_SUB'
patch 0 "$all" && [ "$(tail -n 1 "$tmp/out")" = "$summary" ] && grep -qE '^ +1 [+] +8 -F \| \+	if \(x > 3\)$' "$tmp/out" &&
	grep -qE '^ +0 - +9    \| \+		return x \* 2;$' "$tmp/out" && grep -qE '^ +x +31    \| \+	y = x \* 7;$' "$tmp/out" &&
	grep -qE '^ +[?] +5    \| \+	return y / 3;$' "$tmp/out" && grep -qx '  8: the condition was never true' "$tmp/out" &&
	grep -qx "  31-32: not built: CONFIG_PRESENT=n: '#ifndef CONFIG_PRESENT' (line 30)" "$tmp/out" && ! grep -q "$(printf '\033')" "$tmp/out"
verdict $? 'the hunks with their margin, the reasons, and the summary'
script -qec "$kcovreport patch $all" /dev/null </dev/null >"$tmp/out" 2>&1 && grep -q "$(printf '\033\\[32m')" "$tmp/out"
verdict $? 'color on a terminal'
patch 0 --mail "$all" && ! grep -qE '.{73}' "$tmp/out" && [ "$(head -n 3 "$tmp/out" | tr '\n' ' ')" = "$summary " ] &&
	grep -qx 'fs/reach.c:9: missed' "$tmp/out" && grep -qx '> +                return x \* 2;' "$tmp/out" && ! grep -qF 'twice(x)' "$tmp/out"
verdict $? '--mail: 72 columns, and only what was not executed'
patch 0 --markdown "$all" && [ "$(head -n 1 "$tmp/out")" = "$summary" ] && grep -qx '| `fs/reach.c` | 40 | 72.2 | 13 | 0 | 5 | 18 | 0 | 4 |' "$tmp/out"
verdict $? '--markdown: a table of files'

# -- --fail-under

patch 0 --fail-under 48 "$all" && [ ! -s "$tmp/err" ]
verdict $? '--fail-under: enough'
patch 1 --fail-under 80 "$all" && [ "$(tail -n 1 "$tmp/out")" = "$summary" ] &&
	[ "$(cat "$tmp/err")" = 'kcovreport: error: 48.1 % of 27 changed lines with code were executed, 31.9 less than the 80.0 % of --fail-under' ]
verdict $? '--fail-under: by how much it failed'
patch 1 --fail-under 48.2 "$all" && patch 1 --json --fail-under 100 "$all" && jq -e . "$tmp/out" >/dev/null
verdict $? '--fail-under: tenths, and with a format'
git -C "$src" show --format= HEAD -- drivers/part.c >"$tmp/unbuilt.patch"
[ -s "$tmp/unbuilt.patch" ] && patch 0 --fail-under 100 "$tmp/unbuilt.patch" && grep -q 'not built' "$tmp/out" &&
	grep -qx 'kcovreport: warning: --fail-under: no changed line has code' "$tmp/err"
verdict $? '--fail-under: no code to be under it is a warning'
for limit in 101 x 80.55 -1 100.1 ''; do
	patch 2 --fail-under "$limit" "$all" && grep -q 'takes a number from 0 to 100' "$tmp/err"
	verdict $? "--fail-under '$limit' is wrong use"
done

# -- ways to give a diff

"$kcovreport" patch --json <"$all" >"$tmp/out" 2>"$tmp/err" && cmp -s "$tmp/out" "$tmp/json"
verdict $? 'standard input'
"$kcovreport" patch --json - <"$all" >"$tmp/out" 2>"$tmp/err" && cmp -s "$tmp/out" "$tmp/json"
verdict $? "'-'"
patch 0 --json --git HEAD && cmp -s "$tmp/out" "$tmp/json" && patch 0 --json --git HEAD~1..HEAD && cmp -s "$tmp/out" "$tmp/json" &&
	patch 0 --json --git HEAD~1 && cmp -s "$tmp/out" "$tmp/json"
verdict $? '--git HEAD, HEAD~1..HEAD, HEAD~1'
(cd / && patch 0 --json -k "$src/vmlinux" --run "$src/kcov.data" --git HEAD && cmp -s "$tmp/out" "$tmp/json")
verdict $? '--git looks in the source tree, not in the current directory'
git show -p --no-prefix HEAD | sed 's/$/\r/' >"$tmp/crlf" && patch 0 --json "$tmp/crlf" && cmp -s "$tmp/out" "$tmp/json"
verdict $? 'CRLF, and paths without prefix'
mkdir -p "$tmp/two/old.tree" && (cd "$tmp/two" && cp -a "$src" new.tree && diff -ruN -x .git -x vmlinux -x '*.data' old.tree new.tree) >"$tmp/plain"
patch 0 --json "$tmp/plain" && jq -r '.files[].lines[].state' "$tmp/out" | sort | uniq -c | awk '/hit|instr|built/' >"$tmp/a" &&
	jq -r '.files[].lines[].state' "$tmp/json" | sort | uniq -c | awk '/hit|instr|built/' | cmp -s - "$tmp/a" &&
	[ "$(states fs/bare.c)" = "$(jq -r '[.files[] | select(.path == "fs/bare.c") | .lines[] | "\(.line):\(.state)"] | join(" ")' "$tmp/json")" ]
verdict $? 'diff -ruN of two trees; their names are not in the paths'
mv fs/reach.c fs/before.c && sed 's/x + 5/x + 6/; s/member/other/; /^	return 3/d' fs/before.c >fs/reach.c
mkdir -p "$tmp/one" && git add fs/reach.c && git commit -qm first && mv fs/before.c fs/reach.c && touch -d '-1 hour' fs/reach.c &&
	git add fs/reach.c && git commit -qm second && git format-patch -q -2 --cover-letter -o "$tmp/one" && cat "$tmp/one"/*.patch >"$tmp/series"
patch 0 --json "$tmp/series" && [ "$(states fs/reach.c)" = '3:no-code 22:missed 39:hit' ] && patch 0 --json "$tmp/one"/*.patch &&
	[ "$(states fs/reach.c)" = '3:no-code 22:missed 39:hit' ]
verdict $? 'a series in one text, and in several: the last state of each line counts'
git mv mm/quiet.c "mm/so quiet.c" && sed -i 's/x \* 9/x * 8/' "mm/so quiet.c" && git add -A mm && git commit -qm rename && touch -d '-1 hour' "mm/so quiet.c" &&
	patch 0 --json --git HEAD && [ "$(jq -c '.files[] | [.path, .old_path, .kind, (.lines | map([.line, .state]))]' "$tmp/out")" = \
	'["mm/so quiet.c","mm/quiet.c","renamed",[[6,"not-built"]]]' ] && patch 0 --git HEAD && grep -qx 'mm/so quiet.c (renamed from mm/quiet.c)' "$tmp/out"
verdict $? 'a renamed file, with a blank in its name'
git reset -q --hard HEAD~1 && touch -d '-1 hour' mm/quiet.c
sed -i 's/x \* 9/x * 8/' mm/quiet.c && git commit -qam edit && git rm -q drivers/lost.c && git commit -qm delete && git mv mm/quiet.c drivers/lost.c &&
	git commit -qm rename && touch -d '-1 hour' drivers/lost.c && git format-patch -q --stdout -3 >"$tmp/replaced" && patch 0 --json "$tmp/replaced" &&
	[ "$(jq -c '.files[] | [.path, .old_path, .kind, (.lines | map([.line, .state]))]' "$tmp/out" | tr -d '\n')" = \
		'["drivers/lost.c","mm/quiet.c","renamed",[[6,"not-built"]]]["drivers/lost.c",null,"deleted",[]]' ]
verdict $? 'a file that takes the path of one that was deleted'
git reset -q --hard HEAD~3 && touch -d '-1 hour' mm/quiet.c drivers/lost.c
git rm -q drivers/lost.c && chmod +x README && printf 'a\0b' >picture && git add README picture && git commit -qm more && patch 0 --json --git HEAD &&
	[ "$(jq -c '.files[] | [.path, .kind, .binary, (.lines | length)]' "$tmp/out" | tr -d '\n')" = \
	'["README","changed",false,0]["drivers/lost.c","deleted",false,0]["picture","new",true,0]' ]
verdict $? 'a deleted file, a mode, and a binary file'
patch 0 --git HEAD && grep -qx 'picture (new): binary, not looked at' "$tmp/out" && grep -qx 'drivers/lost.c (deleted)' "$tmp/out" &&
	[ "$(tail -n 1 "$tmp/out")" = '0 changed lines: 0 with code' ]
verdict $? 'and in text'
git reset -q --hard HEAD~1 && touch -d '-1 hour' drivers/lost.c

# -- lines without code of their own

mkdir "$tmp/merged" && cd "$tmp/merged" || exit 99
cat >least.c <<'END'
int least(int x, int y);

int least(int x, int y)
{
	if (y < x)
		x = y;
	return x;
}

int never(int x, int y);

int never(int x, int y)
{
	if (y < x)
		x = y;
	return x;
}
END
cat >start.c <<'END'
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {}
int least(int x, int y);
int never(int x, int y);

void _start(void)
{
	if (least(1, 2) > 3)
		never(3, 4);
}
END
cat >arm.c <<'END'
int arm(int x);

int arm(int x)
{
#ifdef CONFIG_SET
	return x + 1;
#else
	return x / 3;
#endif
}
END
echo CONFIG_SET=y >.config
touch -d '-1 hour' ./*.c .config
gcc -g -O1 -fsanitize-coverage=trace-pc -c least.c && gcc -g -O1 -fsanitize-coverage=trace-pc -DCONFIG_SET -c arm.c &&
	gcc -g -O1 -c start.c && gcc -static -nostdlib -no-pie -Wl,--build-id start.o least.o arm.o -o vmlinux || exit 99
objdump -d --no-show-raw-insn vmlinux | awk '/^[0-9a-f]+ <.*>:/ { f = $2 }
	/call .*<__sanitizer_cov_trace_pc>/ { getline; sub(":", "", $1); if (f == "<least>:") print $1 }' >pcs
"$kcovreport" import --build-id "$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')" -o kcov.data pcs || exit 99
diff -u /dev/null least.c | sed '2s,+++ ,+++ b/,' >"$tmp/least.diff"
patch 0 --json "$tmp/least.diff" && [ "$(states least.c)" = "$(printf '%s ' {1,2}:no-code {3..5}:hit 6:no-code {7,8}:hit \
	{9..11}:no-code {12..17}:missed | sed 's/ $//')" ]
verdict $? 'a statement that the compiler merged is unknown; if its function was not executed, it is missed'
has 'why: unknown' "$(why least.c 6)" 'the compiler left none of its own, so whether it was executed is not known | null'
patch 0 "$tmp/least.diff" && grep -qx '  6: no code: the compiler left none of its own, so whether it was executed is not known' "$tmp/out" &&
	[ "$(tail -n 1 "$tmp/out")" = '17 changed lines: 11 with code, 5 hit, 0 partial, 6 missed; 1 without code of its own' ]
verdict $? 'and in text'
diff -u /dev/null arm.c | sed '2s,+++ ,+++ b/,' >"$tmp/arm.diff"
patch 0 --json "$tmp/arm.diff" && [[ " $(states arm.c) " == *' 6:missed 7:no-code 8:not-built 9:no-code '* ]] &&
	[ "$(why arm.c 8)" = "CONFIG_SET=n: #else of '#ifdef CONFIG_SET' (line 5) | CONFIG_SET=n" ]
verdict $? 'a changed line in an #else, and the option that would build it'
cd "$src" || exit 99

# -- nothing to say

: >"$tmp/empty"
patch 0 "$tmp/empty" && grep -q 'the diff is empty' "$tmp/err" && patch 0 --json "$tmp/empty" && [ "$(jq -c .files "$tmp/out")" = '[]' ] &&
	patch 0 --run none "$tmp/one/0000-cover-letter.patch" && grep -q 'the diff is empty' "$tmp/err" && patch 0 --git HEAD..HEAD --fail-under 100
verdict $? 'an empty diff, and a cover letter alone'
git show -p HEAD~2 -- README >"$tmp/readme" && patch 0 --run none "$tmp/readme" && grep -q 'the diff changes no source file' "$tmp/err"
verdict $? 'a diff of no source'

# -- what is refused

refused 'no run' ".*'none'" --run none "$all"
refused 'a directory in place of a run' ".*'fs'.*directory" --run fs "$all"
"$kcovreport" import --build-id 00112233445566778899aabbccddeeff00112233 -o other.data "$tmp/pcs"
refused 'runs of two kernels' "'other.data' is of another kernel: build id 0011.*, not $id" --run kcov.data --run other.data "$all"
refused 'a directory in place of a diff' "'fs' is a directory" fs
refused 'a run in place of a diff' "'kcov.data' is not a diff" kcov.data
refused 'no such diff' "diff: .*'none'" none
head -n -8 "$all" >"$tmp/cut" && refused 'a cut mail' "'$tmp/cut': line $(wc -l <"$tmp/cut") of the diff: the hunk is cut" "$tmp/cut"
refused 'not a revision' "git has no diff of 'nonsense': .*nonsense" --git nonsense
env --ignore-signal=CHLD "$kcovreport" patch --git nonsense >"$tmp/out" 2>"$tmp/err"
[ $? -eq 1 ] && grep -q "git has no diff of 'nonsense'" "$tmp/err"
verdict $? '... and the caller ignores the end of children'
mv .git "$tmp/git" && GIT_CEILING_DIRECTORIES=$(dirname "$src") LC_ALL=C refused 'a tree without git' "'$src' is not in a git repository .*--source-dir" --git HEAD
mv "$tmp/git" .git
refused 'a revision that is an option' "'--output=x' is not a revision" --git=--output=x
[ ! -e x ] && patch 2 --git HEAD "$all"
verdict $? '--git and a DIFF are wrong use'
patch 2 --json --mail "$all"
verdict $? 'two formats are wrong use'
cp -p fs/reach.c "$tmp/kept" && sed -i '34s/x/y/' fs/reach.c && touch -d '-1 hour' fs/reach.c
refused 'a tree that does not have the diff' "'fs/reach.c:34' is not what the diff has \(line [0-9]+ of the diff\).* \('$src' has to be" "$all"
refused 'not even with --force' "'fs/reach.c:34' is not what the diff has" --force "$all"
rm fs/reach.c && refused 'a file that is not there' "'fs/reach.c' of the diff is not in the tree" "$all"
cp -p "$tmp/kept" fs/reach.c
git show -R HEAD~2 -- drivers/lost.c >"$tmp/deletes" && refused 'a file that is there, and deleted by the diff' "'$src/drivers/lost.c' exists" "$tmp/deletes"
touch -d '+1 hour' fs/reach.c && refused 'a source that is newer than the image' "'$src/fs/reach.c' is newer than the image \(build" "$all"
patch 0 --json --force "$all" && grep -q "warning: '$src/fs/reach.c' is newer" "$tmp/err"
verdict $? '--force takes it, with a warning'
touch -d '-1 hour' fs/reach.c
touch -d '+1 hour' mm/sub/unbuilt.c && refused 'the same of a file that is in no image' "'$src/mm/sub/unbuilt.c' is newer" "$all"
touch -d '-1 hour' mm/sub/unbuilt.c
printf -- '--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-x\n+y\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-x\n+y\n' >"$tmp/outside"
refused 'a path that leads out of the tree' "'../../etc/passwd' of the diff is not in the tree" "$tmp/outside"

sed 's,\(---\|+++\) [ab]/,\1 tree/,' "$all" | grep -v '^diff --git' | cat "$all" - >"$tmp/twice"
refused 'one file under two names' ".*twice, under different names" "$tmp/twice"

# -- names that a terminal would act on

bad=$(printf 'k\033[2J\302\233`|<b>_x_\377.c')
cp fs/bare.c "fs/$bad" && touch -d '-1 hour' "fs/$bad" && git add -A fs && git commit -qm bad && git show HEAD >"$tmp/bad"
for format in '' --mail --markdown --json; do
	# shellcheck disable=SC2086 # none or one option
	patch 0 $format "$tmp/bad" && [ -s "$tmp/out" ] && ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xff' "$tmp/out" &&
		{ [ "$format" != --markdown ] || [ "$(grep -cE '^(\| |\*\*)`fs/k[^`|]*`&#96;&#124;`<b>_x_\?\.c`(\*\*$| \| )' "$tmp/out")" = 2 ]; }
	verdict $? "a hostile name${format:+, $format}"
done
printf 'int f;\033[2J\n' >fs/text.c && touch -d '-1 hour' fs/text.c && git add fs/text.c && git commit -qm text && git show HEAD >"$tmp/bad" &&
	patch 0 "$tmp/bad" && ! grep -q "$(printf '\033')" "$tmp/out" && patch 0 --mail "$tmp/bad" && ! grep -q "$(printf '\033')" "$tmp/out"
verdict $? 'hostile text in the diff'

echo "1..$n"
exit $failed
