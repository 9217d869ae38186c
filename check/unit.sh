#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/unit.sh BUILD_DIR [NAME...]
#
# Runs the unit suites that were built in BUILD_DIR (all, or those whose path contains a NAME): cmocka programs, fuzz
# entries over their corpus, and scripts */tests/*_test.sh (those that a NAME ending in .sh selects). Prints one line per
# suite, and the whole output of those that fail. Totals count single tests. Runs JOBS suites at a time, by default one
# per processor.
set -u
cd "$(dirname "$0")/.." || exit 99

build=$1
shift
export O=$build KCOVREPORT=$build/kcovreport
unset DEBUGINFOD_URLS # suites that need a server start one
limit=${UNIT_TIMEOUT:-1200} # seconds, for what hangs: a loaded machine may take long
lanes=${JOBS:-$(nproc)}
counts=$(mktemp) && corpora=$(mktemp -d) || exit 99
trap 'rm -rf "$counts" "$corpora"' EXIT

declare -A found
wanted()
{
	local name
	[ $# -gt 1 ] || return 0
	for name in "${@:2}"; do
		case $1 in *"$name"*) found[$name]=1 && return 0 ;; esac
	done
	return 1
}

# suite NAME COMMAND...: starts it when a lane is free.
suite()
{
	while [ "$(jobs -rp | wc -l)" -ge "$lanes" ]; do
		wait -n
	done
	run_suite "$@" &
}

# A suite prints TAP. It fails if it prints no result, or ends with a bad status without a failed one.
run_suite()
{
	local name=$1 output status ok bad skip start=$SECONDS
	shift
	if [ "$1" = fuzz_corpus ]; then
		output=$("$@" 2>&1 </dev/null)
	else
		# In the background of a script ^C would be ignored, under nohup a hangup.
		output=$(CMOCKA_MESSAGE_OUTPUT=TAP env --default-signal timeout "$limit" "$@" 2>&1 </dev/null)
	fi
	status=$?
	skip=$(grep -cE '^ok .*# SKIP' <<<"$output")
	ok=$(($(grep -cE '^ok ' <<<"$output") - skip))
	bad=$(grep -cE '^not ok ' <<<"$output")
	if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
		output+=$'\n'"(ended with status $status)"
	fi
	[ $((ok + bad + skip)) -gt 0 ] || { bad=1 output+=$'\n(no test ran)'; }
	exec 9<"$counts"
	flock 9
	echo "$ok $bad $skip" >>"$counts"
	if [ "$bad" -gt 0 ]; then
		echo "FAIL $name: $ok passed, $bad failed"
		sed 's/^/     /' <<<"$output"
	else
		echo "ok   $name: $ok passed$([ "$skip" -gt 0 ] && echo ", $skip skipped") ($((SECONDS - start)) s)"
		grep -E '^ok .*# SKIP' <<<"$output" | sed 's/^/     /'
	fi
}

# A fuzz entry over its corpus: it must read each file without a crash. An entry without a corpus fails.
fuzz_corpus()
{
	local program=$1 n=0 file name corpus
	name=$(basename "$program")
	corpus=$corpora/$name
	check/corpus.sh "$name" "$corpus" || { echo "not ok 1 - a corpus" && return; }
	for file in "$corpus"/*; do
		n=$((n + 1))
		if "$program" "$file" >/dev/null; then
			echo "ok $n - $(basename "$file")"
		else
			echo "not ok $n - $(basename "$file")"
		fi
	done
	echo "1..$n"
}

# programs PATTERN: the programs that were built and whose source still exists.
programs()
{
	local source

	for source in $(find base run collect symbolize render kcovreport kernel -path "*/tests/$1.c" | sort); do
		[ ! -x "$build/tests/${source%.c}" ] || echo "$build/tests/${source%.c}"
	done
}

for program in $(programs '*_test'); do
	wanted "$program" "$@" && suite "${program#"$build"/tests/}" "$program"
done
for program in $(programs 'fuzz_*'); do
	wanted "$program" "$@" && suite "${program#"$build"/tests/}" fuzz_corpus "$program"
done
script_names=()
for name; do
	[[ $name != *.sh ]] || script_names+=("$name")
done
if [ $# -eq 0 ] || [ ${#script_names[@]} -gt 0 ]; then
	# Not vm_test.sh, which boots machines: check/vm.sh runs it.
	for script in $(find base run collect symbolize render kcovreport kernel -path '*/tests/*_test.sh' ! -name vm_test.sh | sort); do
		wanted "$script" "${script_names[@]}" && suite "$script" "$script"
	done
fi

wait
for name; do
	[ -n "${found[$name]:-}" ] || { echo "FAIL $name: no suite has this in its name" && echo "0 1 0" >>"$counts"; }
done
read -r passed failed skipped < <(awk '{ ok += $1; bad += $2; skip += $3 } END { print ok + 0, bad + 0, skip + 0 }' "$counts")
echo "unit ($build): $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
