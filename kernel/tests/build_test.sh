#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Interrupts kernel/build.sh and the programs that start it. Then no process of the build goes on, it is not marked as
# finished, and its lock is free. A small tree stands for Linux, a script that waits for the compiler. Prints TAP.

set -u

build=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/build.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/build_test.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
shown=("$work/log" "$work/why")

mkdir linux tools
touch linux/Kbuild
cat >linux/Makefile <<'END'
kernelversion:
	@echo 6.12.0
olddefconfig:
all: $(O)/vmlinux
$(O)/vmlinux:
	$(CC) -o $@
modules_install:
	mkdir -p $(INSTALL_MOD_PATH)
END
# It writes half of its output, and the rest when the file `fast` is there.
cat >tools/slow-cc <<'END'
#!/bin/bash
[ "$1" != --version ] || { echo slow-cc 1; exit; }
echo half >"$2"
echo $$ >"$WORK/compiler"
for ((i = 0; i < 600; i++)); do
	[ ! -e "$WORK/fast" ] || { echo whole >"$2"; exit; }
	sleep 0.1
done
exit 1
END
# What a real build needs and this one does not.
for tool in flex bison bc lz4 depmod; do
	printf '#!/bin/sh\n' >tools/$tool
done
chmod +x tools/*
export WORK=$work LINUX=$work/linux CC=slow-cc KCOVREPORT_CACHE=$work/cache PATH=$work/tools:$PATH
unset FRAGMENT KCOV PATCH LLVM KCFLAGS J MAKEFLAGS MFLAGS MAKELEVEL XDG_CACHE_HOME
dir=$("$build" --print-dir) || exit 99

# As `make demo` does it: there is a shell between make and the script, which reads its output.
cat >Makefile <<END
demo:
	@X=1 ./demo.sh
END
cat >demo.sh <<END
#!/bin/bash
echo \$\$ >demo.pid
kernel=\$("$build") || exit 1
echo "built \$kernel"
END
chmod +x demo.sh

# until_true COMMAND...: waits until it succeeds, 20 seconds at most.
until_true()
{
	local i

	for ((i = 0; i < 200; i++)); do
		"$@" && return
		sleep 0.1
	done
	echo "not: $*" >>why
	return 1
}

ended()
{
	! kill -0 "$1" 2>/dev/null
}

# start COMMAND...: starts it as a job of its own, and waits until the compiler runs.
start()
{
	rm -rf compiler fast cache
	: >why
	set -m
	env --default-signal "$@" >log 2>&1 </dev/null &
	job=$!
	set +m
	until_true test -s compiler
}

unlocked()
{
	flock -n "$dir.lock" true
}

# stopped: the compiler has ended, its output is removed, the lock is free.
stopped()
{
	until_true ended "$(cat compiler)" && until_true unlocked || return
	[ ! -e "$dir/vmlinux" ] && [ ! -e "$dir/kcovreport.stamp" ] || { ls "$dir" >>why && false; }
}

start make demo && kill -INT -- -$job && stopped
verdict $? "^C: SIGINT to the whole job"
start make demo && kill -HUP -- -$job && stopped
verdict $? "the terminal is closed: SIGHUP to the whole job"
start make demo && kill -TERM $job && stopped
verdict $? "SIGTERM to make alone"
start make demo && kill -KILL $job && stopped
verdict $? "SIGKILL of make alone"
start make demo && kill -KILL "$(cat demo.pid)" && stopped
verdict $? "SIGKILL of the shell between"
start "$build" && kill -TERM $job && stopped && wait $job
[ $? = 130 ] && grep -q 'interrupted; the next run goes on from here' log
verdict $? "SIGTERM to build.sh: status 130, and it says so"
start "$build" && kill -KILL $job && stopped
verdict $? "SIGKILL of build.sh"
start make demo && kill -TERM "$(pgrep -P "$(cat demo.pid)")" && stopped
verdict $? "SIGTERM to build.sh below make"

start "$build" && kill -PIPE $job && stopped
verdict $? "SIGPIPE: the reader of its messages has ended"

# `make check` starts it in the background of a script.
printf '#!/bin/bash\n[ "$2" != vm ] || exec "%s"\n' "$build" >target
chmod +x target
all=(env SKIP_DEPS=1 "MAKE=$work/target" "${build%/*/*}/check/all.sh" unit+vm)
start "${all[@]}" && kill -INT -- -$job && stopped
verdict $? "^C under check/all.sh"
start "${all[@]}" && kill -TERM $job && stopped
verdict $? "SIGTERM to check/all.sh alone"

# A second build of the same waits, and can be ended.
start "$build"
set -m
"$build" >waits 2>&1 &
second=$!
set +m
until_true grep -q waiting waits && kill -TERM $second && until_true ended $second && ! ended $job
verdict $? "SIGTERM to one that waits for another"
kill -TERM $job
stopped
verdict $? "... and to the other one"

finished()
{
	[ "$(cat "$dir/vmlinux")" = whole ] && [ -e "$dir/kcovreport.stamp" ]
}

# In the background of a script that ends, and under nohup, a build goes on.
for how in "'$build' &" "nohup '$build' & exec sleep 0.1" "make demo &"; do
	start bash -c "$how"
	wait $job
	sleep 2.5
	touch fast
	until_true finished && until_true unlocked
	verdict $? "the build goes on after the script: ${how//$build/build.sh}"
done

# After an interruption the next run goes on.
start "$build" && kill -TERM $job && stopped && touch fast && "$build" >log 2>&1 && finished && [ "$(tail -n 1 log)" = "$dir" ]
verdict $? "a build after an interrupted one"
echo "1..$n"
exit $failed
