#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test that report, symbolize and points get what is not on this machine from debuginfod servers: from the real one on
# a port of this machine, and from small ones that lie or are slow; and what happens without a server. Prints TAP.
#
#	O=BUILD kcovreport/tests/debuginfod_test.sh
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../testdata/tap.sh" || exit 99
here=$(cd "$(dirname "$0")" && pwd)
sources=$(realpath "$here/../../testdata/symbolize")
kcovreport=$(realpath "${KCOVREPORT:-${O:-build}/kcovreport}") || exit 99
make_run=$(dirname "$kcovreport")/tests/kcovreport/tests/find_module_test
tmp=$(mktemp -d) || exit 99
pids=()
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null; rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
shown=(out err)
# Each command reads the image again, if not said otherwise.
export KCOVREPORT_CACHE_SIZE=0
export KCOVREPORT_CACHE=$tmp/kernels DEBUGINFOD_CACHE_PATH=$tmp/cache LC_ALL=C no_proxy='*'
unset XDG_CACHE_HOME DEBUGINFOD_URLS DEBUGINFOD_PROGRESS DEBUGINFOD_VERBOSE DEBUGINFOD_MAXSIZE DEBUGINFOD_MAXTIME
# These servers are slower than the 100 kB that libdebuginfod expects within this many seconds.
export DEBUGINFOD_TIMEOUT=60

# kcov STATUS COMMAND...: run it and keep its output; fails if it exits with another status
kcov()
{
	local expected=$1 status
	shift
	"$kcovreport" "$@" >out 2>err
	status=$?
	[ $status -eq "$expected" ] && return
	echo "exit status $status, expected $expected" >>err
	return 1
}

# says N PATTERN...: the N lines on standard error match the patterns
says()
{
	local lines=$1 pattern
	shift
	[ "$(wc -l <err)" -eq "$lines" ] || return
	for pattern; do
		grep -qE "$pattern" err || return
	done
}

# -- images: "whole" has code and DWARF in one file, "split" in two

flags="-O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none -fno-optimize-sibling-calls"
build_id()
{
	readelf -n "$1" | sed -n 's/.*Build ID: //p'
}
# link NAME FLAG...
link()
{
	# shellcheck disable=SC2086
	gcc $flags -fsanitize-coverage=trace-pc "${@:2}" -c -o kernel.o "$sources/kernel_like.c" &&
		gcc -nostdlib -static -Wl,-e,start,--build-id -o "$1" kernel.o callback.o
}
mkdir served files && cd files || exit 99
# shellcheck disable=SC2086
gcc $flags -c -o callback.o "$sources/callback.c" && link whole -DWHOLE -O1 && link split &&
	gcc $flags -fsanitize-coverage=trace-pc -DMODULE -c -o module.o "$sources/kernel_like.c" &&
	ld -r --build-id -o whole.ko module.o && gcc $flags -fsanitize-coverage=trace-pc -DMODULE -O1 -c -o module.o \
	"$sources/kernel_like.c" && ld -r --build-id -o split.ko module.o || exit 99
for file in whole whole.ko; do
	cp $file "$tmp/served/" || exit 99
done
for file in split split.ko; do
	objcopy --only-keep-debug $file "$tmp/served/$file.debug" && strip -g -o "bare-$file" $file || exit 99
done
cp bare-split "$tmp/served/split" && strip -g -o bare-whole whole || exit 99
link unknown -DUNKNOWN -fno-inline && strip -g -o bare-unknown unknown || exit 99
link shared -DSHARED -O3 && link other -DOTHER -O1 -fno-inline || exit 99
dwz -m common.debug shared other 2>/dev/null || exit 99
mv common.debug "$tmp/served/" && cd "$tmp" || exit 99

whole=$(build_id files/whole) split=$(build_id files/split)
for name in whole split; do
	"$kcovreport" points "files/$name" >"$name.points" && cut -d' ' -f1 "$name.points" | sed 's/^0x//' >"$name.pcs" &&
		"$kcovreport" import --build-id "${!name}" -o "$name.data" "$name.pcs" &&
		"$kcovreport" report --vmlinux "files/$name" -o "$name.report" "$name.data" >/dev/null || exit 99
done

# -- the server

free_port()
{
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
# until_served URL PID BUILD_ID/KIND...: the server of this process has read all files
until_served()
{
	python3 -c '
import os, sys, time, urllib.request
for file in sys.argv[3:]:
    while True:
        os.kill(int(sys.argv[2]), 0)
        try:
            urllib.request.urlopen(sys.argv[1] + "/buildid/" + file)
            break
        except OSError:
            time.sleep(0.1)' "$@" 2>/dev/null
}
# It does not choose a port itself. Another process may take the one that was free.
start_server()
{
	for _ in 1 2 3; do
		url=http://127.0.0.1:$(free_port)
		debuginfod -F -t 0 -g 0 -c 1 -d :memory: -p "${url##*:}" -v served >log 2>&1 &
		pids+=($!)
		until_served "$url" $! "$whole/debuginfo" "$whole/executable" "$split/debuginfo" "$split/executable" \
			"$(build_id files/whole.ko)/debuginfo" "$(build_id files/split.ko)/debuginfo" \
			"$(build_id served/common.debug)/debuginfo" && return
	done
	return 1
}
start_server || { echo "# no debuginfod" && cat log && exit 99; }
requests()
{
	grep -c 'GET /buildid/' log
}
# asks N COMMAND...: the command sends N requests to the server
asks()
{
	local before
	before=$(requests)
	"${@:2}" || return
	[ $(($(requests) - before)) -eq "$1" ] && return
	echo "$(($(requests) - before)) requests instead of $1" >>err
	return 1
}

# -- nothing is sent if the variable does not say so, or if the file is here

for value in unset empty; do
	[ $value = unset ] || export DEBUGINFOD_URLS=
	asks 0 kcov 1 points files/bare-split && says 1 "'files/bare-split' has no debug info \(build .* package\)$" &&
		asks 0 kcov 1 report split.data -o no && says 1 "no vmlinux with build id $split found \(name .*--vmlinux\)$" && [ ! -e cache ]
	verdict $? "variable $value: the usual errors, and no request"
done
export DEBUGINFOD_URLS=$url
mkdir -p "debug/.build-id/${split:0:2}" && cp served/split.debug "debug/.build-id/${split:0:2}/${split:2}.debug"
asks 0 kcov 0 points --debug-dir debug files/bare-split && cmp out split.points && asks 0 kcov 0 points files/whole &&
	asks 0 kcov 0 report --vmlinux files/whole -o c0 whole.data && [ ! -e cache ]
verdict $? "files of this machine win: no request"

# -- debug info of an image

asks 1 kcov 0 points files/bare-split && cmp out split.points &&
	says 1 "^kcovreport: downloaded [0-9.]+ kB from $url/buildid/$split/debuginfo to '$tmp/cache/.*'$"
verdict $? "points: debug info is downloaded, and a note says from where"
asks 0 kcov 0 points files/bare-split && cmp out split.points && says 0
verdict $? "the second time it is in libdebuginfod's cache"
# A file that was changed a moment ago is not trusted to stay the same.
sleep 2.1
export KCOVREPORT_CACHE_SIZE=1G
asks 0 kcov 0 points files/bare-split && mv cache elsewhere && asks 1 kcov 0 points files/bare-split && says 1 downloaded &&
	rm -r cache && mv elsewhere cache && asks 0 kcov 0 points files/bare-split && cmp out split.points && says 0
verdict $? "a cached index is used while the download is there, and repeats no note of it"
export KCOVREPORT_CACHE_SIZE=0
rm -r cache
"$kcovreport" symbolize --vmlinux files/split <split.pcs >expected
asks 1 "$kcovreport" symbolize --vmlinux files/bare-split <split.pcs >out 2>err && cmp out expected && says 1 "downloaded"
verdict $? "symbolize"
rm -r cache
asks 1 kcov 0 report --vmlinux files/bare-split -o c1 split.data && cmp c1/coverage.info split.report/coverage.info && says 1 downloaded
verdict $? "report with a stripped vmlinux"
rm -r cache
mkdir here && cp files/shared here/
asks 1 kcov 0 points here/shared && says 1 "downloaded .*/$(build_id served/common.debug)/debuginfo" && cp out with &&
	DEBUGINFOD_URLS='' KCOVREPORT_CACHE_SIZE=1G kcov 0 points here/shared && says 1 'shares debug info with .* names will be missing$' &&
	KCOVREPORT_CACHE_SIZE=1G kcov 0 points here/shared && cmp out with && says 0
verdict $? "the file that dwz made for several images"

# -- a whole image

rm -r cache
asks 1 kcov 0 report -o c2 whole.data && cmp c2/coverage.info whole.report/coverage.info && says 1 "/$whole/debuginfo"
verdict $? "report: vmlinux with code and DWARF"
asks 2 kcov 0 report -o c3 split.data && cmp c3/coverage.info split.report/coverage.info &&
	says 2 "/$split/debuginfo" "/$split/executable"
verdict $? "report: vmlinux whose DWARF is in another file"
cp files/bare-split vmlinux && rm -r cache
asks 1 kcov 0 report -o c4 split.data && cmp c4/coverage.info split.report/coverage.info && says 1 "/$split/debuginfo"
verdict $? "report: a stripped vmlinux of this machine is used"
rm vmlinux

# module NAME: a run with the module split.ko or whole.ko, at an address of its own
module()
{
	local base=ffffffffa0001000 offset

	offset=$("$kcovreport" points "files/$1.ko" | sed -n '1s/^0x0*\([0-9a-f]*\) .*/\1/p')
	{ cat whole.pcs; printf '%x\n' $((0x$base + 0x$offset)); } >module.pcs
	"$make_run" "$1.module.data" "$whole" module.pcs some_module $base "$(build_id "files/$1.ko")"
}
module whole && module split || exit 99
asks 2 kcov 0 report -o c5 whole.module.data && says 2 "/$(build_id files/whole.ko)/debuginfo" &&
	grep -q '"name":"some_module","path":"[^"]*/debuginfo"' c5/coverage.json && ! grep -q 'some_module (' out
verdict $? "report: a module"
asks 2 kcov 0 report -o c6 split.module.data && says 1 "/$(build_id files/split.ko)/debuginfo" &&
	grep -q "some_module (1 PC): no file 'some_module.ko' found: '.*' from \$DEBUGINFOD_URLS has no code" out
verdict $? "report: a module of which the server has the DWARF only"
mkdir mods && cp files/bare-split.ko mods/some-module.ko && rm -r cache
asks 2 kcov 0 report --modules mods -o c7 split.module.data && says 2 "/$(build_id files/split.ko)/debuginfo" &&
	grep -q '"name":"some_module","path":"mods/some-module.ko"' c7/coverage.json
verdict $? "report: a stripped module of this machine is used"

# -- a server that does not have it

asks 1 kcov 1 points files/bare-unknown && says 1 "has no debug info: no server of \\\$DEBUGINFOD_URLS has it \(build .* package\)$"
verdict $? "no server has the debug info"
"$kcovreport" import --build-id "$(build_id files/unknown)" -o unknown.data split.pcs
asks 1 kcov 1 report -o c8 unknown.data && says 1 "no vmlinux with build id .* found: no server of .* has it \(name the" && [ ! -e c8 ]
verdict $? "no server has the vmlinux; the answer about its debug info is in the cache"
"$make_run" unknown.module.data "$whole" module.pcs some_module ffffffffa0001000 "$(build_id files/unknown)"
asks 0 kcov 0 report -o c9 unknown.module.data &&
	grep -q "some_module (1 PC): no file 'some_module.ko' found: no server of .* has it (name its directory with --modules)" out
verdict $? "no server has a module: the report says so"

# -- no server, and no library

rm -r cache
export DEBUGINFOD_URLS="http://user:password@127.0.0.1:$(free_port)"
SECONDS=0
kcov 1 points files/bare-split && says 1 "has no debug info: cannot ask the servers of \\\$DEBUGINFOD_URLS: Connection refused \(build" && [ $SECONDS -lt 60 ]
verdict $? "no server is there"
kcov 1 report -o d1 split.data && says 1 'no vmlinux with .*: cannot ask .* refused \(name' && [ ! -e d1 ] && [ $SECONDS -lt 60 ]
verdict $? "no server is there: report"
DEBUGINFOD_URLS="$DEBUGINFOD_URLS $url" kcov 0 points files/bare-split && cmp out split.points
verdict $? "the second of two servers is there"
mkdir lib && echo text >lib/libdebuginfod.so.1
LD_LIBRARY_PATH=$tmp/lib kcov 1 points files/bare-unknown &&
	says 1 "has no debug info: cannot ask .*libdebuginfod.so.1.*\(build .* package, or install libdebuginfod.so.1\)$"
verdict $? "without libdebuginfod: its absence is in the hint"
LD_LIBRARY_PATH=$tmp/lib kcov 1 report -o d2 split.data && says 1 "cannot ask .*, or install libdebuginfod.so.1\)$"
verdict $? "without libdebuginfod: report"
LD_LIBRARY_PATH=$tmp/lib kcov 0 points files/whole && LD_LIBRARY_PATH=$tmp/lib DEBUGINFOD_URLS='' kcov 1 points files/bare-split && says 1 'package\)$'
verdict $? "without libdebuginfod: everything else works"

# -- servers that lie, or are slow

# custom FILE [SECONDS]: sends FILE for everything, half of it only after SECONDS
cat >custom.py <<'END'
import http.server, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        data = open(sys.argv[1], "rb").read()
        half = len(data) // 2
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:half])
        self.wfile.flush()
        time.sleep(float(sys.argv[2]))
        self.wfile.write(data[half:])

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
END
custom()
{
	: >port
	python3 custom.py "$1" "${2:-0}" >port 2>custom.log &
	pids+=($!)
	for _ in {1..100}; do
		[ ! -s port ] || break
		sleep 0.1
	done
	rm -rf cache
	export DEBUGINFOD_URLS=http://127.0.0.1:$(cat port)
}

custom served/whole
kcov 1 points files/bare-split &&
	says 2 downloaded "a server of .* sent a wrong file: '.*' has build id $whole, not $split \(build .*, or remove '$tmp/cache/.*' to ask again\)"
verdict $? "a file of another build is refused"
kcov 1 report -o e1 split.data && says 2 downloaded "no vmlinux with .* sent a wrong file: .*, or remove '.*' to ask again\)" && [ ! -e e1 ]
verdict $? "a file of another build is refused: report"
kcov 0 report -o e2 split.module.data && grep -q "some_module (1 PC): no file 'some_module.ko' found: .* sent a wrong file" out
verdict $? "a file of another build is refused: module"
custom files/bare-split
kcov 1 points files/bare-split && says 2 downloaded "has no debug info: '$tmp/cache/.*' from .* has no debug info"
verdict $? "a file without debug info is refused"
custom custom.py
kcov 1 points files/bare-split && says 2 downloaded "a wrong file: '$tmp/cache/.*' is not an ELF file"
verdict $? "what is no ELF file is refused"
head -c 3000 served/split.debug >cut && custom cut
kcov 1 points files/bare-split && says 2 downloaded "a wrong file: '$tmp/cache/.*' is truncated"
verdict $? "a cut file is refused"

custom served/split.debug 1.5
DEBUGINFOD_URLS=${DEBUGINFOD_URLS/127/user:password@127} kcov 0 points files/bare-split && cmp out split.points &&
	says 1 "from http://127" && ! grep -q password err
verdict $? "a slow server; the password of the URL is not printed, and no progress"
rm -r cache
script -qec "'$kcovreport' points files/bare-split" screen >/dev/null </dev/null && grep -qE 'downloading debug info: [1-9][0-9]?%' screen
verdict $? "progress on a terminal"

custom served/split.debug 30
DEBUGINFOD_TIMEOUT=11 DEBUGINFOD_RETRY_LIMIT=0 kcov 1 report -o f1 split.data && says 1 "cannot ask .*: Timer expired" &&
	[ "$(grep -c GET custom.log)" -eq 1 ]
verdict $? "a server that hangs is not asked again"
for signal in INT TERM HUP; do
	# In the background of a script SIGINT is ignored.
	env --default-signal "$kcovreport" points files/bare-split >out 2>err &
	for _ in {1..100}; do
		[ -z "$(find cache -size +0 -path '*/debuginfo*' 2>/dev/null)" ] || break
		sleep 0.1
	done
	kill -s $signal $!
	{ wait $!; } 2>/dev/null
	[ $? -eq $((128 + $(kill -l $signal))) ] && says 0 && [ -z "$(find cache -path '*/debuginfo*')" ]
	verdict $? "SIG$signal ends a download, and nothing stays in the cache"
done
DEBUGINFOD_URLS=$url kcov 0 points files/bare-split && cmp out split.points
verdict $? "after that it can be downloaded"

echo "1..$n"
exit $failed
