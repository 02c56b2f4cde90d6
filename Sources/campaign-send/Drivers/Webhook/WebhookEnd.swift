import CampaignModel
import SendProtocol

/// How a request of a webhook ended.
enum WebhookEnd: Hashable {
    case answered(WebhookAnswer)
    /// There is no whole answer.
    ///
    /// - mayBeWritten: whether a part of the request may have been.
    case lost(String, mayBeWritten: Bool)
    /// It was ended from here.
    case stopped(StopReason, mayBeWritten: Bool)

    /// - Parameter isIdempotent: whether what may have been done may be asked for again.
    func outcome(isIdempotent: Bool) -> AttemptOutcome {
        switch self {
        case .answered(let answer):
            answer.outcome(isIdempotent: isIdempotent)
        case .lost(let reason, let mayBeWritten):
            Self.outcome(reason, mayBeWritten: mayBeWritten, isIdempotent: isIdempotent)
        case .stopped(.timeout(let limit), let mayBeWritten):
            Self.outcome(
                "the webhook did not end within its timeout of \(limit.text)", mayBeWritten: mayBeWritten,
                isIdempotent: isIdempotent)
        // A person's cancel and a stop of the sender are no failures, and are told as what they are.
        case .stopped(let reason, _):
            reason.outcome
        }
    }

    private static func outcome(_ reason: String, mayBeWritten: Bool, isIdempotent: Bool) -> AttemptOutcome {
        guard mayBeWritten else {
            return .temporary(
                reason: "nothing of the request was written: \(reason)".cutForDisplay, retryAfterSeconds: nil)
        }
        let told = "no whole answer, and the request may have been read: \(reason)".cutForDisplay
        return isIdempotent ? .temporary(reason: told, retryAfterSeconds: nil) : .interrupted(reason: told)
    }
}
