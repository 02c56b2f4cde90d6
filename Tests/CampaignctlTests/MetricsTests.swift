import ControlAPI
import Foundation
import ProgramRun
import Testing

@testable import ControlBench

@Suite("Metrics", .timeLimit(.minutes(10)))
struct MetricsTests {
    static let openmetrics = #"""
        # TYPE campaignd_build info
        # HELP campaignd_build Which release of campaignd runs.
        campaignd_build_info{version="1.2.3"} 1
        # TYPE campaignd_sends_ended counter
        # HELP campaignd_sends_ended Said \"so\" by a \\, and\nby two lines.
        campaignd_sends_ended_total{outcome="sent"} 12
        campaignd_sends_ended_total{outcome="a \"b\" \\ c\nd"} 0
        # TYPE campaignd_next_due_timestamp_seconds gauge
        # UNIT campaignd_next_due_timestamp_seconds seconds
        # HELP campaignd_next_due_timestamp_seconds When it is.
        # TYPE campaignd_lateness_seconds histogram
        # UNIT campaignd_lateness_seconds seconds
        # HELP campaignd_lateness_seconds How late.
        campaignd_lateness_seconds_bucket{step="claim",le="0.01"} 3
        campaignd_lateness_seconds_bucket{step="claim",le="+Inf"} 4
        campaignd_lateness_seconds_sum{step="claim"} 1.25
        campaignd_lateness_seconds_count{step="claim"} 4
        # EOF

        """#

    static let prometheus = #"""
        # HELP campaignd_build_info Which release of campaignd runs.
        # TYPE campaignd_build_info gauge
        campaignd_build_info{version="1.2.3"} 1
        # HELP campaignd_sends_ended_total Said "so" by a \\, and\nby two lines.
        # TYPE campaignd_sends_ended_total counter
        campaignd_sends_ended_total{outcome="sent"} 12
        campaignd_sends_ended_total{outcome="a \"b\" \\ c\nd"} 0
        # HELP campaignd_lateness_seconds How late.
        # TYPE campaignd_lateness_seconds histogram
        campaignd_lateness_seconds_bucket{step="claim",le="0.01"} 3
        campaignd_lateness_seconds_bucket{step="claim",le="+Inf"} 4
        campaignd_lateness_seconds_sum{step="claim"} 1.25
        campaignd_lateness_seconds_count{step="claim"} 4

        """#

    @Test("metrics are OpenMetrics on standard output, and the older text where that is asked for")
    func forms() async throws {
        try await ControlServer.run(RecordingControl()) { _, server in
            let plain = try await Campaignctl.run(["metrics"], server: server)
            #expect((plain.standardOutput, plain.status) == (Self.openmetrics, 0))
            let older = try await Campaignctl.run(["metrics", "--format", "prometheus"], server: server)
            #expect((older.standardOutput, older.status) == (Self.prometheus, 0))
            let json = try await Campaignctl.run(["metrics", "--json"], server: server)
            #expect(json.standardOutput.split(separator: "\n").count == Sample.metrics.count)
        }
    }

    @Test("a file gets the older text, for node_exporter, and takes the place of the one before")
    func file() async throws {
        let folder = try TestFolder()
        let path = try folder.file("campaignd.prom", "old\n")
        try await ControlServer.run(RecordingControl()) { _, server in
            let run = try await Campaignctl.run(["metrics", "--output", path], server: server)
            #expect((run.standardOutput, run.standardError, run.status) == ("", "", 0))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.prometheus)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["campaignd.prom"])
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o644)
            let other = try await Campaignctl.run(
                ["metrics", "--output", path, "--format", "openmetrics"], server: server)
            #expect(other.status == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.openmetrics)
        }
    }

    @Test("a file that can't be written is told, and nothing of it is left behind")
    func unwritable() async throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/campaignd.prom", withIntermediateDirectories: false)
        try await ControlServer.run(RecordingControl()) { _, server in
            let path = "\(folder.path)/campaignd.prom"
            let run = try await Campaignctl.run(["metrics", "--output", path], server: server)
            #expect(run.status == 1)
            #expect(run.standardError == "campaignctl: \(path): can't be written: Is a directory\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["campaignd.prom"])
        }
    }

    @Test(
        "options that contradict each other are a mistake of use",
        arguments: [
            ["--json", "--output", "f"], ["--json", "--format", "prometheus"], ["--output", ""], ["--format", "xml"],
        ])
    func usage(options: [String]) async throws {
        #expect(try await Campaignctl.run(["metrics"] + options).status == 2)
    }

    @Test("status --config tells each setting with its value and where it comes from")
    func settings() async throws {
        try await ControlServer.run(RecordingControl()) { _, server in
            let run = try await Campaignctl.run(["status", "--config"], server: server)
            #expect(
                run.standardOutput.hasSuffix(
                    """

                    SETTING         VALUE       FROM
                    tick_interval   30s         default
                    retries         5           /etc/campaignd/campaignd.yaml:3
                    access.viewers  ["office"]  $CAMPAIGND_ACCESS_VIEWERS

                    """))
        }
    }
}
