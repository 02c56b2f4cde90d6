# The two commands for everybody: `make run` shows the main job, `make test` runs all tests. Both install what is
# missing first (Debian packages, as root) and need only a Swift toolchain.

BUILD_PACKAGES := libsystemd-dev libsqlite3-dev libyaml-dev libcurl4-openssl-dev pkg-config tzdata python3
DEB_PACKAGES := debhelper patchelf
TEST_PACKAGES := $(BUILD_PACKAGES) $(DEB_PACKAGES) systemd dbus procps util-linux openssl python3-venv faketime libical3 \
	msmtp jq mandoc fish zsh lintian strace
# Taken out of their packages, which would start servers.
PROMETHEUS := .build/prometheus
PROMETHEUS_PROGRAMS := prometheus:promtool prometheus-node-exporter:prometheus-node-exporter
POSTFIX := .build/postfix
VENV := .build/test-venv
REQUIREMENTS := Tests/Support/python-requirements.txt

# What takes longer than `make test` may: seconds of search for each of 16 fuzz targets, cases for each of so many seeds.
FUZZ_SECONDS := 180
ORACLE_SEEDS := 1 2 3 4 5 6 7 8
ORACLE_CASES := 20000
LISTED_CAMPAIGNS := 100000

# Three goes, so that nothing is late for want of a core: what only computes; what waits for others with a limit, a few
# tests at a time; and the whole programs on real clocks, and what waits half a second at most, one after the other.
COMPUTING := RecurrenceTests|OracleTests|MailTests|FuzzTests|CampaignModelTests|SimulationTests
ON_TIME := EndToEndTests|CampaignctlTests.CompletionTests|CampaignctlTests.SuggestionTests
FEW_AT_A_TIME := --experimental-maximum-parallelization-width 6
SWIFT_TEST := CAMPAIGND_TEST_PYTHON=$(CURDIR)/$(VENV)/bin/python3 swift test --disable-xctest --skip-build

# One story of the simulator, told line by line; and the faults that it has to find.
SEED := 1
HOURS := 240
STORIES := 1000
STORM_ROUNDS := 200
SANITIZERS := thread address

.PHONY: run test check-long simulate mutations sanitized storm bench build deb test-setup clean

run:
	@config/install-packages $(BUILD_PACKAGES)
	swift build --product campaignd
	swift build --product campaignctl
	swift build --product campaign-send
	@config/examples/run-newsletter .build/debug

test: test-setup
	swift build --build-tests
	$(SWIFT_TEST) --filter '$(COMPUTING)'
	$(SWIFT_TEST) --skip '$(COMPUTING)|$(ON_TIME)' $(FEW_AT_A_TIME)
	$(SWIFT_TEST) --filter '$(ON_TIME)' --no-parallel

check-long: test-setup
	Fuzz/run --seconds $(FUZZ_SECONDS)
	swift build --build-tests --configuration release --scratch-path .build/long -Xswiftc -enable-testing
	for seed in $(ORACLE_SEEDS); do \
		CAMPAIGND_ORACLE_SEED=$$seed CAMPAIGND_ORACLE_CASES=$(ORACLE_CASES) $(SWIFT_TEST) --filter OracleTests \
			--configuration release --scratch-path .build/long || exit 1; \
	done
	$(VENV)/bin/python3 -B Tests/EndToEndTests/Scenarios/mail.py .build/long/release kills postfix
	$(VENV)/bin/python3 -B Tests/EndToEndTests/Scenarios/mail.py .build/long/release outcomes postfix
	python3 -B Tests/EndToEndTests/Scenarios/large_list.py .build/long/release $(LISTED_CAMPAIGNS)
	.build/long/release/Simulation --seeds 1-$(STORIES) --hours 240 --complete
	CAMPAIGND_STORM_ROUNDS=$(STORM_ROUNDS) CAMPAIGND_STRICT=1 $(SWIFT_TEST) --filter StormTests --no-parallel \
		--configuration release --scratch-path .build/long
	CAMPAIGND_DISK_STEP=1 CAMPAIGND_MIGRATION_STEP=1 $(SWIFT_TEST) --filter 'DiskFullTests|migration' --no-parallel \
		--configuration release --scratch-path .build/long
	Benchmarks/run instructions
	Tests/Mutations/run
	$(MAKE) sanitized

simulate:
	@config/install-packages $(BUILD_PACKAGES)
	swift build --product Simulation --configuration release --scratch-path .build/long
	.build/long/release/Simulation --seed $(SEED) --hours $(HOURS) --tell

mutations: test-setup
	Tests/Mutations/run

# Without what only computes, which takes many times as long, the whole programs on real clocks, and what measures memory.
# Leaks are not looked for: programs end by exit(3), with what their stacks hold.
sanitized: test-setup
	for sanitizer in $(SANITIZERS); do \
		options="--sanitize $$sanitizer --scratch-path .build/$$sanitizer"; \
		swift build --build-tests $$options || exit 1; \
		ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Support/thread-sanitizer.supp \
			$(SWIFT_TEST) $$options --skip '$(COMPUTING)|EndToEndTests|flatMemory|flood' $(FEW_AT_A_TIME) || exit 1; \
	done

storm: test-setup
	swift build --build-tests
	CAMPAIGND_STORM_ROUNDS=$(STORM_ROUNDS) $(SWIFT_TEST) --filter StormTests/storm

# All that is measured, or the parts named: make bench PARTS='held herd'. BENCH=--quick tries whether they work.
bench: $(POSTFIX)/ready
	Benchmarks/run $(PARTS) $(BENCH)

test-setup: $(VENV)/ready $(PROMETHEUS)/ready $(POSTFIX)/ready
	@config/install-packages $(TEST_PACKAGES)

$(VENV)/ready: $(REQUIREMENTS)
	@config/install-packages $(TEST_PACKAGES)
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $(REQUIREMENTS)
	touch $@

$(PROMETHEUS)/ready:
	Tests/Support/unpack-programs $(PROMETHEUS) $(PROMETHEUS_PROGRAMS)
	touch $@

$(POSTFIX)/ready: Tests/Support/unpack-postfix
	@config/install-packages $(TEST_PACKAGES)
	Tests/Support/unpack-postfix $(POSTFIX)
	touch $@

build:
	@config/install-packages $(BUILD_PACKAGES)
	swift build

# The last lines are the paths of the package and of the symbols that a debugger needs.
deb:
	@config/install-packages $(BUILD_PACKAGES) $(DEB_PACKAGES)
	packaging/build-programs .build/deb
	@rm -rf .build/package
	packaging/build .build/deb/programs .build/package

clean:
	swift package clean
