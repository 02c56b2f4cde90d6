import CampaignEngine
import CampaignModel
import SendProtocol
import Testing

@testable import campaignd

/// A message for one recipient, asked of a sender that a test plays.
@Suite("A message for one recipient, relayed", .timeLimit(.minutes(10))) struct MessageComposerTests {
    private let folder: Folder
    private let sender: StandInSender
    private let launcher: SenderLauncher

    init() throws {
        folder = try Folder()
        sender = try StandInSender(in: folder)
        launcher = try sender.launcher()
    }

    private static let request = ComposeRequest(
        title: nil, surface: Slug("newsletter")!, audience: Slug("subscribers")!,
        recipient: ProofAddress("ann@example.org")!,
        message: SentMessage(
            name: Slug("news")!, revision: 1,
            content: MessageContent(
                subject: "Hello", text: "Bonjour\n", html: nil, file: MessageFile(name: "a.txt", bytes: [1]))))

    private static func composed(_ size: Int) -> SenderAnswer {
        .composed(.composed(ComposedMessage(size: size, found: 1, columns: ["email"], unknownTags: [])))
    }

    @Test("its pieces are given on as they come, until all of it is there")
    func relayed() async throws {
        async let play: Void = sender.play { line in
            guard try line.request() == .compose(Self.request) else { return }
            try line.answer(Self.composed(3))
            try line.answer(.piece([1, 2]))
            try line.answer(.piece([3]))
        }
        var taken: [[UInt8]] = []
        let found = try await launcher.compose(Self.request) { taken.append($0) }
        try await play
        #expect(taken == [[1, 2], [3]])
        guard case .composed(let message) = found else { Issue.record("\(found)"); return }
        #expect(message.size == 3 && message.columns == ["email"])
    }

    @Test("that there is none is an answer")
    func failed() async throws {
        async let play: Void = sender.play { line in
            _ = try line.request()
            try line.answer(.composed(.failed("no list")))
        }
        let found = try await launcher.compose(Self.request) { _ in Issue.record("a piece") }
        try await play
        #expect(found == .failed("no list"))
    }

    static let badEnds: [(String, [SenderAnswer])] = [
        ("the connection ended before an answer", []),
        ("the connection ended before an answer", [composed(3), .piece([1])]),
        ("an answer to another question", [.piece([1])]),
        ("an answer to another question", [composed(1), .piece([1, 2])]),
        ("an answer to another question", [composed(1), composed(1)]),
        ("no space", [.busy(reason: "no space")]),
    ]

    @Test("half a message, or more than one, is a fault of the sender", arguments: badEnds)
    func cutOff(reason: String, answers: [SenderAnswer]) async throws {
        async let play: Void = sender.play { line in
            _ = try line.request()
            for answer in answers { try line.answer(answer) }
            line.hangUp()
        }
        await #expect(throws: LauncherError(reason)) {
            _ = try await launcher.compose(Self.request) { _ in }
        }
        try await play
    }
}
