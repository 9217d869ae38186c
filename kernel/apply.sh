#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Put the kernel side of KCOV in kcov/ into a Linux tree, in place of the tree's own KCOV, or take it out again.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
shopt -s nullglob
LC_ALL=C

usage()
{
	cat <<'TEXT'
usage: apply.sh [--remove | --check] LINUX_DIR

Puts kernel/kcov/ and include/uapi/linux/kcov_set.h into a Linux 6.12 tree, and has kernel/Makefile and a few files
below kernel/ use them. kernel/kcov.c stays, unbuilt. Run again, it updates what differs.

  --remove   take it out: the tree is as it was before, byte for byte
  --check    change nothing; status 0 if it is there and up to date, 1 if not, 2 if the tree is not supported

All changes are made, or none. If it was killed, run it again.
TEXT
}

fail()
{
	printf '%s\n' "kernel/apply.sh: $1" >&2
	exit 2
}

unsupported()
{
	fail "$1; only Linux 6.12 is supported. Nothing was changed."
}

# --- what is changed ------------------------------------------------------------------------------

# Each edit: a file of the tree, a text that occurs once in it, and its replacement. Neither text contains the other, so
# that one can tell which of the two is there.
edit_file=() edit_old=() edit_new=()

edit()
{
	edit_file+=("$1") edit_old+=("$2") edit_new+=("$3")
}

# insert BEFORE TEXT AFTER: between two lines of the file $in; AFTER may go on, and be more than a line.
insert()
{
	edit "$in" $'\n'"$1"$'\n'"$3" $'\n'"$1"$'\n'"$2"$'\n'"$3"
}

# The end of a task, and of one that never ran because its fork failed late (kcov/task.h).
edit kernel/fork.c $'\n#include <kunit/visibility.h>\n\n' $'\n#include <kunit/visibility.h>\n#include "kcov/task.h"\n\n'
edit kernel/fork.c $'\n\tbpf_task_storage_free(tsk);\n\tfree_task_struct(tsk);\n}\n' \
	$'\n\tbpf_task_storage_free(tsk);\n\tkcov_task_free(tsk);\n\tfree_task_struct(tsk);\n}\n'

in=kernel/exit.c
insert '#include "exit.h"' '#include "kcov/task.h"' $'\n'
insert $'\texit_tasks_rcu_start();' $'\tkcov_task_dead(tsk);' $'\texit_notify(tsk, group_dead);'

# Contexts: each hook is where something is queued, or around the call of what was queued (kcov/context.h).
in=kernel/softirq.c
insert '#include <trace/events/irq.h>' '#include "kcov/context.h"' $'\n'
insert $'\ttrace_softirq_raise(nr);' $'\tkcov_softirq_raised(nr);' $'\tor_softirq_pending(1UL << nr);'
insert $'\tint max_restart = MAX_SOFTIRQ_RESTART;' \
	$'\tu64 kcov_ids[NR_SOFTIRQS];\n\tstruct kcov kcov;' $'\tstruct softirq_action *h;'
insert $'\tset_softirq_pending(0);' \
	$'\tkcov_softirqs_take(kcov_ids);' $'\n\tlocal_irq_enable();\n\n\th = softirq_vec;'
insert $'\t\ttrace_softirq_entry(vec_nr);' \
	$'\t\tkcov_softirq_begin(&kcov, kcov_ids[vec_nr], ksirqd);' $'\t\th->action();'
insert $'\t\th->action();' $'\t\tkcov_context_end(&kcov);' $'\t\ttrace_softirq_exit(vec_nr);'

in=kernel/workqueue.c
insert '#include "workqueue_internal.h"' '#include "kcov/context.h"' $'\n'
insert '{' $'\tkcov_object_queued(work);' $'\tdebug_work_activate(work);\n\n\t/* record the work call'
insert $'\tint lockdep_start_depth, rcu_start_depth;' \
	$'\tstruct kcov kcov;\n\tu64 kcov_id;' $'\tbool bh_draining = pool->flags & POOL_BH_DRAINING;'
insert $'\tworker->current_func = work->func;' $'\tkcov_id = kcov_object_taken(work);' $'\tworker->current_pwq = pwq;'
insert $'\ttrace_workqueue_execute_start(work);' $'\tkcov_work_begin(&kcov, kcov_id);' $'\tworker->current_func(work);'
insert $'\tworker->current_func(work);' $'\tkcov_context_end(&kcov);' $'\t/*\n\t * While we must be careful'
insert $'\tstruct worker *worker;' $'\tstruct kcov kcov;' $'\tint id;\n\n\t/* ID is needed'
insert $'\t\tformat_worker_id(id_buf, sizeof(id_buf), worker, pool);' \
	$'\t\tkcov_blank_begin(&kcov);' $'\t\tworker->task = kthread_create_on_node(worker_thread, worker,'
insert $'\t\t\t\t\t\t      pool->node, "%s", id_buf);' \
	$'\t\tkcov_context_end(&kcov);' \
	$'\t\tif (IS_ERR(worker->task)) {\n\t\t\tif (PTR_ERR(worker->task) == -EINTR) {'
insert $'\tint ret;' $'\tstruct kcov kcov;' $'\n\tlockdep_assert_held(&wq_pool_mutex);\n\n\tif (!(wq->flags & WQ_MEM_RECLAIM))'
insert $'\tformat_worker_id(id_buf, sizeof(id_buf), rescuer, NULL);\n' \
	$'\tkcov_blank_begin(&kcov);' $'\trescuer->task = kthread_create(rescuer_thread, rescuer, "%s", id_buf);'
insert $'\trescuer->task = kthread_create(rescuer_thread, rescuer, "%s", id_buf);' \
	$'\tkcov_context_end(&kcov);' $'\tif (IS_ERR(rescuer->task)) {'
insert $'\t\t\tmove_linked_works(work, &pwq->pool->worklist, NULL);\n' \
	$'\t\tkcov_object_taken(work);' $'\t\tlist_del_init(&work->entry);'

in=kernel/kthread.c
insert '#include <trace/events/sched.h>' '#include "kcov/context.h"' $'\n'
insert $'\tvoid *data;' $'\tu64 kcov_id;' $'\tint node;'
insert $'\tcreate->node = node;' $'\tcreate->kcov_id = kcov_context_id();' $'\tcreate->done = &done;'
insert $'\tvoid *data = create->data;' $'\tu64 kcov_id = create->kcov_id;' $'\tstruct completion *done;'
insert $'\t\t__kthread_parkme(self);' $'\t\tkcov_thread_begin(kcov_id);' $'\t\tret = threadfn(data);'
insert $'\ttrace_sched_kthread_work_queue_work(worker, work);' $'\tkcov_object_queued(work);' $'\n'
insert $'\tstruct kthread_work *work;' $'\tstruct kcov kcov;\n\tu64 kcov_id = 0;' $'\n'
insert $'\t\t\t\t\tstruct kthread_work, node);' $'\t\tkcov_id = kcov_object_taken(work);' $'\t\tlist_del_init(&work->node);'
insert $'\t\ttrace_sched_kthread_work_execute_start(work);' \
	$'\t\tkcov_work_begin(&kcov, kcov_id);' $'\t\twork->func(work);'
insert $'\t\twork->func(work);' $'\t\tkcov_context_end(&kcov);' $'\t\t/*\n\t\t * Avoid dereferencing work'

in=kernel/task_work.c
insert '#include <linux/resume_user_mode.h>' '#include "kcov/context.h"' $'\n'
insert $'\t}' \
	$'\tif (task != current)\n\t\tkcov_object_queued(work);\n\telse\n\t\tkcov_object_taken(work);' \
	$'\n\thead = READ_ONCE(task->task_works);\n\tdo {\n\t\tif (unlikely(head == &work_exited))'
insert $'\tstruct callback_head *work, *head, *next;' $'\tstruct kcov kcov;' $'\n'
insert $'\t\t\tnext = work->next;' $'\t\t\tkcov_task_work_begin(&kcov, kcov_object_taken(work));' $'\t\t\twork->func(work);'
insert $'\t\t\twork->func(work);' $'\t\t\tkcov_context_end(&kcov);' $'\t\t\twork = next;'

in=kernel/time/timer.c
insert '#include "tick-internal.h"' '#include "../kcov/context.h"' '#include "timer_migration.h"'
insert $'\tdebug_timer_activate(timer);' \
	$'\tkcov_object_queued(timer);' $'\n\ttimer->expires = expires;\n\t/*\n\t * If '
insert $'\tdebug_timer_activate(timer);' $'\tkcov_object_queued(timer);' $'\tinternal_add_timer(base, timer);'
insert $'\tdetach_timer(timer, clear_pending);' $'\tkcov_object_taken(timer);' $'\treturn 1;'
insert $'\t\tvoid (*fn)(struct timer_list *);' $'\t\tstruct kcov kcov;\n\t\tu64 kcov_id;' $'\n'
insert $'\t\tdetach_timer(timer, true);' $'\t\tkcov_id = kcov_object_taken(timer);' $'\n\t\tfn = timer->function;'
for how in '' _irq; do
	insert $'\t\t\traw_spin_unlock'"$how(&base->lock);" \
		$'\t\t\tkcov_work_begin(&kcov, kcov_id);' $'\t\t\tcall_timer_fn(timer, fn, baseclk);'
	insert $'\t\t\tcall_timer_fn(timer, fn, baseclk);' \
		$'\t\t\tkcov_context_end(&kcov);' $'\t\t\traw_spin_lock'"$how(&base->lock);"
done

in=kernel/rcu/tree.c
insert '#include "rcu.h"' '#include "../kcov/context.h"' $'\n'
insert $'\thead->next = NULL;' $'\tkcov_object_queued(head);' $'\tkasan_record_aux_stack_noalloc(head);'
insert $'\t\trcu_callback_t f;' $'\t\tstruct kcov kcov;' $'\n\t\tcount++;'
insert $'\t\tdebug_rcu_head_callback(rhp);' \
	$'\t\tkcov_work_begin(&kcov, kcov_object_taken(rhp));' $'\t\tWRITE_ONCE(rhp->func, (rcu_callback_t)0L);'
insert $'\t\tf(rhp);' $'\t\tkcov_context_end(&kcov);' $'\n\t\trcu_lock_release(&rcu_callback_map);'

# The last edit switches to our KCOV.
edit kernel/Makefile $'\nobj-$(CONFIG_KCOV) += kcov.o\n' $'\nobj-$(CONFIG_KCOV) += kcov/\n'

hooked_files=(kernel/fork.c kernel/exit.c kernel/softirq.c kernel/workqueue.c kernel/kthread.c kernel/task_work.c kernel/time/timer.c
	kernel/rcu/tree.c)
edited_files=("${hooked_files[@]}" kernel/Makefile)
folder=kernel/kcov
header=include/uapi/linux/kcov_set.h
# This list is in the folder that apply.sh creates, and names the files that it put there.
list=$folder/.kcovreport
staging=kernel/.kcovreport-apply

# --- is it a tree that we know? -------------------------------------------------------------------

check_tree()
{
	local version file

	[ -d "$1" ] || fail "there is no directory '$1'"
	tree=$(cd "$1" && pwd -P) || exit 2
	for file in Kbuild Makefile "${edited_files[@]}" include/linux/kcov.h include/linux/sched.h; do
		[ -f "$tree/$file" ] || fail "'$1' is not a Linux source tree: it has no $file"
	done
	version=$(sed -n 's/^VERSION = //p; s/^PATCHLEVEL = //p' "$tree/Makefile" | paste -s -d .)
	[ "$version" = 6.12 ] || unsupported "'$1' is Linux ${version:-(Makefile does not say)}"
}

# needs FILE LINE...: each line must occur once.
needs()
{
	local file=$1 line

	for line in "${@:2}"; do
		[ "$(grep -cxF -e "$line" "$tree/$file")" = 1 ] || unsupported "$file: not found once: '$line'"
	done
}

# knows FILE WORD...: these must be the only names of KCOV in the file.
knows()
{
	local file=$1 word

	while read -r word; do
		[[ " ${*:2} " == *" $word "* ]] || unsupported "$file: has '$word': this is another KCOV"
	done < <(sed -e 's,/\*.*\*/,,' -e '/^[[:space:]]*\/\?\*/d' "$tree/$file" |
		grep -owE '(kcov|KCOV|__sanitizer_cov)_[A-Za-z0-9_]+|kcov' | sort -u)
}

# The names in these two headers that we define or use. Any other name of KCOV in them is unknown to us.
check_interface()
{
	local fields=(mode size area handle sequence softirq saved_mode saved_size saved_area saved_kcov saved_sequence)
	local cmp=(cmp{1,2,4,8} const_cmp{1,2,4,8}) type

	needs include/linux/sched.h \
		$'\tunsigned int\t\t\tkcov_mode;' $'\tunsigned int\t\t\tkcov_size;' $'\tvoid\t\t\t\t*kcov_area;' \
		$'\tstruct kcov\t\t\t*kcov;' $'\tu64\t\t\t\tkcov_handle;' $'\tint\t\t\t\tkcov_sequence;' \
		$'\tunsigned int\t\t\tkcov_softirq;'
	knows include/linux/sched.h kcov "${fields[@]/#/kcov_}"
	needs include/linux/kcov.h $'\tKCOV_MODE_DISABLED = 0,' $'\tKCOV_MODE_INIT = 1,' \
		$'\tKCOV_MODE_TRACE_PC = 2,' $'\tKCOV_MODE_TRACE_CMP = 3,' $'\tKCOV_MODE_REMOTE = 4,' \
		$'#define KCOV_IN_CTXSW\t(1 << 30)' \
		'void kcov_task_init(struct task_struct *t);' 'void kcov_task_exit(struct task_struct *t);' \
		'void kcov_remote_start(u64 handle);' 'void kcov_remote_stop(void);' 'u64 kcov_common_handle(void);' \
		'void __sanitizer_cov_trace_pc(void);' 'void __sanitizer_cov_trace_switch(kcov_u64 val, void *cases);'
	for type in '1 u8' '2 u16' '4 u32' '8 kcov_u64'; do
		needs include/linux/kcov.h {'void __sanitizer_cov_trace_cmp','void __sanitizer_cov_trace_const_cmp'}\
"${type% *}(${type#* } arg1, ${type#* } arg2);"
	done
	knows include/linux/kcov.h kcov KCOV_MODE_{DISABLED,INIT,TRACE_PC,TRACE_CMP,REMOTE} KCOV_IN_CTXSW \
		kcov_{mode,u64,task_init,task_exit,prepare_switch,finish_switch,remote_handle,common_handle} \
		kcov_remote_{start,stop,start_common,start_usb,start_usb_softirq,stop_softirq} \
		KCOV_SUBSYSTEM_{COMMON,USB} __sanitizer_cov_trace_{pc,switch} "${cmp[@]/#/__sanitizer_cov_trace_}"
}

# edited FILE: prints how many of its edits the file has, and the file as it will be. Status 1 and the edit's first text
# if neither of its texts is there once. Texts may overlap: the line feed at the end of one may start the next.
edited()
{
	local i texts=()

	for i in "${!edit_file[@]}"; do
		[ "${edit_file[i]}" != "$1" ] || texts+=("${edit_old[i]}" "${edit_new[i]}")
	done
	perl -e '
		my ($action, $file, @texts) = @ARGV;
		sub places { my ($part, $n, $at) = ($_[0], 0, -1); $n++ while ($at = index($_, $part, $at + 1)) >= 0; $n }
		open(my $in, "<", $file) or exit 2;
		defined($_ = do { local $/; <$in> }) or exit 2;
		my $done = 0;
		while (my ($old, $new) = splice(@texts, 0, 2)) {
			my $are = places($old) . places($new);
			$are eq "10" || $are eq "01" or do { print $old; exit 1 };
			$done += $are eq "01";
			($old, $new) = ($new, $old) if $action eq "remove";
			my $at = index($_, $old);
			substr($_, $at, length($old)) = $new if $at >= 0 && $action ne "check" && places($new) == 0;
		}
		print "$done\n$_";' "$action" "$tree/$1" "${texts[@]}"
}

# Set edits_done, and set contents to the edited files as they will be.
check_edits()
{
	local file text

	declare -gA contents=()
	edits_done=0
	for file in "${edited_files[@]}"; do
		[ ! -L "$tree/$file" ] || fail "$file is a symbolic link, which would be replaced"
		text=$(edited "$file" && echo .)
		case $? in
		0) ;;
		1) unsupported "$file: not found once: '$(printf '%s' "${text:1}" | tr '\n\t' '  ')'" ;;
		*) fail "cannot read '$tree/$file'" ;;
		esac
		edits_done=$((edits_done + ${text%%$'\n'*}))
		contents[$file]=${text#*$'\n'}
	done
}

# Where our files go, the tree must not have files of its own.
check_places()
{
	local place

	# An empty folder was left by a run that was killed.
	for place in $folder $header; do
		[ -f "$tree/$list" ] || [ -z "$(ls -A "$tree/$place" 2>/dev/null)" ] ||
			unsupported "'$tree' already has $place, which apply.sh did not put there"
	done
	[ "$action" != check ] || return 0
	for place in kernel include/uapi/linux $folder; do
		[ -w "$tree/$place" ] || [ ! -e "$tree/$place" ] || fail "cannot write to '$tree/$place'"
	done
}

# --- changing it ----------------------------------------------------------------------------------

sources()
{
	(cd "$here/kcov" && printf '%s\n' *.[ch] Makefile)
}

# Are all our files there, and the same as here?
up_to_date()
{
	local name

	[ $edits_done = ${#edit_file[@]} ] && cmp -s "$here/kcov/uapi/kcov_set.h" "$tree/$header" || return 1
	[ "$(cat "$tree/$list" 2>/dev/null)" = "$(sources)" ] || return 1
	while read -r name; do
		cmp -s "$here/kcov/$name" "$tree/$folder/$name" || return 1
	done < <(sources)
}

# Put all new files into the staging folder. Edited files keep their owner and mode.
stage()
{
	local name file new

	rm -rf "${tree:?}/$staging" && mkdir "$tree/$staging" || return 1
	for file in "${edited_files[@]}"; do
		new=$tree/$staging/${file##*/}
		cp -p "$tree/$file" "$new" && chmod u+w "$new" && printf '%s' "${contents[$file]%.}" >"$new" &&
			chmod --reference="$tree/$file" "$new" || return 1
	done
	[ "$action" = apply ] || return 0
	mkdir "$tree/$staging/kcov" && cp "$here/kcov/uapi/kcov_set.h" "$tree/$staging/" || return 1
	while read -r name; do
		cp "$here/kcov/$name" "$tree/$staging/kcov/" || return 1
	done < <(sources)
	sources >"$tree/$staging/kcov/$(basename "$list")" && chmod -R u=rwX,go=rX "$tree/$staging"/kcov*
}

# put FILE STAGED: renames, so that a hard-linked copy of the tree keeps its own file. A file that is the same is left
# alone, so that make does not rebuild it.
put()
{
	cmp -s "$tree/$staging/$2" "$tree/$1" || mv -fT "$tree/$staging/$2" "$tree/$1"
}

put_hooks()
{
	local file

	for file in "${hooked_files[@]}"; do
		put "$file" "${file##*/}" || return 1
	done
}

commit_apply()
{
	local name

	[ -d "$tree/$folder" ] || mkdir "$tree/$folder" || return 1
	# First store both lists together: if this run is killed now, every file that is there must be known as ours.
	cat "$tree/$list" "$tree/$staging/kcov/.kcovreport" 2>/dev/null | sort -u >"$tree/$staging/list" &&
		mv -f "$tree/$staging/list" "$tree/$list" || return 1
	while read -r name; do
		if [ -f "$tree/$staging/kcov/$name" ]; then
			put "$folder/$name" "kcov/$name" || return 1
		else
			rm -f "$tree/$folder/$name" || return 1
		fi
	done < <(cat "$tree/$list")
	put $list kcov/.kcovreport && put $header kcov_set.h && put_hooks && put kernel/Makefile Makefile
}

# The reverse of commit_apply. Objects that a build made from our files are removed; files that the user put there stay.
commit_remove()
{
	local name

	put kernel/Makefile Makefile && put_hooks || return 1
	[ -f "$tree/$list" ] || { rmdir "$tree/$folder" 2>/dev/null; return 0; }
	rm -f "$tree/$header"
	while read -r name; do
		rm -f "$tree/$folder/$name"
	done <"$tree/$list"
	rm -f "$tree/$folder"/{*.o,*.a,*.ko,*.mod,*.mod.c,*.i,*.s,.*.cmd,.*.d,modules.order}
	rm -f "$tree/$list" && rmdir "$tree/$folder" 2>/dev/null ||
		printf '%s\n' "note: '$tree/$folder' was not removed: it has files that apply.sh did not put there" >&2
}

# change: from here on signals are ignored, so that it completes unless it fails or is killed.
change()
{
	local wrong=

	trap '' INT TERM HUP QUIT
	if ! stage; then
		wrong="cannot write below '$tree/kernel'; nothing was changed"
	elif ! "commit_$action"; then
		wrong="cannot write below '$tree'; run it again, or with --remove, when that is possible"
	fi
	rm -rf "${tree:?}/$staging"
	[ -z "$wrong" ] || fail "$wrong"
}

action=apply
case ${1:-} in
-h | --help) usage && exit 0 ;;
--remove | --check) action=${1#--} && shift ;;
esac
[ $# -eq 1 ] && [[ $1 != -* ]] || { usage >&2 && exit 2; }
check_tree "$1"
exec 9<"$tree/kernel" || exit 2
[ $action = check ] || flock -n 9 || fail "another apply.sh is running in '$tree'"
check_interface
check_edits
check_places
[ $action = remove ] || [ -f "$here/kcov/Makefile" ] ||
	fail "there is no kernel side in '$here/kcov': no Makefile"
traces=
[ $edits_done = 0 ] && [ ! -e "$tree/$list" ] && [ ! -e "$tree/$staging" ] || traces=1
case $action in
check)
	up_to_date && echo "applied: $tree" && exit 0
	echo "not applied${traces:+ as it is here, or not all of it}: $tree"
	exit 1
	;;
remove) [ -n "$traces" ] || { echo "it is not there: $tree" && exit 0; } ;;
apply) ! up_to_date || [ -e "$tree/$staging" ] || { echo "it is there already: $tree" && exit 0; } ;;
esac
change
[ $action = remove ] && echo "removed: $tree" || echo "applied: $tree"
