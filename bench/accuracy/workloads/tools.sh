#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Programs of the distribution, other than those of programs.sh: a git repository, make, rsync, perl, xz, busybox, file
# systems in files. Their exit status does not matter.
exec >/dev/null 2>&1 </dev/null
export HOME=$PWD GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b

mkdir repository && cd repository && git init -q && seq 1000 >numbers && git add . && git commit -qm one
git checkout -qb other && sed -i s/5/6/ numbers && git commit -qam two && git diff HEAD^ && git log --stat && git status
printf 'all: a b\na:\n\techo a >$@\nb: a\n\tcat $< >$@\n' >Makefile && make -j2 && touch a && make
cd ..

rsync -a repository/ target/ && rsync -a --delete --checksum repository/ target/
xz -k -T1 -0 repository/numbers && xz -dc repository/numbers.xz | cmp - repository/numbers
echo '{"a": [1, 2]}' | jq .a
perl -MSocket -MIO::Select -MPOSIX -e '
	socketpair(my $a, my $b, AF_UNIX, SOCK_SEQPACKET, PF_UNSPEC); syswrite($a, "x" x 100);
	IO::Select->new($b)->can_read(1); sysread($b, my $text, 50);
	pipe(my $r, my $w); if (!fork) { close $r; print $w "hello" x 5000; exit 3 } close $w; 1 while <$r>; wait;
	open(my $f, "+>", "perl"); truncate($f, 5000); seek($f, 100, 0); print $f "abc"; utime 1, 2, "perl";
	opendir(my $d, "."); readdir $d for 1 .. 5; rewinddir $d; closedir $d; rename "perl", "lrep"; unlink "lrep";
	POSIX::mkfifo("fifo", 0600); POSIX::nice(3); sleep 0; alarm 5; kill 0, $$; times; umask 077;'

busybox sh -c 'mkdir box && cd box && busybox find ../target/numbers | busybox xargs busybox md5sum &&
	busybox tar cf - ../target/numbers | busybox gzip | busybox tar tzf - && busybox dd if=/dev/zero of=zero bs=1k count=64 &&
	busybox nc -z 127.0.0.1 1; busybox ping -c 1 -W 1 127.0.0.1'

truncate -s 4M image && /sbin/mke2fs -q -t ext4 -O ^has_journal image && mkdir mounted && mount -o loop,noatime image mounted
cp -r target mounted/ && echo x >>mounted/target/numbers && rm -r mounted/target/.git && df mounted && fsfreeze -f mounted &&
	fsfreeze -u mounted
findmnt && losetup -a && fstrim mounted
mount -o remount,ro mounted && touch mounted/x
umount mounted
fallocate -l 1M hole && fallocate -c -o 0 -l 4096 hole && mkswap hole && chmod 600 hole && swapon hole && swapoff hole
ip addr && ip route && ip link add dummy7 type dummy && ip link set dummy7 up && ip addr add 10.7.7.1/24 dev dummy7 &&
	ip -s neigh && ip rule && ip link del dummy7
ipcs -a && dmesg && logger x
true
