#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_run.sh DIRECTORY
#
# Makes run files: the example of docs/run-file.md, whole, truncated, damaged, and with data after its end.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
bytes=$(sed -nE 's/^    [0-9a-f]{4}  (([0-9a-f]{2} )*[0-9a-f]{2})  .*/\1/p' "$here/../../docs/run-file.md")
# shellcheck disable=SC2059,SC2086 # bytes become escapes
printf "$(printf '\\%03o' $(printf '0x%s ' $bytes))" >example
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
