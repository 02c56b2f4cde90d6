import CampaignModel
import Testing
import VarlinkKit

@testable import ControlAPI
@testable import ControlBench

@Suite("A message as one recipient would get it, over the control socket", .timeLimit(.minutes(10)))
struct MessagePreviewTests {
    private let control = RecordingControl()
    private let ann = ProofAddress("ann@example.org")!
    private let news = Slug("news")!

    private static let composed = ComposedMessage(
        size: 5, found: 2, columns: ["email", "prénom"], unknownTags: ["prenom"], listFault: "line 9 is wrong")

    init() {
        control.set(preview: Self.composed, pieces: [[1, 2, 3], [0, 255]])
    }

    @Test("its bytes come in pieces, and then what is known of it")
    func pieces() async throws {
        try await ControlServer.run(control) { client, _ in
            let (preview, bytes) = try await client.previewMessage("news", revision: 3, recipient: ann)
            #expect(bytes == [1, 2, 3, 0, 255])
            #expect(
                preview.view == MessagePreviewView(
                    Sample.message(revision: 2), surface: Slug("newsletter")!, audience: Slug("subscribers")!,
                    Self.composed))
            let description = try VarlinkInterface(parsing: ControlService.interfaceDescription)
            let reply = VarlinkReply(parameters: ["part": "", "preview": .object(preview.json)])
            try description.check(reply, to: "PreviewMessage")
            // It has ended: the connection takes another call.
            _ = try await client.status()
            let query = MessagePreviewQuery(name: news, revision: 3, recipient: ann)
            #expect(control.asked.first == .previewMessage(query))
        }
    }

    @Test("a campaign says which way it goes, or surface and audience do")
    func ways() async throws {
        try await ControlServer.run(control) { client, _ in
            _ = try await client.previewMessage("news", recipient: ann, campaign: "spring")
            let spring = MessagePreviewQuery.Way.campaign(Slug("spring")!)
            #expect(control.asked.last == .previewMessage(MessagePreviewQuery(name: news, recipient: ann, by: spring)))
            _ = try await client.previewMessage("news", recipient: ann, surface: "letters", audience: "people")
            let letters = MessagePreviewQuery.Way.surface(Slug("letters")!, audience: Slug("people")!)
            #expect(control.asked.last == .previewMessage(MessagePreviewQuery(name: news, recipient: ann, by: letters)))
        }
    }

    @Test("a way that is none is refused by its field", arguments: [
        ("spring", "letters", "people", "campaign"), (nil, "letters", nil, "audience"), (nil, nil, "people", "surface"),
        ("spring", nil, "people", "campaign"), ("No", nil, nil, "campaign"),
    ] as [(String?, String?, String?, String)])
    func noWays(campaign: String?, surface: String?, audience: String?, field: String) async throws {
        try await ControlServer.run(control) { client, _ in
            let error = await #expect(throws: VarlinkErrorReply.self) {
                _ = try await client.previewMessage(
                    "news", recipient: ann, campaign: campaign, surface: surface, audience: audience)
            }
            #expect(error?.parameters["field"]?.stringValue == field)
            #expect(control.asked == [])
        }
    }

    @Test("a message that is shorter than it is said to be is no message")
    func short() async throws {
        control.set(preview: Self.composed, pieces: [[1, 2, 3]])
        try await ControlServer.run(control) { client, _ in
            await #expect(throws: ViewError("size", expected: "3, which have come")) {
                _ = try await client.previewMessage("news", recipient: ann)
            }
        }
    }

    @Test("without more it is refused")
    func once() async throws {
        try await ControlServer.run(control) { client, _ in
            await #expect(throws: VarlinkErrorReply.self) {
                _ = try await client.call(.previewMessage, ["name": "news", "recipient": "ann@example.org"])
            }
        }
    }
}
