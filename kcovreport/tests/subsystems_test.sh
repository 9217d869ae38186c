#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test `kcovreport report --by subsystem` and `--maintainer` with a "kernel" of a few functions and a MAINTAINERS of its
# own: the table, the same numbers in JSON, and what a filter keeps. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/subsystems_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out" "$tmp/err")
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
unset XDG_CACHE_HOME

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

# refused DESCRIPTION PATTERN [OPTION...]: it fails, and says what matches last
refused()
{
	local description=$1 pattern=$2
	shift 2
	report 1 "$@" && tail -n 1 "$tmp/err" | grep -qE "^kcovreport: error: $pattern" && [ ! -s "$tmp/out" ]
	verdict $? "$description"
}

# table: the rows of the table in $tmp/out, as "NAME|LINES|FUNCTIONS|BRANCHES|POINTS"
table()
{
	awk '
		/^(subsystem|directory) / { inside = 1; next }
		inside && !/%|-$/ { inside = 0 }
		inside {
			line = $0
			gsub(/\/ +/, "/", line)
			match(line, / +[0-9]+\/[0-9]+ /)
			row = substr(line, 1, RSTART - 1)
			nr = split(substr(line, RSTART), words, " ")
			for (i = 1; i <= nr; i++)
				if (words[i] ~ "/")
					row = row "|" words[i]
			print row
		}' "$tmp/out"
}

# json_table [FILTER]: the same of subsystems in coverage.json
json_table()
{
	jq -r "${1:-.subsystems[]} | [.name // \"(no entry)\"] + ([.lines, .functions, .branches, .points] |
		map(\"\\(.hit)/\\(.found)\")) | join(\"|\")" coverage/coverage.json
}

mkdir -p "$tmp"/src/{kernel,fs/sub,mm,lib} "$tmp/elsewhere" "$tmp/work" || exit 99
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
cat >"$tmp/src/fs/open.c" <<'END'
int reach(int x)
{
	if (x)
		return x + 1;
	return 3;
}
END
# Three files that every kernel has say where the root of its tree is.
for name in fs/sub/below mm/mmap lib/vsprintf; do
	printf 'int f_%s(int x)\n{\n\treturn x / 3;\n}\n' "${name##*/}" >"$tmp/src/$name.c"
done
printf 'int outside(int x)\n{\n\treturn x / 3;\n}\n' >"$tmp/elsewhere/outside.c"
objects=()
for file in "$tmp"/src/fs/open.c "$tmp"/src/fs/sub/below.c "$tmp"/src/mm/mmap.c "$tmp"/src/lib/vsprintf.c "$tmp"/elsewhere/outside.c; do
	object=$tmp/$(basename "$file" .c).o
	gcc -g -O1 -fsanitize-coverage=trace-pc -fno-optimize-sibling-calls -c "$file" -o "$object" || exit 99
	objects+=("$object")
done
cd "$tmp/work" || exit 99
gcc -g -O1 -c "$tmp/src/kernel/start.c" -o "$tmp/start.o" &&
	gcc -static -nostdlib -no-pie -Wl,--build-id "$tmp/start.o" "${objects[@]}" -o vmlinux || exit 99
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')
objdump -d --no-show-raw-insn vmlinux |
	awk '/call .*<__sanitizer_cov_trace_pc>/ { getline; sub(":", "", $1); print $1 }' | head -n 2 >"$tmp/some"
"$kcovreport" import --build-id "$id" -o kcov.data "$tmp/some" || exit 99

refused "no MAINTAINERS" "no file '$tmp/src/MAINTAINERS' .*--source-dir" --by subsystem
refused "no MAINTAINERS for --maintainer" "no file '$tmp/src/MAINTAINERS'" --maintainer fs
report 0 --by directory && grep -q '^directory ' "$tmp/out" && ! jq -e 'has("subsystems")' coverage/coverage.json >"$tmp/out"
verdict $? "by directory nothing is asked of it"

cat >"$tmp/src/MAINTAINERS" <<'END'
Maintainers List
----------------
FILESYSTEMS
M:	Ann Other <ann@example.org>
L:	linux-fsdevel@example.org
F:	fs/
X:	fs/sub/

ONE FILE, WITH A TITLE THAT IS LONGER THAN ALL THE OTHERS ARE
R:	"Bob B. (reviewer)" <bob@example.com>
F:	fs/o*.c

MEMORY MANAGEMENT
M:	Ann Other <ann@example.org>
F:	mm

NAMED
N:	b[e]low$

NAMED TOO
N:	below

THE REST
M:	Some One <one@example.org>
F:	*
F:	*/
END
report 0 --by subsystem && table | cut -d '|' -f 1,3 >"$tmp/table" && diff -u "$tmp/table" - >>"$tmp/err" <<'END'
FILESYSTEMS|1/1
ONE FILE, WITH A TITLE THAT IS LONGER THAN ALL ...|1/1
THE REST (no other entry)|0/1
(no entry)|0/1
2 subsystems not reached|0/2
total|1/5
END
verdict $? "the table: a file in several entries counts in each"
grep -qx '  1 of 5 source files are in several subsystems and count in each; the total counts them once' "$tmp/out"
verdict $? "the table says so"
[ "$(jq .files_in_several_subsystems coverage/coverage.json)" = 1 ] &&
	[ "$(jq -c '[.subsystems[] | .files]' coverage/coverage.json)" = '[1,1,1,1,1,1]' ] &&
	[ "$(jq -r '[.subsystems[] | .name] | join("|")' coverage/coverage.json)" = \
		'FILESYSTEMS|MEMORY MANAGEMENT|NAMED TOO|ONE FILE, WITH A TITLE THAT IS LONGER THAN ALL THE OTHERS ARE|THE REST|' ]
verdict $? "JSON: the same subsystems"
report 0 --by subsystem && jq -e --slurpfile s coverage/summary.json '
	[.subsystems[] | select(.lines.hit > 0 or .functions.hit > 0) | {name, files, lines, functions, branches}] == $s[0].subsystems and
	.files_in_several_subsystems == $s[0].files_in_several_subsystems' coverage/coverage.json >"$tmp/out" &&
	[ "$(jq '.subsystems | length' coverage/summary.json)" -gt 1 ] && report 0 && ! jq -e 'has("subsystems")' coverage/summary.json >"$tmp/out"
verdict $? "summary.json: those that were reached"
report 0 --by subsystem
json_table | grep -vE '^(MEMORY|NAMED)' | sed 's/^ONE FILE.*ARE/ONE FILE, WITH A TITLE THAT IS LONGER THAN ALL .../; s/^THE REST/& (no other entry)/' >"$tmp/json"
table | grep -vE '^(total|2 subsystems)' | diff -u - "$tmp/json" >>"$tmp/err"
verdict $? "JSON: the same numbers"
[ "$(json_table .totals)" = "$(table | sed -n 's/^total/(no entry)/p')" ]
verdict $? "JSON: the same totals"
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null && {
	/usr/bin/python3 "$here/../../render/tests/check_report.py" coverage "$here/../../docs/coverage.schema.json" >"$tmp/out"
	verdict $? "JSON: follows the schema"
}
report 0 --by subsystem --touched && table | cut -d '|' -f 1,3 | diff -u "$tmp/table" - >>"$tmp/err"
verdict $? "--touched: the same table"

# kept NAMES DESCRIPTION [OPTION...]: the files that a report has
kept()
{
	local names=$1 description=$2
	shift 2
	report 0 "$@" && [ ! -s "$tmp/err" ] &&
		[ "$(jq -r '[.files[] | .path | sub(".*/"; "")] | join(" ")' coverage/coverage.json)" = "$names" ]
	verdict $? "$description"
}
kept "open.c" "--maintainer: a title, in lower case" --maintainer filesystems
kept "open.c mmap.c" "--maintainer: a name" --maintainer 'ann other'
kept "open.c" "--maintainer: an address of a reviewer" --maintainer bob@example.com
kept "open.c" "--maintainer: a list" --maintainer linux-fsdevel
kept "open.c below.c" "--maintainer: several" --maintainer linux-fsdevel --maintainer 'NAMED TOO'
kept "vsprintf.c" "--maintainer: THE REST is what is in no other entry" --maintainer 'the rest'
kept "mmap.c" "--maintainer and --include" --maintainer ann --include 'mm/*'
kept "open.c" "--maintainer and --exclude" --maintainer ann --exclude 'mm/*'
grep -qx '4 source files filtered out by --include, --exclude and --maintainer' "$tmp/out"
verdict $? "the summary says how many are left out"
report 0 --maintainer ann --maintainer nobody && [ "$(cat "$tmp/err")" = \
	"kcovreport: warning: --maintainer 'nobody' matches no entry of MAINTAINERS" ]
verdict $? "--maintainer: a name that is in no entry is named"
refused "--maintainer: nothing is left" "--include, --exclude and --maintainer leave no source file" --maintainer nobody
for option in --by=file --maintainer=; do
	report 2 "$option"
	verdict $? "$option is wrong use"
done

printf 'A\nF:\t[fs\n' >"$tmp/src/MAINTAINERS"
refused "a wrong pattern" "'$tmp/src/MAINTAINERS': line 2: wrong pattern '\\[fs': " --by subsystem
rm "$tmp/src/MAINTAINERS" && mkfifo "$tmp/src/MAINTAINERS"
refused "a FIFO" ".*'$tmp/src/MAINTAINERS'" --by subsystem

echo "1..$n"
exit $failed
