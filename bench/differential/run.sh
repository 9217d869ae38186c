#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: run.sh [SEED [NR]]
#
# Random C functions: lines by kcovreport compared with those by gcov and llvm-cov. See README.md.
# `make bench-differential` calls this.
#
# Environment: KCOVREPORT=PROGRAM (build/kcovreport), O=DIR (build), WORK=DIR (build/differential/SEED-NR),
# JOBS=NUMBER (of compilers at a time), BUILDS="gcc-O2 clang-Os,-fno-inline ..." (what is compared: COMPILER-LEVEL and
# more options of the compiler, after commas), CHECK=1 (fail if the numbers are worse than classes.py expects),
# SOURCES=0 (lines by the machine code alone).
set -u
export PYTHONDONTWRITEBYTECODE=1 LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
top=$(cd "$here/../.." && pwd) || exit 1
O=$(realpath -m "${O:-$top/build}") || exit 1
KCOVREPORT=$(realpath "${KCOVREPORT:-$O/kcovreport}") || exit 1
seed=${1:-1} nr=${2:-200}
read -ra builds <<<"${BUILDS:-gcc-O2 gcc-Os clang-O2 clang-Os}"
work=${WORK:-$O/differential/$seed-$nr}
# Of sources outside the source tree a report reads only those that are asked for.
sources=(--include '*')
[ "${SOURCES:-1}" != 0 ] || sources=(--no-sources)

# The flags of a kernel with the default configuration, as far as a program of user space can have them.
common='-std=gnu11 -w -g -gdwarf-5 -fsanitize-coverage=trace-pc -fno-strict-aliasing -fno-common -fno-PIE -fshort-wchar
	-funsigned-char -fno-delete-null-pointer-checks -fno-strict-overflow -fno-jump-tables -fcf-protection=branch
	-fno-asynchronous-unwind-tables -fomit-frame-pointer -fstack-protector-strong -ftrivial-auto-var-init=zero
	-mno-sse -mno-mmx -mno-sse2 -mno-avx -mno-80387 -mno-red-zone -falign-functions=16'
flags_gcc='-mindirect-branch=thunk-extern -mindirect-branch-register -mpreferred-stack-boundary=3 -mskip-rax-setup
	-fno-allow-store-data-races -fconserve-stack -fno-stack-clash-protection -falign-jumps=1 -falign-loops=1'
flags_clang='-mretpoline-external-thunk -mstack-alignment=8
	-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang'
# Not every version of a compiler has these.
newer='-mfunction-return=thunk-extern -mindirect-branch-cs-prefix'

fail()
{
	printf 'bench/differential: %s\n' "$1" >&2
	exit 1
}

# known COMPILER OPTION...: prints the options that it has
known()
{
	local compiler=$1 option
	shift
	for option; do
		! "$compiler" -Werror "$option" -fsyntax-only -x c /dev/null 2>/dev/null || printf '%s\n' "$option"
	done
}

# compile COMPILER DIR OPTION...: all parts. Objects that are up to date are kept.
compile()
{
	local compiler=$1 directory=$2
	shift 2
	mkdir -p "$directory" || exit 1
	cmp -s "$directory/options" <<<"$compiler $*" || rm -f "$directory"/part_*
	printf '%s\n' "$compiler $*" >"$directory/options"
	(cd "$directory" && printf '%s\n' ../source/part_*.c |
		xargs -P "${JOBS:-$(nproc)}" -n 1 "$here/compile.sh" "$compiler" -I"$here" "$@") ||
		fail "$compiler $* failed in '$directory'"
}

# link COMPILER DIR OPTION...: with the runtime and the table of calls, which are not instrumented
link()
{
	local compiler=$1 directory=$2 source
	shift 2
	for source in "$work/source/calls.c" "$here/runtime.c" "$here/thunks.S"; do
		"$compiler" -O2 -g -w -mgeneral-regs-only -fno-pie -I"$here" -c "$source" \
			-o "$directory/$(basename "${source%.*}").o" || fail "cannot compile '$source'"
	done
	"$compiler" -static -Wl,--build-id "$@" -o "$directory/program" \
		"$directory"/part_*.o "$directory"/{calls,runtime,thunks}.o || fail "cannot link '$directory/program'"
}

# --- what really happens --------------------------------------------------------------------------

oracles()
{
	local d

	d=$work/gcov
	compile gcc "$d" -std=gnu11 -w -O0 -g -fno-pie --coverage
	link gcc "$d" --coverage
	rm -f "$d"/*.gcda
	"$d/program" >"$d/checksum" || fail 'the program for gcov failed'
	(cd "$d" && gcov --json-format --stdout part_*.gcda >lines.json) || fail 'gcov failed'

	d=$work/llvm
	compile clang "$d" -std=gnu11 -w -O0 -g -fno-pie -fprofile-instr-generate -fcoverage-mapping
	link clang "$d" -fprofile-instr-generate
	LLVM_PROFILE_FILE=$d/raw "$d/program" >"$d/checksum" || fail 'the program for llvm-cov failed'
	llvm-profdata merge -o "$d/profile" "$d/raw" &&
		llvm-cov export -skip-functions -skip-expansions -instr-profile="$d/profile" "$d/program" >"$d/lines.json" ||
		fail 'llvm-cov failed'
}

# --- what kcovreport says -------------------------------------------------------------------------

# build COMPILER-LEVEL[,OPTION]...
build()
{
	local name=$1 d=$work/$1 compiler=${1%%-*} own=flags_${1%%-*} extra options id

	# shellcheck disable=SC2086 # options
	mapfile -t extra < <(known "$compiler" $newer)
	IFS=, read -ra options <<<"-${name#*-}"
	# shellcheck disable=SC2086 # options
	compile "$compiler" "$d" "${options[0]}" $common ${!own} "${extra[@]}" "${options[@]:1}"
	link "$compiler" "$d"
	"$d/program" "$d/counts" >"$d/checksum" || fail "the program '$d/program' failed"
	cmp -s "$d/checksum" "$work/gcov/checksum" || fail "'$name' did something else than the build for gcov"
	size -t "$d"/part_*.o | awk 'END { print $1 }' >"$d/text"
	id=$(readelf -n "$d/program" | sed -n 's/.*Build ID: //p')
	python3 "$here/make_run.py" "$d/run" "$id" <"$d/counts" || fail "cannot write '$d/run'"
	"$KCOVREPORT" report "${sources[@]}" --vmlinux "$d/program" -o "$d/report" "$d/run" >"$d/summary" 2>"$d/messages" ||
		fail "no report of '$name', see '$d/messages'"
	"$KCOVREPORT" report "${sources[@]}" --vmlinux "$d/program" --explain '' "$d/run" >"$d/evidence" 2>>"$d/messages" ||
		fail "cannot explain '$name', see '$d/messages'"
}

[ -x "$KCOVREPORT" ] || fail "there is no '$KCOVREPORT'; make builds it"
mkdir -p "$work/source" || exit 1
export KCOVREPORT_CACHE=$work/cache
python3 "$here/generate.py" "$seed" "$nr" "$work/source" || fail 'cannot generate functions'
oracles
cmp -s "$work/llvm/checksum" "$work/gcov/checksum" || fail 'the builds for gcov and llvm-cov did different things'
for name in "${builds[@]}"; do
	build "$name"
done
[ "${SOURCES:-1}" != 0 ] || alone=--alone
python3 "$here/compare.py" ${CHECK:+--check} ${alone:-} "$work" "${builds[@]}"
