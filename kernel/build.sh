#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build a kernel with KCOV and DWARF 5 into the cache, once, and print its build directory.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
cache=${KCOVREPORT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/kcovreport}
jobs=${J:-$(nproc)}
llvm=${LLVM:-}
compiler=${CC:-gcc}
kcov=${KCOV:-stock}
patch=${PATCH:-}
[ -z "$llvm" ] || compiler=clang${llvm#1}
PATH=$PATH:/usr/sbin:/sbin # depmod

usage()
{
	cat <<'EOF'
usage: build.sh [--print-dir]

Builds what kernel/config says, out of tree. The last line on standard
output is the build directory: vmlinux, arch/x86/boot/bzImage, and the modules below modules/.
With --print-dir that line is printed and nothing is built.

Environment:
  LINUX=DIR       kernel source (the newest /usr/src/linux-source-*.tar.xz)
  FRAGMENT=FILE   more configuration, after ours
  KCOV=ours       with KCOV as kcov/ implements it, made from the build with KCOV=stock (stock)
  PATCH=FILE      with the patch applied, made from the build without it: only what it changes is compiled
  J=N             jobs (as many as there are processors)
  CC=COMPILER     (gcc)
  LLVM=1          build with clang and LLVM's tools; LLVM=-14: those with this suffix
  KCFLAGS=FLAGS   more options for the compiler, after the kernel's own
  KCOVREPORT_CACHE=DIR   where builds are kept ($XDG_CACHE_HOME/kcovreport)
EOF
}

say()
{
	printf '%s\n' "$1" >&2
}

fail()
{
	say "kernel/build.sh: $1"
	exit 1
}

# --- what to build --------------------------------------------------------------------------------

# find_source: set $tarball or $source, $version, and $identity, which changes when the source does.
find_source()
{
	local package

	tarball=
	if [ -n "${LINUX:-}" ]; then
		source=$(cd "$LINUX" 2>/dev/null && pwd -P) || fail "there is no directory '$LINUX'"
		[ -f "$source/Kbuild" ] || fail "'$LINUX' is not a kernel source tree"
		version=$(make -s -C "$source" kernelversion 2>/dev/null) ||
			fail "cannot tell the version of '$LINUX'"
		identity="tree $source $version"
		return
	fi
	tarball=$(printf '%s\n' /usr/src/linux-source-*.tar.xz | sort -V | tail -n 1)
	[ -r "$tarball" ] ||
		fail "there is no /usr/src/linux-source-*.tar.xz: install linux-source-6.12 (make deps) or set LINUX=DIR"
	package=$(basename "$tarball" .tar.xz)
	version=${package#linux-source-}
	identity="package $package $(dpkg-query -f '${Version}' -W "$package" 2>/dev/null)"
	identity+=" $(stat -c '%s %Y' "$tarball")"
	source=$cache/src/$package-$(printf '%s' "$identity" | sha256sum | cut -c 1-8)
}

# What a build depends on. Anything else that distinguishes two builds goes into one of these arrays. All of it is in
# the key.
make_options=("CC=$compiler")
[ -z "$llvm" ] || make_options=("LLVM=$llvm")
[ -z "${KCFLAGS:-}" ] || make_options+=("KCFLAGS=$KCFLAGS")
fragments=("$here/config")

choose_variant()
{
	local fragment

	[ -z "${FRAGMENT:-}" ] || fragments+=("$FRAGMENT")
	for fragment in "${fragments[@]}"; do
		[ -r "$fragment" ] || fail "cannot read '$fragment'"
	done
}

describe()
{
	printf 'source: %s\n' "$identity"
	printf 'compiler: %s\n' "$($compiler --version | head -n 1)"
	printf 'make: %s\n' "${make_options[*]}"
	[ $kcov = stock ] || printf 'kcov: %s\n' "$kcov_hash"
	[ -z "$patch" ] || printf 'patch: %s\n' "$(sha256sum <"$patch" | cut -c 1-16)"
	# Without comments.
	cat "${fragments[@]}" | grep '^CONFIG_'
}

# --- progress -------------------------------------------------------------------------------------

started=$SECONDS
told=-30

elapsed()
{
	local t=$((SECONDS - started))

	printf '%d:%02d' $((t / 60)) $((t % 60))
}

# progress TEXT: a line that is overwritten on a terminal, and a new line every half minute elsewhere.
progress()
{
	if [ -t 2 ]; then
		printf '\r\033[K%.76s' "$1 ($(elapsed))" >&2
	elif [ $((SECONDS - told)) -ge 30 ]; then
		say "$1 ($(elapsed))"
		told=$SECONDS
	fi
}

progress_end()
{
	[ ! -t 2 ] || printf '\r\033[K' >&2
}

# --- ending early ---------------------------------------------------------------------------------

# The work is a process group of its own: make, its sub-makes and their compilers.
interrupted()
{
	local child

	trap '' INT TERM HUP QUIT PIPE
	for child in $(jobs -rp); do
		kill -TERM -- "-$child" 2>/dev/null || kill -TERM "$child" 2>/dev/null
	done
	wait
	progress_end
	say "kernel/build.sh: interrupted; the next run goes on from here"
	exit 130
}

# find_starters: print the processes of our job from this one up, such as make and the shells between. They end at one
# that does not ignore SIGHUP or SIGINT though we do: it has put us into the background, and may end.
find_starters()
{
	local pid=$$ stat status parent group ignored own_group='' own_ignored=''

	while stat=$(<"/proc/$pid/stat") && status=$(<"/proc/$pid/status"); do
		read -r _ parent group _ <<<"${stat##*) }"
		ignored=${status#*$'\nSigIgn:'}
		ignored=$((16#${ignored:16:1} & 3))
		[ "${own_group:=$group}" = "$group" ] || break
		[ $((${own_ignored:=$ignored} & ~ignored)) = 0 ] || break
		printf '%s ' "$pid"
		pid=$parent
	done 2>/dev/null
}

# A make that gets SIGTERM passes it on to its own children only, and a killed one passes on nothing. So a build whose
# starters end is interrupted.
starters=$(find_starters)

check_starters()
{
	[ "$(find_starters)" = "$starters" ] || interrupted
}

trap interrupted INT TERM HUP QUIT PIPE

# work WHAT LOG COMMAND...: run it and show progress; on failure show the end of the log and exit.
work()
{
	local what=$1 log=$2 worker status

	shift 2
	set -m
	"$@" >>"$log" 2>&1 </dev/null &
	worker=$!
	set +m
	while kill -0 $worker 2>/dev/null; do
		progress "$what$(progress_detail "$log")"
		check_starters
		sleep 1 &
		wait $! 2>/dev/null
	done
	wait $worker
	status=$?
	progress_end
	[ $status = 0 ] && return
	grep -nE '(error|Error|undefined|not found)[: ]' "$log" | head -n 5 >&2
	say '...'
	tail -n 20 "$log" >&2
	fail "$what failed, see $log"
}

# Kbuild prints a line for every file: "  CC      fs/ext4/inode.o".
progress_detail()
{
	local last

	last=$(tail -n 1 "$1" 2>/dev/null | sed -n 's/^  [A-Z_]*  *\(\[M\]\)* *//p')
	[ -z "$last" ] || printf ': %d files, %s' "$(grep -c '^  CC ' "$1")" "$last"
}

# --- building -------------------------------------------------------------------------------------

# lock FILE: only one build of a kernel at a time. make inherits the lock, so it holds it until it has ended, even if its
# script was killed.
lock()
{
	exec 9>>"$1" || fail "cannot open '$1'"
	flock -n 9 && return
	say "waiting for another build of the same ..."
	# Wait in steps of a second: bash handles a signal when flock has ended.
	until flock -w 1 9; do
		[ $? = 1 ] || fail "cannot lock '$1'"
		check_starters
	done
}

check_tools()
{
	local tool missing=

	for tool in make setpriv flex bison bc perl xz lz4 depmod ${patch:+patch} "${compiler%% *}" ${llvm:+"ld.lld${llvm#1}" "llvm-ar${llvm#1}"}; do
		command -v "$tool" >/dev/null || missing+=" $tool"
	done
	[ -z "$missing" ] || fail "not installed:$missing (make deps installs what is needed)"
}

unpack()
{
	local new

	[ -n "$tarball" ] && [ ! -d "$source" ] || return 0
	mkdir -p "$cache/src" || exit 1
	lock "$cache/src/lock"
	if [ ! -d "$source" ]; then
		rm -rf "$cache"/src/unpack.*
		new=$(mktemp -d "$cache/src/unpack.XXXXXX") || exit 1
		work "unpacking $(basename "$tarball")" "$new/log" tar -C "$new" -xf "$tarball"
		mv "$new"/linux-source-* "$source" || exit 1
		rm -rf "$new"
	fi
	exec 9>&-
}

# kbuild TARGET...: becomes make, which ends if this script is killed.
kbuild()
{
	exec setpriv --pdeathsig TERM make -C "$source" O="$dir" -j"$jobs" "${make_options[@]}" "$@"
}

# untrue: print the options that standard input asks for and .config does not have.
untrue()
{
	local line name value
	local -A wanted=()

	while read -r line; do
		case $line in
		CONFIG_*=*) wanted[${line%%=*}]=${line#*=} ;;
		esac
	done
	for name in "${!wanted[@]}"; do
		value=$(sed -n "s/^$name=//p" "$dir/.config")
		[ "${value:-n}" = "${wanted[$name]}" ] ||
			printf ' %s=%s (is %s)' "$name" "${wanted[$name]}" "${value:-n}"
	done
}

configure()
{
	local wrong

	cat "${fragments[@]}" >"$dir/.config" || exit 1
	work "configuring Linux $version" "$log" kbuild olddefconfig
	wrong=$(cat "${fragments[@]}" | untrue)
	[ -n "$wrong" ] || return 0
	# Another tree may lack options that only workloads need. Linux 6.1 does not compress debug
	# information unless it is told to, and has no name for that.
	[ -z "${LINUX:-}" ] ||
		wrong=$(sed '/^# --- Workloads/,$d; /DEBUG_INFO_COMPRESSED_NONE/d' "$here/config" | untrue)
	[ -z "$wrong" ] || fail "Linux $version does not accept these options:$wrong"
	say "note: Linux $version does not accept these options:$(cat "${fragments[@]}" | untrue)"
}

# The same source, configuration and compiler must give the same build id, wherever they are built.
fix_identity()
{
	export KBUILD_BUILD_USER=kcovreport KBUILD_BUILD_HOST=kcovreport KBUILD_BUILD_VERSION=1
	[ -z "$tarball" ] ||
		KBUILD_BUILD_TIMESTAMP=$(LC_ALL=C date -u -d "@$(stat -c %Y "$tarball")") &&
		export KBUILD_BUILD_TIMESTAMP
}

build()
{
	mkdir -p "$cache/kernel" || exit 1
	lock "$dir.lock"
	# The user's own tree may have changed under the same version: let make decide.
	[ -n "${LINUX:-}" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$(describe)" ] || return 0
	check_tools
	[ -z "$stock" ] || [ -d "$dir" ] || derive
	mkdir -p "$dir" || exit 1
	rm -f "$stamp"
	log=$dir/build.log
	: >"$log"
	fix_identity
	[ -n "$stock" ] || configure
	work "building Linux $version$minutes" "$log" kbuild all
	rm -rf "$dir/modules"
	work "installing modules" "$log" kbuild INSTALL_MOD_PATH="$dir/modules" modules_install
	# These are half of the directory's size, and nothing is linked from them any more.
	[ -z "$stock" ] || rm -f "$dir"/vmlinux.o "$dir"/.tmp_vmlinux*
	describe >"$stamp.new" && mv "$stamp.new" "$stamp"
}

minutes=', the first time takes minutes'
stock= # the build that this one is made from

# --- with our own kernel side of KCOV, or a patch -------------------------------------------------

# Patches a copy of the source, made of hard links, and copies the stock build with every path in it changed to the
# copy's. For make this is then a build of the patched tree in which a few files have changed.

hash_kcov()
{
	(
		cd "$here" && LC_ALL=C
		sha256sum apply.sh kcov/*.[ch] kcov/Makefile kcov/uapi/kcov_set.h
	) | sha256sum | cut -c 1-16
}

check_patch()
{
	[ -n "$patch" ] || return
	patch=$(realpath "$patch") && [ -r "$patch" ] || fail "cannot read '$PATCH'"
	[ -z "${LINUX:-}" ] || fail "PATCH does not change your own tree: apply '$PATCH' to $LINUX yourself"
}

check_kcov()
{
	case $kcov in
	stock) return ;;
	ours) ;;
	*) fail "KCOV takes stock or ours, not '$kcov'" ;;
	esac
	[ -f "$here/apply.sh" ] && [ -f "$here/kcov/Makefile" ] ||
		fail "KCOV=ours needs apply.sh and kcov/ beside build.sh, as in the source of kcovreport"
	kcov_hash=$(hash_kcov)
	[ -n "${LINUX:-}" ] || return
	# The tree's own KCOV is what is built, and make knows what has changed.
	"$here/apply.sh" --check "$source" >/dev/null ||
		fail "KCOV=ours does not change your own tree: run '$here/apply.sh $LINUX' first"
	kcov=stock
}

set_dir()
{
	dir=$cache/kernel/$version-$(describe | sha256sum | cut -c 1-12)
	stamp=$dir/kcovreport.stamp
}

# The paths of source and output that the build recorded: the folders may have been renamed since.
recorded_source()
{
	readlink "$stock/source"
}

recorded_output()
{
	local name file=tools/objtool/.objtool-in.o.cmd

	name=$(sed -n 's|^cmd_\(/.*\)/tools/objtool/objtool-in.o := .*|\1|p' "$stock/$file" 2>/dev/null)
	printf '%s\n' "${name:-$stock}"
}

# The path of the patched tree has the same length as the path of the stock tree that the build recorded, so that it can
# replace it in debug information too. Each build has a patched tree of its own.
name_source()
{
	local room=$(($(recorded_source | wc -m) - 1 - ${#cache} - 10))

	[ "$room" -ge 8 ] && [ "$room" -le 40 ] || room=12
	source=$cache/src/tree-$(describe | sha256sum | cut -c 1-$room)
}

patch_source()
{
	rm -rf "$source" "$source.new" && mkdir -p "$source.new" || return 1
	cp -al "$1/." "$source.new" || {
		rm -rf "$source.new" && cp -a "$1/." "$source.new" || return 1
	}
	if [ $kcov = ours ]; then
		"$here/apply.sh" "$source.new" || return 1
		# The hash is in the name of the build.
		[ "$(hash_kcov)" = "$kcov_hash" ] || { echo "error: $here/kcov has changed meanwhile" && return 1; }
	fi
	# It replaces files, so that those of the stock tree keep their content.
	[ -z "$patch" ] || patch -d "$source.new" -p1 --forward --no-backup-if-mismatch <"$patch" || return 1
	mv "$source.new" "$source"
}

# rename_paths FROM TO FROM TO: rename in all files below the working directory that contain FROM. In text files the
# length may change. Objects with compressed debug information keep the path of the stock tree.
rename_paths()
{
	grep -rlFZ -e "$1" -e "$3" . >"$dir.paths" || return 1
	xargs -0 -a "$dir.paths" perl -0777 -i -pe '
		BEGIN { @pairs = ([splice @ARGV, 0, 2], [splice @ARGV, 0, 2]) }
		for my $pair (@pairs) {
			my ($from, $to) = @$pair;
			s/\Q$from\E(?![\w.-])/$to/g if length $from == length $to || !/\0/;
		}' "$@"
}

# Copy all but what will be linked again. Empty folders are copied too: kbuild finds files by paths through them. The
# copies keep the times of the stock build, to the nanosecond, since make compares them.
copy_build()
{
	rm -rf "$dir.new" && mkdir "$dir.new" && cd "$stock" || return 1
	find . -mindepth 1 \( -path ./modules -o -path ./source -o -path ./build.log -o -path ./kcovreport.stamp \
		-o -name vmlinux -o -name vmlinux.o -o -name 'vmlinux.bin*' -o -name '.tmp_vmlinux*' -o -name '*.ko' \) \
		-prune -o \( -type f -o -type l -o -type d -empty \) -print0 |
		xargs -0 cp -a --reflink=auto --parents -t "$dir.new" || return 1
	cd "$dir.new" && rename_paths "$(recorded_source)" "$source" "$(recorded_output)" "$dir" &&
		cd "$stock" &&
		xargs -0 -a "$dir.paths" cp --attributes-only --preserve=mode,timestamps --parents -t "$dir.new" &&
		rm "$dir.paths" && mv "$dir.new" "$dir"
}

# Patch the source last: it is then newer than the whole stock build. So it is patched now, even if a copy existed.
derive()
{
	work "patching a copy of Linux $version" "$dir.log" patch_source "$(readlink -f "$stock/source")"
	work "copying the build" "$dir.log" copy_build
	rm -f "$dir.log"
}

# The stock build first, then this one.
build_variant()
{
	local variant=$kcov variant_patch=$patch

	kcov=stock patch=
	set_dir
	build
	exec 9>&-
	stock=$dir kcov=$variant patch=$variant_patch
	set_dir
	name_source
	minutes=
	[ $kcov = stock ] || minutes+=' with our own KCOV'
	[ -z "$patch" ] || minutes+=" with $(basename "$patch")"
	build
}

case ${1:-} in
-h | --help)
	usage
	exit 0
	;;
--print-dir | '') ;;
*)
	usage >&2
	exit 2
	;;
esac
command -v "${compiler%% *}" >/dev/null || fail "there is no compiler '$compiler'"
choose_variant
find_source
check_patch
check_kcov
set_dir
if [ "${1:-}" != --print-dir ]; then
	unpack
	if [ "$kcov$patch" != stock ]; then build_variant; else build; fi
fi
printf '%s\n' "$dir"
