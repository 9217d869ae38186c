#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_image.sh DIRECTORY
#
# Makes small images of each kind that the readers of ELF, DWARF and code meet, with this machine's compiler
# from testdata/symbolize, and copies of them that are truncated or overwritten in part.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
sources=$here/../symbolize
kernel='-O2 -ffreestanding -fno-pic -mcmodel=kernel -fno-asynchronous-unwind-tables -fcf-protection=none'
points='-fsanitize-coverage=trace-pc'
link='-nostdlib -static -Wl,--build-id -Wl,-e,start -Wl,-z,noseparate-code'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# kernel NAME FLAGS
kernel()
{
	# shellcheck disable=SC2086 # words
	"${cc:-gcc}" $kernel $points $2 -c -o "$work/kernel.o" "$sources/kernel_like.c" &&
		gcc $kernel -c -o "$work/callback.o" "$sources/callback.c" &&
		gcc $link -o "$1" "$work/kernel.o" "$work/callback.o"
}

kernel dwarf4 -gdwarf-4
kernel dwarf5 -gdwarf-5
kernel sections '-gdwarf-5 -ffunction-sections'
kernel no-debug -g0
# Its file tables have MD5s.
if command -v clang >/dev/null; then
	cc=clang kernel clang -gdwarf-5
fi
objcopy --compress-debug-sections=zlib dwarf5 compressed
objcopy --strip-all dwarf5 stripped
objcopy --only-keep-debug dwarf5 only-debug
# shellcheck disable=SC2086 # words
gcc $kernel $points -DMODULE -gdwarf-5 -c -o "$work/module.o" "$sources/kernel_like.c"
ld -r --build-id -o module.ko "$work/module.o"
# A unit in two sections, whose .dwo file is not there; and one that shares debug info with a file that is not there.
(cd "$work" && kernel "$OLDPWD/split" '-gdwarf-5 -gsplit-dwarf -ffunction-sections')
if command -v dwz >/dev/null; then
	kernel shared -gdwarf-5
	cp shared "$work/shared"
	dwz -m "$work/common" shared "$work/shared"
fi
for program in gzip xz zstd; do
	if command -v $program >/dev/null; then
		$program <dwarf5 >packed-$program
	fi
done
as -g -o "$work/flow.o" "$sources/module.s"
gcc -O2 -g -c -o "$work/no_return.o" "$sources/no_return.c"
ld -r -o flow.ko "$work/flow.o" "$work/no_return.o"

size=$(stat -c %s dwarf5)
for part in 0 1 2 3; do
	head -c $((size * part / 4)) dwarf5 >cut-$part
	cp dwarf5 overwritten-$part
	printf '\377\377\377\377\177\377\377\377\200\200\200\200' |
		dd of=overwritten-$part bs=1 seek=$((size * part / 4 + 64)) conv=notrunc status=none
done
