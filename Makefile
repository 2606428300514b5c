# pledger. `make help` lists what can be made.

PREFIX ?= /usr/local
DESTDIR ?=
CC = gcc
VARIANT ?= release
VERSION := $(shell cat VERSION)

# ---- what is compiled, and how -----------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wcast-align -Wformat=2 -Wundef -Wvla -Wswitch-enum \
	-Wnull-dereference -Wdouble-promotion -Werror
PACKAGES := libmicrohttpd libcurl jansson libcrypto lmdb zlib
# -iquote, not -I: <sys/file.h> is the system's, "sys/file.h" is ours.
CPPFLAGS := -iquote src -iquote . -D_GNU_SOURCE -DPLEDGER_VERSION='"$(VERSION)"'
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
CFLAGS_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-DAHEAD_WINDOW_KIB=64
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined
CFLAGS = -std=c17 $(WARNINGS) $(CFLAGS_$(VARIANT)) $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDLIBS = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lpthread

B := build/$(VARIANT)
SOURCES := $(wildcard src/*/*.c webhooks/*.c webhooks/*/*.c)
OBJECTS := $(SOURCES:%.c=$(B)/obj/%.o)
WEB_FILES := $(wildcard src/web/*.html src/web/*.json src/web/*.css src/web/*.js src/web/*.svg)
CATALOGUES := $(patsubst src/web/locales/%.po,build/locales/%.mo,$(wildcard src/web/locales/*.po))
LIBRARY := $(B)/libpledger.a
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
FAULT_TESTS := $(patsubst tests/faults/%.c,$(B)/tests/%,$(wildcard tests/faults/test_*.c))
TOOLS := $(B)/tests/signature-vectors $(B)/tests/webhook-cases
BENCHES := $(patsubst tests/bench/%.c,build/bench/%,$(wildcard tests/bench/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all run test test-long install install-etc clean help tidy fuzz bench lighthouse asan tsan deps deps-test \
	binary unit-tests fault-tests fuzzers bench-programs format always
.DELETE_ON_ERROR:
.SECONDARY:

all: deps ## build build/pledger (installs missing Debian packages)
	@$(MAKE) --no-print-directory -s binary VARIANT=release
	@mkdir -p build/tests && ln -sf release/pledger build/pledger \
		&& ln -sf ../release/tests/signature-vectors ../release/tests/webhook-cases build/tests/

binary: $(B)/pledger $(TOOLS)

run: all ## start the demo: service, sandbox provider and sample configuration
	@exec build/pledger demo

test: deps deps-test ## run every test (one compiler, ASan and UBSan)
	@tests/run short

test-long: deps deps-test ## both compilers, TSan, the long kill, history and fuzz runs
	@tests/run long

install: all install-etc ## install below $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/pledger/schemas $(DESTDIR)$(PREFIX)/share/doc/pledger
	install -m 755 build/release/pledger $(DESTDIR)$(PREFIX)/bin/pledger
	install -m 644 schemas/*.json $(DESTDIR)$(PREFIX)/share/pledger/schemas/
	cp -R README.md docs $(DESTDIR)$(PREFIX)/share/doc/pledger/

# The units and samples name where the rest is installed.
install-etc:
	install -d $(DESTDIR)$(PREFIX)/share/pledger/etc
	install -m 644 $(wildcard etc/*.*) etc/Caddyfile $(DESTDIR)$(PREFIX)/share/pledger/etc/
	sed -i 's|/usr/local/|$(PREFIX)/|g' $(addprefix $(DESTDIR)$(PREFIX)/share/pledger/etc/,$(notdir $(wildcard etc/*.*)) Caddyfile)

tidy: ## check the house rules
	@tests/tidy/run

fuzz: deps deps-test ## run each fuzz target for FUZZ_SECONDS (60)
	@tests/fuzz/run $(or $(FUZZ_SECONDS),60)

lighthouse: all deps-test ## what Lighthouse says of the demo's pages
	@tests/lighthouse/run

bench: all deps-test ## measure beside what a user would pick instead
	@tests/bench/run

asan: deps ## build build/asan/pledger
	@$(MAKE) --no-print-directory -s binary VARIANT=asan

tsan: deps ## build build/tsan/pledger (clang)
	@$(MAKE) --no-print-directory -s binary VARIANT=tsan CC=clang

clean: ## remove build/
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

# Without a terminal's help: packages are named before they are installed.
deps:
	@etc/setup/packages build

deps-test:
	@etc/setup/packages test

# ---- rules ---------------------------------------------------------------------------------

# Written anew where another compiler is asked for: what the one before it made is then out of date.
$(B)/compiler: always
	@mkdir -p $(@D)
	@echo "$(CC)" | cmp -s - $@ || echo "$(CC)" >$@

$(B)/obj/%.o: %.c Makefile VERSION $(B)/compiler
	@mkdir -p $(@D)
	@echo "cc $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/src/web/web.o: $(WEB_FILES)
$(B)/obj/src/web/messages.o: $(CATALOGUES)

build/locales/%.mo: src/web/locales/%.po
	@mkdir -p $(@D)
	@msgfmt --check-format --check-domain -o $@ $<

$(LIBRARY): $(OBJECTS)
	@rm -f $@ && ar rcs $@ $^

$(B)/pledger: $(B)/obj/src/main.o $(LIBRARY)
	@echo "ld $@"
	@$(CC) $(LDFLAGS_$(VARIANT)) -o $@ $^ $(LDLIBS)

$(B)/tests/signature-vectors: $(B)/obj/tests/vectors/signature_vectors.o $(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_$(VARIANT)) -o $@ $^ $(LDLIBS)

$(B)/tests/webhook-cases: $(B)/obj/tests/webhooks/webhook_cases.o $(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_$(VARIANT)) -o $@ $^ $(LDLIBS)

$(B)/tests/render-pages: $(B)/obj/tests/browser/render_pages.o $(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_$(VARIANT)) -o $@ $^ $(LDLIBS)

$(B)/tests/%: $(B)/obj/tests/unit/%.o $(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_$(VARIANT)) -o $@ $^ -lcmocka -lssl $(LDLIBS)

# A fault test's calls out of the program go through tests/faults/window_*.c: every __wrap_ of theirs.
WINDOWS := $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/faults/window_*.c))

$(B)/tests/%: $(B)/obj/tests/faults/%.o $(WINDOWS) $(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_$(VARIANT)) $$(nm $(WINDOWS) | sed -n 's/.* T __wrap_/-Wl,--wrap=/p') -o $@ $^ -lcmocka -lssl $(LDLIBS)

build/fuzz/fuzz_%: build/fuzz/obj/tests/fuzz/fuzz_%.o build/fuzz/libpledger.a
	@clang $(LDFLAGS_fuzz) -o $@ $^ $(LDLIBS)

build/bench/%: build/release/obj/tests/bench/%.o build/release/libpledger.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_release) -o $@ $^ $(LDLIBS)

unit-tests: $(UNIT_TESTS) $(B)/tests/render-pages
fault-tests: $(FAULT_TESTS)
fuzzers: $(FUZZERS)
bench-programs: $(BENCHES)

-include $(shell find build -name '*.d' 2>/dev/null)
