// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings of all kinds, operations on them, and faults. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, ALL = PROT_READ | PROT_WRITE };

static sigjmp_buf back;
static char page[2 * PAGE];

static void handler(int number)
{
	siglongjmp(back, number);
}

static void touch(char *address)
{
	if (sigsetjmp(back, 1) == 0)
		*(volatile char *)address += 1;
}

static void advise(char *map, size_t size)
{
	for (int advice = 0; advice < 27; advice++)
		madvise(map, size, advice);
	madvise(map, size, MADV_DOFORK);
	madvise(map + 1, size, MADV_NORMAL);
	madvise(map, size, 4711);
	mincore(map, size, (unsigned char[64]){ 0 });
	mlock(map, size);
	munlock(map, size);
	mlock2(map, size, MLOCK_ONFAULT);
	memset(map, 3, size);
}

static void change(int fd, int flags)
{
	char *map = mmap(NULL, 16 * PAGE, ALL, flags, fd, 0), *moved;

	if (map == MAP_FAILED)
		return;
	memset(map, 1, 16 * PAGE);
	mprotect(map + 2 * PAGE, PAGE, PROT_READ);
	mprotect(map + 4 * PAGE, PAGE, PROT_NONE);
	mprotect(map + 3, PAGE, PROT_READ);
	mprotect(map + 2 * PAGE, 3 * PAGE, ALL);
	mprotect(map + 6 * PAGE, PAGE, PROT_READ);
	touch(map + 6 * PAGE);
	munmap(map + 8 * PAGE, PAGE);
	touch(map + 8 * PAGE);
	msync(map, 16 * PAGE, MS_SYNC);
	msync(map, 2 * PAGE, MS_ASYNC | MS_SYNC);
	advise(map, 2 * PAGE);
	moved = mremap(map, 2 * PAGE, 40 * PAGE, MREMAP_MAYMOVE);
	mremap(moved, 40 * PAGE, 3 * PAGE, 0);
	mremap(moved, 3 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, map + 8 * PAGE);
	mremap(map, 0, 0, 77);
	if (fork() == 0) {
		memset(map + 9 * PAGE, 5, 5 * PAGE);
		_exit(0);
	}
	wait(NULL);
	process_vm_readv(getpid(), &(struct iovec){ map + 9 * PAGE, 100 }, 1,
			 &(struct iovec){ map + 12 * PAGE, 100 }, 1, 0);
	munmap(map, 16 * PAGE);
	munmap(map + 1, PAGE);
}

static void share(void)
{
	int id = shmget(IPC_PRIVATE, 3 * PAGE, IPC_CREAT | 0600),
	    memfd = memfd_create("m", MFD_ALLOW_SEALING);
	char *map = shmat(id, NULL, 0);

	touch(map);
	shmctl(id, IPC_STAT, &(struct shmid_ds){ 0 });
	shmctl(id, IPC_RMID, NULL);
	shmctl(id + 999, IPC_RMID, NULL);
	shmdt(map);
	shmdt(map);
	ftruncate(memfd, 4 * PAGE);
	change(memfd, MAP_SHARED);
	change(memfd, MAP_PRIVATE);
	fallocate(memfd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE, PAGE);
	fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE);
	fcntl(memfd, F_GET_SEALS);
	ftruncate(memfd, PAGE);
	write(memfd, "x", 1);
	close(memfd);
}

static void fault_by_hand(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, O_NONBLOCK);
	char *map = mmap(NULL, 4 * PAGE, ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register area = { .range = { (uintptr_t)map, 4 * PAGE },
					.mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_copy copy = { .dst = (uintptr_t)map,
				    .src = (uintptr_t)(page + PAGE - 1) & -PAGE,
				    .len = PAGE };
	struct uffdio_zeropage zero = { .range = { (uintptr_t)map + PAGE, PAGE } };
	struct uffd_msg message;

	ioctl(fd, UFFDIO_API, &api);
	ioctl(fd, UFFDIO_REGISTER, &area);
	ioctl(fd, UFFDIO_COPY, &copy);
	ioctl(fd, UFFDIO_COPY, &copy);
	ioctl(fd, UFFDIO_ZEROPAGE, &zero);
	ioctl(fd, UFFDIO_WAKE, &zero.range);
	ioctl(fd, 4711, &zero);
	read(fd, &message, sizeof(message));
	ioctl(fd, UFFDIO_UNREGISTER, &area.range);
	close(fd);
}

int main(void)
{
	int file = open("mapped", O_CREAT | O_RDWR, 0600);

	signal(SIGSEGV, handler);
	signal(SIGBUS, handler);
	ftruncate(file, 5 * PAGE);
	change(-1, MAP_PRIVATE | MAP_ANONYMOUS);
	change(-1, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE);
	change(file, MAP_SHARED);
	change(file, MAP_PRIVATE | MAP_NORESERVE);
	change(-1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB);
	change(99, MAP_SHARED);
	mmap((void *)PAGE, PAGE, ALL, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
	share();
	fault_by_hand();
	sbrk(100 * PAGE);
	sbrk(-100 * PAGE);
	touch((char *)8);
	touch((char *)-PAGE);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	munlockall();
	setrlimit(RLIMIT_AS, &(struct rlimit){ 1 << 20, 1 << 20 });
	mmap(NULL, 1 << 21, ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	syscall(SYS_membarrier, 0, 0, 0);
	syscall(SYS_pkey_alloc, 0, 0);
	syscall(SYS_get_mempolicy, NULL, NULL, 0, NULL, 0);
	syscall(SYS_mbind, 0, PAGE, 1, NULL, 0, 0);
	return 0;
}
