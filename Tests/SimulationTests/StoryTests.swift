import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// Stories of Tests/Simulation: each in a process of its own, and the same again for the same seed.
@Suite("Simulated stories")
struct StoryTests {
    private static func simulation(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run(SystemdMachine.builtProducts().appending(path: "Simulation").path, arguments)
    }

    @Test("50 seeds of two days each: no promise is broken", .timeLimit(.minutes(20)))
    func seeds() async throws {
        let outcome = try await Self.simulation("--seeds", "1-50", "--hours", "48")
        #expect(outcome.status == 0, "\(outcome.standardOutput)\(outcome.standardError)")
        #expect(outcome.standardOutput.contains("no promise was broken"))
    }

    @Test("a seed tells the same story each time", .timeLimit(.minutes(10)))
    func repeats() async throws {
        let tell = { try await Self.simulation("--seed", "7", "--hours", "48", "--tell").standardOutput }
        let first = try await tell()
        #expect(first.split(separator: "\n").count > 100)
        #expect(try await tell() == first)
    }

    /// Stories of faults that were there once or were planted, shrunk (Tests/Mutations/run --keep).
    private static let kept: [URL] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Stories")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }()

    @Test("a kept story breaks no promise", .timeLimit(.minutes(10)), arguments: kept)
    func keeps(story: URL) async throws {
        let outcome = try await Self.simulation("--plot", story.path)
        #expect(outcome.status == 0, "\(outcome.standardOutput)\(outcome.standardError)")
    }

    @Test("there are kept stories")
    func anyKept() {
        #expect(Self.kept.count >= 2)
    }
}
