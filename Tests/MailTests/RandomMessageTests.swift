import CampaignModel
import Foundation
@testable import Mail
import SeededRandom
import Testing
import WireForm

@Suite("Random messages", .timeLimit(.minutes(5)))
struct RandomMessageTests {
    private static let pieces =
        ForeignReaderTests.scripts + ForeignReaderTests.hardBodies.filter { $0.utf8.count < 200 }
        + ForeignReaderTests.attacks + [" ", "  ", "a", "word", "\n", "é", "🎉", String(repeating: "w", count: 90)]

    private static func text(_ random: inout SeededGenerator, upTo count: Int) -> String {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    private struct Expected {
        let subject, header, name, text, html: String
        let files: [MessageFile]
    }

    @Test("what goes in comes out of the other parser", arguments: 1...4 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var messages: [MailMessage] = []
        var expected: [Expected] = []
        for _ in 0..<100 {
            expected.append(try Self.message(&random, &messages))
        }
        let readings = try await ForeignReading.read(messages)
        try #require(readings.count == messages.count)
        for (index, reading) in readings.enumerated() {
            let one = expected[index]
            let place: Comment = "seed \(seed), message \(index)"
            #expect(WireForm.faults(messages[index]).isEmpty, place)
            #expect(reading.defects.isEmpty, place)
            #expect(reading.subject ?? "" == ForeignReaderTests.oneLine(one.subject), place)
            #expect(reading.header("X-Text") ?? "" == ForeignReaderTests.oneLine(one.header), place)
            #expect(reading.to == [[ForeignReaderTests.oneLine(one.name), "ann@example.org"]], place)
            #expect(reading.text == ForeignReaderTests.lines(one.text), place)
            #expect(reading.html == ForeignReaderTests.lines(one.html), place)
            #expect(reading.attachments.map(\.name) == one.files.map(\.name), place)
            #expect(reading.attachments.map(\.content) == one.files.map { Data($0.bytes) }, place)
        }
    }

    private static func message(
        _ random: inout SeededGenerator, _ messages: inout [MailMessage]
    ) throws -> Expected {
        let columns = ["a": text(&random, upTo: 4), "b": text(&random, upTo: 12), "n": text(&random, upTo: 3)]
        let (a, b) = (columns["a"] ?? "", columns["b"] ?? "")
        // The template's own texts: without braces, and in headers without line ends, as `message put` has them.
        let own = { (text: String) in text.replacing("{", with: "").replacing("}", with: "") }
        // Behind a < a column would be a URI.
        let start = own(ForeignReaderTests.oneLine(text(&random, upTo: 4))).replacing("<", with: "")
        let body = own(text(&random, upTo: 30))
        let files = (0..<Int.random(in: 0...2, using: &random)).map { number in
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            return MessageFile(name: "\(number) \(start.prefix(60).filter { $0 != "/" }).", bytes: bytes)
        }
        var settings = try Sample.settings()
        settings.recipientName = "{{n}}"
        messages.append(
            try Sample.message(
                Sample.content(
                    subject: "\(start){{a}}", text: "\(body){{b}}\(body)\n{{a}}", html: "{{{b}}}\(body){{{a}}}",
                    headers: [("X-Text", "{{a}}\(start){{a}}")], attachments: files),
                settings: settings, columns: columns))
        return Expected(
            subject: start + a, header: a + start + a, name: columns["n"] ?? "", text: body + b + body + "\n" + a,
            html: b + body + a, files: files)
    }
}
