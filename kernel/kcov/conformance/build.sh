#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: build.sh OUT_DIR
#
# Makes OUT_DIR/kcov_conformance, and OUT_DIR/kcov_compat32 if the compiler can build it, if sources are newer. Needs no
# library but a static libc. Environment: CC.
set -u

[ $# -eq 1 ] || {
	echo "usage: build.sh OUT_DIR" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd) || exit 1
mkdir -p "$1" && out=$(cd "$1" && pwd) || exit 1
exec 9>"$out/lock" && flock 9 || exit 1

if [ -x "$out/kcov_conformance" ] &&
	[ -z "$(find "$here" "$here/../uapi" "$here/../../kmod/kcovreport_remote.h" -newer "$out/kcov_conformance")" ]; then
	exit 0
fi
flags="-std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -Wno-missing-field-initializers -pthread -static
	-I$here -I$here/../uapi -I$here/../../kmod"
# shellcheck disable=SC2086 # words
set -- $flags
rm -f "$out/kcov_compat32"
"${CC:-gcc}" -m32 "$@" -o "$out/kcov_compat32" "$here/compat32.c" 2>"$out/compat32.log" || {
	echo "kcov/conformance: no 32-bit program: $out/compat32.log" >&2
}
sources=$(find "$here" -name '*.c' ! -name compat32.c)
# shellcheck disable=SC2086 # words
"${CC:-gcc}" "$@" -o "$out/kcov_conformance" $sources
