import Foundation
import Testing
import VarlinkKit

@Suite("Clients that are not ours", .timeLimit(.minutes(2)))
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
            let (status, output) = try await run([file.path, server.path])
            try #require(output == "done\n")
            #expect(status == 0)
            if script == "varlink_client.py" { #expect(await server.service.events.next() == "note from python") }
        }
    }

    /// Waits for the program's end by an event, so that the server's tasks go on meanwhile.
    private func run(_ arguments: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        let (chunks, chunk) = AsyncStream<Data>.makeStream()
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                chunk.finish()
            } else {
                chunk.yield(data)
            }
        }
        let (ends, end) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            end.yield($0.terminationStatus)
            end.finish()
        }
        try process.run()
        var output = Data()
        for await data in chunks { output += data }
        var status: Int32 = -1
        for await code in ends { status = code }
        return (status, String(decoding: output, as: UTF8.self))
    }
}
