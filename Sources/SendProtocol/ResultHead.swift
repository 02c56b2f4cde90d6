internal import CampaignModel
internal import Recurrence

/// One recipient's result in an answer to `recipients`:
///
///     {"address":"ann@example.org","at":"2026-12-07T08:00:00Z","attempt":1,"reason":"250 2.0.0 Ok","state":"accepted"}
struct ResultHead: Codable {
    private let address: String
    private let state: String
    private let reason: String?
    private let attempt: Int
    private let at: Instant

    init(_ result: RecipientResult) {
        address = result.address
        state = result.state.rawValue
        reason = result.reason
        attempt = result.attempt
        at = result.at
    }

    /// Nil where it is none: a text is too long, a number or a word impossible.
    var result: RecipientResult? {
        guard address.utf8.count <= RecipientResult.addressBytes,
            reason?.utf8.count ?? 0 <= RecipientResult.reasonBytes,
            (1...ProtocolLimits.maximumAttempts).contains(attempt), let state = RecipientState(rawValue: state)
        else { return nil }
        return RecipientResult(address: address, state: state, reason: reason, attempt: attempt, at: at)
    }
}
