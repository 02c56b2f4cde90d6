import Foundation
import ProgramRun
import SystemdMachine
import Testing

/// The package itself, and what an administrator does with it.
@Suite("The Debian package", .serialized, .timeLimit(.minutes(10)))
struct PackageTests {
    @Test("lintian has no error and no warning for it, and it is the same, byte for byte, when it is made again")
    func made() async throws {
        let package = try await InstalledPackage.path.value
        let outcome = try await ProgramRun.run(
            "/usr/bin/lintian", ["--allow-root", "--fail-on", "error,warning", package])
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        #expect(outcome.standardOutput == "")
        let again = try await InstalledPackage.make(in: "package-again")
        #expect(try Data(contentsOf: URL(filePath: package)) == Data(contentsOf: URL(filePath: again)))
    }

    @Test(
        "installed it sends a campaign, an upgrade ends no send, a removal keeps the state, a purge says what it takes",
        .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"))
    func installed() async throws { try await InstalledPackage.run("package") }
}
