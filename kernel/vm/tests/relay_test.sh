#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What vm-relay and vm.sh say of a machine that does not start, without one: a script stands for QEMU. Prints TAP.
#
#	O=build kernel/vm/tests/relay_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 99
relay=$(realpath "${O:-build}/vm/vm-relay") || exit 99
# Without its program the relay cannot run. Builds with sanitizers make it, too.
[ -x "$relay" ] || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
export LC_ALL=C.UTF-8
shown=(err)

# machine SCRIPT [OPTION...]: QEMU's standard output is the console.
machine()
{
	printf '#!/bin/sh\n%s\n' "$1" >qemu
	chmod +x qemu
	shift
	"$relay" --init /bin/true "$@" -- ./qemu -- true >out 2>err </dev/null
}

machine 'printf "start\n"; printf "\033[2J bell \007 del \177 c1 \302\233 raw \233 bidi \342\200\256 word \303\274\tend\n"'
[ $? -eq 125 ] && grep -q 'QEMU ended before the guest was up' err
verdict $? 'a machine that ends before its guest is up'
grep -qxF "  | ?[2J bell ? del ? c1 ? raw ? bidi ? word ü	end" err
verdict $? '... whatever is on the console is plain on the terminal'
machine 'kill -SEGV $$'
[ $? -eq 125 ] && grep -q 'QEMU was ended by signal 11 (Segmentation fault)' err
verdict $? 'a machine that crashes'
machine 'sleep 1; echo late' --boot-timeout 0
[ $? -eq 125 ] && grep -q 'QEMU ended before' err
verdict $? 'a limit of 0 seconds is none'
machine 'sleep 100' --boot-timeout 1
[ $? -eq 125 ] && grep -q 'the guest was not up after 1 s' err
verdict $? 'a limit of 1 second is one'
machine 'exit' --boot-timeout "$(printf '1\n\302\233\033[2J\342\200\256')"
[ $? -eq 125 ] && [ "$(cat err)" = "kcovreport: vm: --boot-timeout takes a number of seconds, not '1????[2J???'" ]
verdict $? 'a message that quotes something is plain'
"$here/../vm.sh" "--$(printf 'x\n\033[2J')" value >out 2>err </dev/null
[ $? -eq 125 ] && [ "$(cat err)" = "kcovreport: vm: unknown option '--x??[2J'" ]
verdict $? '... also one of vm.sh'

echo "1..$n"
exit $failed
