#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: hostile_names.sh DIRECTORY
#
# Makes DIRECTORY/vmlinux, a small kernel whose functions and files have names that a terminal, a tracefile, JSON or HTML
# would act on. Each holds a newline and INJECTED, which must never begin a line, or another hostile piece. Its
# sources in DIRECTORY are whole, short, empty or missing.
set -eu

cd "$1"
flags='-O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -fno-asynchronous-unwind-tables -w'

# source FILE FUNCTION: two lines with code
source()
{
	printf 'int sink_%s;\nint %s(int n) { if (n) sink_%s = n;\nreturn sink_%s + 1; }\n' "$2" "$2" "$2" "$2" >"$1"
	# shellcheck disable=SC2086 # words
	gcc $flags -fsanitize-coverage=trace-pc -c "$PWD/$1" -o "$2.o"
}

# Of 16 bytes, so that other names of 16 bytes can take their place.
for name in name_of_c0______ name_of_c1______ name_of_raw_____ name_of_bidi____ name_of_zero____ name_of_markup__ \
	name_of_record__; do
	source "$name.c" "$name"
done
source whole.c whole
source short.c short_of_lines
source empty.c empty
printf 'void __sanitizer_cov_trace_pc(void) {}\nvoid start(void) {}\n' >callback.c
# shellcheck disable=SC2086 # words
gcc $flags -c "$PWD/callback.c" -o callback.o
ld --build-id -e start -o vmlinux ./*.o
export LC_ALL=C
sed -i \
	-e 's/name_of_c0______/a\x1b[2J\r\nINJECTED\x7f/g' \
	-e 's/name_of_c1______/ab\xc2\x9b31mINJECTED\x07/g' \
	-e 's/name_of_raw_____/abc\x9b2J\xff\xc3\nINJECTE/g' \
	-e 's/name_of_bidi____/\xe2\x80\xae\xe2\x81\xa6bc\nINJECTE/g' \
	-e 's/name_of_zero____/\xe2\x80\x8b\xf3\xa0\x81\x81\xef\xbb\xbfINJECT/g' \
	-e 's/name_of_markup__/"<b>\&\\\x27;\nINJECTE/g' \
	-e 's/name_of_record__/a\nend_of_record,/g' vmlinux
rm ./name_of_*.c ./*.o
head -n 2 short.c >short.tmp
mv short.tmp short.c
: >empty.c
