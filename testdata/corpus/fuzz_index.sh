#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_index.sh DIRECTORY
#
# Makes blocks of indexes: those that kcovreport keeps of the small images of fuzz_image.sh, and copies of them that are
# overwritten in part. KCOVREPORT is the program (build/kcovreport).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-$here/../../build}/kcovreport}")
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/fuzz_image.sh" "$work"

# The block of a cached file follows its header; the size of the block is the number before the last two.
header=96
for image in dwarf4 dwarf5 sections module.ko flow.ko; do
	KCOVREPORT_CACHE=$work/cache-$image "$kcovreport" points "$work/$image" >/dev/null
	file=$(echo "$work/cache-$image/index/"*.index)
	size=$(od -An -t u8 -j $((header - 24)) -N 8 "$file" | tr -d ' ')
	tail -c +$((header + 1)) "$file" | head -c "$size" >"$image"
	for part in 1 2 3 4 5 6 7; do
		cp "$image" "$image-overwritten-$part"
		printf '\377\377\377\377\001\000\000\000\003\000\000\000' |
			dd of="$image-overwritten-$part" bs=1 seek=$((size * part / 8 / 4 * 4)) conv=notrunc status=none
	done
done
head -c $((size / 2)) flow.ko >cut
