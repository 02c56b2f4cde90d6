import CampaignEngine
import CampaignModel
import Recurrence
import SendProtocol
import Testing

@testable import campaignd

/// Recipients' results, asked of a sender that a test plays. Each play ends only when the daemon has closed its end.
@Suite("What became of each recipient, relayed", .timeLimit(.minutes(10))) struct RecipientSourceTests {
    private let folder: Folder
    private let sender: StandInSender
    private var launcher: SenderLauncher

    init() throws {
        folder = try Folder()
        sender = try StandInSender(in: folder)
        launcher = try sender.launcher()
    }

    private static func results(_ addresses: String...) -> [RecipientResult] {
        addresses.map {
            RecipientResult(
                address: $0, state: .accepted, reason: "250 Ok", attempt: 1, at: Instant("2026-12-07T08:00:00Z")!)
        }
    }

    @Test("batches are given on as they come, one after the other, and the end says whether there is anything")
    func relayed() async throws {
        let batches = [Self.results("ann@example.org", "bob@example.org"), Self.results("eve@example.org")]
        for isKept in [true, false] {
            let given = isKept ? batches : []
            async let play: Void = sender.play { line in
                guard try line.request() == .recipients(Sample.key, states: [.accepted]) else { return }
                for batch in given { try line.answer(.recipients(batch)) }
                try line.answer(.recipientsEnd(isKept: isKept))
            }
            var taken: [[RecipientResult]] = []
            let found = try await launcher.recipients(of: Sample.key, states: [.accepted]) { taken.append($0) }
            try await play
            #expect(taken == given)
            #expect(found == isKept)
        }
    }

    private struct Left: Error {}

    @Test("a reader that leaves ends it, and the sender sees that")
    func left() async throws {
        let batch = Self.results("ann@example.org")
        async let play: Void = sender.play { line in
            _ = try line.request()
            try line.answer(.recipients(batch))
        }
        await #expect(throws: Left.self) {
            _ = try await launcher.recipients(of: Sample.key, states: nil) { _ in throw Left() }
        }
        try await play
    }

    @Test("who no longer waits for the first result ends it likewise")
    func cancelled() async throws {
        let launcher = launcher
        let asking = Task { try await launcher.recipients(of: Sample.key, states: nil) { _ in } }
        try await sender.play { line in
            _ = try line.request()
            asking.cancel()
        }
        await #expect(throws: LauncherError.self) { _ = try await asking.value }
    }

    static let badEnds: [(String, [SenderAnswer])] = [
        ("the connection ended before an answer", [.recipients(results("ann@example.org"))]),
        ("the connection ended before an answer", []),
        ("an answer to another question", [.kept([])]),
        ("no space", [.busy(reason: "no space")]),
    ]

    @Test("what is not told to its end is a fault of the sender", arguments: badEnds)
    func cutOff(reason: String, answers: [SenderAnswer]) async throws {
        async let play: Void = sender.play { line in
            _ = try line.request()
            for answer in answers { try line.answer(answer) }
            line.hangUp()
        }
        await #expect(throws: LauncherError(reason)) {
            _ = try await launcher.recipients(of: Sample.key, states: nil) { _ in }
        }
        try await play
    }

    @Test("a sender that says nothing is given up")
    mutating func silent() async throws {
        launcher.resultsTimeout = .milliseconds(20)
        let impatient = launcher
        async let play: Void = sender.play { _ = try? $0.request() }
        await #expect(throws: LauncherError("no answer came within 20ms")) {
            _ = try await impatient.recipients(of: Sample.key, states: nil) { _ in }
        }
        try await play
    }
}
