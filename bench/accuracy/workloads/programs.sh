#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Programs of the distribution as in everyday use of a shell: archives and trees of files, /proc and /sys, tracing, a
# core dump, mounts, priorities, Python. Their exit status does not matter.
exec >/dev/null 2>&1 </dev/null

tree()
{
	tar -cf doc.tar -C /usr/share/doc bash coreutils tar grep sed gzip
	mkdir tree && tar -xf doc.tar -C tree
	gzip -k doc.tar && zcat doc.tar.gz | cmp - doc.tar
	cp -a tree copy && diff -r tree copy
	find copy -type f -newer doc.tar -size +1k -print0 | xargs -0 grep -l copyright
	find copy -name '*.gz' -exec mv {} . \;
	chmod -R g+w copy && chown -R 65534:65534 copy && touch -d yesterday copy/*
	ln -s copy link && ln doc.tar hard && readlink -f link && stat -f . hard && du -a copy && df -a
	dd if=doc.tar of=sparse bs=4k seek=100 conv=fsync,notrunc && truncate -s 1M sparse && fallocate -p -o 0 -l 8k sparse
	cp --sparse=always --reflink=auto sparse again && sort -R doc.tar | sort -u | tail -n 3 && split -n 3 doc.tar && sync
	mkfifo fifo && (cat doc.tar >fifo & wc -c <fifo) && tac copy/*/copyright | tee one two | sha256sum
	flock hard true && timeout 0.2 sleep 1 && rm -r copy tree
}

look()
{
	ps auxf && ps -eLo pid,lwp,wchan,psr,cls,ni && uptime && free && vmstat && w && lsmod && mount && id && getconf -a
	cat /proc/{meminfo,stat,interrupts,softirqs,vmstat,zoneinfo,buddyinfo,slabinfo,diskstats,swaps,locks,cmdline,modules,filesystems,loadavg}
	cat /proc/self/{status,maps,smaps,smaps_rollup,numa_maps,io,limits,mountinfo,mountstats,sched,schedstat,stat,statm,cgroup,environ,auxv,oom_score,net/*}
	ls -lR /proc/self/fd /proc/self/ns /sys/class /sys/kernel/mm && sysctl -a && find /sys/devices /sys/module -type f -name 'uevent' -exec cat {} +
}

live()
{
	strace -f -o trace sh -c 'ls -l /; echo $$ | cat'
	(ulimit -c unlimited && sh -c 'kill -SEGV $$')
	mkdir -p m n && mount -t tmpfs -o size=1m,mode=700 t m && mount --bind m n && mount -o remount,ro,bind n && touch n/x
	umount n m && unshare -mupf --mount-proc ps ax && unshare -n ip link
	nice -n 5 ionice -c 3 taskset 1 chrt -b 0 true && chrt -f 10 true && renice 3 $$ && prlimit --nofile=64 true
	script -qc 'stty -a; tty; echo x' typescript && setsid -w true && nohup true && chroot / true
	python3 - <<'PY'
import ctypes, mmap, os, select, signal, socket, subprocess, tempfile, threading, time
with tempfile.TemporaryFile() as file:
    file.truncate(1 << 16)
    with mmap.mmap(file.fileno(), 0) as area:
        area[100:104] = b"abcd"
        area.flush()
server = socket.create_server(("127.0.0.1", 0))
def answer():
    connection = server.accept()[0]
    connection.sendall(connection.recv(100) * 1000)
    connection.close()
thread = threading.Thread(target=answer)
thread.start()
client = socket.create_connection(server.getsockname())
client.sendall(b"x" * 50)
while client.recv(4096):
    pass
thread.join()
signal.setitimer(signal.ITIMER_REAL, 0.05)
signal.signal(signal.SIGALRM, lambda *_: None)
time.sleep(0.1)
subprocess.run(["sh", "-c", "cat; exit 3"], input=b"hello", check=False)
os.setxattr(".", "user.a", b"b") if hasattr(os, "setxattr") else None
PY
}

tree
look
live
true
