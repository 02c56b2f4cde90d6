import CampaignModel
import CampaignStore
import ControlAPI
import Recurrence
import Testing

@testable import CampaignEngine
@testable import campaignd

/// What the daemon's numbers are called: names that monitors and rules rest on.
@Suite("The daemon's metrics")
struct DaemonMetricsTests {
    private let reader = ConfigurationReader(directory: "/nowhere", zones: SystemZones(directory: nil))
    private let now = Instant(secondsSinceEpoch: 1_800_000_000)

    private func metrics(nextDue: Instant? = nil) throws -> [MetricFamily] {
        DaemonMetrics(
            startedAt: now,
            overview: Engine.Overview(
                openSends: [], sendsUnderWay: 0, alerts: [], nextWake: nil, lastTickAt: now, deliveredSequence: 5,
                figures: EngineFigures()),
            rules: Rules(settings: Settings(), catalogue: Catalogue(), zones: SystemZones(directory: nil)),
            configuration: CurrentConfiguration(try reader.read(), at: now).view, campaigns: [.active: 2],
            alerts: [
                AlertKind(code: .endInPast, severity: .warning): 1, AlertKind(code: .sendFailed, severity: .error): 3,
            ],
            nextDue: nextDue, newestSequence: 7, ledgerBytes: 4_096, freeBytes: nil
        ).families
    }

    @Test("names follow OpenMetrics: each once, of the daemon's prefix, with its unit and its kind's ending")
    func names() throws {
        let families = try metrics()
        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            #expect(family.name.hasPrefix("campaignd_"))
            #expect(family.unit.map { family.name.hasSuffix("_\($0)") } ?? true, "\(family.name)")
            #expect(family.help.hasSuffix("."), "\(family.name)")
            #expect(!family.name.hasSuffix("_total") && !family.name.hasSuffix("_info"), "\(family.name)")
            for sample in family.samples where family.kind != .histogram {
                #expect(sample.name == family.name + family.kind.suffix)
            }
        }
    }

    @Test("each word of a label is there from the beginning, and no label has a name that people gave")
    func labels() throws {
        let families = try metrics()
        func values(_ name: String, _ label: String) -> [String] {
            families.filter { $0.name == name }.flatMap(\.samples).flatMap(\.labels).filter { $0.name == label }
                .map(\.value)
        }
        #expect(values("campaignd_campaigns", "status") == Status.allCases.map(\.rawValue))
        #expect(values("campaignd_sends_open", "state") == ["claimed", "queued", "running", "waiting"])
        let outcomes = ["sent", "failed", "missed", "skipped", "cancelled", "interrupted"]
        #expect(values("campaignd_sends_ended", "outcome") == outcomes)
        #expect(values("campaignd_alerts", "code") == AlertCode.allCases.map(\.rawValue) + ["end-in-past"])
        #expect(values("campaignd_alerts", "severity").last == "warning")
        let all = Set(families.flatMap(\.samples).flatMap(\.labels).map(\.name))
        #expect(all == ["version", "status", "code", "severity", "state", "outcome", "step", "le"])
    }

    @Test("what is not known has no sample or no family, and never a number that is made up")
    func absent() throws {
        let families = try metrics()
        #expect(families.first { $0.name == "campaignd_next_due_timestamp_seconds" }?.samples == [])
        #expect(!families.contains { $0.name == "campaignd_ledger_free_bytes" })
        #expect(families.first { $0.name == "campaignd_events_undelivered" }?.samples.map(\.value) == [2])
        let due = try metrics(nextDue: now + 60).first { $0.name == "campaignd_next_due_timestamp_seconds" }
        #expect(due?.samples.map(\.value) == [1_800_000_060])
    }
}
