#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Imported modules whose addresses cannot be right: in the code of the kernel, or in each other. Prints TAP.
#
#	O=BUILD kcovreport/tests/overlaps_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
shown=(out err)
export KCOVREPORT_CACHE_SIZE=0 LC_ALL=C
src=$tmp
# shellcheck source=kcovreport/tests/small_kernel.sh
. "$here/small_kernel.sh"

flags="-g -O1 -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -fsanitize-coverage=trace-pc"
# shellcheck disable=SC2086
gcc ${flags% *} -c -o start.o kernel/start.c && gcc $flags -c -o work.o fs/work.c && gcc $flags -c -o other.o mm/other.c &&
	gcc -nostdlib -static -Wl,--build-id,-e,_start -o vmlinux start.o work.o other.o &&
	mkdir modules && ld -r -o modules/a_mod.ko work.o && cp modules/a_mod.ko modules/b_mod.ko || exit 99
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')
"$kcovreport" points vmlinux | cut -d' ' -f1 >pcs
# work.o has the same instructions in both.
work=$(nm vmlinux | sed -n 's/^0*\(.*\) T work$/\1/p')

# imported MODULE...: import the points of the kernel with these modules, and report
imported()
{
	"$kcovreport" import --build-id "$id" "${@/#/--module=}" -o run.data pcs >out 2>err &&
		"$kcovreport" report --force --modules modules -k vmlinux -o report run.data >out 2>err &&
		sed -i '/without a matching build id$/d' err
}
# kernel_hit: all points of vmlinux are hit, and no PC is left over
kernel_hit()
{
	! grep -q 'not coverage points' out && grep -q "$(wc -l <pcs)/[0-9]* " out
}

imported && [ ! -s err ] && kernel_hit
verdict $? "without modules nothing is said"
imported "a-mod=$work" && [ "$(wc -l <err)" -eq 1 ] && kernel_hit &&
	grep -q "warning: module 'a_mod' at 0x$work is in the code of vmlinux (0x.* to 0x.*), where no module can be: its" err
verdict $? "a module in the code of the kernel is told, and the PCs stay the kernel's"
imported "a-mod=$work" "c=$(printf %x $((0x$work + 1)))" && [ "$(wc -l <err)" -eq 1 ] && kernel_hit &&
	grep -q "module 'a_mod' .* can be, and is not the only one: its" err
verdict $? "several are told at once, also one without a file"
imported a_mod=ffffffffc0000000 b_mod=ffffffffc0000010 && [ "$(wc -l <err)" -eq 1 ] && kernel_hit &&
	grep -q "warning: modules 'a_mod' at 0xffffffffc0000000 and 'b_mod' at 0xffffffffc0000010 overlap: an address is" err
verdict $? "modules in each other are told"
imported a_mod=ffffffffc0000000 b_mod=ffffffffc0010000 && [ ! -s err ] && kernel_hit
verdict $? "modules beside each other are not"

echo "1..$n"
exit $failed
