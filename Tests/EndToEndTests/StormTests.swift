import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// The real programs under a real systemd, with everything against them at once.
///
/// `CAMPAIGND_STORM_ROUNDS` and `CAMPAIGND_STORM_SEED` make a longer storm, or one again; with `CAMPAIGND_STRICT` times
/// are held to what is promised on a machine that does nothing else. What was counted and measured is printed.
@Suite("Storms", .timeLimit(.minutes(90)))
struct StormTests {
    @Test(
        "daemon, senders and surfaces killed at random: nothing is lost, repeated or wrongly reported",
        .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"))
    func storm() async throws {
        try await run("storm", ["ROUNDS": "--rounds", "SEED": "--seed"].compactMap { name, option in
            Self.variables["CAMPAIGND_STORM_\(name)"].flatMap(Int.init).map { "\(option) \($0)" }
        })
    }

    @Test(
        "500 hostile clients cost an administrator and the schedule nothing",
        .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"))
    func hostileClients() async throws {
        try await run("hostile_clients", Self.variables["CAMPAIGND_STRICT"] == nil ? [] : ["--strict"])
    }

    @Test("who judges a storm finds each lie that is planted in what it is told, and nothing where all is right")
    func lies() async throws { try await Scenario.run("storm_lies") }

    private static let variables = ProcessInfo.processInfo.environment

    private func run(_ scenario: String, _ options: [String]) async throws {
        let rounds = Self.variables["CAMPAIGND_STORM_ROUNDS"].flatMap(Int.init) ?? 0
        let outcome = try await InstalledPackage.run(
            scenario, options.joined(separator: " "), limit: ProgramRun.limit + .seconds(20) * rounds)
        print(outcome.standardOutput)
    }
}
