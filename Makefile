# The two commands for everybody: `make run` shows the main job, `make test` runs all tests. Both install what is
# missing first (Debian packages, as root) and need only a Swift toolchain.

BUILD_PACKAGES := libsystemd-dev libsqlite3-dev pkg-config tzdata python3
TEST_PACKAGES := $(BUILD_PACKAGES) systemd dbus procps util-linux python3-venv faketime
VENV := .build/test-venv
REQUIREMENTS := Tests/Support/python-requirements.txt

# The whole programs on real clocks come one after the other, so that none is late for want of a core.
SWIFT_TEST := CAMPAIGND_TEST_PYTHON=$(CURDIR)/$(VENV)/bin/python3 swift test --disable-xctest --skip-build

.PHONY: run test build test-setup clean

run:
	@config/install-packages $(BUILD_PACKAGES)
	swift build --product campaignd
	swift build --product campaignctl
	swift build --product campaign-send
	@config/examples/run-newsletter .build/debug

test: test-setup
	swift build --build-tests
	$(SWIFT_TEST) --skip EndToEndTests
	$(SWIFT_TEST) --filter EndToEndTests --no-parallel

test-setup: $(VENV)/ready
	@config/install-packages $(TEST_PACKAGES)

$(VENV)/ready: $(REQUIREMENTS)
	@config/install-packages $(TEST_PACKAGES)
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $(REQUIREMENTS)
	touch $@

build:
	@config/install-packages $(BUILD_PACKAGES)
	swift build

clean:
	swift package clean
