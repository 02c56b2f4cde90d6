import Foundation
import SystemdMachine
import Testing

/// What a monitor is told, judged by readers that are not ours.
@Suite("Metrics", .timeLimit(.minutes(10)))
struct MetricsTests {
    private static let tools = SystemdMachine.root.appending(path: ".build/prometheus/ready").path
    private static var areThere: Bool { FileManager.default.fileExists(atPath: tools) }

    @Test("what campaignctl metrics tells is what happened, in OpenMetrics as prometheus_client reads it")
    func truth() async throws { try await Scenario.run("metrics", "truth") }

    @Test("a file of metrics is whole at any time, and one that can't be renewed stays")
    func file() async throws { try await Scenario.run("metrics", "file") }

    @Test("the plugin for Nagios tells by its exit status whether all is well")
    func checked() async throws { try await Scenario.run("metrics", "checked") }

    @Test(
        "promtool finds nothing to lint, and node_exporter tells all of it",
        .enabled(if: areThere, "needs Prometheus' programs; make test-setup unpacks them"))
    func judged() async throws { try await Scenario.run("metrics", "judged") }

    @Test(
        "each of the example rules fires for what it is about, and for nothing else",
        .enabled(if: areThere, "needs Prometheus' programs; make test-setup unpacks them"))
    func rules() async throws { try await Scenario.run("prometheus_rules") }
}
