import Foundation
import SystemdMachine
import Testing

/// What people and administrators meet with the real programs, without systemd.
@Suite("The daemon in three folders", .timeLimit(.minutes(5)))
struct DaemonScenarioTests {
    @Test("a daemon that can't start says why in one sentence and changes nothing")
    func badStart() async throws { try await run("bad_start") }

    @Test("a person's first hour: what is wrong is told, what is right is done, and nothing else happens")
    func firstHour() async throws { try await run("first_hour") }

    @Test("whatever a surface does, its send ends in the right state and the daemon answers meanwhile")
    func surfaces() async throws { try await run("surfaces") }

    private func run(_ scenario: String) async throws {
        let file = SystemdMachine.root.appending(path: "Tests/EndToEndTests/Scenarios/\(scenario).py")
        let outcome = try await Program.run(
            "/usr/bin/python3", ["-B", file.path, SystemdMachine.builtProducts().path])
        #expect(outcome.status == 0, "\(outcome.errors)\(outcome.output)")
    }
}
