#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs the distribution's packages that building, testing and the demo need and that are missing. If
# none is missing, it does not use the network.

set -u

# The comments say what each package is for, so that one can tell when it is no longer needed.
packages='
git             kcovreport patch --git; check-tree and check-fresh
gcc             the compiler, and gcov
libc6-dev       its headers and static libc (guest-init)
make            the build
pkg-config      finds the libraries below
libdw-dev       DWARF
libelf-dev      ELF; also objtool in the kernel build
libdebuginfod-dev   asks debuginfod servers for debug info
libcjson-dev    writes JSON
zlib1g-dev      checksums of run files; initrd
liblzma-dev     unpacks .ko.xz
libzstd-dev     compresses run files; unpacks .ko.zst
libxxhash-dev   hashes and checksums of cached indexes
libmd-dev       compares sources with what was compiled (MD5)
libpcre2-dev    regular expressions of MAINTAINERS
libcmocka-dev   unit suites
gcc-multilib    -m32, for tasks of that kind in the end-to-end cases
clang           the checks build with it too
llvm            llvm-addr2line, llvm-cov, and the kernel with LLVM=1
lld             which links it
libclang-rt-dev make fuzz, and the counters of llvm-cov
binutils        objdump and addr2line are oracles of the tests
elfutils        eu-addr2line: two more oracles of the tests
dwz             makes partial units
debuginfod      such a server, for the tests
python3         small checkers in the tests
jq              runs the examples of docs/json.md; reads JSON in the tests
python3-jsonschema  validates coverage.json against its schema
chromium        the tests of the HTML report
chromium-driver     drives it
python3-selenium    drives that
strace          a workload that uses ptrace itself
busybox         a shell that makes 500 children quickly
procps          workloads of bench/accuracy: ps, sysctl ...
iproute2        and ip
debootstrap     make check-fresh
clang-format    make format
lcov            genhtml
libxml2-utils   xmllint: checks coverage.xml in the tests
diff-cover      reads reports in the tests, and in docs/ci.md
gcovr           the same
stress-ng       the workload of make soak
qemu-system-x86 the virtual machine
linux-source-6.12   the kernel and its selftests
xz-utils        unpacks them
lz4             packs its image
flex            kernel build, as all that follows
bison
bc
libssl-dev
perl
kmod            depmod
rsync           headers_install, for the selftests
libcap-dev      selftests: clone3
libcap-ng-dev   selftests: capabilities
libpopt-dev     selftests: mqueue
'

names()
{
	printf '%s\n' "$packages" | awk 'NF { print $1 }'
}

say()
{
	printf '%s\n' "$1" >&2
}

# installed NAME...: prints those that are installed. A package may be installed for several architectures.
installed()
{
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		sed -n 's/^installed //p'
}

# missing: prints the packages that are not installed.
missing()
{
	names | {
		# Any linux-source package will do; build.sh uses the newest.
		if [ -n "$(find /usr/src -maxdepth 1 -name 'linux-source-*.tar.xz' 2>/dev/null)" ]; then
			grep -v '^linux-source-'
		else
			cat
		fi
	} | {
		# shellcheck disable=SC2046 # words
		installed $(names) | sort -u >"$have" && grep -vxF -f "$have"
	}
}

case ${1:-} in
'') ;;
--list)
	names
	exit 0
	;;
*)
	say 'usage: deps.sh [--list]   install missing packages, or name all that are needed'
	exit 2
	;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	say 'deps: this is not a Debian or Ubuntu. Install what these Debian packages hold, then tell make'
	say 'deps: that nothing is missing (make SKIP_DEPS=1 check):'
	say "deps: $(names | tr '\n' ' ')"
	exit 1
fi

have=$(mktemp) || exit 1
trap 'rm -f "$have"' EXIT
wanted=$(missing | tr '\n' ' ')
wanted=${wanted% }
if [ -z "$wanted" ]; then
	exit 0
fi

install="apt-get install -y --no-install-recommends $wanted"
if [ "$(id -u)" = 0 ]; then
	as_root=
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
	as_root=sudo
else
	say 'deps: packages are missing, and neither root nor sudo is here to install them. Run as root:'
	say "  $install"
	exit 1
fi
say "deps: installing $wanted"
# Two commands, each with its own failure: even if the index cannot be updated, the old one may do.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2 ||
	say 'deps: apt-get update failed, trying with the package lists that are here'
# shellcheck disable=SC2086 # words
$as_root env DEBIAN_FRONTEND=noninteractive $install >&2 </dev/null && exit 0
say 'deps: installing failed; run as root:'
say "  $install"
exit 1
