#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: build.sh OUT_DIR
#
# Makes OUT_DIR/kcov_checked if sources are newer. Needs no library but a static libc. Environment: CC.
set -u

[ $# -eq 1 ] || {
	echo "usage: build.sh OUT_DIR" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd) || exit 1
suite=$here/../conformance
mkdir -p "$1" && out=$(cd "$1" && pwd) || exit 1
exec 9>"$out/lock" && flock 9 || exit 1

if [ -x "$out/kcov_checked" ] &&
	[ -z "$(find "$here" "$suite" "$here/../uapi" "$here/../../kmod/kcovreport_remote.h" -newer "$out/kcov_checked")" ]; then
	exit 0
fi
flags="-std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -Wno-missing-field-initializers -pthread -static
	-I$suite -I$here/../uapi -I$here/../../kmod"
shared="$suite/runner.c $suite/script.c $suite/expect.c $suite/device.c $suite/section.c $suite/inherit.c $suite/symbols.c"
# shellcheck disable=SC2086 # words
"${CC:-gcc}" $flags -o "$out/kcov_checked" "$here"/*.c $shared
