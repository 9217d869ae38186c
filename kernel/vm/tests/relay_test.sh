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

# make_guest SCRIPT: the script stands for QEMU and guest, and may call the functions below.
make_guest()
{
	local functions

	functions=$(declare -f number frame)
	printf '%s\n' '#!/bin/bash' "$functions" '[[ "$*" =~ id=kcr-wire,fd=([0-9]+) ]] && wire=${BASH_REMATCH[1]}' \
		'[[ "$*" =~ id=kcr-console,fd=([0-9]+) ]] && console=${BASH_REMATCH[1]}' "$1" >qemu
	chmod +x qemu
}

guest()
{
	make_guest "$1"
	shift
	"$relay" --init /bin/true "$@" -- ./qemu -- true >out 2>err </dev/null
}

number()
{
	printf "$(printf '\\x%x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)))"
}

# frame TYPE STREAM VALUE [BYTES]: as in wire.h; the payload is zeros.
frame()
{
	{
		printf "\\x$1\\x$2\\0\\0"
		number "$3"
		number "${4:-0}"
		head -c "${4:-0}" /dev/zero
	} >&"$wire"
}

mkdir -p kernel/arch/x86/boot && touch kernel/arch/x86/boot/bzImage

machine 'printf "start\n"; printf "\033[2J bell \007 del \177 c1 \302\233 raw \233 bidi \342\200\256 word \303\274\tend\n"'
[ $? -eq 125 ] && grep -q 'QEMU ended before the guest was up' err
verdict $? 'a machine that ends before its guest is up'
grep -qxF "  | ?[2J bell ? del ? c1 ? raw ? bidi ? word ü	end" err
verdict $? '... whatever is on the console is plain on the terminal'
machine 'kill -SEGV $$'
[ $? -eq 125 ] && grep -q 'QEMU was ended by signal 11 (Segmentation fault)' err
verdict $? 'a machine that crashes'
env --ignore-signal=CHLD "$relay" --init /bin/true -- ./qemu -- true >out 2>err </dev/null
[ $? -eq 125 ] && grep -q 'QEMU was ended by signal 11 (Segmentation fault)' err
verdict $? '... also if the caller ignores the end of children'
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
# The relay gets no processor until all that is left is in the socket, more than it reads at once.
guest 'frame 1 0 0
	(eval "exec $wire>&- $console>&- >/dev/null 2>&1"; sleep 1; kill -CONT $PPID) &
	sleep 0.3
	kill -STOP $PPID
	frame 4 1 0 50000; frame 4 1 0 50000; frame b 0 7'
[ $? -eq 7 ] && [ "$(wc -c <out)" = 100000 ]
verdict $? 'what a guest sent right before its end is read'
(
	trap '' HUP INT
	guest 'kill -HUP $PPID; sleep 0.3; frame 1 0 0; sleep 0.3
		for i in 1 2; do kill -INT $PPID; sleep 0.1; done; frame b 0 7'
)
[ $? -eq 7 ]
verdict $? 'a signal that the caller ignores does not end the relay'
# Both are pending when the relay reads the first one. In a frame: 08 is a signal, 01 that it is for the group.
make_guest 'frame 1 0 0; sleep 0.5
	kill -STOP $PPID; kill -USR1 -- -$PPID; kill -USR2 -- -$PPID; kill -CONT $PPID
	timeout 1 cat <&$wire >frames; frame b 0 7'
setsid -w "$relay" --init /bin/true -- ./qemu -- true >out 2>err </dev/null
[ $? -eq 7 ] && [ "$(tail -c 36 frames | od -An -v -t x1 -w12 | cut -c 1-18 | tr -d '\n')" = \
	' 08 01 00 00 0a 00 08 01 00 00 0c 00 08 00 00 00 12 00' ]
verdict $? 'two signals to the group, one after the other'
(
	ulimit -f 1
	guest 'frame 1 0 0; frame b 0 7'
) 2>shell
[ $? -eq 125 ] && [ "$(cat err)" = 'kcovreport: vm: cannot write the initial RAM disk: File too large' ]
verdict $? 'a limit of the size of files that leaves no room for the initial RAM disk'
(
	ulimit -f 400
	guest 'frame 1 0 0; for i in {1..10}; do frame 4 1 0 50000; done; frame b 0 7'
) 2>shell
[ $? -eq 7 ] && [ "$(cat err)" = 'kcovreport: vm: cannot write to standard output: File too large' ]
verdict $? '... and one that standard output meets'
guest 'frame 1 0 0; echo on the console >&$console; sleep 0.3; frame b 0 7' --console /dev/full
[ $? -eq 7 ] && [ "$(cat err)" = "kcovreport: vm: cannot write to '/dev/full': No space left on device" ]
verdict $? 'a console that cannot be written to its file'
guest 'frame 1 0 0; frame b 0 7' --share /
[ $? -eq 125 ] && grep -q "cannot share '/'" err
verdict $? 'the root cannot be shared: the command would not find the share'
ln -s / root
guest 'frame 1 0 0; frame b 0 7' --share "$tmp/root"
[ $? -eq 125 ] && grep -q "cannot share '$tmp/root'" err
verdict $? '... nor under another name'
mkdir $'line feed\n'
make_guest 'printf "%s\0" "$@" >args; frame 1 0 0; frame b 0 7'
QEMU=$tmp/qemu KCOVREPORT_ACCEL=tcg "$here/../vm.sh" --relay "$relay" --init /bin/true \
	--kernel kernel --share $'line feed\n' -- true >out 2>err </dev/null
[ $? -eq 7 ] && tr '\n' '$' <args | grep -qaF "path=$tmp/line feed\$,"
verdict $? 'a share whose name ends with a line feed'

# A build tree whose modules are not installed, and guests that start together.
if [ -x /sbin/depmod ] || command -v depmod >/dev/null; then
	mkdir -p tree/include/config tree/drivers && cp -r kernel/arch tree && echo 6.12.0 >tree/include/config/kernel.release
	touch tree/modules.builtin
	for i in {1..40}; do echo drivers/m$i.o && touch tree/drivers/m$i.ko; done >tree/modules.order
	for i in {1..5}; do
		QEMU=$tmp/qemu KCOVREPORT_CACHE=$tmp/cache KCOVREPORT_ACCEL=tcg "$here/../vm.sh" --relay /bin/true --init /bin/true \
			--kernel tree -- true >out 2>>depmod &
	done
	wait
	# depmod complains of each empty module, and names the directory that it is in.
	[ "$(grep -oE '[0-9a-f]{16}\.[0-9]+' depmod | sort -u | wc -l)" = 1 ] &&
		[ "$(cd cache/modules && echo */*)" = "$(cd cache/modules && echo */lib */stamp)" ]
	verdict $? 'links to modules are made once'
	rm -f cache/modules/*.lock && mkdir "$(echo cache/modules/*).lock"
	QEMU=$tmp/qemu KCOVREPORT_CACHE=$tmp/cache KCOVREPORT_ACCEL=tcg "$here/../vm.sh" --relay /bin/echo --init /bin/true \
		--kernel tree -- true >out 2>err && [ ! -s err ] && grep -q -e '--modules .*/lib/modules/6.12.0 ' out
	verdict $? '... and used where the cache cannot be written'
	mv tree $'tree\e[2J' && touch file && QEMU=$tmp/qemu KCOVREPORT_CACHE=$tmp/file KCOVREPORT_ACCEL=tcg "$here/../vm.sh" \
		--relay /bin/true --init /bin/true --kernel $'tree\e[2J' -- true >out 2>err
	grep -q "kcovreport: vm: the modules of '.*/tree?\[2J' cannot be loaded" err && ! grep -q $'\e' err
	verdict $? 'links that cannot be made, of a tree whose name a terminal would act on'
fi

# NUL stands for no key in the modes of a terminal. It is typed, too: by ^@ and Ctrl-space.
if command -v script >/dev/null; then
	make_guest 'frame 1 0 0; frame 3 0 1; sleep 0.3; touch up; sleep 1; frame b 0 7'
	cat >typed.sh <<-END
		stty intr undef
		"$relay" --init /bin/true -- ./qemu -- true
		echo "status \$?"
	END
	{
		until [ -e up ]; do sleep 0.1; done
		printf '\0\0'
		sleep 2
	} | script -qec 'bash typed.sh' /dev/null >out 2>err
	grep -q 'status 7' out
	verdict $? 'no key interrupts if the terminal has none for it'
fi

# What vm.sh concludes about KVM. try SCRIPT: this is what a machine does that is to run `true`.
try()
{
	rm -rf cache
	make_guest "[ \"\$1\" != --version ] || exit 0; $1"
	QEMU=$tmp/qemu KCOVREPORT_CACHE=$tmp/cache KCOVREPORT_ACCEL='' "$here/../vm.sh" --relay "$relay" \
		--init /bin/true --kernel kernel -- true >out 2>err </dev/null
}

if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	try 'frame 1 0 0; frame b 0 0'
	[ $? -eq 0 ] && [ "$(head -n 1 cache/kvm)" = yes ]
	verdict $? 'KVM is used if it boots'
	try '[[ " $* " != *" kvm "* ]] || exit 1; frame 1 0 0; frame b 0 0'
	[ $? -eq 0 ] && [ "$(head -n 1 cache/kvm)" = no ]
	verdict $? '... and not used if it does not'
	try 'exit 1'
	[ $? -eq 125 ] && [ ! -e cache/kvm ]
	verdict $? 'a machine that never boots tells nothing about KVM'
	try '[[ " $* " != *" kvm "* ]] || { kill -INT $PPID; sleep 5; }; frame 1 0 0; frame b 0 0'
	[ $? -eq 130 ] && [ ! -e cache/kvm ]
	verdict $? '... nor does one that was interrupted'
else
	verdict 0 'what vm.sh concludes about KVM # SKIP no access to /dev/kvm'
fi

echo "1..$n"
exit $failed
