#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: [COMPARISONS=0] bench/hooks.sh
#
# What KCOV's hooks cost: instructions of a callback and of a remote section, with the kernel's own KCOV (stock) and
# with kernel/kcov/ (ours). Each runs in one virtual machine, which counts instructions: its clock advances by 1 per
# instruction. So the numbers are the same in every run, and say nothing about caches. Builds missing kernels. With
# COMPARISONS=0 it uses the kernels of `make check`, which record no comparisons.
#
# A callback is counted from its first instruction to its return, for a PC in the kernel's text unless stated
# otherwise. A section is counted with both calls, and the callbacks between them. A set is compared with a trace on
# stock, which has no sets. Fails only if something cannot be measured.
set -u
cd "$(dirname "$0")/.." || exit 1

O=$(realpath "${O:-build}")
out=$O/hooks
mkdir -p "$out" || exit 1
exec 9>"$out/lock" && flock 9 || exit 1

# Emulated, on one thread, 1 ns per instruction. When nothing runs, the clock jumps to the next event.
cat >"$out/qemu" <<'SH' && chmod +x "$out/qemu" || exit 1
#!/bin/bash
arguments=("$@")
for i in "${!arguments[@]}"; do
	[ "${arguments[i]}" != tcg,thread=multi ] || arguments[i]=tcg,thread=single
done
exec "$REAL_QEMU" "${arguments[@]}" -icount shift=0,sleep=off
SH
REAL_QEMU=$(command -v "${QEMU:-qemu-system-x86_64}") || {
	echo "bench/hooks: there is no QEMU (make deps)" >&2
	exit 1
}
export REAL_QEMU QEMU=$out/qemu KCOVREPORT_ACCEL=tcg
# With nokaslr the recorded PCs are run-time addresses.
export KCOVREPORT_VM_APPEND=nokaslr

conformance=kernel/kcov/conformance
"${CC:-gcc}" -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -static \
	-Ikernel/kcov/uapi -I$conformance -Ibench/hooks/kmod \
	-o "$out/measure" bench/hooks/*.c $conformance/device.c || exit 1

comparisons=${COMPARISONS:-1} fragment=
[ "$comparisons" = 0 ] || fragment=$PWD/kernel/kcov/comparisons.config

# measure stock|ours
measure()
{
	local kernel

	kernel=$(KCOV=$1 FRAGMENT=$fragment kernel/build.sh) || return 1
	kernel/kmod/build.sh "$kernel" "$out/kmod-$1" bench/hooks/kmod || return 1
	"$O/vm/vm.sh" --kernel "$kernel" --cpus 1 --root --console "$out/$1.console" -- \
		"$out/measure" "$1" "$out/kmod-$1/kcovreport_hooks.ko" </dev/null >"$out/$1.results"
}

for kernel in stock ours; do
	measure $kernel || {
		echo "bench/hooks: not measured ($kernel)" >&2
		tail -n 30 "$out/$kernel.console" >&2
		exit 1
	}
done
exec awk -F '\t' -v comparisons="$comparisons" -f bench/hooks/table.awk "$out/stock.results" "$out/ours.results"
