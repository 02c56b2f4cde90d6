import CampaignEngine
import CampaignModel
import Recurrence
import SendProtocol
import Testing

@testable import campaignd

/// Suppressions, asked of a sender that a test plays.
@Suite("Who wants no mail, relayed", .timeLimit(.minutes(10))) struct SuppressionSourceTests {
    private let folder: Folder
    private let sender: StandInSender
    private let launcher: SenderLauncher

    init() throws {
        folder = try Folder()
        sender = try StandInSender(in: folder)
        launcher = try sender.launcher()
    }

    private static let ann = Suppression(
        address: "ann@example.org", reason: "asked to", at: Instant("2026-12-07T08:00:00Z"))
    private static let order = SuppressionOrder(.add, [ann], skipsInvalid: true)

    @Test("an order and what came of it are relayed")
    func order() async throws {
        let outcome = SuppressionOutcome(changed: 1, unchanged: 0)
        async let play: Void = sender.play { line in
            #expect(try line.request() == .suppress(Self.order))
            try line.answer(.suppression(outcome))
        }
        #expect(try await launcher.change(Self.order) == outcome)
        try await play
    }

    @Test("a sender that can't, or says something else, is told")
    func refused() async throws {
        for (answer, reason) in [
            (SenderAnswer.refused(reason: "line 2 is damaged"), "line 2 is damaged"),
            (.busy(reason: "no space"), "no space"), (.suppressedEnd, "an answer to another question"),
        ] {
            async let play: Void = sender.play { line in
                _ = try line.request()
                try line.answer(answer)
            }
            await #expect(throws: LauncherError(reason)) { _ = try await launcher.change(Self.order) }
            try await play
        }
    }

    @Test("those that want no mail are given on as they come, or what is wrong with the addresses")
    func told() async throws {
        let wrong = SuppressionOutcome(
            changed: 0, unchanged: 0, invalid: [SuppressionOutcome.InvalidAddress(index: 0, reason: "it has no @")],
            invalidCount: 1)
        for isWrong in [false, true] {
            async let play: Void = sender.play { line in
                guard try line.request() == .suppressed(["ann@example.org"]) else { return }
                if isWrong { return try line.answer(.suppression(wrong)) }
                try line.answer(.suppressed([Self.ann]), .suppressedEnd)
            }
            var taken: [[Suppression]] = []
            let found = try await launcher.suppressed(["ann@example.org"]) { taken.append($0) }
            try await play
            #expect(taken == (isWrong ? [] : [[Self.ann]]))
            #expect(found == (isWrong ? wrong : nil))
        }
        async let play: Void = sender.play { line in
            _ = try line.request()
            try line.answer(.suppressed([Self.ann]))
            line.hangUp()
        }
        await #expect(throws: LauncherError("the connection ended before an answer")) {
            _ = try await launcher.suppressed([]) { _ in }
        }
        try await play
    }
}
