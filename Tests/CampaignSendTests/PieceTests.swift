import CampaignModel
import RecipientLists
import SendProtocol
import Testing

@testable import campaign_send

/// The pure pieces, as tables.
@Suite struct PieceTests {
    static let exits: [(CInt, AttemptOutcome)] = [
        (0, .sent),
        (1 << 8, .failed(reason: "the surface ended with 1")),
        (64 << 8, .failed(reason: "the surface ended with 64 (EX_USAGE)")),
        (69 << 8, .failed(reason: "the surface ended with 69 (EX_UNAVAILABLE)")),
        (74 << 8, .failed(reason: "the surface ended with 74 (EX_IOERR)")),
        (75 << 8, .temporary(reason: "the surface ended with 75 (EX_TEMPFAIL)", retryAfterSeconds: nil)),
        (78 << 8, .failed(reason: "the surface ended with 78 (EX_CONFIG)")),
        (79 << 8, .failed(reason: "the surface ended with 79")),
        (255 << 8, .failed(reason: "the surface ended with 255")),
        (9, .interrupted(reason: "the surface was killed by SIGKILL")),
        (11 | 0x80, .interrupted(reason: "the surface was killed by SIGSEGV")),
        (34, .interrupted(reason: "the surface was killed by signal 34")),
    ]

    @Test("an end of a process means one outcome", arguments: exits)
    func exit(status: CInt, outcome: AttemptOutcome) {
        #expect(ProgramExit(waitStatus: status).outcome == outcome)
    }

    static let progressLines: [(String, SendProgress?)] = [
        ("{\"progress\":1}", SendProgress(done: 1)),
        (" \t{\"progress\":1,\"total\":2,\"failed\":0,\"note\":\"é\"} ",
         SendProgress(done: 1, total: 2, failed: 0, note: "é")),
        ("{\"total\":9223372036854775807}", SendProgress(total: .max)),
        ("{\"note\":\"a\\nb\",\"other\":[1]}", SendProgress(note: "a\\u{A}b")),
        ("{}", nil), ("{\"other\":1}", nil), ("{\"progress\":null}", nil), ("{\"progress\":\"1\"}", nil),
        ("{\"progress\":-1}", nil), ("{\"progress\":1.5}", nil), ("{\"progress\":1e30}", nil), ("{\"progress\":1", nil),
        ("[1]", nil), ("progress: 1", nil), ("", nil), ("{\"progress\":1} and more", nil),
    ]

    @Test("progress is a JSON object with a known key, and nothing else", arguments: progressLines)
    func progress(line: String, expected: SendProgress?) {
        #expect(ProgressLine.read(Array(line.utf8)) == expected)
    }

    static let streams: [([String], [String])] = [
        (["a\nb\n"], ["a/1", "b/1"]),
        (["a", "b\r", "\nc"], ["ab/2", "c/1"]),
        (["\n\n"], ["/0", "/0"]),
        ([""], []),
        ([String(repeating: "x", count: 20_000), "y\nz\n"], [String(repeating: "x", count: 16_384) + "/20001", "z/1"]),
    ]

    @Test("output is cut into lines however it comes", arguments: streams)
    func lines(pieces: [String], expected: [String]) {
        var lines = OutputLines()
        var found: [String] = []
        func note(_ line: [UInt8], _ whole: Int) { found.append(String(decoding: line, as: UTF8.self) + "/\(whole)") }
        for piece in pieces { lines.read(Array(piece.utf8)[...], emit: note) }
        lines.finish(emit: note)
        #expect(found == expected)
    }

    @Test(
        "a text is JSON by the letter",
        arguments: [
            "1", "-0", "0.5e+10", "1E-2", " [ ] ", "{}", "[1, \"a\", null, true, false]", "{\"a\" : {\"b\":[]}}",
            "\"\\u00e9\\n\\\"é\"", "\n\t{\"a\":1}\r\n",
        ])
    func json(text: String) {
        #expect(JSONText.isValid(text))
    }

    @Test(
        "a text that is nearly JSON is none",
        arguments: [
            "", " ", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\"}", "01", "1.", ".5", "+1", "1e", "--1", "nul", "NaN",
            "[1 2]",
            "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"a\nb\"", "{} {}", "[", "'a'", "1 x", "[1,,2]", "{1:2}",
        ])
    func noJSON(text: String) {
        #expect(!JSONText.isValid(text))
    }

    @Test("a text that nests deeper than 64 is refused before it costs a stack")
    func deepJSON() {
        #expect(JSONText.isValid(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)))
        #expect(!JSONText.isValid(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)))
        #expect(!JSONText.isValid(String(repeating: "[", count: 60_000)))
    }
}
