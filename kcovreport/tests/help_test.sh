#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The manual page lists the commands and formats of the program, and for each command exactly the
# long options that its --help lists. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/help_test.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
kcovreport=${KCOVREPORT:-${O:-build}/kcovreport}
page=$here/../../docs/kcovreport.1
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0

# same DESCRIPTION: check that the files man and program in $tmp have the same lines
same() {
	n=$((n + 1))
	if diff -u --label "manual page" "$tmp/man" --label program "$tmp/program" >"$tmp/diff"; then
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1"
		sed 's/^/# /' "$tmp/diff"
	fi
}

# Print the options in the section of a command, and in the section for several commands that names
# it. Options are in the tag lines, which follow .TP.
man_options() {
	awk -v command="$1" '
		/^\.SS/ { inside = $2 == command }
		/^\.SH/ { inside = $2 == "OPTIONS" && index($0 " ", " " toupper(command) " ") }
		inside && tagged { print }
		{ tagged = $1 == ".TP" }' "$page" | sed 's/\\-/-/g' | grep -oE -e '--[a-z][a-z-]*'
}

# "  -o, --output=FILE   ..." and "      --wait   ..."; without the options that argp adds itself.
help_options() {
	"$kcovreport" "$1" --help | sed -nE 's/^ {2,6}(-., )?(--[a-z][a-z-]*).*/\2/p' | grep -vxE -e '--(help|usage)'
}

"$kcovreport" --help | sed -nE 's/^  ([a-z]+) +[^ ].*/\1/p' >"$tmp/program"
commands=$(cat "$tmp/program")
awk '/^\.SH/ { inside = $2 == "COMMANDS" } inside && $1 == ".SS" { print $2 }' "$page" >"$tmp/man"
same "commands, in the same order"
sed -nE 's/^\\fBkcovreport ([a-z]+)\\fR.*/\1/p' "$page" >"$tmp/man"
same "the synopsis has each command"

for command in $commands; do
	man_options "$command" | sort >"$tmp/man"
	help_options "$command" | sort >"$tmp/program"
	same "options of $command"
	"$kcovreport" "$command" --help >"$tmp/out" 2>&1
	[ $? -eq 0 ] && [ -s "$tmp/out" ] && echo ok >"$tmp/program" || echo "--help failed" >"$tmp/program"
	echo ok >"$tmp/man"
	same "$command --help succeeds"
	[ -w /dev/full ] || continue
	"$kcovreport" "$command" --help >/dev/full 2>"$tmp/program" && echo succeeded >>"$tmp/program"
	echo "kcovreport: error: cannot write to standard output: No space left on device" >"$tmp/man"
	same "$command --help says that it cannot be written"
done

formats=$("$kcovreport" report --format none 2>&1 | sed -n "s/.*unknown format 'none', known formats: //p")
echo "$formats" | sed 's/, /\n/g' >"$tmp/program"
awk '/^\.S|^\.TP/ { inside = 0 } inside && $1 == ".B" { print $2 } /^\.BR .*-format/ { inside = 1 }' "$page" >"$tmp/man"
same "formats of report, in the same order"

if command -v groff >/dev/null; then
	groff -man -ww -z -K utf8 "$page" 2>"$tmp/program"
	: >"$tmp/man"
	same "the manual page formats without a warning"
fi

echo "1..$n"
exit $failed
