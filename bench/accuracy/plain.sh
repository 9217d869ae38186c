#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Judges reports of a plain KCOV kernel by what gcov counted on another kernel, with KCOV and gcov, that ran the same
# workloads. See README.md. `make bench-accuracy` calls this after run.sh, which records the first run of the kernel
# with gcov.

set -u
export PYTHONDONTWRITEBYTECODE=1

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
top=$(cd "$here/../.." && pwd) || exit 1
O=$(realpath "${O:-$top/build}") || exit 1
KCOVREPORT=$(realpath "${KCOVREPORT:-$O/kcovreport}") || exit 1
. "$here/common.sh"

usage()
{
	cat <<'END'
usage: plain.sh [--compare-only] [--runs N] [--results DIR] [NAME...]

Measures all workloads of workloads.list, or those with a NAME.

  --compare-only   boot nothing, compare the runs that are there
  --runs N         record each kernel N times (3)
  --results DIR    write reports and results to DIR, not beside the runs

Environment: KCOVREPORT=PROGRAM (build/kcovreport), O=DIR (build), KERNEL=BUILD_DIR of the kernel with gcov,
PLAIN="BUILD_DIR..." of plain kernels (kernel/build.sh builds both), LLVM=1 (has them built with clang), J=N reports at
a time (as many as there are processors), KCOVREPORT_CACHE.
END
}

# --- recording ------------------------------------------------------------------------------------

# Only run.sh records the first run of the kernel with gcov, unless there is none.
record_all()
{
	local kernel number tests name

	tests=$(selftests "$gcov") || exit 1
	build_programs
	for name in "${names[@]}"; do
		[ -s "$O/accuracy/$(basename "$gcov")/1/$name/gcov" ] && continue
		record "$gcov" "$O/accuracy/$(basename "$gcov")/1" "$tests"
		break
	done
	for number in $(seq "$runs"); do
		for kernel in "$gcov" "${plain[@]}"; do
			[ "$number-$kernel" = "1-$gcov" ] ||
				record "$kernel" "$O/accuracy/$(basename "$kernel")/$number" "$tests"
		done
	done
}

# --- comparing ------------------------------------------------------------------------------------

# report KERNEL NUMBER NAME: writes the report of a run and prints the path of coverage.json.
report()
{
	local kernel to run

	kernel=$(basename "$1")
	to=$results/$3/$kernel/$2
	run=$O/accuracy/$kernel/$2/$3/run.kcov
	[ -s "$run" ] || fail "there is no '$run': run without --compare-only, or with fewer --runs"
	mkdir -p "$to" || exit 1
	"$KCOVREPORT" report --vmlinux "$1/vmlinux" -o "$to" "$run" >"$to/summary" 2>&1 ||
		fail "no report of '$run', see '$to/summary'"
	printf '%s\n' "$to/coverage.json"
}

# is_picked NAME: is judged.json newer than what it was made from?
is_picked()
{
	local kernel number judged=$picked/$1.json

	for number in $(seq "$runs"); do
		for kernel in "$gcov" "${plain[@]}"; do
			[ "$judged" -nt "$O/accuracy/$(basename "$kernel")/$number/$1/run.kcov" ] || return 1
		done
	done
}

# pick NAME: all reports of the workload tell which functions the plain kernel's report is judged by.
pick()
{
	local kernel number name=$1 path
	local -a reports=()

	for kernel in "$gcov" "${plain[@]}"; do
		[ "$kernel" = "$gcov" ] || reports+=(--)
		for number in $(seq "$runs"); do
			path=$(report "$kernel" "$number" "$name") || exit 1
			reports+=("$path")
		done
	done
	python3 "$here/pick.py" "$gcov" "$O/accuracy/$(basename "$gcov")" "$name" "${reports[@]}" \
		>"$picked/$name.new" && mv "$picked/$name.new" "$picked/$name.json" ||
		fail "cannot tell what '$name' can be judged by"
}

# compare NAME
compare()
{
	local kernel path name=$1
	local -a reports=() details=(--details "$results/$1/details")

	! is_judge "$name" || details=()

	is_picked "$name" || pick "$name" || exit 1
	for kernel in "${plain[@]}" "$gcov"; do
		path=$(report "$kernel" 1 "$name") || exit 1
		reports+=("$path")
	done
	python3 "$here/judge.py" "${details[@]}" "$picked/$name.json" "${reports[@]}" \
		>"$results/$name/result.json.new" && mv "$results/$name/result.json.new" "$results/$name/result.json" ||
		fail "cannot judge '$name'"
}

# compare_all: the first one fills the program's cache; the others can then be made at the same time.
compare_all()
{
	local name pid failed=
	local -a pids=()

	compare "${names[0]}"
	for name in "${names[@]:1}"; do
		while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
			wait -n
		done
		compare "$name" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || failed=yes
	done
	[ -z "$failed" ] || exit 1
}

parse_options "$@"
jobs=${J:-$(nproc)}
gcov=${KERNEL:-}
[ -n "$gcov" ] || gcov=$(FRAGMENT=$here/config "$top/kernel/build.sh" ${compare_only:+--print-dir}) || exit 1
gcov=$(realpath "$gcov") || exit 1
read -ra plain <<<"${PLAIN:-$("$top/kernel/build.sh" ${compare_only:+--print-dir})}"
[ ${#plain[@]} -gt 0 ] || exit 1
mapfile -t plain < <(realpath "${plain[@]}")
selected=$(workloads "${arguments[@]}")
[ -n "$selected" ] || fail "workloads.list has none of these: ${arguments[*]}"
mapfile -t names < <(cut -d '|' -f 2 <<<"$selected")
kernels=$(printf '%s\n' "$gcov" "${plain[@]}" | sed 's,.*/,,' | paste -sd +)
picked=$O/accuracy/judged/$kernels/$runs
mkdir -p "$picked" "${results:=$O/accuracy/plain/$kernels}" || exit 1
[ -n "$compare_only" ] || record_all
python3 "$here/truth.py" "$gcov" "$O/accuracy/$(basename "$gcov")/1" "${names[@]}" ||
	fail 'cannot read what gcov counted'
compare_all
{
	for kernel in "${plain[@]}" "$gcov"; do
		printf '%s: %s\n' "$(basename "$kernel")" \
			"$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"$/\1/p' "$kernel/.config")"
	done
	python3 "$here/plain_table.py" "$results" <<<"$selected"
} | tee "$results/table.txt"
