#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: compile.sh COMPILER OPTION... SOURCE
#
# Makes the object of SOURCE in the current directory, unless it is newer than SOURCE and what SOURCE includes.
set -u
source=${*: -1}
object=$(basename "$source" .c).o
if [[ ! $object -nt $source || ! $object -nt $(dirname "$0")/runtime.h ]]; then
	exec "$@" -c -o "$object"
fi
