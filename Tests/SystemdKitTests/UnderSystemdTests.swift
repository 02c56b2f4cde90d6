import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// SystemdKit against a real manager and a real journald.
@Suite(
    "SystemdKit under systemd",
    .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"),
    .timeLimit(.minutes(10)))
struct UnderSystemdTests {
    @Test("journal entries come back field by field, with line breaks, any bytes, and more than a datagram holds")
    func journal() async throws {
        let outcome = try await SystemdMachine.run(
            """
            systemd-run --quiet --unit=probe --wait SystemdProbe journal
            journalctl --sync
            journalctl --quiet --all --output=json --identifier=probe PRIORITY=4
            journalctl --quiet --output=cat --unit=probe CAMPAIGN=spring CAMPAIGN_STATUS=active
            journalctl --quiet --output=cat MESSAGE_ID=7d4958e842da4a758f6c1cdc7b36dcc5 | tail -n 1
            echo "stream: $(journalctl --quiet --output=cat --unit=probe _TRANSPORT=stdout)"
            echo "bare: $(journalctl --quiet --output=cat --unit=probe --grep="^Second entry")"
            echo "alone: $(SystemdProbe journal 2>&1 >/dev/null | cut -c 1-60 | tail -n 1)"
            """, programs: ["/usr/bin/SystemdProbe": "SystemdProbe"])
        #expect(outcome.status == 0, "\(outcome.standardError)")
        let lines = outcome.standardOutput.split(separator: "\n")
        let first = Data(try #require(lines.first).utf8)
        let entry = try #require(try JSONSerialization.jsonObject(with: first) as? [String: Any])
        #expect(entry["MESSAGE"] as? String == "Soldes d’été 🎉")
        #expect(entry["MESSAGE_ID"] as? String == "7d4958e842da4a758f6c1cdc7b36dcc5")
        #expect(entry["CAMPAIGN"] as? String == "spring")
        #expect(entry["CAMPAIGN_TITLE"] as? String == "two\nlines=1")
        #expect(entry["RAW"] as? [Int] == [0, 255, 10, 61])
        #expect(entry["EMPTY"] as? String == "")
        #expect((entry["LONG"] as? String)?.utf8.count == 300_000)
        #expect(entry["SYSLOG_IDENTIFIER"] as? String == "probe")
        #expect(entry["CODE_FILE"] as? String == "SystemdProbe/SystemdChecks.swift")
        #expect(entry["CODE_FUNC"] as? String == "writeJournal()")
        #expect((entry["CODE_LINE"] as? String).flatMap { Int($0) } != nil)
        #expect(entry["_SYSTEMD_UNIT"] as? String == "probe.service")
        #expect(lines.dropFirst().prefix(2) == ["Soldes d’été 🎉", "Soldes d’été 🎉"])
        #expect(outcome.answers["stream"] == "journald true")
        // Written while no file could be opened.
        #expect(outcome.answers["bare"] == "Second entry")
        // Not connected to journald, the same program on the same machine writes lines.
        #expect(outcome.answers["alone"] == "Second entry  PRIORITY=6")
    }

    @Test("the manager learns readiness, status, a reload and its end, and the stop")
    func notify() async throws {
        let outcome = try await SystemdMachine.run(
            """
            base=/run/probe
            mkfifo $base.do $base.done
            systemd-run --quiet --unit=probe --service-type=notify SystemdProbe notify $base
            property() { systemctl show --property="$1" --value probe; }
            show() { echo "$1: $(property ActiveState) / $(property StatusText)"; }
            tell() { echo "$1" >$base.do; read -r _ <$base.done; }
            show started
            tell "two words"; show status
            tell reloading; show reloading
            tell ready; show ready
            tell stopping; show stopping
            """, programs: ["/usr/bin/SystemdProbe": "SystemdProbe"])
        #expect(outcome.status == 0, "\(outcome.standardError)")
        #expect(outcome.answers["started"] == "active / line one READY=0")
        #expect(outcome.answers["status"] == "active / two words")
        #expect(outcome.answers["reloading"] == "reloading / reading again")
        #expect(outcome.answers["ready"] == "active / read again")
        #expect(outcome.answers["stopping"] == "deactivating / draining")
    }

    @Test("a watchdog that is fed leaves the service alone, and one that is not ends it")
    func watchdog() async throws {
        let outcome = try await SystemdMachine.run(
            """
            systemd-run --unit=probe --wait --service-type=notify --property=WatchdogSec=2 \
                --property=Environment=SWIFT_BACKTRACE=enable=no SystemdProbe watchdog 2>&1 |
                sed -n 's/^Finished with //p'
            journalctl --sync
            echo "fed: $(journalctl --quiet --output=cat --unit=probe INTERVAL='2.0 seconds')"
            fed=$(journalctl --quiet --output=short-unix --unit=probe INTERVAL='2.0 seconds' | cut -d. -f1)
            bitten=$(journalctl --quiet --output=short-unix --unit=probe | grep 'Watchdog timeout' | cut -d. -f1)
            echo "bitten: $((bitten >= fed))"
            """, programs: ["/usr/bin/SystemdProbe": "SystemdProbe"])
        #expect(outcome.status == 0, "\(outcome.standardError)")
        #expect(outcome.answers["result"] == "watchdog")
        #expect(outcome.answers["fed"] == "Fed")
        #expect(outcome.answers["bitten"] == "1")
    }

    @Test("a machine knows its id and its boot, and has no id without /etc/machine-id")
    func machine() async throws {
        let outcome = try await SystemdMachine.run(
            """
            echo "expected: $(cat /etc/machine-id) $(tr -d - </proc/sys/kernel/random/boot_id) true"
            echo "with id: $(SystemdProbe machine)"
            : >/etc/machine-id
            echo "empty: $(SystemdProbe machine | cut -d' ' -f1)"
            echo uninitialized >/etc/machine-id
            echo "uninitialized: $(SystemdProbe machine | cut -d' ' -f1)"
            rm /etc/machine-id
            echo "absent: $(SystemdProbe machine | cut -d' ' -f1)"
            echo nonsense >/etc/machine-id
            SystemdProbe machine 2>&1 | grep -q 'sd_id128_get_machine /etc/machine-id' && echo "nonsense: refused"
            """, programs: ["/usr/bin/SystemdProbe": "SystemdProbe"])
        #expect(outcome.status == 0, "\(outcome.standardError)")
        #expect(outcome.answers["expected"] != nil)
        #expect(outcome.answers["with id"] == outcome.answers["expected"])
        #expect(outcome.answers["empty"] == "none")
        #expect(outcome.answers["uninitialized"] == "none")
        #expect(outcome.answers["absent"] == "none")
        #expect(outcome.answers["nonsense"] == "refused")
    }
}
