import Foundation
import Testing

/// Every input that the search for faults has kept, and those made by hand, run through the same checks again.
@Suite("Kept fuzz inputs", .timeLimit(.minutes(10)))
struct CorpusTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Corpus")

    private static func files(_ target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: corpus.appending(path: target.rawValue), includingPropertiesForKeys: nil)
    }

    @Test("every kept input passes the checks of its target", arguments: FuzzTarget.allCases)
    func inputs(target: FuzzTarget) async throws {
        let files = try Self.files(target)
        try #require(!files.isEmpty, "Fuzz/Corpus/\(target.rawValue) is empty")
        for file in files {
            let input = Array(try Data(contentsOf: file))
            await #expect(throws: Never.self, "\(target.rawValue)/\(file.lastPathComponent)") {
                try await target.run(input)
            }
        }
    }

    @Test("every folder of inputs belongs to a target")
    func folders() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(Set(names) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }

    @Test("the inputs stay small: they are read on every run of the tests")
    func size() throws {
        let limitBytes = 300_000
        let sizes = try FuzzTarget.allCases.flatMap { try Self.files($0) }.map { try Data(contentsOf: $0).count }
        #expect(sizes.reduce(0, +) < limitBytes)
    }
}
