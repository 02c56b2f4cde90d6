public import CampaignModel
public import Recurrence
public import VarlinkKit

/// What became of one recipient of a send, as clients see it.
public struct RecipientResultView: Hashable, Sendable {
    /// As the list has it: of one that was left out as invalid it is no address.
    public var email: String
    public var state: RecipientState
    /// What the relay said, or why it was left out.
    public var reason: String?
    /// The attempt of the send: 1, 2, …
    public var attempt: Int
    public var at: Instant

    public init(_ result: RecipientResult) {
        email = result.address
        state = result.state
        reason = result.reason
        attempt = result.attempt
        at = result.at
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        email = try fields.required("email", fields.text)
        state = try fields.requiredWord("state", RecipientState.self)
        reason = try fields.text("reason")
        attempt = try fields.required("attempt", fields.number)
        at = try fields.required("at", fields.instant)
    }

    public var json: JSONObject {
        [
            "email": .string(email), "state": .string(state.rawValue), "reason": JSONValue(reason),
            "attempt": JSONValue(attempt), "at": JSONValue(at),
        ]
    }
}
