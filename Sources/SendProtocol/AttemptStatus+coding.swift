public import CampaignModel

/// One flat JSON object, on the wire and in the sender's files alike: `state` is `none`, `running`, or the word of
/// the outcome, beside it `reason` and `retry_after` (seconds), and the progress as a surface writes it.
///
///     {"state":"failed","reason":"EX_NOUSER (67)","progress":10,"total":12}
extension AttemptStatus: Codable {
    private enum State: String, Codable {
        case none, running, sent, failed, temporary, interrupted, cancelled, revoked
    }

    private enum CodingKeys: String, CodingKey {
        case state, reason
        case retryAfterSeconds = "retry_after"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let reason = try container.decodeIfPresent(String.self, forKey: .reason) ?? ""
        let progress = try SendProgress(from: decoder)
        switch try container.decode(State.self, forKey: .state) {
        case .none: self = .none
        case .running: self = .running(progress)
        case .sent: self = .ended(.sent, progress)
        case .failed: self = .ended(.failed(reason: reason), progress)
        case .temporary:
            let seconds = try container.decodeIfPresent(Int.self, forKey: .retryAfterSeconds)
            self = .ended(.temporary(reason: reason, retryAfterSeconds: seconds), progress)
        case .interrupted: self = .ended(.interrupted(reason: reason), progress)
        case .cancelled: self = .ended(.cancelled(reason: reason), progress)
        case .revoked: self = .ended(.revoked(reason: reason), progress)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .none:
            try container.encode(State.none, forKey: .state)
        case .running(let progress):
            try container.encode(State.running, forKey: .state)
            try progress.encode(to: encoder)
        case .ended(let outcome, let progress):
            try progress.encode(to: encoder)
            try Self.encode(outcome, to: &container)
        }
    }

    private static func encode(
        _ outcome: AttemptOutcome, to container: inout KeyedEncodingContainer<CodingKeys>
    ) throws {
        let state: State
        var words: String?
        switch outcome {
        case .sent: state = .sent
        case .failed(let reason): (state, words) = (.failed, reason)
        case .temporary(let reason, let seconds):
            (state, words) = (.temporary, reason)
            try container.encodeIfPresent(seconds, forKey: .retryAfterSeconds)
        case .interrupted(let reason): (state, words) = (.interrupted, reason)
        case .cancelled(let reason): (state, words) = (.cancelled, reason)
        case .revoked(let reason): (state, words) = (.revoked, reason)
        }
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(words, forKey: .reason)
    }
}
