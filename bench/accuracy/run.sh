#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares kcovreport's lines with gcov's, on a kernel with both KCOV and gcov: both record the same run of each
# workload. See README.md. `make bench-accuracy` calls this.

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
usage: run.sh [--compare-only] [--results DIR] [NAME...]

Measures all workloads of workloads.list, or those with a NAME (both idle runs are always made).

  --compare-only   boot nothing, compare the runs that are there
  --results DIR    write reports and results to DIR, not beside the runs

Environment: KCOVREPORT=PROGRAM (build/kcovreport), O=DIR (build), KERNEL=BUILD_DIR (kernel/build.sh
builds it, with bench/accuracy/config), LLVM=1 (has it built with clang), KCOVREPORT_CACHE.
END
}

# --- comparing ------------------------------------------------------------------------------------

# compare NAME
compare()
{
	local run=$work/$1 result=$results/$1
	local -a details=(--details "$result/details.tsv")

	! is_judge "$1" || details=()
	[ -s "$run/run.kcov" ] || fail "'$1' was not recorded: run without --compare-only"
	mkdir -p "$result" || exit 1
	"$KCOVREPORT" report --vmlinux "$kernel/vmlinux" -o "$result/report" "$run/run.kcov" \
		>"$result/summary" 2>&1 || fail "no report of '$1', see '$result/summary'"
	ln -sf report/coverage.json "$result/coverage.json"
	"$KCOVREPORT" export -o "$result/pcs" "$run/run.kcov" &&
		"$KCOVREPORT" symbolize --json --vmlinux "$kernel/vmlinux" <"$result/pcs" \
			>"$result/frames.json" || fail "cannot symbolize '$1'"
	"$KCOVREPORT" report --vmlinux "$kernel/vmlinux" --explain '' "$run/run.kcov" >"$result/evidence" 2>&1 ||
		fail "cannot explain '$1', see '$result/evidence'"
	python3 "$here/compare.py" "${details[@]}" "$run/truth.json" "$result/coverage.json" \
		"$result/frames.json" "$result/evidence" >"$result/result.json.new" &&
		mv "$result/result.json.new" "$result/result.json" ||
		fail "cannot compare '$1'"
}

parse_options "$@"
if [ -n "${KERNEL:-}" ]; then
	kernel=$(realpath "$KERNEL") || exit 1
else
	kernel=$(FRAGMENT=$here/config "$top/kernel/build.sh" ${compare_only:+--print-dir}) || exit 1
fi
work=$O/accuracy/$(basename "$kernel")/1
mkdir -p "$work" "${results:=$work}" || exit 1
selected=$(workloads "${arguments[@]}")
[ -n "$selected" ] || fail "workloads.list has none of these: ${arguments[*]}"
if [ -z "$compare_only" ]; then
	tests=$(selftests "$kernel") || exit 1
	build_programs
	record "$kernel" "$work" "$tests"
fi
mapfile -t names < <(cut -d '|' -f 2 <<<"$selected")
python3 "$here/truth.py" "$kernel" "$work" "${names[@]}" || fail 'cannot read what gcov counted'
for name in "${names[@]}"; do
	compare "$name"
done
{
	sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"$/\1/p' "$kernel/.config"
	python3 "$here/table.py" "$results" <<<"$selected"
} | tee "$results/table.txt"
