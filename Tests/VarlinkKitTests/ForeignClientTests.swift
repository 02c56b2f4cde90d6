import Foundation
import ProgramRun
import Testing
import VarlinkKit

@Suite("Clients that are not ours", .timeLimit(.minutes(10)))
struct ForeignClientTests {
    /// The interpreter with the packages of Tests/Support/python-requirements.txt.
    private static var python: String {
        ProcessInfo.processInfo.environment["CAMPAIGND_TEST_PYTHON"] ?? ".build/test-venv/bin/python3"
    }

    @Test(
        "PyPI's clients get what they ask for",
        arguments: ["varlink_client.py", "asyncvarlink_client.py"])
    func python(script: String) async throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.python),
            """
            \(Self.python): there is no such interpreter; run `make test`, which makes it, or name one with the \
            packages of Tests/Support/python-requirements.txt in CAMPAIGND_TEST_PYTHON
            """)
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/\(script)")
        try await TestServer.run { server in
            let run = try await ProgramRun.run(Self.python, [file.path, server.path])
            try #require(run.standardError + run.standardOutput == "done\n")
            #expect(run.status == 0)
            if script == "varlink_client.py" { #expect(await server.service.events.next() == "note from python") }
        }
    }
}
