#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boot a kernel in QEMU and run one command in it as on the host. kernel/README.md says what the command finds there.
# This script chooses kernel and machine. vm-relay (kernel/vm/host/) starts QEMU and connects the command with its
# caller. guest-init (kernel/vm/guest/) is process 1 of the guest.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 125
cache=${KCOVREPORT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/kcovreport}
qemu=${QEMU:-qemu-system-x86_64}
# Time limit for a guest with KVM to reach user space. Normally it takes two seconds.
kvm_limit=10
# The same without.
tcg_limit=120

usage()
{
	cat <<'EOF'
usage: vm.sh [OPTIONS] [--] COMMAND [ARGS...]

Runs COMMAND in a virtual machine on a kernel built with coverage, in a copy-on-write view of the
host's file system, and ends with its exit status; 125 if the machine fails.

  --kernel DIR        kernel build directory (the one kernel/build.sh has built)
  --share DIR         let COMMAND write to this directory of the host; may be repeated
  --root              run COMMAND as root; KCOVREPORT_UID, _GID, _GROUPS name the caller
  --memory MB         memory of the guest (2048)
  --cpus N            processors of the guest (as many as here, 4 at most)
  --append WORDS      add WORDS to the kernel's command line; may be repeated
  --timeout S         end the guest if it gives no sign of life for S seconds (60; 0: never)
  --boot-timeout S    end the guest if it has not started after S seconds (120; 0: never)
  --console FILE      write the guest's console output to FILE
  --init FILE         the guest's init (guest-init)
  --relay FILE        the host's end (vm-relay)
  -h, --help          print this

Environment: KCOVREPORT_CACHE, QEMU, KCOVREPORT_ACCEL=kvm|tcg, KCOVREPORT_VM_INIT,
KCOVREPORT_VM_RELAY, KCOVREPORT_VM_APPEND (added to the kernel's command line).
EOF
}

say()
{
	printf 'kcovreport: vm: %s\n' "${1//[^[:print:]]/?}" >&2
}

fail()
{
	say "$1"
	exit 125
}

# find_helper NAME: find a program that was built with kcovreport, or build.sh.
find_helper()
{
	local dir program

	program=$(command -v kcovreport) && program=$(dirname "$program")
	for dir in "$here" "$here/.." "$here/../../build/vm" ${program:+"$program/vm" "$program/../libexec/kcovreport"}; do
		if [ -x "$dir/$1" ]; then
			printf '%s\n' "$dir/$1"
			return
		fi
	done
	fail "cannot find '$1'; run make, or name it with an option (--help)"
}

# need_number OPTION VALUE MINIMUM
need_number()
{
	case $2 in
	'' | *[!0-9]* | ??????????*) fail "$1 takes a number, not '$2'" ;;
	esac
	[ "$2" -ge "$3" ] || fail "$1 must be at least $3"
}

# Set $path, absolute, but with symbolic links: the command must find it under the name that was given.
absolute()
{
	case $1 in
	/*) path=$1 ;;
	*) path=$PWD/$1 ;;
	esac
}

kernel=
append=
memory=2048
cpus=$(nproc 2>/dev/null || echo 1)
[ "$cpus" -le 4 ] || cpus=4
init=${KCOVREPORT_VM_INIT:-}
relay=${KCOVREPORT_VM_RELAY:-}
relay_options=()

while [ $# -gt 0 ]; do
	case $1 in
	--root)
		relay_options+=(--root)
		shift
		continue
		;;
	-h | --help)
		usage
		exit 0
		;;
	--)
		shift
		break
		;;
	-*) [ $# -ge 2 ] || fail "unknown option or missing value: '$1'" ;;
	*) break ;;
	esac
	case $1 in
	--kernel) absolute "$2" && kernel=$path ;;
	--share) absolute "$2" && relay_options+=(--share "$path") ;;
	--memory) need_number "$1" "$2" 64 && memory=$2 ;;
	--cpus) need_number "$1" "$2" 1 && cpus=$2 ;;
	--timeout | --boot-timeout) need_number "$1" "$2" 0 && relay_options+=("$1" "$2") ;;
	--append) append+=" $2" ;;
	--console) relay_options+=(--console "$2") ;;
	--init) init=$2 ;;
	--relay) relay=$2 ;;
	*) fail "unknown option '$1'" ;;
	esac
	shift 2
done
[ $# -gt 0 ] || {
	usage >&2
	exit 125
}
[ -n "$init" ] || init=$(find_helper guest-init) || exit 125
[ -n "$relay" ] || relay=$(find_helper vm-relay) || exit 125
[ -n "$kernel" ] || { build=$(find_helper build.sh) && kernel=$("$build" --print-dir); } || exit 125
command -v "$qemu" >/dev/null || fail "cannot find '$qemu': install qemu-system-x86"

# --- the kernel -----------------------------------------------------------------------------------

image=$kernel/arch/x86/boot/bzImage
[ -e "$kernel" ] || fail "there is no kernel in '$kernel'; build one with kernel/build.sh"
[ -r "$image" ] || fail "cannot read '$image': '$kernel' is not a complete x86 kernel build"

# Options that init and relay need. They must be built in, because there is nothing to load modules from.
needed='64BIT BLK_DEV_INITRD BINFMT_ELF PROC_FS SYSFS TMPFS DEVTMPFS PCI VIRTIO_PCI VIRTIO_CONSOLE
	NET NET_9P NET_9P_VIRTIO 9P_FS OVERLAY_FS SERIAL_8250_CONSOLE UNIX98_PTYS'

check_config()
{
	local missing='' symbol config

	config=$(cat "$kernel/.config" 2>/dev/null) || return 0
	for symbol in $needed; do
		case $'\n'$config$'\n' in
		*$'\n'"CONFIG_$symbol=y"$'\n'*) ;;
		*) missing+=" CONFIG_$symbol=y" ;;
		esac
	done
	[ -z "$missing" ] || fail "the kernel in '$kernel' lacks what its guest needs:$missing"
}

check_config

# link_modules RELEASE: make a module directory of links for a build tree without modules_install;
# print its path. The build tree itself is not written to. The lock is held by the subshell that runs this: only one
# vm.sh makes the links, and none replaces them below the guest of another.
link_modules()
{
	local dir new depmod=/sbin/depmod path

	dir=$cache/modules/$(printf '%s' "$kernel" | sha256sum | cut -c 1-16)
	[ -x $depmod ] || depmod=$(command -v depmod) || return 1
	# Root may have made them, in a cache that we can only read.
	if [ ! "$dir/stamp" -nt "$kernel/modules.order" ]; then
		mkdir -p "$cache/modules" && exec 9>>"$dir.lock" && flock 9 || return 1
	fi
	if [ ! "$dir/stamp" -nt "$kernel/modules.order" ]; then
		new=$dir.$$
		mkdir -p "$new/lib/modules/$1" || return 1
		cp "$kernel"/modules.builtin* "$kernel/modules.order" "$new/lib/modules/$1/" || return 1
		while read -r path; do
			path=${path#kernel/}
			path=${path%.o}
			path=${path%.ko}.ko
			mkdir -p "$new/lib/modules/$1/kernel/$(dirname "$path")" || return 1
			ln -s "$kernel/$path" "$new/lib/modules/$1/kernel/$path" || return 1
		done <"$kernel/modules.order"
		"$depmod" -b "$new" "$1" || return 1
		touch "$new/stamp"
		rm -rf "$dir"
		mv "$new" "$dir" || return 1
	fi
	printf '%s\n' "$dir/lib/modules/$1"
}

add_modules()
{
	local release dir

	release=$(cat "$kernel/include/config/kernel.release" 2>/dev/null) || return
	dir=$kernel/modules/lib/modules/$release
	if [ ! -d "$dir" ]; then
		[ -s "$kernel/modules.order" ] || return
		dir=$(link_modules "$release") || {
			say "the modules of '$kernel' cannot be loaded"
			return
		}
	fi
	relay_options+=(--modules "$dir")
}

add_modules

# --- the machine ----------------------------------------------------------------------------------

# machine ACCEL CPU APPEND: set $machine to QEMU's command line, without what the relay adds.
machine()
{
	machine=("$qemu" -nodefaults -no-user-config -display none -no-reboot
		-machine pc -accel "$1" -cpu "$2" -m "$memory" -smp "$cpus" -kernel "$image"
		-append "console=ttyS0 loglevel=5 panic=-1 rdinit=/init $3$append ${KCOVREPORT_VM_APPEND:-}")
}

# An emulated processor walks page tables in software, so four levels are faster than five. It clears a page faster with
# word stores than with the "fast" string instructions. And it does not speculate, so mitigations only cost time. On a
# busy host it may get no processor for longer than the kernel waits for its timer, which is then a panic.
use_tcg()
{
	machine tcg,thread=multi max,la57=off,erms=off 'mitigations=off no_timer_check'
}

use_kvm()
{
	machine kvm host ''
}

# boots SECONDS: does $machine come up? A signal that ends the relay is for us: it tells nothing about the machine.
boots()
{
	local status

	"$relay" --init "$init" --boot-timeout "$1" -- "${machine[@]}" -- true </dev/null >/dev/null 2>&1
	status=$?
	[ $status -le 128 ] || exit $status
	return $status
}

# /dev/kvm may exist and not boot anything. Try it once for each boot of this machine and each version of QEMU. What does
# not come up without KVM either (another kernel, too much memory) tells nothing about it.
kvm_works()
{
	local identity answer='' known=''

	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return
	identity="$(cat /proc/sys/kernel/random/boot_id) $("$qemu" --version | head -n 1)"
	[ ! -r "$cache/kvm" ] || { read -r answer && read -r known; } <"$cache/kvm"
	if [ "$known" != "$identity" ]; then
		answer=yes
		use_kvm
		boots $kvm_limit || { answer=no && use_tcg && boots $tcg_limit; } || return
		mkdir -p "$cache" && printf '%s\n' "$answer" "$identity" >"$cache/kvm.$$" &&
			mv "$cache/kvm.$$" "$cache/kvm"
	fi
	[ "$answer" = yes ]
}

case ${KCOVREPORT_ACCEL:-} in
kvm) use_kvm ;;
tcg) use_tcg ;;
'') if kvm_works; then use_kvm; else use_tcg; fi ;;
*) fail "KCOVREPORT_ACCEL is kvm or tcg, not '$KCOVREPORT_ACCEL'" ;;
esac

exec "$relay" --init "$init" "${relay_options[@]}" -- "${machine[@]}" -- "$@"
