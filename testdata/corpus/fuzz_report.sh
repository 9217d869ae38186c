#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: fuzz_report.sh DIRECTORY
#
# Makes pairs of an image and a run file, each with the size of the image before it: the small images of fuzz_image.sh
# with a run of all their points, the run files of fuzz_run.sh with one image, an image of hostile names
# (hostile_names.sh), and images whose sources are shorter than their code, whole, no regular files, or in a directory
# whose name Markdown would act on. KCOVREPORT is the program (build/kcovreport).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
kcovreport=$(realpath "${KCOVREPORT:-${O:-$here/../../build}/kcovreport}")
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/images" "$work/runs" "$work/hostile"
"$here/fuzz_image.sh" "$work/images"
"$here/fuzz_run.sh" "$work/runs"
export KCOVREPORT_CACHE="$work/cache"

# run_of IMAGE: all its points, in $work/run
run_of()
{
	"$kcovreport" points "$1" | cut -d' ' -f1 >"$work/pcs" || return
	"$kcovreport" import -o "$work/run" "$work/pcs"
}

# pair NAME IMAGE RUN
pair()
{
	size=$(stat -c %s "$2")
	# shellcheck disable=SC2059 # bytes become escapes
	printf "$(printf '\\%03o' $((size & 255)) $((size >> 8 & 255)) $((size >> 16 & 255)) $((size >> 24)))" >"$1"
	cat "$2" "$3" >>"$1"
}

for image in dwarf4 dwarf5 sections module.ko flow.ko compressed; do
	run_of "$work/images/$image"
	pair "$image" "$work/images/$image" "$work/run"
done
for run in "$work"/runs/*; do
	pair "run-${run##*/}" "$work/images/dwarf5" "$run"
done
"$here/../symbolize/hostile_names.sh" "$work/hostile"
run_of "$work/hostile/vmlinux"
pair hostile "$work/hostile/vmlinux" "$work/run"

# code NAME FILE LINE...: an image with code at these lines of a file of this machine, and with an inlined function, which
# has no point of its own, at the first of them in the file $inlined
code()
{
	image=$1 file=$2
	shift 2
	printf 'void __sanitizer_cov_trace_pc(void) {}\nvoid start(void) {}\nvolatile int sink;\n' >"$work/code.c"
	{
		echo 'extern volatile int sink;'
		printf '# %s "%s"\n' "$1" "$inlined"
		echo 'static inline __attribute__((always_inline)) void add(int n) { sink += n; }'
		for line; do
			printf '# %s "%s"\nint f%s(int n) { if (n) { sink = n; add(n); } return sink; }\n' "$line" "$file" "$line"
		done
	} >"$work/covered.c"
	gcc -O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -c "$work/code.c" -o "$work/code.o"
	gcc -O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -fsanitize-coverage=trace-pc \
		-c "$work/covered.c" -o "$work/covered.o"
	ld -e start -o "$work/$image" "$work/code.o" "$work/covered.o"
	run_of "$work/$image"
	pair "$image" "$work/$image" "$work/run"
}

inlined=/etc/group
code short /etc/passwd 60000
code partly-short /etc/passwd 1 60000
code device /dev/null 1
code empty /proc/version 1
# shellcheck disable=SC2016 # nothing is to be expanded
code markup '/no/<b>|`@name #1/a.c' 1
