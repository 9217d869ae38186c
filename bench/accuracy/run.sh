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

fail()
{
	printf 'bench/accuracy: %s\n' "$1" >&2
	exit 1
}

# --- what to run ----------------------------------------------------------------------------------

# workloads [NAME...]: prints lines "SET|NAME|SETUP|COMMAND" of the list, without the blanks around the bars.
workloads()
{
	sed -E '/^(#|$)/d; s/[[:space:]]*\|[[:space:]]*/|/g' "$here/workloads.list" |
		awk -F '|' -v names="$*" 'BEGIN { n = split(names, want, " ") }
			{ take = !n; for (i in want) take = take || $2 == want[i]; if (take) print }'
}

build_programs()
{
	local source

	mkdir -p "$programs" || exit 1
	for source in "$here"/gather.c "$here"/workloads/*.c; do
		${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wno-unused-result -static -pthread \
			-o "$programs/$(basename "$source" .c)" "$source" || fail "cannot build '$source'"
	done
}

# The idle runs come first and last: what the machine does by itself meanwhile shows in one of them.
record()
{
	local tests name vm=${KCOVREPORT%/*}/vm/vm.sh

	[ -x "$vm" ] || vm=$top/kernel/vm/vm.sh
	# The same programs run, whichever compiler built the kernel.
	tests=$(LLVM='' "$top/kernel/selftests.sh" "$kernel") || exit 1
	build_programs
	{
		echo 'idle-1||sleep 10'
		cut -d '|' -f 2- <<<"$selected"
		echo 'idle-2||sleep 10'
	} >"$work/list"
	while IFS='|' read -r name _; do
		rm -rf "${work:?}/$name"
	done <"$work/list"
	TESTS=$tests WORKLOADS=$here/workloads KCOVREPORT_VM_APPEND="loglevel=4 ${KCOVREPORT_VM_APPEND:-}" \
		"$vm" --kernel "$kernel" --root --memory 3072 --timeout 300 --boot-timeout 600 --share "$work" \
		--console "$work/console" -- "$here/guest.sh" "$KCOVREPORT" "$programs" "$work/list" "$work" >&2 ||
		fail "the virtual machine failed, see '$work/console'"
}

# --- comparing ------------------------------------------------------------------------------------

# compare NAME
compare()
{
	local run=$work/$1 result=$results/$1

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
	python3 "$here/compare.py" --details "$result/details.tsv" "$run/truth.json" "$result/coverage.json" \
		"$result/frames.json" "$result/evidence" >"$result/result.json.new" &&
		mv "$result/result.json.new" "$result/result.json" ||
		fail "cannot compare '$1'"
}

compare_only=
results=
while [ $# -gt 0 ]; do
	case $1 in
	--compare-only) compare_only=yes ;;
	--results)
		results=${2:?}
		shift
		;;
	-h | --help)
		usage
		exit 0
		;;
	-*)
		usage >&2
		exit 2
		;;
	*) break ;;
	esac
	shift
done

[ -x "$KCOVREPORT" ] || fail "there is no '$KCOVREPORT'; make builds it"
if [ -n "${KERNEL:-}" ]; then
	kernel=$(realpath "$KERNEL") || exit 1
else
	kernel=$(FRAGMENT=$here/config "$top/kernel/build.sh" ${compare_only:+--print-dir}) || exit 1
fi
work=$O/accuracy/$(basename "$kernel")
programs=$O/accuracy/programs
mkdir -p "$work" "${results:=$work}" || exit 1
selected=$(workloads "$@")
[ -n "$selected" ] || fail "workloads.list has none of these: $*"
[ -n "$compare_only" ] || record
mapfile -t names < <(cut -d '|' -f 2 <<<"$selected")
python3 "$here/truth.py" "$kernel" "$work" "${names[@]}" || fail 'cannot read what gcov counted'
for name in "${names[@]}"; do
	compare "$name"
done
{
	sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"$/\1/p' "$kernel/.config"
	python3 "$here/table.py" "$results" <<<"$selected"
} | tee "$results/table.txt"
