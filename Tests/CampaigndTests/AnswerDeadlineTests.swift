import NIOCore
import NIOEmbedded
import Testing

@testable import campaignd

/// On a loop whose time the test moves.
@Suite("AnswerDeadline")
struct AnswerDeadlineTests {
    private let channel = EmbeddedChannel()

    @Test("after the first answer a surface may say nothing for as long as it likes")
    func first() {
        var deadline = AnswerDeadline(closing: channel, .forTheFirstAnswer(.seconds(60)))
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        deadline.answered()
        channel.embeddedEventLoop.advanceTime(by: .hours(24))
        #expect(deadline.complaint == nil)
    }

    @Test("without an answer in time the connection is closed, and the complaint says why")
    func silence() {
        let deadline = AnswerDeadline(closing: channel, .forTheFirstAnswer(.seconds(60)))
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(deadline.complaint == "no answer came within 1m")
    }

    @Test("where each answer has its time, the time begins anew with each")
    func each() {
        var deadline = AnswerDeadline(closing: channel, .forEachAnswer(.seconds(5)))
        for _ in 1...3 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(4))
            deadline.answered()
            // What is done with an answer may take longer.
            channel.embeddedEventLoop.advanceTime(by: .seconds(60))
            deadline.awaitNext()
        }
        #expect(deadline.complaint == nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(deadline.complaint == "no answer came within 5s")
    }
}
