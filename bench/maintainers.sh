#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/maintainers.sh TREE [N]
#
# Compares the entries of MAINTAINERS that render/maintainers.h finds for N (300) source files of a kernel tree, spread
# over all of them, with those that the tree's scripts/get_maintainer.pl prints. Then prints how long all C files take.
# Fails if the entries of a file differ.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
out=${O:-$here/build}
[ $# -ge 1 ] && [ -d "$1" ] || { echo 'usage: bench/maintainers.sh TREE [N]' >&2; exit 2; }
tree=$(cd "$1" && pwd)
n=${2:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2046 # file names, options
(cd "$here" && ${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -I. -O2 -g -o "$work/maintainers" bench/maintainers/maintainers.c \
	$(find base render -name '*.c' -path '*base/*' -not -path '*/tests/*' -o -name 'maintainers*.c' -path 'render/*' \
		-not -path '*/tests/*' | sed "s|.*|$out/obj/&|; s|c\$|o|") $(pkg-config --libs libpcre2-8) -pthread)

cd "$tree"
find . -name '*.[chS]' -type f | sed 's|^\./||' | sort >"$work/all"
# Files at equal distances: the same ones each time.
awk -v all="$(wc -l <"$work/all")" -v n="$n" '
	NR == 1 { step = all / n; if (step < 1) step = 1 }
	NR >= next_one { print; next_one += step }' "$work/all" >"$work/some"
"$work/maintainers" "$tree" <"$work/some" | sort >"$work/ours"
while read -r file; do
	# Titles are the lines that are no fields.
	perl scripts/get_maintainer.pl -f --sections --no-email --subsystem --no-git --no-git-fallback --nokeywords \
		"$file" </dev/null 2>/dev/null |
		awk -v file="$file" '
			/^$/ { title = 0; next }
			/^[A-Z]:/ { if (!title) print file "\t" before; title = 1; next }
			{ before = $0 }'
done <"$work/some" | sort >"$work/theirs"
echo "$(wc -l <"$work/some") files, $(wc -l <"$work/theirs") entries by get_maintainer.pl"
diff -u --label get_maintainer.pl "$work/theirs" --label kcovreport "$work/ours"
"$work/maintainers" -t "$tree" <"$work/all"
