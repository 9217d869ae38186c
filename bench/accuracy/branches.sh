#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Judges the conditions in reports of a plain KCOV kernel by a kernel that counts how often each `if` was true and false,
# and that ran the same workloads. See README.md. plain.sh must have compared the workloads before.

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
usage: branches.sh [--compare-only] [--runs N] [--results DIR] [NAME...]

Judges all workloads of workloads.list, or those with a NAME.

  --compare-only   boot nothing, compare the run that is there
  --runs N         what plain.sh had (3)
  --results DIR    where plain.sh wrote its results, if it had --results too

Environment: KCOVREPORT=PROGRAM (build/kcovreport), O=DIR (build), KERNEL=BUILD_DIR of the kernel with gcov,
PLAIN=BUILD_DIR of the plain kernel, BRANCHES=BUILD_DIR of the one that counts its branches (kernel/build.sh builds all
of them), LLVM=1 (has them built with clang), KCOVREPORT_CACHE.
END
}

# judge NAME
judge()
{
	local name=$1 run=$work/$1 to=$results/$1/branches

	[ -s "$run/branches" ] || fail "'$name' was not recorded: run without --compare-only"
	[ -s "$results/$name/$plain/1/coverage.json" ] || fail "plain.sh has not compared '$name'"
	mkdir -p "$to" || exit 1
	"$KCOVREPORT" report --vmlinux "$kernel/vmlinux" -o "$to" "$run/run.kcov" >"$to/summary" 2>&1 ||
		fail "no report of '$name', see '$to/summary'"
	python3 "$here/branches.py" "$judged/$name.json" "$run/branches" "$work/idle-1/branches" \
		"$to/coverage.json" "$results/$name/$plain/1/coverage.json" "$to/details.tsv" >"$to/result.json.new" &&
		mv "$to/result.json.new" "$to/result.json" || fail "cannot judge '$name'"
	! is_judge "$name" || rm -f "$to/details.tsv"
}

parse_options "$@"
gcov=${KERNEL:-$(FRAGMENT=$here/config "$top/kernel/build.sh" --print-dir)} || exit 1
plain=${PLAIN:-$("$top/kernel/build.sh" --print-dir)} || exit 1
kernel=${BRANCHES:-}
[ -n "$kernel" ] || kernel=$(FRAGMENT=$here/config-branches "$top/kernel/build.sh" ${compare_only:+--print-dir}) || exit 1
kernel=$(realpath "$kernel") || exit 1
plain=$(basename "$plain")
kernels=$(basename "$gcov")+$plain
judged=$O/accuracy/judged/$kernels/$runs
results=${results:-$O/accuracy/plain/$kernels}
work=$O/accuracy/$(basename "$kernel")/1
selected=$(workloads "${arguments[@]}")
[ -n "$selected" ] || fail "workloads.list has none of these: ${arguments[*]}"
mapfile -t names < <(cut -d '|' -f 2 <<<"$selected")
if [ -z "$compare_only" ]; then
	tests=$(selftests "$kernel") || exit 1
	build_programs
	record "$kernel" "$work" "$tests"
fi
for name in "${names[@]}"; do
	judge "$name" || exit 1
done
python3 "$here/branches.py" --table "$results" <<<"$selected"
