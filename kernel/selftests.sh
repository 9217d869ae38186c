#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build selected kernel selftests into the cache, once, from the source of the kernel they run on.
# kernel/selftests.list names them, and says why others are not built.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
cache=${KCOVREPORT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/kcovreport}
compiler=${CC:-gcc}
jobs=${J:-$(nproc)}

usage()
{
	cat <<'END'
usage: selftests.sh [BUILD_DIR]

Builds selftests for the kernel in BUILD_DIR (the one kernel/build.sh has built). The last line on
standard output is their directory: TARGET/PROGRAM, and 'list', which says what to run.

Environment: CC=COMPILER (gcc), J=N jobs, KCOVREPORT_CACHE=DIR
END
}

say()
{
	printf '%s\n' "$1" >&2
}

fail()
{
	say "kernel/selftests.sh: $1"
	exit 1
}

# programs [WORD]: TARGET/PROGRAM of the lines that begin with one of the words.
programs()
{
	awk -v words="^($1)\$" '$1 ~ words { print $2 }' "$here/selftests.list"
}

# What a build depends on.
describe()
{
	printf 'source: %s\n' "$(readlink -f "$source")"
	cat "$kernel/kcovreport.stamp" "$kernel/include/config/kernel.release" 2>/dev/null
	printf 'compiler: %s\n' "$($compiler --version | head -n 1)"
	cat "$here/selftests.sh" "$here/selftests.list"
}

# The system's own headers are older than the kernel. The headers get a tree of their own, because
# the kernel's build directory may belong to another user, or be in use.
install_headers()
{
	make -C "$source" O="$new/headers" INSTALL_HDR_PATH="$new/usr" headers_install &&
		rm -rf "$new/headers"
}

# build_target TARGET: builds only the listed programs, out of the source tree. Scripts are copied.
build_target()
{
	local target=$1 program from=$source/tools/testing/selftests/$1
	local -a goals=()

	mkdir -p "$new/$target" || return
	while read -r program; do
		[ "${program%/*}" = "$target" ] || continue
		program=${program##*/}
		if [ -f "$from/$program" ]; then
			cp "$from/$program" "$new/$target/" || return
		else
			goals+=("$new/$target/$program")
		fi
	done < <(programs 'run|build')
	[ ${#goals[@]} = 0 ] || make -C "$from" OUTPUT="$new/$target" CC="$compiler" \
		KHDR_INCLUDES="-isystem $new/usr/include" \
		TOOLS_INCLUDES="-isystem $source/tools/include/uapi" -j"$jobs" "${goals[@]}"
}

build_all()
{
	local target

	install_headers || return
	for target in $(programs 'run|build' | sed 's,/[^/]*$,,' | sort -u); do
		# A target that this kernel version lacks must not stop the others.
		if [ ! -d "$source/tools/testing/selftests/$target" ]; then
			echo "no target '$target'" && continue
		fi
		build_target "$target" || return
	done
}

# Print the lines whose program was built.
installed_list()
{
	local word program rest

	while read -r word program rest; do
		[ "$word" = run ] && [ -e "$new/$program" ] &&
			printf '%s\n' "run $program${rest:+ $rest}"
	done <"$here/selftests.list"
	return 0
}

build()
{
	local new=$dir.new log=$dir.log

	mkdir -p "$(dirname "$dir")" || exit 1
	exec 9>>"$dir.lock" || exit 1
	flock 9
	[ ! -e "$dir/list" ] || return 0
	say 'building kernel selftests, some 30 seconds ...'
	rm -rf "$new"
	mkdir -p "$new" || exit 1
	if ! build_all >"$log" 2>&1 </dev/null; then
		grep -E '(error|Error|cannot find)[: ]' "$log" | head -n 5 >&2
		fail "building selftests failed, see $log (make deps installs what is needed)"
	fi
	installed_list >"$new/list" || exit 1
	rm -rf "${new:?}/usr" "$dir"
	mv "$new" "$dir" || exit 1
}

case ${1:-} in
-h | --help)
	usage
	exit 0
	;;
-*)
	usage >&2
	exit 2
	;;
esac
kernel=${1:-$("$here/build.sh")} || exit 1
# Variables of a parent make must not reach the kernel's makefiles.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES O V
# A build directory apart from the source has this link to it.
source=$kernel/source
[ -d "$source" ] || source=$kernel
source=$(cd "$source" && pwd -P) || exit 1
[ -f "$source/tools/testing/selftests/lib.mk" ] || fail "no kernel source is known for '$kernel'"
dir=$cache/selftests/$(basename "$(readlink -f "$kernel")")-$(describe | sha256sum | cut -c 1-12)
build
printf '%s\n' "$dir"
