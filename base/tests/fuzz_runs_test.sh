#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How check/fuzz.sh runs fuzz entries, with scripts in place of libFuzzer's programs. Prints TAP.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
fuzz=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../check/fuzz.sh")
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
shown=("$tmp/out" "$tmp/arguments")

# Two entries. Each ends at once, or with -handle_usr1 when it gets that signal, which takes processor time.
mkdir -p "$tmp/build/tests/run/tests" || exit 99
cat >"$tmp/build/tests/run/tests/fuzz_rawcover" <<'EOF2'
#!/bin/bash
echo "$@" >"$FAKE/arguments"
trap 'ended=1' USR1
while [[ $1 == -handle_usr1=1 && ! -v ended ]]; do :; done
echo '#9 DONE cov: 7 ft: 8'
echo 'stat::number_of_executed_units: 100'
eval "${ENTRY:-}"
EOF2
chmod +x "$tmp/build/tests/run/tests/fuzz_rawcover"
cp "$tmp/build/tests/run/tests/fuzz_rawcover" "$tmp/build/tests/run/tests/fuzz_syz_modules"
export FAKE=$tmp

# fuzz STATUS SECONDS NAME...: what it prints goes to $tmp/out
fuzz()
{
	local expected=$1
	shift
	"$fuzz" "$tmp/build" "$@" >"$tmp/out" 2>&1
	[ $? -eq "$expected" ]
}

# totals EXECUTIONS: the one line has these, and says nothing more
totals()
{
	grep -qxE "fuzz_rawcover: 100 executions in 0 s of processor time, 7 edges; in all $1 in 0 s" "$tmp/out"
}

fuzz 0 60 fuzz_rawcover && totals 100 && grep -q -e '-max_total_time=60 ' "$tmp/arguments"
verdict $? "an entry runs for some time by the clock"
fuzz 0 60 fuzz_rawcover && totals 200
verdict $? "executions of all runs are added up"
rm -r "$tmp/build/fuzzing/fuzz_rawcover/inputs"
fuzz 0 60 fuzz_rawcover && totals 100
verdict $? "... since the inputs were made"

fuzz 0 2cpu fuzz_rawcover && ! grep -q max_total_time "$tmp/arguments" &&
	grep -qE '100 executions in [2-9] s of processor time, 7 edges; in all 200 in [2-9] s$' "$tmp/out"
verdict $? "an entry runs for some time of the processor, which is added up"

ENTRY='echo "ERROR: a crash"; exit 77' fuzz 1 60 fuzz_rawcover &&
	grep -q '; in all 300 in [0-9]* s, ended by: ERROR: a crash$' "$tmp/out"
verdict $? "a crash is a failure"
ENTRY='echo "ERROR: a crash"; exit 77' fuzz 1 1cpu fuzz_rawcover && grep -q 'ended by: ERROR: a crash$' "$tmp/out"
verdict $? "... also if processor time is limited"

# Each waits for the other one.
export ENTRY=': >"$FAKE/${0##*/}"; for i in {1..200}; do [ -e "$FAKE/fuzz_rawcover" -a -e "$FAKE/fuzz_syz_modules" ] && exit 0; sleep 0.1; done; exit 5'
JOBS=2 fuzz 0 60 fuzz_rawcover fuzz_syz_modules && [ "$(grep -c '100 executions' "$tmp/out")" -eq 2 ]
verdict $? "two entries run at once"
fuzz 1 60 no_such_entry && grep -q 'no entry has this in its name: no_such_entry' "$tmp/out"
verdict $? "a name of no entry"

echo "1..$n"
exit $failed
