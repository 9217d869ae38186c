#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: build.sh KERNEL_BUILD_DIR OUT_DIR [SOURCE_DIR]
#
# Builds OUT_DIR/kcovreport_remote.ko for the kernel that was built in KERNEL_BUILD_DIR, unless it exists and was built
# from these sources for that kernel. With SOURCE_DIR it builds the one module in that directory instead. Prints nothing
# unless it fails. Writes only to OUT_DIR.
set -u

[ $# -eq 2 ] || [ $# -eq 3 ] || {
	echo "usage: build.sh KERNEL_BUILD_DIR OUT_DIR [SOURCE_DIR]" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd) || exit 1
kernel=$(cd "$1" && pwd -P) || exit 1
source=$(cd "${3:-$here}" && pwd) || exit 1
module=$(sed -n 's/^obj-m := \(.*\)\.o$/\1/p' "$source/Kbuild")
mkdir -p "$2" && out=$(cd "$2" && pwd -P) || exit 1

[ -f "$kernel/Module.symvers" ] || {
	echo "kernel/kmod: no kernel with modules was built in '$kernel'" >&2
	exit 1
}

# Two builds at a time would write the same files.
exec 9>"$out/lock" && flock 9 || exit 1

key=$(
	cd "$source" && echo "$kernel ${CC:-}" &&
		sha256sum "$here/build.sh" Kbuild ./*.[chS] "$kernel/.config" "$kernel/Module.symvers" &&
		stat -L -c %Y "$kernel/vmlinux"
) || exit 1
[ -f "$out/$module.ko" ] && [ "$(cat "$out/key" 2>/dev/null)" = "$key" ] && exit 0

# Remove all objects: those of another kernel may look up to date. The sources are copied to OUT_DIR, as kbuild writes
# beside them.
rm -f "$out/key" "$out/$module".* "$out"/*.o "$out"/.*.cmd "$out"/.*.o "$out/modules.order" "$out/Module.symvers"
(cd "$source" && cp Kbuild ./*.[chS] "$out/") || exit 1
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "$kernel" M="$out" ${CC:+CC="$CC"} modules >"$out/log" 2>&1 9>&- || {
	cat "$out/log" >&2
	echo "kernel/kmod: cannot build the module for '$kernel'" >&2
	exit 1
}
printf '%s\n' "$key" >"$out/key"
