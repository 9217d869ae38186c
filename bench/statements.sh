#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/statements.sh TREE [-v]
#
# How many functions of all C files of a kernel tree the parser of statements (symbolize/source/) understands, why it
# does not understand others, and how fast it is. -v names these. bench/statements.sh -d FILE [FUNCTION] prints trees.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
out=${O:-$here/build}
[ $# -ge 1 ] || { echo 'usage: bench/statements.sh TREE [-v] | -d FILE [FUNCTION]' >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2046 # file names
(cd "$here" && ${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -I. -O2 -g -o "$work/statements" bench/statements/statements.c \
	$(find base symbolize/source -name '*.c' -not -path '*/tests/*' | sed "s|.*|$out/obj/&|; s|c\$|o|") -pthread)
if [ "$1" = -d ]; then
	"$work/statements" "$@"
	exit
fi
tree=$1
shift
find "$tree" -name '*.c' -type f | sort | "$work/statements" "$@"
