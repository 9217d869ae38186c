#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the HTML report says of lines without coverage: not built, not instrumented, or nothing if it is not certain.
# Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/unmeasured_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
shown=(out err)

mkdir -p src/init src/fs && cat >src/fs/a.c <<'END'
#include "a.h"

int used(int x)
{
#ifdef CONFIG_OFF
	x += 1;
#elif defined(CONFIG_ON)
	x += 2;
#else
	x += 3;
#endif
#ifdef SOME_MACRO
	x += 4;
#endif
	return small(x) + inlined(x);
}

#ifndef CONFIG_ON
int left_out(int x)
{
	return x;
}
#endif

__attribute__((no_sanitize_coverage)) int bare(int x)
{
	return x * 7;
}

static int __attribute__((unused)) dead(int x)
{
	return x + 5;
}

#if 0
never
#endif
END
cat >src/fs/a.h <<'END'
static inline __attribute__((always_inline)) int small(int x)
{
	return x & 1 ? x * 11 : x;
}

static inline __attribute__((always_inline)) int inlined(int x)
{
	return small(x + 1);
}

static inline int unused(int x)
{
	return x * 13;
}
END
cp src/fs/a.c src/fs/b.c && sed -i 's/\(used\|left_out\|bare\|dead\)(int/b_\1(int/' src/fs/b.c
cat >src/init/main.c <<'END'
int used(int x);
int b_used(int x);
void __sanitizer_cov_trace_pc(void) {}
int _start(int x);
int _start(int x) { return used(x) + b_used(x); }
END
for name in fs/a fs/b init/main; do
	points=-fsanitize-coverage=trace-pc
	[ $name != init/main ] || points=
	# shellcheck disable=SC2086 # no option, or one
	gcc -g -O1 -DCONFIG_ON $points -c -o "$(basename $name).o" "$tmp/src/$name.c" || exit 99
done
touch -d '-1 hour' src/*/*.[ch]
ld --build-id -o src/vmlinux main.o a.o b.o && "$kcovreport" points src/vmlinux | cut -d' ' -f1 >pcs &&
	"$kcovreport" import --build-id "$(readelf -n src/vmlinux | sed -n 's/.*Build ID: //p')" -o kcov.data pcs || exit 99

# says DESCRIPTION FILE [ARG...]: what the page is told of the file is standard input
says()
{
	local description=$1 file=$2
	shift 2
	cat >wanted
	"$kcovreport" html -k src/vmlinux -o report "$@" >out 2>err && python3 - "$file" >out <<'END' && diff wanted out >err
import json, sys
def chunk(name):
    return json.loads(open(f"report/html/data/{name}.js").read()[len("kcovreport.add("):-3])
number, row = [(i, row) for i, row in enumerate(chunk("index")["files"]) if row[0].endswith(sys.argv[1])][0]
for kind, *lines in chunk(row[1])["files"][str(number)].get("unmeasured", []):
    print(["function", "arm", "bare"][kind], *lines)
END
	verdict $? "$description"
}

says 'without a configuration, only what the text says' a.c <<'END'
function 19 22 19 0
function 30 33 30 0
arm 36 36 35 35
bare 27 28 0 0
END
printf 'CONFIG_ON=y\n# CONFIG_OFF is not set\n' >src/.config
touch -d '-1 hour' src/.config
says 'with one, also arms of #if; not what it does not decide' a.c <<'END'
function 30 33 30 0
arm 6 6 5 5
arm 10 10 9 5
arm 19 22 18 18
arm 36 36 35 35
bare 27 28 0 0
END
says 'an inlined function without a line of its own has code' a.h <<'END'
function 11 14 11 0
END
cp src/.config saved && printf 'CONFIG_OFF=y\nCONFIG_ON=n\n' >src/.config && touch -d '-1 hour' src/.config
says 'lines with code are measured, whatever a wrong configuration says' a.c <<'END'
function 19 22 19 0
function 30 33 30 0
arm 10 10 9 5
arm 36 36 35 35
bare 27 28 0 0
END
cp saved src/.config && touch -d '-1 hour' src/.config
touch src/fs/b.c
says 'a source that may have changed says nothing' b.c </dev/null
says 'files that are not written are not looked at' a.c --touched <<'END'
function 30 33 30 0
arm 6 6 5 5
arm 10 10 9 5
arm 19 22 18 18
arm 36 36 35 35
bare 27 28 0 0
END
mv src/fs/a.c gone.c
says 'without a source, only machine code tells' a.c </dev/null
echo "1..$n"
exit $failed
