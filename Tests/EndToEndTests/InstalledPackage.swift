import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// The Debian package of the programs as they were built, and the scenarios that are played on a machine where it is
/// installed.
enum InstalledPackage {
    /// Below the built programs, where the machine shows it as `/package`.
    private static let folder = "package"
    /// Its path; made once for all tests.
    static let path = Task { try await make(in: folder) }

    /// Plays a scenario inside a machine. What it prints is the reason of a failure.
    @discardableResult
    static func run(
        _ scenario: String, _ options: String..., limit: Duration = ProgramRun.limit
    ) async throws -> ProgramRun {
        _ = try await path.value
        let file = "/project/Tests/EndToEndTests/Scenarios/\(scenario).py"
        let outcome = try await SystemdMachine.run(
            "exec /usr/bin/python3 -B \(file) \(options.joined(separator: " "))", programs: ["/package": folder],
            limit: limit)
        try #require(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        return outcome
    }

    /// Its path. Hardly compressed, and without the symbols beside it: that would take minutes.
    static func make(in folder: String) async throws -> String {
        let programs = try SystemdMachine.builtProducts()
        let output = programs.appending(path: folder)
        try? FileManager.default.removeItem(at: output)
        let outcome = try await ProgramRun.run(
            "/usr/bin/env",
            [
                "DPKG_DEB_COMPRESSOR_TYPE=gzip", "DPKG_DEB_COMPRESSOR_LEVEL=1", "DEB_BUILD_OPTIONS=noautodbgsym",
                SystemdMachine.root.appending(path: "packaging/build").path, programs.path, output.path,
            ])
        try #require(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        return outcome.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
