import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// The Debian package of the programs as they were built.
@Suite("The Debian package", .serialized, .timeLimit(.minutes(10)))
struct PackageTests {
    /// Below the built programs, where the machine shows it.
    private static let folder = "package"
    private static let package = Task { try await make(in: folder) }

    @Test("lintian has no error and no warning for it, and it is the same, byte for byte, when it is made again")
    func made() async throws {
        let package = try await Self.package.value
        let outcome = try await ProgramRun.run(
            "/usr/bin/lintian", ["--allow-root", "--fail-on", "error,warning", package])
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        #expect(outcome.standardOutput == "")
        let again = try await Self.make(in: "\(Self.folder)-again")
        #expect(try Data(contentsOf: URL(filePath: package)) == Data(contentsOf: URL(filePath: again)))
    }

    @Test(
        "installed it sends a campaign, an upgrade ends no send, a removal keeps the state, a purge says what it takes",
        .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"))
    func installed() async throws {
        _ = try await Self.package.value
        let outcome = try await SystemdMachine.run(
            "exec /usr/bin/python3 -B /project/Tests/EndToEndTests/Scenarios/package.py",
            programs: ["/package": Self.folder])
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
    }

    /// Its path. Hardly compressed, and without the symbols beside it: that would take minutes.
    private static func make(in folder: String) async throws -> String {
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
