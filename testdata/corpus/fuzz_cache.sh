#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_cache.sh DIRECTORY
#
# Makes files of the cache of indexes: those that kcovreport keeps of the small images of fuzz_image.sh, copies of them
# whose headers or information are overwritten, and files that name an image. KCOVREPORT is the program
# (build/kcovreport).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-$here/../../build}/kcovreport}")
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/images"
"$here/fuzz_image.sh" "$work/images"

for image in dwarf5 module.ko flow.ko; do
	KCOVREPORT_CACHE=$work/cache-$image "$kcovreport" points "$work/images/$image" >/dev/null
	cp "$work/cache-$image/index/"*.index "$image"
done
# overwrite NAME OFFSET: a copy of flow.ko with 8 bytes of ones there
overwrite()
{
	cp flow.ko "$1"
	printf '\377\377\377\377\377\377\377\377' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
overwrite magic 0
overwrite version 8
overwrite block-size 72
overwrite info-size 80
overwrite index-magic 96
size=$(stat -c %s flow.ko)
overwrite no-end $((size - 8))
head -c 96 flow.ko >header
head -c $((size / 2)) flow.ko >cut
printf '0123456789abcdef0123456789abcdef /boot/vmlinux\n' >content
printf '0123456789abcdef0123456789abcdef \n' >no-path
printf '0123456789ABCDEF0123456789abcdef /boot/vmlinux\n' >no-hash
