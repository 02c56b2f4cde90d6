import CampaignModel
import ControlAPI
import ProgramRun
import Testing

@testable import ControlBench

@Suite("campaignctl message preview", .timeLimit(.minutes(10)))
struct MessagePreviewTests {
    private static let message = Array("To: ada@example.org\r\nSubject: x\r\n\r\nGr\u{1B}u\u{DF}\r\n".utf8)
    private static let words = ["message", "preview", "news", "--recipient", "ada@example.org"]

    private func control(
        found: Int = 1, columns: [String] = ["email", "First Name"], unknown: [String] = [], fault: String? = nil
    ) -> RecordingControl {
        let control = RecordingControl()
        control.set(
            preview: ComposedMessage(
                size: Self.message.count, found: found, columns: columns, unknownTags: unknown, listFault: fault),
            pieces: [Array(Self.message.prefix(9)), Array(Self.message.dropFirst(9))])
        return control
    }

    private func run(_ control: RecordingControl, _ more: String...) async throws -> ProgramRun {
        var run: ProgramRun?
        try await ControlServer.run(control) { _, server in
            run = try await Campaignctl.run(Self.words + more, server: server)
        }
        return try #require(run)
    }

    @Test("a pipe gets every byte")
    func bytes() async throws {
        let control = control()
        let run = try await run(control, "--campaign", "spring", "--revision", "2")
        #expect(run.standardOutput == String(decoding: Self.message, as: UTF8.self))
        #expect(run.standardError == "" && run.status == 0)
        let query = MessagePreviewQuery(
            name: Slug("news")!, revision: 2, recipient: ProofAddress("ada@example.org")!,
            by: .campaign(Slug("spring")!))
        #expect(control.asked == [.previewMessage(query)])
    }

    @Test("a file gets it for its owner alone, and none is replaced without a word")
    func file() async throws {
        let folder = try TestFolder()
        let path = "\(folder.path)/ada.eml"
        let first = try await run(control(), "-o", path)
        #expect(first.standardOutput == "\(path): \(Self.message.count) bytes\n" && first.status == 0)
        #expect(try folder.bytes("ada.eml") == Self.message)
        let second = try await run(control(), "-o", path)
        #expect(second.standardError == "campaignctl: \(path): is there already; --force replaces it\n")
        #expect(second.status != 0)
        #expect(try await run(control(), "-o", path, "--force").status == 0)
        #expect(try folder.names == ["ada.eml"])
    }

    @Test("JSON has the message as a text, or says where it lies")
    func json() async throws {
        let folder = try TestFolder()
        let head = #"{"audience":"subscribers","columns":["email","First Name"],"#
        let tail = #","found":1,"list_fault":null,"name":"news","revision":2,"size":\#(Self.message.count),"#
            + #""surface":"newsletter","unknown_tags":[]}"#
        let eml = #""eml":"To: ada@example.org\r\nSubject: x\r\n\r\nGr\u001buß\r\n","file":null"#
        #expect(try await run(control(), "--json").standardOutput == head + eml + tail + "\n")
        let path = "\(folder.path)/ada.eml"
        let file = try await run(control(), "--json", "-o", path)
        #expect(file.standardOutput == head + "\"eml\":null,\"file\":\"\(path)\"" + tail + "\n")
    }

    @Test("what a person is to know stands on standard error")
    func warnings() async throws {
        let none = try await run(control(found: 0, unknown: ["First name", "\u{1B}[2J"]))
        #expect(
            none.standardError == """
                Audience subscribers does not have this recipient: all columns but email are empty.
                {{First name}} is no column of audience subscribers; did you mean {{First Name}}?
                {{\\u{1B}[2J}} is no column of audience subscribers.

                """)
        #expect(none.status == 0)
        #expect(
            try await run(control(found: 2, fault: "line 7 has 3 fields")).standardError == """
                Audience subscribers: line 7 has 3 fields.
                Audience subscribers has this recipient 2 times; the first counts.

                """)
        #expect(
            try await run(control(found: 0, columns: [])).standardError
                == "Audience subscribers has no recipients: all columns but email are empty.\n")
    }

    @Test("what does not go together is refused before anything is asked", arguments: [
        (["--surface", "a"], "--surface and --audience go together"),
        (["--audience", "a"], "--surface and --audience go together"),
        (["--campaign", "a", "--surface", "b", "--audience", "c"],
         "--campaign stands beside --surface and --audience; use the one or the others"),
        (["--force"], "--force goes with --output"), (["--revision", "0"], "allowed is 1 and more"),
    ])
    func together(arguments: [String], told: String) async throws {
        let run = try await Campaignctl.run(Self.words + arguments)
        #expect(run.standardError.contains(told) && run.status == 2)
    }
}
