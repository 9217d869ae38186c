#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# symbolize and points, with a tiny kernel and module made from testdata/symbolize: text, JSON, exit
# status, and the errors for bad input. Prints TAP.
#
#	O=BUILD kcovreport/tests/symbolize_test.sh
set -u
export LC_ALL=C KCOVREPORT_CACHE_SIZE=0
here=$(cd "$(dirname "$0")" && pwd)
sources=$(realpath "$here/../../testdata/symbolize")
build=$(realpath "${O:-build}")
kcovreport=$(realpath "${KCOVREPORT:-$build/kcovreport}")
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

flags="-O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -fno-optimize-sibling-calls"
# shellcheck disable=SC2086
gcc $flags -c -o callback.o "$sources/callback.c" &&
	gcc $flags -fsanitize-coverage=trace-pc -c -o kernel.o "$sources/kernel_like.c" &&
	gcc $flags -fsanitize-coverage=trace-pc -DMODULE -c -o module.ko "$sources/kernel_like.c" &&
	gcc -nostdlib -static -Wl,-e,start -o vmlinux kernel.o callback.o &&
	strip -g -o bare vmlinux || exit 99

line_of()
{
	grep -n "$2" "$sources/$1" | cut -d: -f1
}
header="$sources/chain.h" source="$sources/kernel_like.c"
innermost=$(($(line_of chain.h "LINE innermost") + 1))
middle=$(line_of chain.h "CALL innermost")
outermost=$(line_of kernel_like.c "CALL middle")

check "points" 0 "0x* call *+0x* $sources/*:[1-9]*" "" "$kcovreport" points
pc=$(grep " outermost+.*chain.h:$innermost\$" out | cut -d' ' -f1)
symbol=$(grep " outermost+.*chain.h:$innermost\$" out | cut -d' ' -f3)
total=$(grep -c ' call ' out)
check "points names its image" 0 "$(cat out)" "" "$kcovreport" points vmlinux
check "points as JSON" 0 "$total" "" python3 -c "
import json, subprocess
d = json.loads(subprocess.check_output(['$kcovreport', 'points', '--json']))
assert all(int(p['return'], 16) == int(p['address'], 16) + 5 for p in d['points'])
print(len(d['points']))"

frames="	innermost at $header:$innermost:*
	inlined into middle at $header:$middle:*
	inlined into outermost at $source:$outermost:*"
check "a point with its inlined functions" 0 "$pc point $symbol
$frames" "" "$kcovreport" symbolize "$pc"
check "by the address of its call" 0 "0x* point outermost+0x*
$frames" "" "$kcovreport" symbolize --pc-kind call "$(printf '%x' $((pc - 5)))"
call=$(printf '0x%016x' $((pc - 5)))
check "addresses of calls are recognised" 0 "$call point outermost+0x*
$frames" "*warning: the PCs are taken for addresses of calls: 1 of them are of calls at coverage points, 0 are return addresses (--pc-kind*" \
	"$kcovreport" symbolize "$call"
check "but not if it is said what they are" 0 "$call not-a-return *" "" "$kcovreport" symbolize --pc-kind return "$call"
check "nor if as many are return addresses" 0 "$call not-a-return *
$pc point *" "" "$kcovreport" symbolize "$call" "$pc"
check "what is no point" 0 "0x* not-a-return outermost+*
	(in code, but not after a call: *)
	*
0x0000000000001234 outside-text
	(*)" "" "$kcovreport" symbolize "$(printf '%x' $((pc + 1)))" 1234
check "PCs from standard input, in their order" 0 "0x0000000000000002 *
$pc point *
$pc point *" "" sh -c "printf '2\n\n %s \n%s\n' $pc $pc | '$kcovreport' symbolize | grep ^0x"
check "a module where it was loaded" 0 "0xffffffffc0000*[0-9a-f] point *
	* at $source:*" "" sh -c "'$kcovreport' points module.ko | sed -n 's/^0x000000000\(.*\) call .*kernel_like.c.*/ffffffffc\1/p' |
	head -1 | '$kcovreport' symbolize --vmlinux module.ko --base ffffffffc0000000"
check "symbolize as JSON" 0 "point innermost,middle,outermost outside-text 0" "" python3 -c "
import json, subprocess
d = json.loads(subprocess.check_output(['$kcovreport', 'symbolize', '-j', '$pc', '1']))
a, b = d['pcs']
assert a['pc'] == '$pc' and a['symbol'] == '$symbol' and a['frames'][2]['line'] == $outermost
print(a['class'], ','.join(f['function'] for f in a['frames']), b['class'], len(b['frames']))"
check "nothing asked, nothing said" 0 "" "" sh -c "'$kcovreport' symbolize </dev/null"

check "a bad PC names its line" 1 "" "*line 3 of standard input: 'xyz' is not a PC (expected one hexadecimal PC per line)" \
	sh -c "printf '1\n2\nxyz\n4\n' | '$kcovreport' symbolize"
check "control bytes of a bad PC are masked" 1 "" "*line 1 of standard input: '?x' is not a PC*" \
	sh -c "printf '\033x\n' | '$kcovreport' symbolize"
check "a bad PC as an argument is wrong use" 2 "" "*'0xg' is not a PC in hex*" "$kcovreport" symbolize 0xg
check "the kernel itself has no base" 1 "" "*--base is for a module, and './vmlinux' is none*" "$kcovreport" symbolize --base 0x1000 "$pc"
check "a bad base is wrong use" 2 "" "*'here' is not an address in hex*" "$kcovreport" symbolize --base here 1
check "no debug info" 1 "" "*'bare' has no debug info (*CONFIG_DEBUG_INFO_DWARF5=y*)" "$kcovreport" points bare
echo 'int f(int a) { return a; }' | gcc -g -c -x c -o plain.ko - || exit 99
check "a module without points" 1 "" "*'plain.ko' has no coverage points (*-fsanitize-coverage=trace-pc*)" \
	"$kcovreport" points plain.ko
check "the same for JSON" 1 "" "*'plain.ko' has no coverage points*" "$kcovreport" points --json plain.ko
# With -g1 clang makes no DIE for functions without inlined ones.
cat >minimal.c <<'END'
volatile int sink;
__attribute__((noinline)) static int plain(int a) { sink = a; return a + 1; }
void start(void) { sink = plain(sink); }
END
# shellcheck disable=SC2086
clang $flags -g1 -w -fsanitize-coverage=trace-pc -c -o minimal.o minimal.c && ld -e start -o minimal minimal.o callback.o &&
	"$kcovreport" points minimal | cut -d' ' -f1 >pcs && "$kcovreport" import -o minimal.data pcs 2>/dev/null &&
	"$kcovreport" report -k minimal -o minimal.report minimal.data >/dev/null 2>&1 || exit 99
check "functions without a DIE are named by their symbol" 0 "*plain at $PWD/minimal.c:2*" "" \
	sh -c "'$kcovreport' symbolize -k minimal <pcs"
check "in a report, too" 0 "FN:2,plain
FN:3,start
FNDA:1,plain
FNDA:1,start" "" grep "^FND*A*:" minimal.report/coverage.info
# A call of clang's callback on exit follows the one on entry: its address is the return address of that.
cat >exits.s <<'END'
	.globl start
	.type start, @function
start:	call __sanitizer_cov_trace_pc_entry
	call __sanitizer_cov_trace_pc_exit
	ret
	.size start, . - start
	.type __sanitizer_cov_trace_pc_entry, @function
__sanitizer_cov_trace_pc_entry: ret
	.size __sanitizer_cov_trace_pc_entry, . - __sanitizer_cov_trace_pc_entry
	.type __sanitizer_cov_trace_pc_exit, @function
__sanitizer_cov_trace_pc_exit: ret
	.size __sanitizer_cov_trace_pc_exit, . - __sanitizer_cov_trace_pc_exit
END
as -g -o exits.o exits.s && ld -z noexecstack -Ttext=0x1000 -e start -o exits exits.o || exit 99
printf '1000\n1005\n' | "$kcovreport" import -o exits.calls && printf '1005\n100a\n' | "$kcovreport" import -o exits.returns || exit 99
unchecked="*warning: the run has no build id of its kernel: 'exits' is used unchecked"
check "calls on exit are recognised in a report" 0 "*points*1/1*" \
	"$unchecked*warning: imported PCs are taken for addresses of calls: 2 *, 1 are return addresses*" \
	"$kcovreport" report --format text -k exits exits.calls
check "and return addresses after them" 0 "*points*1/1*" "$unchecked" "$kcovreport" report --format text -k exits exits.returns
# Calls with prefixes are longer than others.
cat >prefixes.s <<'END'
	.globl start
	.type start, @function
start:	.byte 0x67
	call __sanitizer_cov_trace_pc
	nop
	call __sanitizer_cov_trace_pc
	.byte 0x2e
	call __sanitizer_cov_trace_pc
	call plain
	call __sanitizer_cov_trace_pc
	ret
	.size start, . - start
	.globl plain
	.type plain, @function
plain:	ret
	.size plain, . - plain
END
as -g -o prefixes.o prefixes.s && ld -z noexecstack -Ttext=0x1000 -e start -o prefixes prefixes.o callback.o &&
	"$kcovreport" points prefixes | cut -d' ' -f1 >pcs && "$kcovreport" import -o prefixes.data pcs 2>/dev/null || exit 99
check "points after calls with prefixes" 0 "0x0000000000001006
0x000000000000100c
0x0000000000001012
0x000000000000101c" "" cat pcs
printf '0x1000\n0x1007\n0x100c\n0x1017\n' >calls
unchecked="*warning: the run has no build id of its kernel: 'prefixes' is used unchecked"
check "calls with prefixes are exported by their length" 0 "$(cat calls)" "$unchecked" \
	"$kcovreport" export --pc-kind call -k prefixes prefixes.data
check "after another call a point may begin: that is a return address" 0 "0x0000000000001017 other-call *" "" \
	"$kcovreport" symbolize -k prefixes 1017
"$kcovreport" import --pc-kind call -o calls.data calls 2>/dev/null || exit 99
check "and back" 0 "0x1006
0x100c
0x1012
0x101c" "$unchecked" "$kcovreport" export --pc-kind return -k prefixes calls.data
printf '1006\n1017\nffffffffc0000010\n' | "$kcovreport" import --machine x86_64 -o guessed.data || exit 99
check "what is of no point there has the length of a direct call, which is said" 0 "0x1000
0x1012
0xffffffffc000000b" "*warning: 2 PCs are not of a coverage point of 'prefixes': the length of a direct call was taken*" \
	"$kcovreport" export --pc-kind call -k prefixes guessed.data
printf '1006\n1017\n' | "$kcovreport" import -o machine.data || exit 99
check "what has no length on an unknown machine is left out, and named" 0 "0x1000" \
	"*warning: 1 PC is left out, not of a coverage point of 'prefixes': 0x1017: the length of a call is not known*import with --machine*" \
	"$kcovreport" export --pc-kind call -k prefixes machine.data
printf '3\n1006\n' | "$kcovreport" import --machine x86_64 -o low.data || exit 99
check "so is what no call can be before" 0 "0x1000" "*warning: 1 PC is left out*: 0x3: no call can be before PC 0x3" \
	"$kcovreport" export --pc-kind call -k prefixes low.data
(echo 1006 && seq 2001 2011) | "$kcovreport" import -o many.data || exit 99
check "ten of them are named" 0 "0x1000" "*warning: 11 PCs are left out*: 0x2001, *, 0x2010 and 1 more: the length*" \
	"$kcovreport" export --pc-kind call -k prefixes many.data
echo 1017 | "$kcovreport" import -o none.data || exit 99
check "if that is all, it is an error" 1 "" "*error: *machine '?'*--pc-kind*" \
	"$kcovreport" export --pc-kind call -k prefixes none.data
ld --build-id -z noexecstack -Ttext=0x1000 -e start -o vmlinux.id prefixes.o callback.o && mkdir here && mv vmlinux.id here/vmlinux &&
	"$kcovreport" import --build-id "$(readelf -n here/vmlinux | sed -n 's/.*Build ID: //p')" -o found.data pcs || exit 99
check "the kernel is found by its build id" 0 "$(cat calls)" "" \
	sh -c "cd here && '$kcovreport' export --pc-kind call ../found.data"
check "another kernel is refused" 1 "" "*error: 'prefixes' is not the kernel that ran*--force*" \
	"$kcovreport" export --pc-kind call -k prefixes found.data
check "unless it is forced" 0 "$(cat calls)" "*warning: 'prefixes' is not the kernel*" \
	"$kcovreport" export --pc-kind call -k prefixes --force found.data
check "not an ELF" 1 "" "*'$sources/calls.s' is not an ELF file" "$kcovreport" points "$sources/calls.s"
check "no such file" 1 "" "*cannot open 'nowhere': No such file or directory" "$kcovreport" points nowhere
check "two images are wrong use" 2 "" "*more than one image: 'b'*" "$kcovreport" points a b
check "disk full" 1 "" "*cannot write to standard output: No space left on device" \
	sh -c "'$kcovreport' points >/dev/full"
mkdir empty && cd empty || exit 99
check "no vmlinux here" 1 "" "*there is no './vmlinux' (name the image with --vmlinux)" "$kcovreport" points

echo "1..$n"
exit $failed
