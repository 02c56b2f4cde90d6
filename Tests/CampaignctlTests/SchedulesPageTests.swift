import Foundation
import ProgramRun
import Testing

@testable import ControlBench

/// docs/schedules.md shows runs of the program; they are run here.
@Suite("The page on schedules", .timeLimit(.minutes(10)))
struct SchedulesPageTests {
    @Test("every example prints what the page shows")
    func examples() async throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/schedules.md")
        let runs = Self.runs(in: try String(contentsOf: page, encoding: .utf8))
        #expect(runs.count > 15)
        let folder = URL(filePath: Campaignctl.program).deletingLastPathComponent().path
        for (command, output) in runs {
            let run = try await ProgramRun.run(
                "/bin/sh", ["-c", "exec 2>&1; \(command)"],
                environment: ["PATH": "\(folder):/usr/bin:/bin", "LANG": "C.UTF-8"])
            #expect(run.standardOutput == output, "\(command)")
        }
    }

    /// The commands of the page's console blocks, each with the output below it.
    private static func runs(in page: String) -> [(command: String, output: String)] {
        var runs: [(command: String, output: String)] = []
        var isInside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                runs.append((String(line.dropFirst(2)), ""))
            } else if isInside, !runs.isEmpty {
                runs[runs.count - 1].output += line + "\n"
            }
        }
        return runs
    }
}
