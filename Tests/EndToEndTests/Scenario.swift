import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// A scenario in Scenarios/, which plays the programs as they were built. What it prints is the reason of a failure.
enum Scenario {
    /// - Parameter walk: the one walk of the scenario that is played; nil where it has only one.
    static func run(_ name: String, _ walk: String? = nil) async throws {
        let file = SystemdMachine.root.appending(path: "Tests/EndToEndTests/Scenarios/\(name).py")
        // With the packages of python-requirements.txt where `make test` has installed them.
        let python = ProcessInfo.processInfo.environment["CAMPAIGND_TEST_PYTHON"] ?? "python3"
        let outcome = try await ProgramRun.run(
            "/usr/bin/env",
            ["--chdir=/", python, "-B", file.path, SystemdMachine.builtProducts().path] + (walk.map { [$0] } ?? []))
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
    }
}
