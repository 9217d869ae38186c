# SPDX-License-Identifier: GPL-2.0-or-later
#
# kcovreport: kernel coverage of any command, to lcov and JSON.
#
#   make                build build/kcovreport and build/guest-init
#   make demo           the main job: run a kernel selftest under coverage in a VM, HTML report
#   make check          all tests: installs what they need, builds a kernel once, boots it
#     check-layers      which room may include which
#     check-headers     every header compiles alone
#     check-tree        licences, file lengths
#     check-build       no warning, with gcc and with clang
#     check-threads     unit suites with threads, under TSan
#     check-unit        unit suites, plain and under ASan and UBSan
#     check-vm          end-to-end cases on a real KCOV kernel in QEMU
#   make check-all      these, and half an hour of cases under load and of our kernel side on sanitizer and debug kernels:
#     check-load        the cases of check-vm that depend on time, beside 4 busy processes
#     check-comparisons KCOV's user interface on kernels that record comparisons
#     check-memory      KASAN, lockdep, sleeping in atomic context, failing allocations
#     check-races       KCSAN
#     check-rt          PREEMPT_RT, lockdep, sleeping in atomic context
#   make check-fresh    demo and check on minimal Debian 12 and 13 systems, from nothing: an hour, as root (check/fresh.sh)
#   make kernel         build (once) a KCOV kernel into the cache, print its directory
#   make fuzz           fuzz entries under libFuzzer: TIME=60 seconds each (60cpu: of processor time), FUZZ=NAME
#   make soak           stress-ng under collect for TIME=7200 seconds, on both kernel sides (testdata/soak/)
#   make bench          measurements, as ratios in one run
#   make bench-accuracy lines compared with gcov's counts, on kernels with both (bench/accuracy/)
#   make bench-differential  lines of N=200 random functions compared with gcov and llvm-cov, SEED=1 (bench/differential/)
#   make deps           install missing distribution packages, as root or through sudo
#   make install        to $(DESTDIR)$(PREFIX)
#   make clean          remove $(O)
#
# Knobs:
#   DEVELOPER=1         warnings are errors, and more of them (set in all checks)
#   SANITIZE=LIST       e.g. address,undefined or thread; use another O= for it
#   O=DIR               build directory (build)
#   V=1                 show commands
#   SKIP_DEPS=1         install nothing, and let checks run any program of PATH, not only those of the packages in deps.sh
#   CC=, CFLAGS=, LDFLAGS=, PREFIX=, DESTDIR=   as usual
#   LINUX=DIR           kernel source for `make kernel` (the distribution's linux-source package)
#   LLVM=1              build the kernel with clang; bench-accuracy uses only that kernel
#   KCOV=ours           build the kernel with kernel/kcov/, from the build with its own KCOV (stock)
#   KCOVREPORT_CACHE=   where built kernels and indexes are kept ($XDG_CACHE_HOME/kcovreport)

O ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= gcc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
SANITIZE ?=
V ?=

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' $(1) $(2);)

PACKAGES := libdw libelf libcjson zlib liblzma libzstd libxxhash libmd libpcre2-8
# Loaded at run time, when needed: symbolize/image/debuginfod_client.c.
LOADED := libdebuginfod
WARNINGS := -Wall -Wextra -Wno-sign-compare -Wno-missing-field-initializers \
	-Wmissing-prototypes -Wstrict-prototypes -Wformat=2 -Wvla
ifeq ($(DEVELOPER),1)
WARNINGS += -Werror -Wundef -Wpointer-arith -Wwrite-strings -Wold-style-definition
endif
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. -include base/banned.h \
	$(WARNINGS) $(CFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer) \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES) $(LOADED)) -pthread $(DIALECT)
# The cache of indexes tells builds of the program apart by their build ids.
ALL_LDFLAGS = -Wl,--build-id $(LDFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE)) -pthread
LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES))

# Folders are rooms, and rooms may contain rooms; tests/ in each is not part of the program.
library := base run collect symbolize render
sources = $(sort $(shell find $(1) -path '*/tests' -prune -o -name '*.c' -print))
tests_named = $(sort $(shell find $(library) kcovreport kernel/vm -path '*/tests/$(1)'))
lib_sources := $(call sources,$(library))
program_sources := $(call sources,kcovreport)
test_sources := $(call tests_named,*_test.c)
fuzz_sources := $(call tests_named,fuzz_*.c)

object = $(patsubst %.c,$(O)/obj/%.o,$(1))
lib_objects := $(call object,$(lib_sources))
program_objects := $(call object,$(program_sources))
test_programs := $(patsubst %.c,$(O)/tests/%,$(test_sources))
fuzz_programs := $(patsubst %.c,$(O)/tests/%,$(fuzz_sources))

guest_sources := $(wildcard kernel/vm/guest/*.c kernel/vm/wire/*.c)
relay_sources := $(wildcard kernel/vm/host/*.c kernel/vm/wire/*.c) base/utf8.c
# The kernel side built for user space: in the kernel's dialect, with headers that replace the kernel's.
kcov_core := $(filter-out %/selftest.c,$(wildcard kernel/kcov/*.c))
kcov_objects := $(call object,$(kcov_core) $(wildcard kernel/kcov/tests/shim/*.c) kernel/kcov/tests/driver.c)
kcov_tests := $(wildcard kernel/kcov/tests/*_test.c)
kcov_programs := $(patsubst %.c,$(O)/tests/%,$(kcov_tests))
vm_files := $(addprefix $(O)/vm/,guest-init vm-relay vm.sh build.sh config)

.PHONY: all tests fuzz-programs clean
all: $(O)/kcovreport $(vm_files)
fuzz-programs: $(fuzz_programs)
tests: $(test_programs) $(fuzz_programs) $(kcov_programs)

$(O)/kcovreport: $(program_objects) $(lib_objects)
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(O)/obj/%.o: %.c Makefile
	$(call say,CC,$<)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# It has the files of the page in it.
$(O)/obj/render/html_page.o: $(wildcard render/html/*)

$(test_programs): $(O)/tests/%: $(O)/obj/%.o $(lib_objects)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(O)/tests/base/tests/unfinished_test: ALL_LDFLAGS += -Wl,--wrap=pread64
$(O)/tests/symbolize/index/tests/isolate_truncated_test: ALL_LDFLAGS += -Wl,--wrap=pread64
$(O)/tests/symbolize/index/tests/frames_test: ALL_LDFLAGS += -Wl,--wrap=calloc
$(O)/tests/symbolize/image/tests/debug_replaced_test: ALL_LDFLAGS += -Wl,--wrap=debuginfod_find_debug
$(O)/tests/symbolize/index/tests/cache_libraries_test: ALL_LDFLAGS += -Wl,--wrap=dl_iterate_phdr
$(O)/tests/symbolize/index/tests/cache_unnamed_test: ALL_LDFLAGS += -Wl,--build-id=none

$(O)/tests/kernel/vm/tests/guest_session_test: $(call object,kernel/vm/guest/session.c $(wildcard kernel/vm/wire/*.c))

$(O)/tests/kernel/vm/tests/fuzz_wire: $(call object,$(wildcard kernel/vm/wire/*.c))

$(fuzz_programs): $(O)/tests/%: $(O)/obj/%.o $(lib_objects)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(kcov_objects) $(call object,$(kcov_tests)): DIALECT = -Ikernel/kcov/tests/shim \
	-fno-strict-aliasing -Wno-pointer-arith -Wno-unused-parameter

$(kcov_programs): $(O)/tests/%: $(O)/obj/%.o $(kcov_objects)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka

# What `collect --vm` needs, in one folder beside the program. guest-init is static, so it runs on any file system.
VM_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. $(WARNINGS) -O2 -g

$(O)/vm/guest-init: $(guest_sources) $(wildcard kernel/vm/guest/*.h kernel/vm/wire/*.h) Makefile
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) -static $(VM_CFLAGS) -o $@ $(guest_sources)

$(O)/vm/vm-relay: $(relay_sources) $(wildcard kernel/vm/host/*.h kernel/vm/wire/*.h) base/utf8.h Makefile
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(VM_CFLAGS) -o $@ $(relay_sources) -lz

$(O)/vm/vm.sh: kernel/vm/vm.sh
$(O)/vm/build.sh: kernel/build.sh
$(O)/vm/config: kernel/config
$(addprefix $(O)/vm/,vm.sh build.sh config):
	$(call say,COPY,$@)mkdir -p $(@D) && cp $< $@

.PHONY: deps kernel demo check check-layers check-headers check-tree check-build check-threads check-unit check-vm
.PHONY: check-fresh check-all check-load check-comparisons check-memory check-races check-rt
.PHONY: unit-asan unit-plain bench bench-accuracy bench-differential fuzz soak format install

JOBS := $(shell nproc)
developer = $(MAKE) --no-print-directory -s -j$(JOBS) DEVELOPER=1

deps:
	$(Q)[ "$(SKIP_DEPS)" = 1 ] || ./deps.sh

kernel: deps
	$(Q)kernel/build.sh

demo: deps
	$(Q)$(MAKE) --no-print-directory -s -j$(JOBS) all
	$(Q)O=$(O) ./demo.sh

# Run check-unit and check-vm in parallel: check-vm's first phase leaves a CPU half idle. check-threads runs alone,
# because its threads contend with each other.
checks := check-layers check-headers check-tree check-build check-threads check-unit+check-vm

check: deps
	$(Q)SKIP_DEPS=$(SKIP_DEPS) check/all.sh $(checks)

check-all: deps
	$(Q)SKIP_DEPS=$(SKIP_DEPS) PLAIN=1 FULL=1 check/all.sh $(checks) check-load check-comparisons check-memory check-races check-rt

check-fresh: deps
	$(Q)check/fresh.sh

check-layers:
	$(Q)check/layers.sh

check-headers:
	$(Q)CC="$(CC)" check/headers.sh -std=gnu11 -D_GNU_SOURCE -I. $(WARNINGS) -Werror -Wno-unused

check-tree:
	$(Q)check/tree.sh

check-build:
	$(Q)$(developer) CC=gcc all tests && echo "build (gcc): 1 passed, 0 failed"
	$(Q)$(developer) CC=clang O=$(O)/clang all tests && echo "build (clang): 1 passed, 0 failed"
	$(Q)$(developer) O=$(O)/asan SANITIZE=address,undefined all tests
	$(Q)$(developer) O=$(O)/tsan SANITIZE=thread tests

# 10^8 PCs through the drain protocol where threads are checked, fewer where memory is checked.
check-threads:
	$(Q)$(developer) O=$(O)/tsan SANITIZE=thread tests
	$(Q)JOBS=$(JOBS) DRAIN_TEST_PCS=100000000 check/unit.sh $(O)/tsan drain_test collector_test module_watch_test workers_test sweep_test parallel_test refine_test /files_test html_test kernel/kcov/

check-unit:
	$(Q)$(developer) all tests
	$(Q)$(developer) O=$(O)/asan SANITIZE=address,undefined all tests
	$(Q)$(MAKE) --no-print-directory -k -j$(JOBS) --output-sync=target unit-asan unit-plain

# At each call of memmem(), ASan checks all the memory that it may read: for a file of nothing but sync marks that takes
# quadratic time.
#
# Of the scripts only the walks through faults run: each error path, with a look for leaks (70 s of processor time).
unit-asan:
	$(Q)JOBS=$(JOBS) DRAIN_TEST_PCS=4000000 ASAN_OPTIONS=detect_leaks=1:intercept_memmem=0 UBSAN_OPTIONS=halt_on_error=1 \
		check/unit.sh $(O)/asan _test fuzz_ faults_test.sh

unit-plain:
	$(Q)JOBS=$(JOBS) DRAIN_TEST_PCS=4000000 check/unit.sh $(O)

check-vm: all
	$(Q)check/vm.sh $(O)

check-load: all
	$(Q)LOAD=4 LANES=1 check/vm.sh $(O)

check-comparisons: all
	$(Q)check/comparisons.sh $(O)

check-memory check-races check-rt: check-%: all
	$(Q)check/checked.sh $(O) $*

bench: deps all
	$(Q)kernel=$$(kernel/build.sh) && export O=$(O) && \
		if [ -e demo/kcov.data ]; then bench/report.py "$$kernel/vmlinux" demo/kcov.data; \
		else echo 'no demo/kcov.data: run make demo first, to measure reports'; fi && \
		bench/runs.sh && bench/collect.sh "$$kernel" && bench/hooks.sh

bench-accuracy: deps all
	$(Q)export O=$(O) && for llvm in $(or $(LLVM),'' 1); do \
		LLVM=$$llvm bench/accuracy/run.sh && LLVM=$$llvm bench/accuracy/plain.sh || exit 1; done

bench-differential: deps all
	$(Q)O=$(O) bench/differential/run.sh $(or $(SEED),1) $(or $(N),200)

# make soak [TIME=7200]: one machine after the other. 77: there is no such kernel.
soak: deps all
	$(Q)kernel/build.sh >/dev/null && KCOV=ours kernel/build.sh >/dev/null
	$(Q)O=$(O) testdata/soak/run.sh "$$(kernel/build.sh --print-dir)" $(or $(TIME),7200)
	$(Q)O=$(O) testdata/soak/run.sh "$$(KCOV=ours kernel/build.sh --print-dir)" $(or $(TIME),7200)

# make fuzz [TIME=60] [FUZZ=fuzz_run]: runs fuzz entries (all) under libFuzzer, with clang, TIME seconds each; TIME=60cpu:
# seconds of processor time.
FUZZ ?=
fuzz: deps all
	$(Q)$(developer) CC=clang O=$(O)/fuzz SANITIZE=fuzzer,address,undefined \
		CFLAGS='-O1 -g -DLIBFUZZER -fno-sanitize-recover=all' fuzz-programs
	$(Q)JOBS=$(JOBS) check/fuzz.sh $(O)/fuzz $(or $(TIME),60) $(FUZZ)

format:
	$(Q)git ls-files '*.[ch]' | xargs clang-format -i

libexec = $(DESTDIR)$(PREFIX)/libexec/kcovreport
install: all
	$(Q)install -d $(DESTDIR)$(PREFIX)/bin $(libexec) $(DESTDIR)$(PREFIX)/share/man/man1
	$(Q)install $(O)/kcovreport $(DESTDIR)$(PREFIX)/bin/
	$(Q)install $(O)/vm/guest-init $(O)/vm/vm-relay $(O)/vm/vm.sh $(O)/vm/build.sh $(libexec)/
	$(Q)install -m 644 $(O)/vm/config $(libexec)/
	$(Q)install -m 644 docs/kcovreport.1 $(DESTDIR)$(PREFIX)/share/man/man1/

clean:
	$(Q)rm -rf $(O)

-include $(shell find $(O) -name '*.d' 2>/dev/null)
