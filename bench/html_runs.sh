#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/html_runs.sh VMLINUX RUN [RUNS [PCS [POOL]]]
#
# Time, memory and size of the HTML report of many runs: RUN, and RUNS (100) run files of PCS (20000) points each, chosen at
# random (the same ones each time) among POOL (60000) functions' worth of points: neighbours, as a test reaches them. Prints
# the best of three, since other work only makes it slower.
set -u
cd "$(dirname "$0")/.." || exit 1

vmlinux=${1:?VMLINUX} run=${2:?RUN} runs=${3:-100} pcs=${4:-20000} pool=${5:-60000}
out=${O:-build}
kcovreport=${KCOVREPORT:-$out/kcovreport}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

id=$(readelf -n "$vmlinux" 2>/dev/null | sed -n 's/.*Build ID: //p')
# Chunks of 20 neighbours, in a random order; the first ones are the pool.
"$kcovreport" points -k "$vmlinux" | cut -d' ' -f1 | paste -d' ' - - - - - - - - - - - - - - - - - - - - |
	shuf --random-source=<(yes pool) | tr ' ' '\n' | grep . | head -n "$pool" >"$work/pool" || exit 1
for ((i = 1; i <= runs; i++)); do
	shuf -n "$pcs" --random-source=<(yes "$i") "$work/pool" >"$work/pcs"
	"$kcovreport" import --build-id "$id" --name "run $i" -o "$work/$i.kcov" "$work/pcs" || exit 1
done
for _ in 1 2 3; do
	/usr/bin/time -a -o "$work/times" -f '%e %U %S %M' "$kcovreport" html -k "$vmlinux" -o "$work/report" "$run" "$work"/*.kcov >"$work/out" || exit 1
done
sort -n "$work/times" | head -n 1 | awk -v runs="$runs" '{ printf "%d runs: %.2f s, %.2f s of processor, %d MiB; ", runs + 1, $1, $2 + $3, $4 / 1024 }'
echo "$(du -sm "$work/report/html" | cut -f1) MB, $(grep -o 'points *[0-9,]*/[0-9,]* *([^)]*)\|Points.*' "$work/out" | head -n 1)"
