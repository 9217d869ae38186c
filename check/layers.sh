#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which room may include which, and which rooms may use a library (docs/INTERNALS.md). Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 99

n=0 failed=0

# verdict NAME OFFENDERS
verdict()
{
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		failed=$((failed + 1))
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

# files FOLDER...: the files of these rooms and of the rooms in them.
files()
{
	find "$@" -name '*.[ch]' | sort
}

# room FOLDER [WHAT...]: of our headers it may include only its own and those whose path begins with a WHAT. A room in
# it that has a line of its own follows that line.
rooms=
room()
{
	folder=$1
	rooms="$rooms $folder"
	allowed="$folder/"
	shift
	for what; do
		allowed="$allowed|$what"
	done
	inner=$(awk -v folder="$folder/" '$1 == "room" && index($2, folder) == 1 { print $2 "/" }' "$0")
	verdict "$folder includes itself${*:+ and} $*" "$(
		files "$folder" | { [ -z "$inner" ] && cat || grep -vF "$inner"; } |
			xargs grep -nHE '^#[[:space:]]*include "' | grep -vE "include \"($allowed)"
	)"
}

room base
room run               base/
room collect/machine   base/ run/
room collect/kcov      base/ run/ collect/machine/ kernel/kcov/uapi/
room collect/follow    base/ run/ collect/machine/ collect/kcov/ collect/collect\\.h
room collect/doctor    base/ run/ collect/machine/ collect/kcov/
room collect           base/ run/ collect/
room symbolize/image    base/
room symbolize/code     base/ 'symbolize/image/(addresses|image|machine|no_return|relocations)\.h'
room symbolize/source   base/
room symbolize/index    base/ symbolize/code/ 'symbolize/image/(addresses|image|unit_guard|unit_part)\.h'
room symbolize/coverage base/ run/ 'symbolize/source/(config|flow|statements)\.h' 'symbolize/index/(handoff|index|infer|judge|lines|owners)\.h' symbolize/index/tests/ symbolize/image/tests/
room symbolize          base/ symbolize/
# Suites of the lower rooms look at what the upper ones make of an image.
room symbolize/image/tests base/ symbolize/
room symbolize/code/tests  base/ symbolize/
room symbolize/index/tests base/ symbolize/
room render            base/ run/ symbolize/coverage/coverage\\.h
room kcovreport        base/ run/ collect/ symbolize/ render/
room kernel/vm/wire
room kernel/vm/guest   kernel/vm/wire/
room kernel/vm/host    kernel/vm/wire/ kernel/vm/guest/job\\.h base/utf8\\.h

# library NAME PATTERN ROOM...: only these rooms may include headers that match.
library()
{
	name=$1 pattern=$2
	shift 2
	verdict "$name stays in $*" "$(
		files base run collect symbolize render kcovreport | grep -vE "^($(echo "$*" | tr ' ' '|'))/" |
			xargs grep -nHE "^#[[:space:]]*include <$pattern"
	)"
}

library libdw    '(elfutils/|dwarf\.h)' symbolize/image
library libelf   '(libelf|gelf)\.h'     symbolize/image collect/doctor
library pcre2    'pcre2\.h'             render
library ptrace   sys/ptrace             collect kcovreport/tests # fail_call.c makes it fail
# It asks debuginfod servers by itself, and trusts their answers.
library libdwfl  'elfutils/libdwfl'     nothing

echo "1..$n"
echo "layers: $((n - failed)) passed, $failed failed"
[ $failed = 0 ]
