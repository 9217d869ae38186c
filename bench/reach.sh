#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: bench/reach.sh VMLINUX WHERE [RUNS [PCS]]
#
# Time and peak memory of `kcovreport reach WHERE` for RUNS (1000) run files of PCS (20000) points each, chosen at random
# (the same ones each time), and for a tenth of them: where time is linear, both rates are equal; where memory does not grow,
# so are their MiB.
set -u
cd "$(dirname "$0")/.." || exit 1

vmlinux=${1:?VMLINUX} where=${2:?WHERE} runs=${3:-1000} pcs=${4:-20000}
out=${O:-build}
kcovreport=${KCOVREPORT:-$out/kcovreport}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

id=$(readelf -n "$vmlinux" 2>/dev/null | sed -n 's/.*Build ID: //p')
"$kcovreport" points -k "$vmlinux" | cut -d' ' -f1 >"$work/points" || exit 1
for ((i = 1; i <= runs; i++)); do
	shuf -n "$pcs" --random-source=<(yes "$i") "$work/points" >"$work/pcs"
	"$kcovreport" import --build-id "$id" --name "run $i" -o "$work/$i.kcov" "$work/pcs" || exit 1
done

# measure NUMBER
measure()
{
	local -a files=()
	for ((i = 1; i <= $1; i++)); do files+=("$work/$i.kcov"); done
	/usr/bin/time -o "$work/time" -f '%e %U %S %M' "$kcovreport" reach -k "$vmlinux" "$where" "${files[@]}" >"$work/out" || exit 1
	awk -v n="$1" '{ printf "%5d runs: %6.2f s, %6.2f s of processor, %8.0f runs a second of it, %4d MiB\n", n, $1, $2 + $3, n / ($2 + $3), $4 / 1024 }' "$work/time"
}

measure 1 >/dev/null # the index is cached then
measure $((runs / 10))
measure "$runs"
head -n 1 "$work/out"
