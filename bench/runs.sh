#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/runs.sh [FILES [PCS [TASKS]]]
#
# Run files that bench/runs/make_runs.c makes: their size against the same PCs without compression and with xz, and
# time and peak memory of merge, export and dump. FILES (400) run files of PCS (20000) PCs each are merged, a
# quarter of them, and a run of TASKS (2000) tasks. Where time is linear, both rates of a pair are equal; where
# memory does not grow, so are their MiB.
set -u
cd "$(dirname "$0")/.." || exit 1

files=${1:-400} pcs=${2:-20000} tasks=${3:-2000}
out=${O:-build}
kcovreport=${KCOVREPORT:-$out/kcovreport}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2046 # options and file names
${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -I. -O2 -o "$work/make_runs" bench/runs/make_runs.c \
	$(find base run -name '*.c' -not -path '*/tests/*' | sed "s|.*|$out/obj/&|; s|c\$|o|") \
	$(pkg-config --libs zlib libzstd libcjson) || exit 1

size() { stat -c %s "$1"; }

"$work/make_runs" tasks "$work/short" 870 >"$work/cost" || exit 1
xz -T1 -k -c "$work/short.plain" >"$work/short.xz"
plain=$(size "$work/short.plain")
printf '%-44s %12s %8s\n' '870 short tasks in one run' bytes ratio
for kind in .plain '' .xz; do
	case $kind in .plain) name='records without compression' ;; '') name='run file' ;; *) name='those records with xz' ;; esac
	bytes=$(size "$work/short$kind")
	awk -v n="$name" -v b="$bytes" -v p="$plain" 'BEGIN { printf "%-44s %12d %8.2f\n", n, b, p / b }'
done
cat "$work/cost"

# measure NAME UNITS COMMAND...: time and memory, and how many of UNITS a second.
measure()
{
	local name=$1 units=$2
	shift 2
	/usr/bin/env python3 - "$name" "$units" "$@" <<'EOF'
import os, subprocess, sys
name, units, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
_, status, usage = os.wait4(subprocess.Popen(command, stdout=subprocess.DEVNULL).pid, 0)
if status:
    sys.exit(1)
seconds = usage.ru_utime + usage.ru_stime
print("%-44s %8.2f %8.0f %10.0f" % (name, seconds, usage.ru_maxrss / 1024, units / seconds))
EOF
}

mkdir "$work/files"
"$work/make_runs" files "$work/files" "$files" "$pcs" || exit 1
"$work/make_runs" tasks "$work/quarter" $((tasks / 4)) >/dev/null || exit 1
"$work/make_runs" tasks "$work/tasks" "$tasks" >/dev/null || exit 1
all=("$work"/files/*)
printf '\n%-44s %8s %8s %10s\n' "files of $pcs PCs; run of $tasks tasks" seconds MiB rate
for nr in $((files / 4)) "$files"; do
	measure "merge $nr files (files/s)" "$nr" "$kcovreport" merge -o "$work/merged" "${all[@]:0:nr}" || exit 1
done
for nr in $((files / 4)) "$files"; do
	measure "merge --fold $nr files (files/s)" "$nr" "$kcovreport" merge --fold -o "$work/folded" "${all[@]:0:nr}" || exit 1
done
for nr in $((files / 4)) "$files"; do
	measure "export $nr files (files/s)" "$nr" "$kcovreport" export "${all[@]:0:nr}" || exit 1
done
for run in quarter tasks; do
	nr=$([ $run = tasks ] && echo "$tasks" || echo $((tasks / 4)))
	measure "merge $nr tasks (tasks/s)" "$nr" "$kcovreport" merge -o "$work/merged" "$work/$run" || exit 1
	measure "dump $nr tasks (tasks/s)" "$nr" "$kcovreport" dump "$work/$run" || exit 1
	measure "dump --pcs $nr tasks (tasks/s)" "$nr" "$kcovreport" dump --pcs "$work/$run" || exit 1
done
