#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check_report.sh DIR: check that the readers of reports accept the one in DIR (coverage.info, coverage.json).
#
# - tracefile and JSON follow their rules and agree (check_report.py, JSON Schema of docs/)
# - genhtml runs without a warning, also with --branch-coverage. If sources are missing, it warns
#   of nothing else. 2.x needs an option, since our tracefiles do not say where functions end.
# - lcov --summary has the same totals as we
#
# Prints what is wrong and exits 1, or one line and exits 0. Needs lcov and python3-jsonschema.
set -u
here=$(cd "$(dirname "$0")" && pwd)
schema=$here/../../docs/coverage.schema.json
dir=$1
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

fail() {
	echo "check_report: $dir: $*" >&2
	exit 1
}

# The distribution's Python has jsonschema; another one that comes first in PATH may not.
/usr/bin/python3 "$here/check_report.py" "$dir" "$schema" >"$tmp/totals" ||
	fail "$(cat "$tmp/totals")"
read -r _ lines _ functions _ branches _ <"$tmp/totals"

missing=0
sed -n 's/^SF://p' "$dir/coverage.info" >"$tmp/sources"
while IFS= read -r source; do
	[ -r "$source" ] || missing=$((missing + 1))
done <"$tmp/sources"

# genhtml [OPTION...]: fails if stderr contains anything but messages about missing sources.
run_genhtml() {
	if [ "$missing" -gt 0 ]; then
		set -- "$@" --ignore-errors source
		case $(genhtml --version) in
		*"version 1."*) ;;
		*) set -- "$@" --synthesize-missing ;;
		esac
	fi
	rm -rf "$tmp/html"
	genhtml "$@" --rc derive_function_end_line=0 -o "$tmp/html" "$dir/coverage.info" >"$tmp/out" 2>"$tmp/err" ||
		fail "genhtml $* failed: $(tail -n 3 "$tmp/err")"
	# 1.16: "genhtml: WARNING: cannot read PATH!". 2.x adds how to suppress it.
	sed -i '/^genhtml: WARNING: cannot read .*!$/d; /^genhtml: WARNING: (source)/d; /^$/d
		/^	(use "genhtml --ignore-errors source,source /d' "$tmp/err"
	[ ! -s "$tmp/err" ] || fail "genhtml $* warns: $(head -n 3 "$tmp/err")"
	[ -s "$tmp/html/index.html" ] || fail "genhtml $* wrote no index.html"
	# 2.x ends with a count of the messages above: "1 warning message:" and a line for each class.
	grep -v '^Processing file ' "$tmp/out" | grep -v '^  [0-9]* warning messages*:$' |
		grep -i 'warning\|error' >"$tmp/loud" &&
		fail "genhtml $* warns: $(head -n 3 "$tmp/loud")"
}
if [ -s "$tmp/sources" ]; then
	# genhtml takes a minute for a whole kernel, so run it only once there.
	[ "$(wc -l <"$tmp/sources")" -gt 200 ] || run_genhtml
	run_genhtml --branch-coverage

	# "  lines......: 60.0% (15 of 25 lines)"
	case $(lcov --version) in
	*"version 1."*) branch_coverage=lcov_branch_coverage=1 ;;
	*) branch_coverage=branch_coverage=1 ;;
	esac
	lcov --rc $branch_coverage --summary "$dir/coverage.info" >"$tmp/summary" 2>&1 || fail "lcov failed: $(cat "$tmp/summary")"
	counted() {
		sed -n "s/^ *$1\.*: .*(\([0-9]*\) of \([0-9]*\) .*/\1\/\2/p" "$tmp/summary"
	}
	[ "$(counted lines)" = "$lines" ] || fail "lcov counts lines $(counted lines), we $lines"
	if [ "${functions#*/}" != 0 ] && [ "$(counted functions)" != "$functions" ]; then
		fail "lcov counts functions $(counted functions), we $functions"
	fi
	if [ "${branches#*/}" != 0 ] && [ "$(counted branches)" != "$branches" ]; then
		fail "lcov counts branches $(counted branches), we $branches"
	fi
fi
echo "$(cat "$tmp/totals") missing $missing"
