#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: check/fresh.sh [SUITE...]
#
# Tests what README.md promises, on machines that have never seen this project: clones the committed tree into a minimal
# root of each Debian SUITE (bookworm trixie), and runs `make demo` and `make check` there, with an empty cache. Prints
# TAP, then totals. Needs about an hour, 20 GB of disk and root. A root is removed after its run.
#
# Environment: FRESH_DIR (directory for roots and logs; default: a new one in /var/tmp), MIRROR
# (http://deb.debian.org/debian), SECURITY (http://deb.debian.org/debian-security), KEEP (1: keep the roots, and use
# those that exist).
set -u
cd "$(dirname "$0")/.." || exit 99

dir=${FRESH_DIR:-$(mktemp -d /var/tmp/kcovreport-fresh.XXXXXX)} || exit 99
mirror=${MIRROR:-http://deb.debian.org/debian}
security=${SECURITY:-http://deb.debian.org/debian-security}
mkdir -p "$dir" && dir=$(cd "$dir" && pwd -P) || exit 99
tests=0 failed=0

say()
{
	printf '%s\n' "$1" >&2
}

# make_root SUITE ROOT: debootstrap's minbase, with make and git, and a clone of HEAD.
make_root()
{
	local suite=$1 root=$2

	if [ ! -e "$root/etc/debian_version" ]; then
		debootstrap --variant=minbase --include=make,git "$suite" "$root" "$mirror" >&2 || return 1
	fi
	printf 'deb %s main\n' "$mirror $suite" "$mirror $suite-updates" "$security $suite-security" \
		>"$root/etc/apt/sources.list"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf" || return 1
	rm -rf "$root/root/kcovreport"
	git clone -q --no-hardlinks "$dir/source.git" "$root/root/kcovreport"
}

# inside ROOT COMMAND: runs it as root in the clone, in mount and PID namespaces of its own.
inside()
{
	# shellcheck disable=SC2016 # expands in the namespace
	unshare --mount --pid --fork --kill-child --propagation private sh -c '
		mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && mount --rbind /dev "$1/dev" || exit 99
		exec chroot "$1" env -i HOME=/root TERM=dumb LANG=C.UTF-8 \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			sh -c "cd /root/kcovreport && $2"' sh "$1" "$2" </dev/null
}

# verdict STATUS NAME LOG
verdict()
{
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		failed=$((failed + 1))
		echo "not ok $tests - $2"
		grep -E '^ *(not ok|FAIL|#)|[0-9]+ failed|rror' "$3" | tail -n 40 | sed 's/^/# /'
		echo "# whole log: $3"
	fi
}

# run SUITE ROOT TARGET
run()
{
	local log=$dir/$1-$3.log start=$SECONDS status t

	say "fresh: $1: make $3, into $log"
	inside "$2" "make $3" >"$log" 2>&1
	status=$?
	t=$((SECONDS - start))
	verdict $status "$1: make $3, $((t / 60)) min $((t % 60)) s: $(tail -n 1 "$log")" "$log"
}

[ $# -gt 0 ] || set -- bookworm trixie
[ "$(id -u)" = 0 ] || { say 'fresh: mounting and debootstrap need root'; exit 99; }
[ -z "$(git status --porcelain)" ] || say 'fresh: only what is committed is tried, and not everything here is'

# All roots get the commit that is HEAD now.
rm -rf "$dir/source.git"
git clone -q --bare --no-hardlinks . "$dir/source.git" || exit 99

for suite; do
	root=$dir/$suite
	make_root "$suite" "$root" 2>"$dir/$suite-root.log"
	status=$?
	verdict $status "$suite: a minimal root" "$dir/$suite-root.log"
	[ $status -eq 0 ] || continue
	run "$suite" "$root" demo
	run "$suite" "$root" check
	[ -n "${KEEP:-}" ] || rm -rf --one-file-system "$root"
done
echo "1..$tests"
echo "fresh: $((tests - failed)) passed, $failed failed"
[ $failed -eq 0 ]
