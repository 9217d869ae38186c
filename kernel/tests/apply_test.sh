#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Cases for kernel/apply.sh, in TAP, on a tree of only those files of Linux that it reads. They come from the source
# that build.sh has unpacked, or else from the distribution's archive.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/apply_test.XXXXXX") || exit 99
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 99

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

# A copy of apply.sh with a small kernel side: these cases do not depend on the contents of kcov/.
mkdir -p kernel/kcov/uapi
cp "$here/apply.sh" kernel/
echo 'static inline void kcov_task_free(struct task_struct *t) {}' >kernel/kcov/task.h
echo 'struct kcov;' >kernel/kcov/context.h
echo 'obj-y := core.o' >kernel/kcov/Makefile
echo 'int core;' >kernel/kcov/core.c
echo '#define KCOV_SET 1' >kernel/kcov/uapi/kcov_set.h
apply=$work/kernel/apply.sh

hooked=(kernel/{fork,exit,softirq,workqueue,kthread,task_work}.c kernel/time/timer.c kernel/rcu/tree.c)
files=(Kbuild Makefile kernel/{Makefile,kcov.c} "${hooked[@]}" include/linux/{kcov,sched}.h include/uapi/linux/kcov.h)
original()
{
	local cache=${KCOVREPORT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/kcovreport} directory

	mkdir original
	for directory in "$cache"/src/linux-source-6.12*; do
		(cd "$directory" 2>/dev/null && cp --parents "${files[@]}" "$work/original") && return
	done
	tar -C original --strip-components=1 --occurrence=1 -xJf /usr/src/linux-source-6.12.tar.xz \
		"${files[@]/#/linux-source-6.12/}" 2>/dev/null
}

original || {
	echo "ok 1 - apply.sh # SKIP there is no Linux 6.12 source: make deps installs it"
	echo "1..1"
	exit 0
}

# Makes a tree without our kernel side.
fresh()
{
	rm -rf tree && cp -a original tree
}

same()
{
	diff -r original tree
}

status()
{
	local want=$1 is

	shift
	"$@"
	is=$?
	[ $is = "$want" ] || { echo "status $is, not $want" && false; }
}

# refuses PATTERN: status 2, one line that matches, and nothing is changed.
refuses()
{
	cp -a tree before
	status 2 "$apply" tree 2>said && cat said && [ "$(wc -l <said)" = 1 ] && grep -qE -e "$1" said &&
		diff -r before tree
	local is=$?

	rm -rf before
	return $is
}

whole()
{
	local file

	diff -r original tree >differs
	for file in "${hooked[@]}"; do
		grep -q '^#include ".*kcov/' "tree/$file" || { echo "no hooks in $file" && return 1; }
	done
	[ "$(grep -c '^>' differs)" = 61 ] && [ "$(grep '^<' differs)" = '< obj-$(CONFIG_KCOV) += kcov.o' ] && grep -qx '> obj-$(CONFIG_KCOV) += kcov/' differs &&
		grep -qx '> #include "kcov/task.h"' differs && grep -q 'kcov_task_free(tsk);' differs &&
		cmp tree/kernel/kcov/core.c kernel/kcov/core.c && cmp tree/kernel/kcov/Makefile kernel/kcov/Makefile &&
		cmp tree/include/uapi/linux/kcov_set.h kernel/kcov/uapi/kcov_set.h &&
		[ -z "$(find tree -name '.kcovreport-apply')" ] || { cat differs && false; }
}

# --- in and out -----------------------------------------------------------------------------------

fresh
check "check: not there" status 1 "$apply" --check tree
check "check changes nothing" same
check "apply" "$apply" tree
check "all of it is there, one line is another, and none is missing" whole
check "check: there" "$apply" --check tree
find tree -type f -printf '%i %T@ %p\n' >inodes.txt
again()
{
	"$apply" tree | grep -q already && find tree -type f -printf '%i %T@ %p\n' | cmp - inodes.txt
}
check "apply again: says so, and writes nothing" again
check "remove" "$apply" --remove tree
check "removed byte for byte" same
check "remove again" "$apply" --remove tree

update()
{
	"$apply" tree && echo 'int more;' >kernel/kcov/more.c && status 1 "$apply" --check tree && "$apply" tree &&
		"$apply" --check tree && cmp kernel/kcov/more.c tree/kernel/kcov/more.c &&
		rm kernel/kcov/more.c && "$apply" tree && [ ! -e tree/kernel/kcov/more.c ] &&
		echo '/* */' >>kernel/kcov/core.c && stat -c %i tree/kernel/fork.c >inode && "$apply" tree &&
		stat -c %i tree/kernel/fork.c | cmp - inode && whole && "$apply" --remove tree && same
}
check "files that were added, changed, and are gone" update

built()
{
	"$apply" tree && touch tree/kernel/kcov/{core.o,built-in.a,.core.o.cmd,modules.order} &&
		"$apply" --remove tree && same
}
check "remove: what a build in the tree has left" built

kept()
{
	"$apply" tree && touch tree/kernel/kcov/mine && "$apply" --remove tree && [ -e tree/kernel/kcov/mine ]
}
check "remove: no file of somebody else's" kept

fresh
links()
{
	cp -al tree linked && "$apply" linked && same && "$apply" --remove linked && same && diff -r tree linked
}
check "other names of the same files are not written through" links
rm -rf linked

modes()
{
	chmod 444 tree/kernel/fork.c && chmod 600 tree/kernel/Makefile && "$apply" tree &&
		[ "$(stat -c %a tree/kernel/fork.c tree/kernel/Makefile | paste -s)" = "$(printf '444\t600')" ] &&
		"$apply" --remove tree && same
}
check "modes stay, of read-only files too" modes

# --- trees that are not supported -----------------------------------------------------------------

# changed FILE EXPRESSION PATTERN: apply.sh refuses the tree after this sed.
changed()
{
	fresh
	sed -i "$2" "tree/$1" && ! cmp -s "tree/$1" "original/$1" && refuses "$3"
}

check "refused: no such directory" status 2 "$apply" nowhere
check "refused: no Linux tree" status 2 "$apply" kernel
check "refused: two directories" status 2 "$apply" tree tree
check "refused: another version" changed Makefile 's/^PATCHLEVEL.*/PATCHLEVEL = 13/' 'is Linux 6\.13; only Linux 6\.12'
for field in kcov_mode kcov_size '\*kcov_area' '\*kcov' kcov_handle kcov_sequence kcov_softirq; do
	check "refused: a task without $field" changed include/linux/sched.h "/\\t$field;/d" \
		"sched\.h: not found once: .*$field;.*6\.12"
done
check "refused: a field that is not known" changed include/linux/sched.h \
	's/^\tu64\t*kcov_handle;/&\n\tvoid *kcov_state;/' "sched\.h: has 'kcov_state'.*6\.12"
check "refused: another kcov_remote_start()" changed include/linux/kcov.h \
	's/^void kcov_remote_start(u64 handle);/void kcov_remote_start(u64 handle, int how);/' 'kcov\.h: not found once.*6\.12'
check "refused: a function that is not known" changed include/linux/kcov.h \
	's/^void kcov_remote_stop(void);/&\nvoid kcov_remote_pause(void);/' "has 'kcov_remote_pause'.*6\.12"
check "refused: Makefile without the line" changed kernel/Makefile '/CONFIG_KCOV/d' \
	'kernel/Makefile: not found once: .*kcov\.o.*6\.12'
check "refused: Makefile with the line twice" changed kernel/Makefile '/CONFIG_KCOV/p' 'kernel/Makefile: not found once'
check "refused: another free_task()" changed kernel/fork.c 's/^\tbpf_task_storage_free(tsk);/&\n\tmore(tsk);/' \
	'fork\.c: not found once: .*bpf_task_storage_free.*6\.12'
check "refused: other includes" changed kernel/fork.c '/kunit.visibility/d' 'fork\.c: not found once: .*visibility'

# Without one of the lines that have a hook beside them, apply.sh does not know where it belongs.
hooks_refused()
{
	local file

	for file in "${hooked[@]}"; do
		fresh
		grep -vE $'^\t+(bpf_task_storage_free.tsk|exit_notify.tsk|or_softirq_pending.1UL|worker->current_func.work|ret = threadfn.data|work->func.work|call_timer_fn.timer|f.rhp)' \
			"original/$file" >"tree/$file"
		! cmp -s "tree/$file" "original/$file" && refuses "$file: not found once" || return 1
	done
}
check "refused: no place for a hook" hooks_refused

taken()
{
	fresh && mkdir tree/kernel/kcov && touch tree/kernel/kcov/core.c && refuses 'already has kernel/kcov, ' &&
		fresh && touch tree/include/uapi/linux/kcov_set.h && refuses 'already has include/uapi/linux/kcov_set.h, ' &&
		fresh && mv tree/kernel/fork.c tree/f.c && ln -s ../f.c tree/kernel/fork.c && refuses 'symbolic link'
}
check "refused: our places are taken" taken

fresh
if [ "$(id -u)" = 0 ]; then
	as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	chmod 755 "$work"
else
	as_user() { "$@"; }
fi
read_only()
{
	chmod a-w tree/kernel && status 2 as_user "$apply" tree 2>said && cat said && grep -q "cannot write to" said && same
}
check "refused: a tree that cannot be written to" read_only

# --- ended half-way -------------------------------------------------------------------------------

# A mv that counts, and kills its caller after the Nth rename.
mkdir bin
cat >bin/mv <<'MV'
#!/bin/bash
n=$(($(cat "$COUNT") - 1))
echo $n >"$COUNT"
[ $n -ge 0 ] || { kill -KILL $PPID; exit 1; }
exec /bin/mv "$@"
MV
chmod +x bin/mv

# killed ACTION THEN FIRST: ACTION is killed after N renames, for FIRST and each third N, and then THEN is run.
killed()
{
	local n=$3

	while :; do
		fresh
		[ "$1" = --apply ] || "$apply" tree >>log || return 1
		echo $n >count
		COUNT=$work/count PATH=$work/bin:$PATH "$apply" ${1/--apply/} tree >>log 2>&1 && break
		"$apply" --check tree >left.txt
		"$apply" ${2/--apply/} tree >>log || { cat log left.txt && return 1; }
		if [ "$2" = --apply ]; then whole; else same; fi || { echo "killed at rename $n" && return 1; }
		n=$((n + 3))
	done
	echo "$n renames"
	[ $n -ge 8 ]
}
check "apply killed at a rename, and run again" killed --apply --apply 0
check "apply killed at a rename, and removed" killed --apply --remove 1
check "remove killed at a rename, and run again" killed --remove --remove 2
check "remove killed at a rename, and applied" killed --remove --apply 0

# A failed rename is reported, and --remove works afterwards.
cat >bin/mv <<'MV'
#!/bin/bash
case $* in *fork.c) exit 1 ;; esac
exec /bin/mv "$@"
MV
fails()
{
	fresh
	PATH=$work/bin:$PATH status 2 "$apply" tree 2>said && cat said && grep -q 'cannot write below' said &&
		"$apply" --remove tree && same
}
check "a rename that fails is said" fails

echo "1..$number"
exit $failed
