#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The cache of indexes as a user sees it: the command `cache`, --no-cache, the environment, and a cache
# that cannot be written. With a tiny kernel from testdata/symbolize. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/cache_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
sources=$(realpath "$here/../../testdata/symbolize")
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
shown=("$tmp/out" "$tmp/err")
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C TZ=UTC
unset XDG_CACHE_HOME KCOVREPORT_CACHE_SIZE

skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# kcov COMMAND...: run it and keep its output
kcov()
{
	"$kcovreport" "$@" >"$tmp/out" 2>"$tmp/err"
}

# indexes N: that many indexes are in the cache, and nothing unfinished
indexes()
{
	[ "$(find "$tmp/cache" -name '*.index' | wc -l)" -eq "$1" ] &&
		[ -z "$(find "$tmp/cache" -name '*.tmp' -o -name '*.lock')" ]
}

flags="-O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -fno-optimize-sibling-calls"
# shellcheck disable=SC2086
gcc $flags -c -o callback.o "$sources/callback.c" &&
	gcc $flags -fsanitize-coverage=trace-pc -c -o kernel.o "$sources/kernel_like.c" &&
	gcc -nostdlib -static -Wl,--build-id -Wl,-e,start -o vmlinux kernel.o callback.o &&
	cp vmlinux vmlinux.2 && printf x >>vmlinux.2 || exit 99
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')
"$kcovreport" points --no-cache >expected || exit 99
cut -d' ' -f1 expected >pcs
"$kcovreport" import --build-id "$id" -o kcov.data pcs || exit 99

kcov cache && [ ! -s out ] && [ ! -s err ] && [ ! -e cache ]
verdict $? "no cache is an empty list, and makes none"
kcov points --no-cache && kcov report --no-cache -o first && kcov show --no-cache kernel_like.c && [ ! -e cache ]
verdict $? "--no-cache keeps nothing"
kcov points && cmp out expected && [ ! -s err ] && indexes 1
verdict $? "points keeps an index"
kcov points && cmp out expected && [ ! -s err ] && indexes 1
verdict $? "points uses it"
kcov report -o second && [ ! -s err ] && cmp first/coverage.info second/coverage.info &&
	cmp first/coverage.json second/coverage.json && indexes 1
verdict $? "report uses it, and writes the same bytes"
kcov show kernel_like.c && cp out shown && kcov show --no-cache kernel_like.c && cmp out shown && indexes 1
verdict $? "show uses it, and prints the same"
kcov cache && [ "$(wc -l <out)" -eq 1 ] &&
	grep -qE "^ *[0-9]+  20[0-9-]{8} [0-9:]{8}  $id  $tmp/vmlinux$" out
verdict $? "list: size, last use, build id, path"
sleep 1
kcov points vmlinux.2 && cmp out expected && indexes 2 && kcov cache list &&
	[ "$(sed 's|.*/||' out | paste -sd' ')" = "vmlinux.2 vmlinux" ]
verdict $? "list: the last used first; other bytes with the same build id have their own index"
size=$(awk 'NR == 1 { print $1 }' out)
kcov cache prune && indexes 2 && grep -q "^kcovreport: 0 bytes freed in '$tmp/cache/index'$" err
verdict $? "prune leaves what fits"
kcov cache prune --size $((size + 10)) && indexes 1 && kcov cache && grep -q '/vmlinux.2$' out
verdict $? "prune removes what was not used for the longest time"
KCOVREPORT_CACHE_SIZE=$((size + 10)) kcov points vmlinux && indexes 1 && kcov cache && grep -q '/vmlinux$' out
verdict $? "KCOVREPORT_CACHE_SIZE is kept to"
KCOVREPORT_CACHE_SIZE=1K kcov points vmlinux.2 && cmp out expected && indexes 1 &&
	grep -q "^kcovreport: the index of 'vmlinux.2' is not kept: it is larger than the cache may become$" err
verdict $? "an index that is larger is not kept"
KCOVREPORT_CACHE_SIZE=0 kcov points vmlinux.2 && cmp out expected && [ ! -s err ] && indexes 1
verdict $? "size 0 uses no cache"
! KCOVREPORT_CACHE_SIZE=4X kcov points && grep -q "error: KCOVREPORT_CACHE_SIZE is not a size: '4X' (as in 500M" err
verdict $? "what is no size is an error"
kcov cache clear && indexes 0 && [ -z "$(ls cache/index)" ]
verdict $? "clear leaves nothing"

for arguments in "all" "prune clear" "list --size 1" "prune --size 1T" "clear --size 0"; do
	# shellcheck disable=SC2086
	kcov cache $arguments
	[ $? -eq 2 ]
	verdict $? "'cache $arguments' is wrong use"
done

odd=$'odd\033[31m\nline'
mkdir "$odd" && cp vmlinux "$odd/" && kcov points "$odd/vmlinux" && kcov cache &&
	[ "$(wc -l <out)" -eq 1 ] && grep -q '/odd?\[31m?line/vmlinux$' out
verdict $? "control bytes in a path are masked"
(unset KCOVREPORT_CACHE HOME && "$kcovreport" points) >out 2>err && cmp out expected && [ ! -s err ]
verdict $? "without a home there is no cache"
(unset KCOVREPORT_CACHE && HOME=$tmp/home "$kcovreport" points) >out 2>err && cmp out expected &&
	[ -n "$(ls home/.cache/kcovreport/index/*.index)" ]
verdict $? "the default is below ~/.cache"

# Damage is repaired; a cache that cannot be used costs one line.
kcov cache clear && kcov points && printf x | dd of="$(echo cache/index/*.index)" bs=1 seek=500 conv=notrunc status=none
kcov points && cmp out expected && [ "$(wc -l <err)" -eq 1 ] &&
	grep -q "^kcovreport: the cached index of './vmlinux' is damaged (checksum): reading the image again$" err
verdict $? "a damaged index is told and made again"
kcov points && cmp out expected && [ ! -s err ]
verdict $? "once"
rm -rf cache && mkdir cache && : >cache/index
kcov points && cmp out expected && [ "$(wc -l <err)" -eq 1 ] &&
	grep -q "^kcovreport: the index of './vmlinux' is not kept: cannot open directory '$tmp/cache/index': Not a directory$" err
verdict $? "a file in place of the directory"
! kcov cache && grep -q "error: cannot open directory '$tmp/cache/index'" err
verdict $? "which the command cache refuses"
rm -rf cache && mkdir cache
if mount -t tmpfs -o size=16k tmpfs cache 2>/dev/null; then
	mounted=$tmp/cache
	mkdir -m 700 cache/index
	head -c 16384 /dev/zero >cache/filler 2>/dev/null # until it is full
	kcov points && cmp out expected && [ "$(wc -l <err)" -eq 1 ] && indexes 0 &&
		grep -q "is not kept: cannot write to '$tmp/cache/index': No space left on device$" err
	verdict $? "a full disk"
	rm cache/filler && mount -o remount,ro cache
	kcov points && cmp out expected && [ "$(wc -l <err)" -eq 1 ] &&
		grep -q "is not kept: cannot lock it in '$tmp/cache/index': Read-only file system$" err
	verdict $? "a file system that is read-only"
	mount -o remount,rw,size=1m cache && kcov points && indexes 1 && mount -o remount,ro cache &&
		kcov points && cmp out expected && [ ! -s err ]
	verdict $? "which may hold an index, though"
	umount cache && mounted=
else
	skip "a full disk" "cannot mount a tmpfs"
fi

# disk BYTE: the image of a file system with the vmlinux and one more byte; all its times are the same
disk()
{
	mkdir -p tree && cp vmlinux tree/vmlinux && printf %s "$1" >>tree/vmlinux && rm -f disk &&
		mke2fs -q -t ext2 -I 128 -d tree disk 2m &&
		for field in atime ctime mtime; do
			debugfs -w -R "set_inode_field /vmlinux $field 20200101000000" disk || return
		done
}

# mount_disk BYTE: at m
mount_disk()
{
	disk "$1" >disk.log 2>&1 && mount -o ro,loop disk m 2>>disk.log && mounted=$tmp/m
}

# mounted_points BYTE: the points of that vmlinux; what the file system says of it goes to m.stat
mounted_points()
{
	local status

	mount_disk "$1" || return
	kcov points m/vmlinux
	status=$?
	stat -c '%d %i %s %y %z' m/vmlinux >>m.stat
	umount m && mounted= && return $status
}

rm -rf cache && mkdir m
if mount_disk x && umount m; then
	mounted=
	mounted_points x && cmp out expected && indexes 1 && mounted_points y && cmp out expected && indexes 2
	status=$?
	# Another program may have taken the loop device meanwhile.
	if [ "$(sort -u m.stat | wc -l)" -eq 1 ]; then
		verdict $status "two mounted images with files of the same inode, size and times"
	else
		skip "two mounted images" "not the same device"
	fi
else
	skip "two mounted images" "cannot make or mount them"
fi

echo "1..$n"
exit $failed
