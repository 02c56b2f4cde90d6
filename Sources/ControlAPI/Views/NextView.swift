public import VarlinkKit

/// The occurrences of all campaigns as clients see them, soonest first.
public struct NextView: Sendable {
    public var occurrences: [PlannedView]
    /// Whether that is all that was asked for.
    public var isExhausted: Bool

    public init(occurrences: [PlannedView], isExhausted: Bool) {
        self.occurrences = occurrences
        self.isExhausted = isExhausted
    }

    public var json: JSONObject {
        ["occurrences": .array(occurrences.map { .object($0.json) }), "exhausted": .bool(isExhausted)]
    }
}
