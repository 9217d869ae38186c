#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/checked.sh BUILD_DIR memory|races|rt
#
# Our kernel side of KCOV on a sanitizer or debug kernel, in QEMU: kernel/kcov/checked/. If that kernel is missing,
# builds it first, which takes a quarter of an hour.
set -u
cd "$(dirname "$0")/.." || exit 99

O=$(cd "$1" && pwd) || exit 99
export O
KERNEL=$(KCOV=ours FRAGMENT=$PWD/kernel/kcov/checked/$2.config kernel/build.sh | tail -n 1)
[ -f "$KERNEL/vmlinux" ] || { echo "checked ($2): 0 passed, 1 failed: no kernel"; exit 1; }
# The same as in check/vm.sh: these kernels are slow enough.
export KCOVREPORT_VM_APPEND='pty.legacy_count=0 initcall_blacklist=trace_eval_init acpi=noirq norandmaps mitigations=off'
kernel/kcov/checked/run.sh "$KERNEL" "$2"
