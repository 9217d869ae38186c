#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/corpus.sh FUZZ_NAME DIRECTORY
#
# Fills a new directory with the corpus of a fuzz entry: the files in testdata/corpus/FUZZ_NAME/, and those that the
# script testdata/corpus/FUZZ_NAME.sh (or .py) creates. Fails if there is neither.
set -eu

[ $# -eq 2 ] || { echo 'usage: check/corpus.sh FUZZ_NAME DIRECTORY' >&2; exit 2; }
corpus=$(cd "$(dirname "$0")/../testdata/corpus" && pwd)/$1
mkdir -p "$2"
[ ! -d "$corpus" ] || cp -r "$corpus/." "$2"
for script in "$corpus.sh" "$corpus.py"; do
	[ ! -x "$script" ] || "$script" "$2"
done
[ -n "$(ls -A "$2")" ] || { echo "there is no corpus of $1: add testdata/corpus/$1/ or $1.sh" >&2; exit 1; }
