#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: run.sh STOCK OURS
#
# KUnit suites under `collect --vm`: one that is a module, and one that is built in and runs at boot. The bodies of tests
# run in kernel threads. With our kernel side (OURS) they and what they test are in the report; on a stock kernel the
# report says that work of kernel threads is missing, and has a module whose code is all in .init.text and .exit.text.
# Three boots. Prints TAP. Environment: O, KCOVREPORT.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/testdata/tap.sh" || exit 99
O=$(realpath "${O:-$root/build}")
kcovreport=$(realpath "${KCOVREPORT:-$O/kcovreport}") || exit 99
stock=${1:?STOCK} ours=${2:?OURS}
work=$(mktemp -d "${TMPDIR:-/tmp}/kunit.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
shown=(out err)

# executed REPORT FUNCTION: has the report a count for it?
executed()
{
	grep -q "^FNDA:[1-9][0-9]*,$2$" "$1/coverage.info"
}

# missed REPORT FUNCTION
missed()
{
	grep -q "^FNDA:0,$2$" "$1/coverage.info"
}

# collected KERNEL NAME OPTION... -- COMMAND...: with a report in NAME and its summary in out
collected()
{
	local kernel=$1 name=$2
	shift 2
	shown=(out err "$name.out")
	: >out
	"$kcovreport" collect --vm="$kernel" -o "$name.kcov" "$@" >"$name.out" 2>err </dev/null &&
		"$kcovreport" report --vmlinux "$kernel/vmlinux" -o "$name" "$name.kcov" >out 2>>err
}

collected "$ours" module -- sh -c 'modprobe kunit-example-test && dmesg'
verdict $? "a suite that is a module runs under collect"
grep -q '# example: pass:[1-9][0-9]* fail:0 ' module.out
verdict $? "... and passes"
executed module example_simple_test && executed module kunit_generic_run_threadfn_adapter
verdict $? "... the bodies of its tests are executed"
"$kcovreport" report --vmlinux "$ours/vmlinux" --only kthread -o threads module.kcov >out 2>err &&
	executed threads example_simple_test && missed threads example_test_init_suite
verdict $? "... in kernel threads: the suite's own setup is the task's"

collected "$ours" boot --boot -- dmesg
verdict $? "suites that are built in are recorded from boot on"
grep -q '# cmdline: pass:[1-9][0-9]* fail:0 ' boot.out
verdict $? "... they pass"
executed boot cmdline_test_noint
verdict $? "... the bodies of their tests are executed"
executed boot get_options
verdict $? "... and get_options(), which they test: the kernel parses its command line with it, too"

collected "$stock" stock -- sh -c 'modprobe test_module && modprobe kunit-example-test'
verdict $? "on a stock kernel the suite runs"
executed stock kunit_run_tests && missed stock example_simple_test
verdict $? "... the bodies of its tests are missed"
grep -qi 'kernel thread' out
verdict $? "... and the summary says that kernel threads were not recorded"
executed stock test_module_init && missed stock test_module_exit
verdict $? "a module whose .text is empty is recorded"

echo "1..$n"
exit $failed
