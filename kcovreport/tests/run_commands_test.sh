#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# import, export, dump and merge: input, output, exit status, and the errors for bad input. Prints TAP.
#
#	O=BUILD kcovreport/tests/run_commands_test.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}")
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
n=0 failed=0

# check DESCRIPTION STATUS STDOUT STDERR COMMAND...: compare exit status and the whole output; STDOUT and STDERR are patterns.
check()
{
	local description=$1 status=$2 out=$3 err=$4 got
	shift 4
	n=$((n + 1))
	"$@" >out 2>err
	got=$?
	# shellcheck disable=SC2053
	if [ $got -eq "$status" ] && [[ $(cat out) == $out ]] && [[ $(cat err) == $err ]]; then
		echo "ok $n - $description"
		return
	fi
	failed=1
	echo "not ok $n - $description"
	{
		echo "status $got, not $status; stdout, then stderr:"
		cat out err
	} | sed 's/^/# /'
}

printf '0xffffffff81000010\r\n\nffffffff81000020\nffffffff81000010\n' >a.txt
printf 'ffffffff81000005\n' >b.txt
printf 'ffffffff81000005\nhello\n' >bad.txt

check "import" 0 "" "" "$kcovreport" import --machine x86_64 --build-id 0aFF -o a.data a.txt b.txt
check "export" 0 $'0xffffffff81000005\n0xffffffff81000010\n0xffffffff81000020' "" \
	"$kcovreport" export a.data
check "no conversion without the kernel" 1 "" "*error: no vmlinux with build id 0aff found*--vmlinux*" \
	"$kcovreport" export --pc-kind call a.data
check "dump" 0 "run \"a.data\" finished
meta machine \"x86_64\"
meta follow \"import\"
meta build-id 0aff
meta pc-kind return
meta start 20*Z
task 0 pid 0 tgid 0 parent -1 state covered set-tasks 1 dropped-pcs 0 dropped-tasks 0 saturations 0 pcs 2 count 3 comm \"a.txt\"
pc 0xffffffff81000010 count 2 task 0
pc 0xffffffff81000020 count 1 task 0
task 1 pid 0 tgid 0 parent -1 state covered set-tasks 1 dropped-pcs 0 dropped-tasks 0 saturations 0 pcs 1 count 1 comm \"b.txt\"
pc 0xffffffff81000005 count 1 task 1
total tasks 2 not-followed 0 cut 0 remotes 0 saturations 0 pcs 3 count 4" "" "$kcovreport" dump --pcs a.data

check "import from stdin to the default file" 0 "" "" sh -c "'$kcovreport' import <a.txt"
check "export the default file" 0 $'0xffffffff81000010\n0xffffffff81000020' "" "$kcovreport" export
check "nor of an unknown kernel" 1 "" "*error: the run has no build id of its kernel (*--vmlinux*" \
	"$kcovreport" export --pc-kind call
check "export to a file" 0 "" "" "$kcovreport" export -o out.txt
check "which reads back" 0 "" "" \
	sh -c "'$kcovreport' import out.txt -o c.data && '$kcovreport' export c.data | cmp - out.txt"

printf 'ffffffffc0001010\n' >first.txt
printf 'ffffffff81000020\nffffffffc0001010\nffffffffc0001018\n' >second.txt
"$kcovreport" import --machine x86_64 --build-id 0aff --module a=ffffffffc0001000 -o first.data first.txt
"$kcovreport" import --machine x86_64 --build-id 0aff --module b=ffffffffc0001000 -o second.data second.txt
"$kcovreport" import --machine x86_64 --build-id 0bff -o other.data first.txt
check "export of two modules that were at one address: one of them moves" 0 \
	$'0xffffffff81000020\n0xffffffffc0001010\n0xffffffffc0101010\n0xffffffffc0101018' "" \
	"$kcovreport" export first.data second.data
check "of two kernels" 1 "" "*error: 'other.data' is of another kernel: build id 0bff, not 0aff*" \
	"$kcovreport" export first.data other.data
check "no such kind" 2 "" "*--pc-kind takes return or call, not 'x'*" "$kcovreport" export --pc-kind x
check "bad text names file and line" 1 "" "*error: line 2 of 'bad.txt' is not a PC: 'hello'*" \
	"$kcovreport" import -o new.data bad.txt
check "and writes nothing" 1 "" "" test -e new.data
check "bad build id" 2 "" "*'xyz' is not a build id*" "$kcovreport" import --build-id xyz a.txt

# The bytes of the example in docs/run-file.md.
example=$(sed -nE 's/^    [0-9a-f]{4}  (([0-9a-f]{2} )*[0-9a-f]{2})  .*/\1/p' "$here/../../docs/run-file.md")
# shellcheck disable=SC2059,SC2086
printf "$(printf '\\x%s' $example)" >example.data
check "merge" 0 "" "" "$kcovreport" merge -o m.data a.data a.data
check "adds up" 0 "*total tasks 4 * pcs 6 count 8" "" "$kcovreport" dump m.data
check "fold" 0 "" "" "$kcovreport" merge --fold -o f.data example.data example.data
check "one task is left" 0 "*task 0 *folded-tasks 2 *total tasks 2 * count 402" "" "$kcovreport" dump f.data
"$kcovreport" import --name 'one "run"' -o named.data a.txt
"$kcovreport" import --name other -o other-name.data a.txt
check "a name" 0 '*meta name "one *run*' "" "$kcovreport" dump named.data
check "merged runs of one name keep it" 0 '*meta name "one *' "" \
	sh -c "'$kcovreport' merge -o m.data named.data named.data && '$kcovreport' dump m.data"
check "others have none" 1 "" "" \
	sh -c "'$kcovreport' merge -o m.data named.data other-name.data && '$kcovreport' dump m.data | grep 'meta name'"
check "merge needs -o" 2 "" "*-o FILE*" "$kcovreport" merge a.data
printf 'ffffffff81000005\n' | "$kcovreport" import --build-id 0b -o other.data
check "not of different kernels" 1 "" "*error: 'other.data' is of another kernel*" \
	"$kcovreport" merge -o x.data a.data other.data
check "and writes nothing" 1 "" "" test -e x.data

head -c -14 a.data >cut.data
check "a cut file" 0 "*unfinished*damage bytes 0 \"no end record*" "*warning: 'cut.data': no end*" \
	"$kcovreport" dump cut.data
check "merging keeps what was missing" 0 "*note \"'cut.data': no end record*" "*warning*" \
	sh -c "'$kcovreport' merge -o n.data cut.data && '$kcovreport' dump n.data"
check "no run file" 1 "" "*error: 'a.txt' is not a run file (*import*" "$kcovreport" dump a.txt
check "no file" 1 "" "*error: cannot open 'none': No such file*collect*" "$kcovreport" export none
check "full disk, run file" 1 "" "*error: cannot write '/dev/full': No space*" \
	"$kcovreport" merge -o /dev/full a.data
check "full disk, text" 1 "" "*error: cannot write*No space*" sh -c "'$kcovreport' export a.data >/dev/full"
check "unwritable" 1 "" "*error: *'/proc/x'*" "$kcovreport" import -o /proc/x a.txt
check "names are quoted" 0 "run \"q?\"?x0a\" finished*" "" \
	sh -c "cp a.data 'q\"
'; '$kcovreport' dump 'q\"
'"

# A warning while an output is open must not get into it.
"$kcovreport" merge -o closed.data cut.data a.data 2>err && [ -s err ] && cp closed.data with.data
for streams in "2>&-" ">&- 2>&-" "<&- 2>&-" "<&- >&- 2>&-"; do
	check "merge with $streams" 0 "" "" \
		sh -c "'$kcovreport' merge -o closed.data cut.data a.data $streams && cmp closed.data with.data"
	check "import with $streams" 0 "" "" \
		sh -c "'$kcovreport' import -o closed.data a.txt $streams && '$kcovreport' export closed.data >pcs && [ -s pcs ]"
done
check "a closed standard input is not an empty one" 1 "" "*error: cannot read 'standard input': Bad file*" \
	sh -c "'$kcovreport' import -o no.data <&-"
check "nor by its name" 1 "" "*error: diff: cannot open '/dev/stdin': No such device*" sh -c "'$kcovreport' patch - <&-"
check "nor is it a run file" 1 "" "*error: cannot open '/dev/stdin': No such device*" sh -c "'$kcovreport' dump /dev/stdin <&-"
check "nor an output" 1 "" "*error: cannot open '/proc/self/fd/1' for writing: No such device*" sh -c "'$kcovreport' export -o /dev/stdout a.data >&-"
check "a closed standard output" 1 "" "*error: cannot write to standard output: Bad file*" \
	sh -c "'$kcovreport' export a.data >&-"

# Bits 56 to 63 of an address of x86-64 are equal.
check "import --module: no address of x86-64" 1 "" \
	"*error: module 'a_b' cannot be at 0x1234567890abc000: that is no address of x86_64 (*sections/.text*--machine)*" \
	"$kcovreport" import --module a-b=1234567890abc000 -o no.data first.txt
check "but perhaps of another machine" 0 "" "" \
	"$kcovreport" import --machine ppc64le --module a=c008000000001000 -o other-machine.data first.txt
echo '[{"Name":"c","Addr":10000000000000000000}]' >far.json
check "import --modules: no address of x86-64" 1 "" "*error: module 'c' cannot be at 0x8ac7230489e80000: *" \
	"$kcovreport" import --machine x86_64 --modules far.json -o no.data first.txt

# An output that is an input, by this or another name, stays as it was.
cp a.txt in.txt && ln in.txt hard.txt && ln -s in.txt soft.txt && cp a.data in.data && cp a.data kcov.data
for output in in.txt ./in.txt hard.txt soft.txt; do
	check "import -o $output in.txt" 1 "" "*error: the output '$output' is the input 'in.txt', and would*" \
		"$kcovreport" import -o $output b.txt in.txt
done
check "export onto its input" 1 "" "*the output 'in.data' is the input*" "$kcovreport" export -o in.data a.data in.data
check "export onto its default input" 1 "" "*the output 'kcov.data' is the input*" "$kcovreport" export -o kcov.data
echo '[]' >list.json
check "import onto the list of modules" 1 "" "*the output 'list.json' is the input*" \
	"$kcovreport" import --modules list.json -o list.json a.txt
check "all of them are as they were" 0 "" "" \
	sh -c 'cmp in.txt a.txt && cmp in.data a.data && cmp kcov.data a.data && grep -q "^\[\]" list.json'
check "merge may replace an input" 0 "" "" "$kcovreport" merge -o in.data in.data a.data

check "the documented example" 0 "run \"example.data\" finished*command \"true\"*count 201" "" \
	"$kcovreport" dump example.data

echo "1..$n"
exit $failed
