internal import CampaignModel
internal import Recurrence

/// One address that wants no mail, in a request to `suppress` and in an answer to `suppressed`:
///
///     {"address":"ann@example.org","at":"2026-12-07T08:00:00Z","reason":"unsubscribed"}
struct SuppressionHead: Codable {
    private let address: String
    private let reason: String?
    private let at: Instant?

    init(_ suppression: Suppression) {
        address = suppression.address
        reason = suppression.reason
        at = suppression.at
    }

    var suppression: Suppression { Suppression(address: address, reason: reason, at: at) }

    /// Nil where it is none that is kept: it has no instant, or a text is too long.
    var kept: Suppression? {
        guard at != nil, address.utf8.count <= RecipientResult.addressBytes,
            reason?.utf8.count ?? 0 <= RecipientResult.reasonBytes
        else { return nil }
        return suppression
    }
}

/// What came of an order, in an answer:
///
///     {"changed":3,"invalid":[{"index":4,"reason":"it has no @; …"}],"invalid_count":1,"unchanged":1}
struct SuppressionOutcomeHead: Codable {
    private struct Invalid: Codable {
        let index: Int
        let reason: String
    }

    private let changed: Int
    private let unchanged: Int
    private let invalid: [Invalid]
    private let invalidCount: Int

    enum CodingKeys: String, CodingKey {
        case changed, unchanged, invalid
        case invalidCount = "invalid_count"
    }

    init(_ outcome: SuppressionOutcome) {
        changed = outcome.changed
        unchanged = outcome.unchanged
        invalid = outcome.invalid.map { Invalid(index: $0.index, reason: $0.reason) }
        invalidCount = outcome.invalidCount
    }

    /// Nil where a number is impossible.
    var outcome: SuppressionOutcome? {
        let numbers = 0...Suppression.orderLimit
        guard numbers.contains(changed), numbers.contains(unchanged), numbers.contains(invalidCount),
            invalid.count <= min(invalidCount, SuppressionOutcome.toldLimit),
            invalid.allSatisfy({ (0..<Suppression.orderLimit).contains($0.index) })
        else { return nil }
        return SuppressionOutcome(
            changed: changed, unchanged: unchanged,
            invalid: invalid.map { SuppressionOutcome.InvalidAddress(index: $0.index, reason: $0.reason) },
            invalidCount: invalidCount)
    }
}
