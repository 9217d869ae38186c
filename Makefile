# SPDX-License-Identifier: GPL-2.0-or-later
#
# kcovreport: kernel coverage of any command, to lcov and JSON.
#
#   make                build build/kcovreport and build/guest-init
#   make demo           the main job: run a kernel selftest under coverage in a VM, report, genhtml
#   make check          all tests: installs what they need, builds a kernel once, boots it
#     check-unit        unit suites, once plain and once under ASan and UBSan (threads under TSan)
#     check-vm          end-to-end cases on a real KCOV kernel in QEMU
#     check-layers      who may include whom
#     check-headers     every header compiles alone
#   make kernel         build (once) a KCOV kernel into the cache, print its directory
#   make bench          measurements, as ratios in one run
#   make deps           install missing distribution packages, as root or through sudo
#   make install        to $(DESTDIR)$(PREFIX)
#   make clean          remove $(O)
#
# Knobs:
#   DEVELOPER=1         warnings are errors, and more of them (set in all checks)
#   SANITIZE=LIST       e.g. address,undefined or thread; use another O= for it
#   O=DIR               build directory (build)
#   V=1                 show commands
#   CC=, CFLAGS=, LDFLAGS=, PREFIX=, DESTDIR=   as usual
#   LINUX=DIR           kernel source for `make kernel` (the distribution's linux-source package)
#   KCOVREPORT_CACHE=   where built kernels are kept ($XDG_CACHE_HOME/kcovreport)

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

PACKAGES := libdw libelf capstone libcjson zlib
WARNINGS := -Wall -Wextra -Wno-sign-compare -Wno-missing-field-initializers \
	-Wmissing-prototypes -Wstrict-prototypes -Wformat=2 -Wvla
ifeq ($(DEVELOPER),1)
WARNINGS += -Werror -Wundef -Wpointer-arith -Wwrite-strings -Wold-style-definition
endif
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. -include base/banned.h \
	$(WARNINGS) $(CFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer) \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES)) -pthread
ALL_LDFLAGS = $(LDFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE)) -pthread
LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES))

lib_sources := $(wildcard base/*.c collect/*.c symbolize/*.c render/*.c)
program_sources := $(wildcard kcovreport/*.c)
test_sources := $(wildcard */tests/*_test.c)
fuzz_sources := $(wildcard */tests/fuzz_*.c)
headers := $(wildcard base/*.h collect/*.h symbolize/*.h render/*.h kcovreport/*.h)

object = $(patsubst %.c,$(O)/obj/%.o,$(1))
lib_objects := $(call object,$(lib_sources))
program_objects := $(call object,$(program_sources))
test_programs := $(patsubst %.c,$(O)/tests/%,$(test_sources))
fuzz_programs := $(patsubst %.c,$(O)/tests/%,$(fuzz_sources))

guest_sources := $(wildcard kernel/guest/*.c kernel/wire/*.c)
relay_sources := $(wildcard kernel/host/*.c kernel/wire/*.c)
vm_files := $(addprefix $(O)/vm/,guest-init vm-relay vm.sh build.sh config)

.PHONY: all tests clean
all: $(O)/kcovreport $(vm_files)
tests: $(test_programs) $(fuzz_programs)

$(O)/kcovreport: $(program_objects) $(lib_objects)
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(O)/obj/%.o: %.c Makefile
	$(call say,CC,$<)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(test_programs): $(O)/tests/%: $(O)/obj/%.o $(lib_objects)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(fuzz_programs): $(O)/tests/%: $(O)/obj/%.o $(lib_objects)
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# What `collect --vm` needs, in one folder beside the program. guest-init runs on any file system: static.
VM_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. -Ikernel $(WARNINGS) -O2 -g

$(O)/vm/guest-init: $(guest_sources) $(wildcard kernel/guest/*.h kernel/wire/*.h) Makefile
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) -static $(VM_CFLAGS) -o $@ $(guest_sources)

$(O)/vm/vm-relay: $(relay_sources) $(wildcard kernel/host/*.h kernel/wire/*.h) Makefile
	$(call say,LD,$@)mkdir -p $(@D) && $(CC) $(VM_CFLAGS) -o $@ $(relay_sources) -lz

$(O)/vm/%: kernel/%
	$(call say,COPY,$@)mkdir -p $(@D) && cp $< $@

clean:
	$(Q)rm -rf $(O)

-include $(shell find $(O) -name '*.d' 2>/dev/null)
