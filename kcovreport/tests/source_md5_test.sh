#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What report and show say of sources whose MD5 is in the debug info, as clang writes it: that they changed, and nothing
# of their age. Prints TAP.
#
#	KCOVREPORT=build/kcovreport kcovreport/tests/source_md5_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
export KCOVREPORT_CACHE=$tmp/cache LC_ALL=C
shown=(out err)

if ! command -v clang >/dev/null; then
	echo '1..0 # SKIP no clang'
	exit 0
fi
mkdir src && cat >src/edited.c <<'END'
int edited(int x)
{
	return x > 2 ? x + 1 : x;
}
END
cat >src/touched.c <<'END'
int edited(int x);
int touched(int x);
int touched(int x)
{
	return edited(x) - 1;
}
END
echo 'void __sanitizer_cov_trace_pc(void) {}' >callback.c
for name in edited touched; do
	clang -gdwarf-5 -O1 -fsanitize-coverage=trace-pc -c -o $name.o "$tmp/src/$name.c" || exit 99
done
clang -c -w callback.c && ld --build-id -e touched -o vmlinux edited.o touched.o callback.o &&
	"$kcovreport" points vmlinux | cut -d' ' -f1 >pcs &&
	"$kcovreport" import --build-id "$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')" -o kcov.data pcs || exit 99

touch -d '+1 hour' src/touched.c
"$kcovreport" report >out 2>err && ! grep -q 'source file' out && [ ! -s err ]
verdict $? 'what is as it was compiled has not changed, however new it is'
echo '/* more */' >>src/edited.c && touch -d '-1 hour' src/edited.c
"$kcovreport" report >out 2>err && grep -q "^1 source file changed since the build ($tmp/src/edited.c): " out && ! grep -q newer out
verdict $? 'what is not has changed, however old it is'
"$kcovreport" show edited.c >out 2>err && grep -q "warning: '$tmp/src/edited.c' changed since the build" err && [ "$(wc -l <err)" -eq 1 ]
verdict $? 'show says so'
"$kcovreport" report --explain edited.c:3 >out 2>err && grep -q "warning: '$tmp/src/edited.c' changed since the build" err && [ "$(wc -l <err)" -eq 1 ]
verdict $? 'report --explain says so'
"$kcovreport" report --explain touched.c:5 >out 2>err && [ ! -s err ]
verdict $? 'and nothing where another line is asked for'
"$kcovreport" show touched.c >out 2>err && [ ! -s err ]
verdict $? 'and nothing of the other'

echo "1..$n"
exit $failed
