import CampaignModel
import Glibc
import SendProtocol
import Testing

/// A message as one recipient would get it, by the real campaign-send.
@Suite struct ComposeTests {
    private struct Composed {
        let known: ComposedMessage
        let text: String
    }

    private static let list = "email,First Name\nbob@example.org,Bob\nann@example.org,Ann\nANN@Example.org,Anna\n"

    private func rig(_ list: String = list) throws -> SenderRig {
        let rig = try SenderRig()
        rig.surfaceFile("channel: email\nmail:\n  from: Shop <news@example.org>\n  list_id: news.example.org\n")
        rig.write(list, to: "list.csv")
        return rig
    }

    private func request(
        to recipient: String = "ann@example.org", title: String? = "Soldes", subject: String? = "Hello {{First Name}}",
        text: String = "Dear {{First Name}} of {{City}}.\n", attachments: [MessageFile] = []
    ) -> SenderRequest {
        .compose(ComposeRequest(
            title: title, surface: Slug("newsletter")!, audience: SenderRig.subscribers,
            recipient: ProofAddress(recipient)!,
            message: SentMessage(
                name: Slug("spring-2026")!, revision: 4,
                content: MessageContent(
                    subject: subject, text: text, html: nil, attachments: attachments,
                    file: MessageFile(name: "spring.yaml", bytes: [])))))
    }

    private func composed(_ rig: SenderRig, _ request: SenderRequest, options: [String] = []) throws -> Composed {
        let answers = try rig.answers(request, options: options)
        guard case .composed(.composed(let known))? = answers.first else {
            throw SMTPRigFault(description: "\(answers)")
        }
        let pieces = answers.dropFirst().map { answer in
            if case .piece(let bytes) = answer { return bytes }
            Issue.record("\(answer)")
            return []
        }
        #expect(pieces.dropLast().allSatisfy { $0.count == ProtocolLimits.pieceBytes })
        #expect(pieces.reduce(0) { $0 + $1.count } == known.size)
        #expect(rig.names("state").isEmpty)
        return Composed(known: known, text: String(decoding: pieces.joined(), as: UTF8.self))
    }

    private func failure(_ rig: SenderRig, _ request: SenderRequest, options: [String] = []) throws -> String {
        let answers = try rig.answers(request, options: options)
        guard answers.count == 1, case .composed(.failed(let reason)) = answers[0] else { return "\(answers)" }
        return reason.replacing(rig.path, with: "RIG")
    }

    @Test("a recipient's columns are in it, of several lines those of the first, and unknown tags are named")
    func found() throws {
        let message = try composed(rig(), request(to: "Ann@example.org"))
        #expect(
            message.known == ComposedMessage(
                size: message.known.size, found: 2, columns: ["email", "First Name"], unknownTags: ["City"]))
        #expect(message.text.contains("\r\nTo: ann@example.org\r\n"))
        #expect(message.text.contains("\r\nSubject: Hello Ann\r\n"))
        #expect(message.text.contains("\r\nList-Id: <news.example.org>\r\n"))
        #expect(message.text.hasSuffix("\r\n\r\nDear Ann of .\r\n"))
    }

    @Test("who is not in the list gets it with empty columns")
    func absent() throws {
        let message = try composed(rig(), request(to: "eve@example.org", text: "Dear {{First Name}} {{email}}"))
        #expect(message.known.found == 0 && message.known.unknownTags == [])
        #expect(message.text.contains("\r\nTo: eve@example.org\r\n"))
        #expect(message.text.hasSuffix("\r\n\r\nDear  eve@example.org\r\n"))
        let nobody = try composed(rig("email,name\n"), request())
        #expect(nobody.known.columns == [] && nobody.known.unknownTags == [])
    }

    @Test("an address is found however the list writes it", arguments: [
        "ANN@example.ORG", " ann@example.org ", "\"\"\"ann\"\"@example.org\"",
    ])
    func written(address: String) throws {
        #expect(try composed(rig("Name,E-Mail,EMAIL\nAnn,x,\(address)\n"), request()).known.found == 1)
    }

    @Test("JSON lines have the columns of all their objects")
    func jsonLines() throws {
        let list = """
            {"email":"ann@example.org","First Name":"Ann"}
            {"email":"b@example.org","City":"Bonn"}

            """
        let message = try composed(rig(list), request())
        #expect(message.known.columns == ["email", "First Name", "City"])
        #expect(message.known.unknownTags == [] && message.known.found == 1)
    }

    @Test("a message without a subject has its campaign's title, and without one none")
    func titles() throws {
        #expect(try composed(rig(), request(subject: nil)).text.contains("\r\nSubject: Soldes\r\n"))
        #expect(try !composed(rig(), request(title: nil, subject: nil)).text.contains("Subject:"))
    }

    @Test("a message of many MiB comes whole")
    func large() throws {
        let file = MessageFile(name: "a.bin", bytes: Array(repeating: 7, count: 6 * 1_024 * 1_024))
        let message = try composed(rig(), request(attachments: [file]))
        #expect(message.known.size > 8 * 1_024 * 1_024)
    }

    @Test("a list that breaks behind the recipient is told of; before, nothing is made")
    func broken() throws {
        let list = "email\nann@example.org\na,b\n"
        let message = try composed(rig(list), request())
        #expect(message.known.listFault?.hasSuffix("line 3 has 2 fields; the header line names 1") == true)
        #expect(
            try failure(rig(list), request(to: "eve@example.org"))
                == "RIG/list.csv: line 3 has 2 fields; the header line names 1")
    }

    @Test("a program that does not end is read for as long as a person waits")
    func endless() throws {
        let rig = try rig()
        rig.audienceProgram("printf 'email\\nann@example.org\\n'; exec sleep 600")
        let message = try composed(rig, request(), options: ["--audience-timeout", "300ms"])
        #expect(message.known.found == 1)
        #expect(message.known.listFault?.hasSuffix("was not read to its end within 300ms") == true)
        #expect(
            try failure(rig, request(to: "eve@example.org"), options: ["--audience-timeout", "300ms"])
                == "the output of RIG/list.sh was not read to its end within 300ms")
    }

    @Test("what a send would fail by fails it, and a surface of another kind is told", arguments: [
        ("", "file: RIG/list.csv\n", "ann", "ann is no address: it has no @"),
        ("", "reference: all\n", "ann@example.org",
         "audience subscribers is a reference, which mail can't read; give it a file or a command"),
        ("channel: email\ncommand:\n  run: [/bin/true]\n", "file: RIG/list.csv\n", "ann@example.org",
         "surface newsletter is none of mail; only what mail sends is known before"),
    ])
    func refused(surface: String, audience: String, recipient: String, reason: String) throws {
        let rig = try rig()
        if !surface.isEmpty { rig.surfaceFile(surface) }
        rig.audienceFile(audience.replacing("RIG", with: rig.path))
        let told = try failure(rig, request(to: recipient))
        #expect(told == reason || (recipient == "ann" && told.contains("ann")), "\(told)")
    }

    @Test("a broken tag and a list without addresses are told")
    func unfit() throws {
        #expect(try failure(rig(), request(text: "{{#a}}")).hasPrefix("message spring-2026: text: line 1: "))
        #expect(
            try failure(rig("name\nann\n"), request()) == "the audience has no column email, which mail goes by")
    }
}
