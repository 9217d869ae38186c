#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_image_files.sh DIRECTORY
#
# Makes small images that refer to another file, with that file, for symbolize/tests/fuzz_image_files.c: split debug
# info, dwz supplements, and separate debug files.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
sources=$here/../symbolize
kernel='-O2 -ffreestanding -fno-pic -mcmodel=kernel -fno-asynchronous-unwind-tables -fcf-protection=none'
points='-fsanitize-coverage=trace-pc'
link='-nostdlib -static -Wl,--build-id -Wl,-e,start -Wl,-z,noseparate-code'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build NAME FLAGS: link $work/NAME. Debug info is split into $work/second.dwo if FLAGS say so; without a directory in
# its name, it is looked for beside the image.
build()
{
	# shellcheck disable=SC2086 # words
	(cd "$work" && gcc $kernel $points $2 -c -o second.o "$sources/kernel_like.c" &&
		gcc $kernel -c -o callback.o "$sources/callback.c" && gcc $link -o "$1" second.o callback.o)
}

# pack NAME IMAGE SECOND: the size of the image in 4 bytes, the image, the other file.
pack()
{
	size=$(stat -c %s "$work/$2")
	# shellcheck disable=SC2059 # bytes become escapes
	printf "$(printf '\\%03o' $((size & 255)) $((size >> 8 & 255)) $((size >> 16 & 255)) 0)" >"$1"
	cat "$work/$2" "$work/$3" >>"$1"
}

for version in 4 5; do
	build split "-gdwarf-$version -gsplit-dwarf -ffunction-sections"
	# The name of the .dwo file is in the image: "second.dwo" becomes "second", with NULs.
	sed -i 's/second\.dwo/second\x00\x00\x00\x00/' "$work/split"
	pack split-$version split second.dwo
	if command -v dwz >/dev/null; then
		build one -gdwarf-$version
		build two -gdwarf-$version
		(cd "$work" && dwz -m second one two)
		pack dwz-$version one second
	fi
done
build whole -gdwarf-5
(cd "$work" && objcopy --only-keep-debug whole second && strip -g -o linked whole &&
	objcopy --add-gnu-debuglink=second linked)
pack debuglink linked second
