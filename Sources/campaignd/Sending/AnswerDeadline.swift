import CampaignModel
import NIOCore
import Synchronization

/// Closes a connection whose next answer does not come in time. Pieces of an answer don't count: a sender that stalls
/// in the middle of one is as good as down.
struct AnswerDeadline {
    /// How long the sender may say nothing.
    enum Patience {
        case forTheFirstAnswer(Duration)
        case forEachAnswer(Duration)
        /// From the request to the last answer.
        case forAllAnswers(Duration)
        /// A surface may say nothing for hours.
        case endless
    }

    private final class Expiry: Sendable {
        let hasCome = Atomic<Bool>(false)
    }

    private let channel: any Channel
    private let patience: Patience
    private let expiry = Expiry()
    private var scheduled: Scheduled<Void>?

    init(closing channel: any Channel, _ patience: Patience) {
        self.channel = channel
        self.patience = patience
        switch patience {
        case .forTheFirstAnswer(let duration), .forEachAnswer(let duration), .forAllAnswers(let duration):
            arm(duration)
        case .endless: break
        }
    }

    /// Takes note of a whole answer. What is done with it is not the sender's time.
    mutating func answered() {
        if case .forAllAnswers = patience { return }
        cancel()
    }

    /// The answer is dealt with, and another one is to come.
    mutating func awaitNext() {
        if case .forEachAnswer(let duration) = patience { arm(duration) }
    }

    func cancel() { scheduled?.cancel() }

    /// What went wrong, once the connection was closed for it.
    var complaint: String? {
        guard expiry.hasCome.load(ordering: .acquiring) else { return nil }
        switch patience {
        case .forTheFirstAnswer(let duration), .forEachAnswer(let duration), .forAllAnswers(let duration):
            return "no answer came within \(duration.text)"
        case .endless: return nil
        }
    }

    private mutating func arm(_ duration: Duration) {
        let channel = channel
        let expiry = expiry
        scheduled = channel.eventLoop.scheduleTask(in: TimeAmount(duration)) {
            expiry.hasCome.store(true, ordering: .releasing)
            channel.close(promise: nil)
        }
    }
}
