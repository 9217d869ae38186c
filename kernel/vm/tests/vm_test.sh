#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cases for kernel/vm/vm.sh, in TAP. A boot takes seconds, so one guest answers many cases. KCOVREPORT_VM_INIT and
# KCOVREPORT_VM_RELAY name the two programs if vm.sh does not find them; VM_TEST_KERNEL names another kernel build
# directory than the default.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
vm=$here/vm.sh
kernel=${VM_TEST_KERNEL:-$("$here/../build.sh" --print-dir)}
work=$(mktemp -d "${TMPDIR:-/tmp}/vm_test.XXXXXX") || exit 99
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work" || exit 99
mkdir share

number=0
failed=0

# check NAME COMMAND...: the case passes if the command succeeds.
check()
{
	local name=$1

	shift
	number=$((number + 1))
	if "$@" >check.log 2>&1; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		printf '%s\n' "tried: $*" | cat - check.log | sed 's/^/# /'
		failed=1
	fi
}

skip()
{
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

equal()
{
	[ "$1" = "$2" ] || { printf 'is "%s"\nnot "%s"\n' "$1" "$2" && false; }
}

# Does the file have such a line?
has()
{
	grep -qE -e "$1" "$2" || { cat "$2" && false; }
}

lacks()
{
	! grep -nE -e "$1" "$2"
}

run()
{
	"$vm" --kernel "$kernel" --cpus 1 "$@"
}

# The relay that stands for the command; found by its share, which no other relay has.
relay_of()
{
	pgrep -o -f -- "--share $1 .*qemu-system"
}

no_qemu_left()
{
	sleep 0.2
	! pgrep -a -f "path=$work/"
}

wait_for()
{
	local i

	for ((i = 0; i < 600; i++)); do
		[ ! -e "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

[ -r "$kernel/arch/x86/boot/bzImage" ] || {
	echo "1..0 # SKIP no kernel in $kernel: build it with kernel/build.sh"
	exit 77
}

# --- what needs no guest --------------------------------------------------------------------------

mkdir -p lacking/arch/x86/boot lacking/include/config
cp "$kernel/include/config/kernel.release" lacking/include/config
ln -s "$kernel/arch/x86/boot/bzImage" lacking/arch/x86/boot
grep -vE '^CONFIG_(OVERLAY_FS|9P_FS)=' "$kernel/.config" >lacking/.config
"$vm" --kernel lacking -- true >out 2>err
check "a kernel without what it needs: status 125" equal $? 125
check "... and the options are named" has 'lacks .* CONFIG_9P_FS=y CONFIG_OVERLAY_FS=y$' err
"$vm" --kernel "$work/nowhere" -- true >out 2>err
check "no kernel there: status 125" equal $? 125
check "... and the place is named" has "no kernel in '$work/nowhere'" err
run --share "$work/nowhere" -- true >out 2>err
check "no such share: status 125" equal $? 125
check "... and it is named" has "cannot share '$work/nowhere'" err
run --memory 999999999 -- true >out 2>err
check "QEMU does not start: status 125" equal $? 125
check "... and QEMU's reason is shown" has 'memory' err

# --- one guest, many questions --------------------------------------------------------------------

head -c 1000000 /dev/urandom >bytes
cat >probe <<'EOF'
#!/bin/bash
# The answers go to the share, one file each.
cd "$1" || exit 9
shift
pwd=$OLDPWD
printf '%s' "$pwd" >cwd
printf '%s|' "$@" >argv
printf '%s' "$WITH_NEWLINE" >env
umask >umask
ulimit -n >nofile
id >id
hostname >hostname
ls -l /proc/self/fd | awk 'NR > 1 { print $9 }' | sort -n | tr '\n' ' ' >fds
echo $PPID >ppid
grep SigIgn /proc/self/status >ignored
cat /proc/sys/kernel/random/boot_id >boot_id
date +%s >clock
ls -l /sys/kernel/debug/kcov >kcov 2>&1
for module in dummy test_module; do modprobe $module; done >modprobe 2>&1
cat /proc/modules >modules
cat /sys/class/net/lo/flags >lo
stat -f -c %T /sys/fs/cgroup /sys/kernel/tracing /dev/shm /dev/mqueue /dev/pts >mounts
echo scribble >/etc/kcovreport-scribble && cat /etc/kcovreport-scribble >scribble
rm -f "$pwd/victim" && ls "$pwd/victim" >victim 2>&1
# As root: over a link in the share, over ..., and in the host's root itself, mounted anew.
ln -s "$pwd" link && echo escaped >link/escaped-link
echo escaped >"../escaped-parent"
mkdir /host && for options in rw remount,rw; do
	mount -t 9p -o "trans=virtio,version=9p2000.L,$options" kcr-root /host
	echo escaped >"/host$pwd/escaped-mount"
done 2>/dev/null
touch done
cat
echo "to stderr" >&2
exit 7
EOF
chmod +x probe
echo precious >victim
mkdir 'cwd with
newline'
start=$SECONDS
began=$(date +%s)
(
	cd 'cwd with
newline' || exit 99
	umask 027
	ulimit -n 777
	trap '' USR2
	WITH_NEWLINE=$'one\ntwo \x01\xff' run --share "$work/share" -- \
		"$work/probe" "$work/share" a 'b  c' '' $'d\ne\xff*' -- --root
) <bytes >out 2>err
check "exit status" equal $? 7
check "a megabyte from standard input to standard output" cmp bytes out
check "standard error is apart" equal "$(cat err)" "to stderr"
check "all questions were answered" test -e share/done
check "working directory" equal "$(cat share/cwd)" "$work/cwd with
newline"
check "arguments" equal "$(cat share/argv)" $'a|b  c||d\ne\xff*|--|--root|'
check "environment" equal "$(cat share/env)" $'one\ntwo \x01\xff'
check "umask" equal "$(cat share/umask)" 0027
check "resource limits" equal "$(cat share/nofile)" 777
check "user and groups" equal "$(cat share/id)" "$(id)"
check "host name" equal "$(cat share/hostname)" "$(hostname)"
check "no other file is open" equal "$(cat share/fds)" "0 1 2 3 "
check "its parent is not process 1" test "$(cat share/ppid)" -gt 1
check "ignored signals" has 'SigIgn:.*0[0-9a-f][89a-f][0-9a-f]{2}$' share/ignored
check "it was another kernel" test "$(cat share/boot_id)" != "$(cat /proc/sys/kernel/random/boot_id)"
check "clock" test "$(cat share/clock)" -ge "$began" -a "$(cat share/clock)" -le "$(date +%s)"
check "the kcov device" lacks 'cannot access' share/kcov
check "modprobe" has '^dummy ' share/modules
check "... twice" has '^test_module ' share/modules
check "loopback is up" has '0x.*[13579bd]$' share/lo
check "file systems" equal "$(tr '\n' ' ' <share/mounts)" "cgroup2fs tracefs tmpfs mqueue devpts "
check "the root can be written to" equal "$(cat share/scribble)" scribble
check "... and the host sees none of it" test ! -e /etc/kcovreport-scribble
check "files can be removed" has 'No such file' share/victim
check "... and stay on the host" equal "$(cat victim)" precious
check "a link in the share leads nowhere on the host" test ! -e 'cwd with
newline/escaped-link' -a -L share/link
check "... nor does the directory above the share" test ! -e escaped-parent
check "... nor the host's root" test ! -e 'cwd with
newline/escaped-mount'
check "nothing is left behind" no_qemu_left
echo "# this boot and its probe: $((SECONDS - start)) s"

# --- endings --------------------------------------------------------------------------------------

start=$(date +%s%N)
run -- /nowhere/at-all >out 2>err
check "no such command: status 127" equal $? 127
check "... and it says so" has "cannot run '/nowhere/at-all': No such file" err
echo "# a boot that does nothing: $((($(date +%s%N) - start) / 1000000)) ms"

# A tree as make leaves it: its modules are not installed.
mkdir tree
for entry in "$kernel"/* "$kernel"/.config; do
	[ "${entry##*/}" = modules ] || ln -s "$entry" tree
done
mkdir share/term
# In a separate cache, where vm.sh creates the links to the modules. The earlier boots have found out whether KVM works.
cache=${KCOVREPORT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kcovreport}
accel=tcg
[ "$(head -n 1 "$cache/kvm" 2>/dev/null)" != yes ] || accel=kvm
KCOVREPORT_CACHE=$work/cache KCOVREPORT_ACCEL=$accel setsid "$vm" --kernel tree --cpus 1 --share "$work/share/term" -- sh -c "
	trap 'echo got it; exit 3' TERM
	trap 'echo both' USR1
	sh -c 'trap \"echo both; exit\" USR1; touch $work/share/term/child; while :; do sleep 0.1; done' &
	modprobe dummy && cp /proc/modules '$work/share/term/modules'
	until [ -e '$work/share/term/child' ]; do sleep 0.1; done
	touch '$work/share/term/up'
	while :; do sleep 0.1; done" >out 2>err &
check "a build tree boots" wait_for share/term/up
check "... and its modules load though not installed" has '^dummy ' share/term/modules
kill -USR1 -- -$!
for _ in {1..100}; do
	[ "$(wc -l <out)" -lt 2 ] || break
	sleep 0.1
done
kill -TERM "$(relay_of "$work/share/term")"
wait $!
check "SIGTERM reaches the command, a signal to the group all of its group" \
	equal "$? $(tr '\n' ' ' <out)" '3 both both got it '

mkdir share/hang
run --timeout 3 --share "$work/share/hang" -- sh -c "touch '$work/share/hang/up'; sleep 1000" >out 2>err &
wait_for share/hang/up
pkill -STOP -P "$(relay_of "$work/share/hang")"
start=$SECONDS
wait $!
check "a guest that hangs: status 125" equal $? 125
check "... and it says so" has 'the guest hangs: no sign of life for 3 s' err
check "... in time" test $((SECONDS - start)) -lt 60
check "... and QEMU is gone" no_qemu_left

# More than the socket to a relay that is stopped has room for.
mkdir share/stop
run --share "$work/share/stop" -- sh -c "touch '$work/share/stop/up'; sleep 1
	head -c 250000 /dev/zero; head -c 250000 /dev/zero >&2; exit 7" >out 2>err &
wait_for share/stop/up
relay=$(relay_of "$work/share/stop")
kill -STOP "$relay"
sleep 8
kill -CONT "$relay"
wait $!
check "a relay that is stopped when the command ends: its status" equal $? 7
check "... and all of its output" equal "$(cat out err | wc -c)" 500000

run -- sh -c 'echo lost; exec 2>&-' >/dev/full 2>err
check "standard output cannot be written: status 125" equal $? 125
check "... and it says why" has 'cannot write to standard output: No space left' err

mkdir share/crash
run --root --share "$work/share/crash" -- sh -c "
	echo before >'$work/share/crash/file'
	echo c >/proc/sysrq-trigger
	sleep 100" >out 2>err
check "a kernel panic: status 125" equal $? 125
check "... and its reason is in the line" has 'the guest died: Kernel panic - not syncing: sysrq' err
check "... and the console's last lines follow" test "$(grep -c '^  | ' err)" -ge 10
check "... and what was written to the share is there" equal "$(cat share/crash/file)" before

# --- somebody else --------------------------------------------------------------------------------

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	# What that user may read of all this.
	mkdir -p public/arch/x86/boot public/include/config share/user
	cp "$kernel/arch/x86/boot/bzImage" public/arch/x86/boot
	cp "$kernel/include/config/kernel.release" public/include/config
	cp "$kernel/.config" public
	cp "$vm" public
	cp "${KCOVREPORT_VM_INIT:-${O:-$here/../../build}/vm/guest-init}" public/guest-init
	cp "${KCOVREPORT_VM_RELAY:-${O:-$here/../../build}/vm/vm-relay}" public/vm-relay
	chmod -R a+rX public
	chown 65534:65533 share/user
	as_user()
	{
		env -u KCOVREPORT_VM_INIT -u KCOVREPORT_VM_RELAY KCOVREPORT_CACHE="$work/share/user" \
			setpriv --reuid 65534 --regid 65533 --groups 65532,65531 \
			"$work/public/vm.sh" --kernel "$work/public" --cpus 1 "$@"
	}
	as_user --share "$work/share/user" -- sh -c "
		id -u; id -g; id -G; echo mine >'$work/share/user/file'
		cat /sys/kernel/debug/kcov; kill -SEGV \$\$" >out 2>err
	check "death by a signal" equal $? 139
	check "a user stays who he is" equal "$(tr '\n' ' ' <out)" "65534 65533 65533 65531 65532 "
	check "... and may not more" has 'Permission denied' err
	check "... and his files are his" equal "$(stat -c %u:%g share/user/file)" 65534:65533
	as_user --root -- sh -c 'id -u; echo $KCOVREPORT_UID $KCOVREPORT_GID $KCOVREPORT_GROUPS
		ls /sys/kernel/debug/kcov' >out 2>err
	check "--root: root in the guest, who called is told" equal "$(tr '\n' ' ' <out)" \
		"0 65534 65533 65531,65532 /sys/kernel/debug/kcov "
else
	skip "another user" "needs root and setpriv"
fi

# --- terminal -------------------------------------------------------------------------------------

if command -v script >/dev/null; then
	mkdir share/tty
	cat >tty.sh <<EOF
stty rows 33 cols 101
stty -a >before
'$vm' --kernel '$kernel' --cpus 1 --share '$work/share/tty' -- sh -c 'tty; stty size; read x; echo "<\$x>"
	touch "$work/share/tty/up"; sleep 100'
echo "status \$?"
stty -a >after
EOF
	{
		echo typed
		wait_for share/tty/up
		printf '\003'
		sleep 3
	} | script -qec "bash tty.sh" /dev/null >out 2>err
	check "a terminal for a terminal" has '^/dev/pts/0' out
	check "... of the same size" has '^33 101' out
	check "... that is typed on" has '^<typed>' out
	check "... whose ^C is the command's" has 'status 130' out
	check "... and the host's is as it was" diff before after
else
	skip "terminal" "script is not installed"
fi

echo "1..$number"
exit $failed
