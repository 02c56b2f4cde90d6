import Foundation
import Mail
import ProgramRun
import Testing

/// A message as Python's email package reads it.
struct ForeignReading: Decodable {
    let defects: [String]
    /// Name and unfolded, decoded value.
    let headers: [[String]]
    let subject: String?
    /// Name and address of each.
    let from: [[String]]
    let to: [[String]]
    let replyTo: [[String]]
    let date: Int
    let text: String?
    let html: String?
    /// The media types of the message and of its parts, from outside in.
    let kinds: [String]
    let attachments: [Attachment]

    struct Attachment: Decodable {
        let name: String?
        let kind: String
        let content: Data
    }

    func header(_ name: String) -> String? { headers.first { $0[0] == name }?[1] }

    /// The interpreter that the tests' virtual environment has.
    private static var python: String {
        ProcessInfo.processInfo.environment["CAMPAIGND_TEST_PYTHON"] ?? ".build/test-venv/bin/python3"
    }

    private struct Given: Encodable {
        let message: Data
        let utf8: Bool
    }

    /// All of them by one process.
    static func read(_ messages: [MailMessage]) async throws -> [ForeignReading] {
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "\(python): there is no such interpreter; run `make test`, or name one in CAMPAIGND_TEST_PYTHON")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Judges/mail_judge.py")
        let lines = try messages.map { message in
            let line = Given(message: Data(message.bytes), utf8: message.needsUTF8)
            return String(decoding: try JSONEncoder().encode(line), as: UTF8.self) + "\n"
        }
        let run = try await ProgramRun.run(python, ["-B", script.path], input: lines.joined())
        try #require(run.status == 0, "\(run.standardError)")
        return try run.standardOutput.split(separator: "\n").map {
            try JSONDecoder().decode(ForeignReading.self, from: Data($0.utf8))
        }
    }

    static func read(_ message: MailMessage) async throws -> ForeignReading {
        try #require(try await read([message]).first)
    }
}
