#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/programs.sh DIRECTORY
#
# Makes a directory of links to exactly the programs that a fresh machine has after deps.sh: those of the packages that
# it names, of their dependencies, and of a minimal Debian. With it as PATH, a check that runs any other program fails
# here as it would fail there. Fails if this is not Debian or Ubuntu.
set -u

[ $# -eq 1 ] || { echo 'usage: check/programs.sh DIRECTORY' >&2; exit 2; }
deps=$(dirname "$0")/../deps.sh
command -v dpkg-query >/dev/null || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Installed packages, as "NAME<tab>is it always there?<tab>PROVIDES<tab>DEPENDS". Versions, architectures and the order
# of alternatives do not matter: any alternative that is installed counts.
dpkg-query -W -f '${db:Status-Status}\t${binary:Package}\t${Essential} ${Priority}\t${Provides}\t${Pre-Depends}, ${Depends}\n' |
	sed -n 's/^installed\t//p' >"$work/installed" || exit 1
"$deps" --list | awk -F '\t' '
	function names(list, into,    n, i, parts) {
		n = split(list, parts, /[,|]/)
		for (i = 1; i <= n; i++) {
			gsub(/ *\([^)]*\)|^ +| +$/, "", parts[i])
			sub(/:.*/, "", parts[i])
			into[i] = parts[i]
		}
		return n
	}
	function want(name,    n, i, packages) {
		n = split(packages_of[name], packages, " ")
		for (i = 1; i <= n; i++)
			if (!(packages[i] in wanted)) {
				wanted[packages[i]]
				queue[++last] = packages[i]
			}
	}
	FILENAME != "-" {
		depends[$1] = $4
		base = $1
		sub(/:.*/, "", base)
		packages_of[base] = packages_of[base] " " $1
		n = names($3, provided)
		for (i = 1; i <= n; i++)
			if (provided[i] != "")
				packages_of[provided[i]] = packages_of[provided[i]] " " $1
		if ($2 ~ /yes|required/ || base == "apt")
			always[base]
		next
	}
	{ want($1) }
	END {
		for (name in always)
			want(name)
		for (i = 1; i <= last; i++) {
			print queue[i]
			n = names(depends[queue[i]], needed)
			for (j = 1; j <= n; j++)
				want(needed[j])
		}
	}' "$work/installed" - >"$work/packages" || exit 1

# shellcheck disable=SC2046 # words
dpkg-query -L $(cat "$work/packages") | sed 's|^/bin/|/usr/bin/|; s|^/sbin/|/usr/sbin/|' | sort -u >"$work/files"

# Links such as those of update-alternatives belong to no package: their target counts.
rm -rf "$1"
mkdir -p "$1" || exit 1
find /usr/sbin /usr/bin -mindepth 1 -maxdepth 1 >"$work/programs"
xargs -d '\n' realpath -m -- <"$work/programs" | paste "$work/programs" - |
	awk -F '\t' 'NR == FNR { own[$1]; next } $1 in own || $2 in own { print $1 }' "$work/files" - |
	xargs -d '\n' ln -sf -t "$1" --
