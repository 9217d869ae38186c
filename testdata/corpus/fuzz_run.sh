#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_run.sh DIRECTORY
#
# Makes run files: the examples of docs/run-file.md, whole, truncated, damaged, and with data after their end.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$1"

# bytes PATTERN: those of the lines that begin with it.
bytes()
{
	hex=$(sed -nE "s/^    $1  (([0-9a-f]{2} )*[0-9a-f]{2})  .*/\\1/p" "$here/../../docs/run-file.md")
	# shellcheck disable=SC2059,SC2086 # bytes become escapes
	printf "$(printf '\\%03o' $(printf '0x%s ' $hex))"
}

bytes '[0-9a-f]{4}' >example
size=$(stat -c %s example)
[ "$size" -gt 100 ]
: >empty
for cut in 4 16 27 100 $((size - 1)); do
	head -c "$cut" example >cut-"$cut"
done
sed 's/true/trux/' example >wrong-checksum
cat example example >twice
{ head -c 16 example && tail -c +67 example; } >no-meta
{ cat example && printf 'more'; } >longer
printf 'ffffffff81001000\n' >text
bytes pack >record
{ head -c 16 example && cat record; } >pack
{ head -c 16 example && cat record record; } >packs
head -c 50 pack >pack-cut
{ head -c 16 example && sed 's/\x01\xc8\x01/\x01\xc9\x01/' record; } >pack-wrong-checksum
# A task with the same PCs four times, as the entries of a PACK record.
tail -c 16 record >entries
cat entries entries entries entries >more-entries
rm record
