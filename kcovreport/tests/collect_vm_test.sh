#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `kcovreport collect --vm` without a machine: a vm.sh of this test stands for the real one and notes its arguments.
# Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/collect_vm_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(realpath "$(mktemp -d)") || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
export LC_ALL=C
shown=("$tmp/notes" "$tmp/err")

# The program looks for vm/vm.sh beside itself.
mkdir -p bin/vm work/sub other && cp "$kcovreport" bin/kcovreport || exit 99
cat >bin/vm/vm.sh <<'EOF'
#!/bin/bash
printf '%s\n' "$@" >"$NOTES"
eval "${MACHINE:-}"
EOF
chmod +x bin/vm/vm.sh
export NOTES=$tmp/notes KCOVREPORT_CACHE=$tmp/cache
cd work || exit 99

# collect STATUS [OPTION...]: collect --vm; the arguments of vm.sh go to $tmp/machine and, from the program on, $tmp/guest
collect()
{
	local expected=$1 status
	shift
	: >"$NOTES"
	"$tmp/bin/kcovreport" collect --vm "$@" -- command -o argument >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	sed '/^--$/,$d' "$NOTES" >"$tmp/machine"
	sed '1,/^--$/d' "$NOTES" >"$tmp/guest"
	[ $status -eq "$expected" ] || { echo "status $status, not $expected" >>"$tmp/err" && false; }
}

# got FILE LINE...: has the file these lines, one after the other?
got()
{
	local file=$1
	shift
	[[ $'\n'$(cat "$tmp/$file")$'\n' == *$'\n'"$(printf '%s\n' "$@")"$'\n'* ]]
}

lacks()
{
	! grep -qE -e "$2" "$tmp/$1"
}

# A "kernel" in a build directory that is searched for nowhere else, and a run on it.
mkdir ../kernel
cat >../kernel/main.c <<'EOF'
void __sanitizer_cov_trace_pc(void);
void __attribute__((no_sanitize_coverage)) __sanitizer_cov_trace_pc(void) {}
void _start(void) {}
EOF
gcc -g -O1 -fsanitize-coverage=trace-pc -static -nostdlib -no-pie -Wl,--build-id ../kernel/main.c \
	-o ../kernel/vmlinux || exit 99
"$kcovreport" points --vmlinux ../kernel/vmlinux | cut -d ' ' -f 1 >../pcs
id=$(readelf -n ../kernel/vmlinux | sed -n 's/.*Build ID: //p')
"$kcovreport" import --build-id "$id" -o ../run ../pcs || exit 99
export tmp

collect 0 && got guest "$tmp/bin/kcovreport" collect && got guest -- command -o argument
verdict $? "the guest runs the same program with the same command"
user=$(id -u):$(id -g)
grep -qE "^--user.?$" "$tmp/guest" && grep -qE "^$user(:|$)" "$tmp/guest"
verdict $? "without --user the command runs as the caller"

# Each option is passed on, or done on the host. A new one needs a row here.
for option in $("$kcovreport" collect --help | sed -nE 's/^ {2,6}(-., )?--([a-z][a-z-]*).*/\2/p'); do
	case $option in
	help | usage) continue ;;
	output)
		collect 0 --output sub/run && got guest -o "$tmp/work/sub/run" && got machine --share "$tmp/work/sub"
		;;
	share)
		collect 0 --share ../other --share sub && lacks guest '^--share' &&
			got machine --share "$tmp/work" --share "$tmp/other" --root
		;;
	buffer) collect 0 --buffer 4096 && got guest --buffer=4096 ;;
	follow) collect 0 --follow=none && got guest --follow=none ;;
	name) collect 0 --name 'two words' && got guest '--name=two words' ;;
	wait) collect 0 --wait && got guest --wait ;;
	user)
		collect 0 --user 12:34:56 && got guest --user=12:34:56 && [ "$(grep -c -e --user "$tmp/guest")" -eq 1 ]
		;;
	vm)
		collect 0 --vm=../other && got machine --kernel ../other && lacks guest '^--vm'
		;;
	remote)
		collect 0 --remote --remote usb:1 --remote=handle:0x5 &&
			got guest --remote --remote=usb:1 --remote=handle:0x5
		;;
	no-remote) collect 0 --remote=usb:1 --no-remote && got guest --remote=usb:1 --no-remote ;;
	contexts) collect 0 --contexts task,work && got guest --contexts=task,work && lacks machine '^--append' ;;
	system) collect 0 --system && got guest --system && lacks machine '^--append' ;;
	boot) collect 0 --boot && got guest --boot && got machine --append kcov_boot --share ;;
	report)
		export MACHINE='cp "$tmp/run" kcov.data'
		collect 0 --vm=../kernel --report out && lacks guest '^--report' && [ -s out/coverage.info ]
		;;
	*)
		echo "no row for --$option in this test: where does it go?" >"$tmp/err"
		false
		;;
	esac
	verdict $? "--$option"
done

for user in 1 a:b 1:2: 1:-2 4294967295:0; do
	collect 2 --user=$user && [ ! -s "$NOTES" ]
	verdict $? "--user=$user is refused"
done


# refused PATTERN OPTION...: a usage error, before anything runs
refused()
{
	local pattern=$1
	shift
	collect 2 "$@" && [ ! -s "$NOTES" ] && grep -qE -e "$pattern" "$tmp/err"
	verdict $? "$* is refused"
}
for list in '' , task,,work tasks system task,; do
	refused '--contexts takes a list of task, softirq' --contexts="$list"
done
refused '--contexts with more than task needs --follow kernel' --contexts all --follow ptrace
refused '--contexts with more than task needs --follow kernel' --follow none --contexts work
refused '--wait needs tasks that are recorded' --system --wait
refused '--wait needs tasks that are recorded' --wait --boot
collect 0 --system --wait --contexts task && collect 0 --contexts task --follow ptrace
verdict $? "what can be combined is"

# --- what stays of what the command writes
collect 0 && got machine --share "$tmp/work" --root
verdict $? "the current directory is shared"
collect 0 -o ../other/run && got machine --share "$tmp/other" --share "$tmp/work" --root
verdict $? "the current directory is shared if the run file is elsewhere"
collect 0 -o ../run2 && got machine --share "$tmp" --root
verdict $? "a directory inside of a shared one is not shared twice"
(cd / && collect 125 -o "$tmp/work/run" && [ ! -s "$NOTES" ] && grep -q "cannot share '/'" "$tmp/err" && [ ! -e "$tmp/work/run" ])
verdict $? "the root directory is refused"
mkfifo "$tmp/fifo"
for output in "$tmp/fifo" /dev/null; do
	collect 125 -o "$output" && [ ! -s "$NOTES" ] && grep -q "'$output' is not a regular file" "$tmp/err"
	verdict $? "${output##*/}: an output that the machine cannot write is refused"
done
collect 125 --share none && [ ! -s "$NOTES" ] && grep -q "cannot share 'none' .*: No such file" "$tmp/err"
verdict $? "a missing directory is refused before anything runs"
"$tmp/bin/kcovreport" collect --share sub -- true >"$tmp/out" 2>"$tmp/err"
[ $? -eq 2 ] && grep -q -e '--share needs --vm' "$tmp/err"
verdict $? "--share without --vm is refused"

# --- what would make the report fail later is found before the command runs
# early DESCRIPTION PATTERN OPTION...
early()
{
	local description=$1 pattern=$2
	shift 2
	rm -f kcov.data
	collect 125 "$@" && [ ! -s "$NOTES" ] && grep -qE "^kcovreport: error: $pattern" "$tmp/err" && [ ! -e kcov.data ]
	verdict $? "$description"
}
: >file
mkdir -p locked && chmod 500 locked
early "no vmlinux in the build directory" "cannot open '../other/vmlinux'" --vm=../other --report out
early "a report directory that is a file" "cannot use directory 'file': Not a directory" --vm=../kernel --report file
early "a report directory below a file" "cannot use directory 'file': Not a directory" --vm=../kernel --report file/out
early "a report directory without a name" "cannot create directory '': No such file" --vm=../kernel --report ''
ln -s nowhere dangling
for directory in dangling/out dangling dangling/ dangling// dangling/.; do
	early "a report directory behind a dangling link: $directory" \
		"cannot use directory 'dangling', a symbolic link to 'nowhere': No such file" --vm=../kernel --report $directory
done
early "a report directory that is a file, with a slash" "cannot use directory 'file': Not a directory" --vm=../kernel --report file/
early "a report directory without a name" "cannot create directory '': No such file" --vm=../kernel --report ''
if [ "$(id -u)" -ne 0 ]; then
	early "a report directory that cannot be made" "cannot write to directory 'locked'" --vm=../kernel --report locked/a/b
fi
mkdir -p taken/summary.json
early "a report of which a file is a directory" "cannot open 'taken/summary.json' for writing: Is a" --vm=../kernel --report taken
if [ "$(id -u)" -eq 0 ]; then
	early "a report directory that root cannot make either" "cannot create directory '/proc/none'" --vm=../kernel --report /proc/none/a
	mkdir -m 1777 shared && ln -s ../taken shared/link && chown -h 1 shared/link
	early "a report directory that is a link of another user" "'shared/link' is a link of another user" --vm=../kernel --report shared/link
	early "a report directory below it" "'shared/link' is a link of another user" --vm=../kernel --report shared/link/a
	mkdir sound && ln -s "$PWD/file" sound/coverage.info && chown -h 1 sound/coverage.info
	early "a file of a report that is a link of another user" "'sound/coverage.info' is a link of another" --vm=../kernel --report sound
fi
early "a run file that cannot be read again" "--report needs a run file .*'/dev/null'" --vm=../kernel -o /dev/null --report out
[ ! -e locked/a ] && [ ! -e file/out ]
verdict $? "the checks create nothing"

export MACHINE='exit 125'
rm -f kcov.data
collect 125 --vm=../kernel --report failed && [ ! -s "$tmp/err" ] && [ ! -e failed ] && [ ! -e kcov.data ]
verdict $? "no report of a machine that failed, and no empty run file"

# --- interrupted: what is kept?
# interrupted DESCRIPTION STATUS LINE: LINE is all that is printed
interrupted()
{
	collect "$2" --vm=../kernel --report failed && [ "$(cat "$tmp/err")" = "$3" ]
	verdict $? "$1"
}
rm -rf kcov.data failed
export MACHINE='exit 130'
interrupted "interrupted before the command ran" 130 'kcovreport: interrupted before anything was recorded'
export MACHINE='kill -INT $$'
interrupted "... also if vm.sh ends by the signal" 130 'kcovreport: interrupted before anything was recorded'
[ ! -e failed ] && [ ! -e kcov.data ]
verdict $? "... without a report, and without a run file"
cp "$tmp/run" kcov.data
export MACHINE='exit 143'
interrupted "... an older run file is kept" 143 \
	"kcovreport: interrupted before anything was recorded: 'kcov.data' is as it was"
cmp -s "$tmp/run" kcov.data && [ ! -e failed ]
verdict $? "... as it was, and there is no report of it"
rm -f kcov.data
export MACHINE=': >kcov.data; exit 130'
for before in 'a new' 'an older'; do
	interrupted "... when $before run file is empty" 130 'kcovreport: interrupted before anything was recorded'
	cp "$tmp/run" kcov.data
done
export MACHINE=': >kcov.data; exit 125'
collect 125 --vm=../kernel --report failed && [ ! -s "$tmp/err" ] && [ ! -e failed ]
verdict $? "... nor is there a report if the machine could not write to it"
export MACHINE='head -c -1 "$tmp/run" >kcov.data; exit 130'
collect 130 --vm=../kernel --report failed &&
	grep -qx "kcovreport: interrupted: 'kcov.data' has what was recorded until then" "$tmp/err" && [ -s failed/coverage.info ]
verdict $? "interrupted while the command ran: there is a report of what was recorded"
export MACHINE='cp "$tmp/run" kcov.data; exit 130'
collect 130 --vm=../kernel && [ ! -s "$tmp/err" ]
verdict $? "a command that was interrupted: the collection in the machine has said what there is"

# --- one collection at a time writes to a run file
# wait_until COMMAND...
wait_until()
{
	for _ in {1..600}; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}
rm -f kcov.data
mkfifo go
export MACHINE='echo $PPID >started; read -r word <go; echo "$word" >kcov.data'
"$tmp/bin/kcovreport" collect --vm -- first >"$tmp/first" 2>&1 </dev/null &
first=$!
wait_until test -s started
MACHINE= collect 125 && [ ! -s "$NOTES" ] &&
	grep -q "^kcovreport: error: another collect is writing 'kcov.data': process $first (.*collect --vm -- first) (wait.*-o)$" "$tmp/err"
verdict $? "a second collection to the same file is refused, and says who writes"
ln -sf kcov.data link
MACHINE= collect 125 -o link && MACHINE= collect 125 -o ./../work/kcov.data && MACHINE= collect 0 -o kcov.data2
verdict $? "by whatever name, but not one to another file"
"$tmp/bin/kcovreport" collect -- true >"$tmp/out" 2>"$tmp/err"
[ $? -eq 125 ] && grep -q "another collect is writing 'kcov.data': process $first" "$tmp/err"
verdict $? "nor one on this machine"
echo whole >go
wait $first && [ "$(cat kcov.data)" = whole ]
verdict $? "the first one ends as if there was no other"
MACHINE= collect 0
verdict $? "after it the file is free"

# Killed: as long as its machine writes, the file stays locked.
rm -f started
"$tmp/bin/kcovreport" collect --vm -- first >"$tmp/first" 2>&1 </dev/null &
first=$!
wait_until test -s started
kill -9 $first
wait $first 2>/dev/null
MACHINE= collect 125 && grep -q "another collect is writing 'kcov.data' (" "$tmp/err"
verdict $? "the machine of a killed collection keeps the lock"
echo rest >go
MACHINE= wait_until collect 0
verdict $? "and no lock is left when it has ended"

# Many at once: one runs, the others are refused.
rm -f kcov.data started
export MACHINE='echo x >>ran; read -r word <go; echo "$word" >kcov.data'
for i in 1 2 3 4 5 6; do
	(
		NOTES=$tmp/notes.$i "$tmp/bin/kcovreport" collect --vm -- true >/dev/null 2>&1 </dev/null
		echo $? >"status.$i"
	) &
done
wait_until sh -c '[ $(cat status.* | wc -l) -eq 5 ]'
echo one >go
wait
[ "$(cat status.* | sort | tr '\n' ' ')" = "0 125 125 125 125 125 " ] && [ "$(wc -l <ran)" -eq 1 ] && [ "$(cat kcov.data)" = one ]
verdict $? "of many at once one runs"

export MACHINE=
rm -f kcov.data
collect 0 && [ ! -e kcov.data ]
verdict $? "a run file that stays empty is removed"
printf old >kcov.data
collect 0 && [ "$(cat kcov.data)" = old ]
verdict $? "one that existed is kept"

echo "1..$n"
exit $failed
