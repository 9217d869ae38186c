# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by run.sh, plain.sh and branches.sh: their options, what is run, and recording it. They set $here, $top, $O,
# $KCOVREPORT, and $selected to what workloads() printed.

fail()
{
	printf 'bench/accuracy: %s\n' "$1" >&2
	exit 1
}

# parse_options [ARG...]: sets $compare_only, $runs, $results, and $arguments to what comes after the options.
parse_options()
{
	compare_only= runs=3 results=
	while [ $# -gt 0 ]; do
		case $1 in
		--compare-only) compare_only=yes ;;
		--runs)
			usage | grep -q -e "^  $1 " || break
			runs=${2:?}
			shift
			;;
		--results)
			results=${2:?}
			shift
			;;
		-h | --help)
			usage
			exit 0
			;;
		*) break ;;
		esac
		shift
	done
	arguments=("$@")
	case ${1:-} in
	-*)
		usage >&2
		exit 2
		;;
	esac
	[ -x "$KCOVREPORT" ] || fail "there is no '$KCOVREPORT'; make builds it"
	case $runs in
	'' | *[!0-9]* | 0*) fail "--runs takes a number from 1, not '$runs'" ;;
	esac
}

# The selftests of a kernel. The same programs run, whichever compiler built it.
selftests()
{
	LLVM='' "$top/kernel/selftests.sh" "$1"
}

# workloads [NAME...]: prints lines "SET|NAME|SETUP|COMMAND" of the list, without the blanks around the bars.
workloads()
{
	sed -E '/^(#|$)/d; s/[[:space:]]*\|[[:space:]]*/|/g' "$here/workloads.list" |
		awk -F '|' -v names="$*" 'BEGIN { n = split(names, want, " ") }
			{ take = !n; for (i in want) take = take || $2 == want[i]; if (take) print }'
}

# is_judge NAME: only the totals of this set are shown, so that no rule is made for it.
is_judge()
{
	grep -q "^judge|$1|" <<<"$selected"
}

# Sets $programs.
build_programs()
{
	local source

	programs=$O/accuracy/programs
	mkdir -p "$programs" || exit 1
	for source in "$here"/gather.c "$here"/workloads/*.c; do
		${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wno-unused-result -static -pthread \
			-o "$programs/$(basename "$source" .c)" "$source" || fail "cannot build '$source'"
	done
}

# record KERNEL FOLDER TESTS: boots the kernel, records $selected and stores it in FOLDER. TESTS are the kernel's
# selftests. The idle runs come first and last: what the machine does by itself meanwhile shows in one of them.
record()
{
	local kernel=$1 work=$2 tests=$3 name vm=${KCOVREPORT%/*}/vm/vm.sh

	[ -x "$vm" ] || vm=$top/kernel/vm/vm.sh
	mkdir -p "$work" || exit 1
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
