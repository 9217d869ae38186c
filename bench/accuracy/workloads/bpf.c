// SPDX-License-Identifier: GPL-2.0-or-later
/* eBPF maps, programs that the verifier takes and refuses, test runs; classic filters; perf events.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define INSN(op, dst, src, off_, imm_)                                                             \
	{                                                                                          \
		.code = op, .dst_reg = dst, .src_reg = src, .off = off_, .imm = imm_               \
	}
#define MOV(dst, value)		      INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value)
#define MOVE(dst, src)		      INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define ADD(dst, value)		      INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, value)
#define CALL(function)		      INSN(BPF_JMP | BPF_CALL, 0, 0, 0, function)
#define EXIT			      INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define STORE(dst, offset, value)     INSN(BPF_ST | BPF_MEM | BPF_W, dst, 0, offset, value)
#define LOAD(dst, src, offset)	      INSN(BPF_LDX | BPF_MEM | BPF_W, dst, src, offset, 0)
#define JUMP(how, dst, value, offset) INSN(BPF_JMP | how | BPF_K, dst, 0, offset, value)
#define MAP(dst, fd)                                                                               \
	INSN(BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, fd), INSN(0, 0, 0, 0, 0)

static char log_text[1 << 16];
static char packet[64] = "some bytes that a program can look at";

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int make_map(int type, int key, int value, int entries, int flags)
{
	return bpf(BPF_MAP_CREATE, &(union bpf_attr){ .map_type = type,
						      .key_size = key,
						      .value_size = value,
						      .max_entries = entries,
						      .map_flags = flags });
}

static void use_map(int fd)
{
	uint64_t key[4] = { 1 }, value[64] = { 7 };
	union bpf_attr attr = { .map_fd = fd, .key = (uintptr_t)key, .value = (uintptr_t)value };

	for (int flags = 0; flags < 4; flags++) {
		attr.flags = flags;
		bpf(BPF_MAP_UPDATE_ELEM, &attr);
	}
	attr.flags = 0;
	bpf(BPF_MAP_LOOKUP_ELEM, &attr);
	attr.next_key = (uintptr_t)(value + 8);
	bpf(BPF_MAP_GET_NEXT_KEY, &attr);
	attr.value = (uintptr_t)value;
	bpf(BPF_MAP_DELETE_ELEM, &attr);
	bpf(BPF_MAP_DELETE_ELEM, &attr);
	bpf(BPF_MAP_LOOKUP_AND_DELETE_ELEM, &attr);
	bpf(BPF_OBJ_GET_INFO_BY_FD,
	    &(union bpf_attr){
		    .info = { .bpf_fd = fd, .info_len = 64, .info = (uintptr_t)log_text } });
	bpf(BPF_MAP_FREEZE, &(union bpf_attr){ .map_fd = fd });
}

static void load(int type, const struct bpf_insn *code, int count)
{
	union bpf_attr attr = { .prog_type = type,
				.insns = (uintptr_t)code,
				.insn_cnt = count,
				.license = (uintptr_t) "GPL",
				.log_buf = (uintptr_t)log_text,
				.log_size = sizeof(log_text),
				.log_level = 2 };
	int fd = bpf(BPF_PROG_LOAD, &attr), pair[2];

	if (fd < 0)
		return;
	bpf(BPF_PROG_TEST_RUN, &(union bpf_attr){ .test = { .prog_fd = fd,
							    .data_in = (uintptr_t)packet,
							    .data_size_in = 64,
							    .repeat = 3 } });
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0) {
		setsockopt(pair[0], SOL_SOCKET, SO_ATTACH_BPF, &fd, sizeof(fd));
		write(pair[1], packet, 40);
		setsockopt(pair[0], SOL_SOCKET, SO_DETACH_BPF, &fd, sizeof(fd));
		close(pair[0]);
		close(pair[1]);
	}
	bpf(BPF_OBJ_PIN, &(union bpf_attr){ .pathname = (uintptr_t) "/sys/fs/bpf/kcovreport-bench",
					    .bpf_fd = fd });
	unlink("/sys/fs/bpf/kcovreport-bench");
	close(fd);
}

#define LOAD_ALL(...)                                                                              \
	do {                                                                                       \
		const struct bpf_insn code[] = { __VA_ARGS__ };                                    \
		for (int type = 1; type < 14; type += 3)                                           \
			load(type, code, sizeof(code) / sizeof(*code));                            \
	} while (0)

static void programs(int map)
{
	LOAD_ALL(MOV(0, 1), EXIT);
	LOAD_ALL(EXIT);
	LOAD_ALL(MOV(0, 1));
	LOAD_ALL(MOV(0, 0), ADD(0, 1), JUMP(BPF_JLT, 0, 30, -2), EXIT);
	LOAD_ALL(MOV(0, 0), JUMP(BPF_JA, 0, 0, -2), EXIT);
	LOAD_ALL(LOAD(0, 1, 0), JUMP(BPF_JGT, 0, 10, 1), MOV(0, 5), EXIT);
	LOAD_ALL(LOAD(0, 1, 9999), EXIT);
	LOAD_ALL(STORE(10, -600, 0), MOV(0, 0), EXIT);
	LOAD_ALL(STORE(10, -4, 1), MOVE(2, 10), ADD(2, -4), MAP(1, map),
		 CALL(BPF_FUNC_map_lookup_elem), JUMP(BPF_JEQ, 0, 0, 2), STORE(0, 0, 9),
		 LOAD(0, 0, 0), EXIT);
	LOAD_ALL(STORE(10, -4, 1), MOVE(2, 10), ADD(2, -4), MAP(1, map),
		 CALL(BPF_FUNC_map_lookup_elem), STORE(0, 0, 9), EXIT);
	LOAD_ALL(CALL(BPF_FUNC_ktime_get_ns), CALL(BPF_FUNC_get_prandom_u32), MOV(0, 0), EXIT);
	LOAD_ALL(CALL(4711), EXIT);
	LOAD_ALL(INSN(0xff, 0, 0, 0, 0), EXIT);
	LOAD_ALL(MOVE(6, 1), INSN(BPF_LD | BPF_ABS | BPF_B, 0, 0, 0, 2),
		 INSN(BPF_ALU | BPF_DIV | BPF_K, 0, 0, 0, 3),
		 INSN(BPF_ALU64 | BPF_LSH | BPF_K, 0, 0, 0, 70), EXIT);
}

static void filters(void)
{
	struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
				      BPF_JUMP(BPF_JMP | BPF_JEQ, 39, 0, 1),
				      BPF_STMT(BPF_RET, SECCOMP_RET_ERRNO | 5),
				      BPF_STMT(BPF_RET, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 4, code };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
	getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, log_text, &(socklen_t){ 4 });
	program.len = 9999;
	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
	program.len = 4;
	if (fork() == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
		syscall(SYS_seccomp, 9, 0, &program);
		getpid();
		getuid();
		_exit(0);
	}
	wait(NULL);
	close(fd);
}

static void events(void)
{
	for (unsigned type = 0; type < 7; type++) {
		struct perf_event_attr attr = { .type = type,
						.size = sizeof(attr),
						.config = type == 1 ? 2 : 0,
						.sample_period = 1000,
						.disabled = 1,
						.inherit = type & 1,
						.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID };
		int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

		if (fd < 0)
			continue;
		ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
		ioctl(fd, PERF_EVENT_IOC_RESET, 0);
		mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		read(fd, log_text, 100);
		ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
		close(fd);
	}
}

int main(void)
{
	int map = make_map(BPF_MAP_TYPE_ARRAY, 4, 8, 10, 0);

	for (int type = 0; type < 34; type++) {
		int fd = make_map(type, type == BPF_MAP_TYPE_RINGBUF ? 0 : 4,
				  type == BPF_MAP_TYPE_RINGBUF ? 0 : 8,
				  type == BPF_MAP_TYPE_RINGBUF ? 4096 : 4,
				  type == BPF_MAP_TYPE_LPM_TRIE ? 1 : 0);

		if (fd >= 0)
			use_map(fd);
		close(fd);
	}
	make_map(BPF_MAP_TYPE_LPM_TRIE, 8, 8, 4, BPF_F_NO_PREALLOC);
	programs(map);
	bpf(BPF_PROG_GET_NEXT_ID, &(union bpf_attr){ .start_id = 0 });
	bpf(BPF_MAP_GET_NEXT_ID, &(union bpf_attr){ .start_id = 0 });
	bpf(BPF_BTF_LOAD, &(union bpf_attr){ .btf = (uintptr_t)packet, .btf_size = 64 });
	bpf(999, &(union bpf_attr){ 0 });
	filters();
	events();
	return 0;
}
