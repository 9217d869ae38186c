#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom, and which libraries stay where (docs/INTERNALS.md). Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 99

n=0 failed=0

# rule NAME FILES BAD-PATTERN: no include line of these files may match the pattern.
rule()
{
	n=$((n + 1))
	found=$(grep -nHE '^#[[:space:]]*include' $2 | grep -E "$3")
	if [ -z "$found" ]; then
		echo "ok $n - $1"
	else
		failed=$((failed + 1))
		echo "not ok $n - $1"
		echo "$found" | sed 's/^/# /'
	fi
}

files()
{
	find "$@" -name '*.[ch]' | sort
}

rule "base includes nothing but base" "$(files base)" '"(collect|symbolize|render|kcovreport|kernel)/'
rule "collect includes base and collect, and what our kernel tells user space" "$(files collect)" \
	'"(symbolize|render|kcovreport)/|"kernel/([^k]|k[^c]|kcov/[^u])'
rule "symbolize includes base and symbolize" "$(files symbolize)" '"(collect|render|kcovreport|kernel)/'
rule "render includes base, render and symbolize/coverage.h" "$(files render)" \
	'"(collect|kcovreport|kernel)/|"symbolize/[^c]|"symbolize/c[^o]|"symbolize/coverage_'
rule "kcovreport includes nothing of kernel/" "$(files kcovreport)" '"kernel/'
rule "libdw and capstone stay in symbolize" "$(files base collect render kcovreport)" \
	'<(capstone|elfutils|dwarf)|<(libdw|libdwfl)'
rule "ptrace stays in collect" "$(files base symbolize render kcovreport)" '<sys/ptrace.h>'
rule "the guest's and the host's side of the machine include nothing of ours" \
	"$(files kernel/guest kernel/host kernel/wire)" '"(base|collect|symbolize|render|kcovreport)/'

# A quoted include names its folder, so that the rules above see it.
rule "quoted includes name their folder" "$(files base collect symbolize render kcovreport)" \
	'"[^/"]+"'

echo "1..$n"
echo "layers: $((n - failed)) passed, $failed failed"
[ $failed = 0 ]
