public import CampaignModel
public import Recurrence
public import VarlinkKit

/// A send as clients see it.
public struct SendView: Hashable, Sendable {
    /// The campaign's name.
    public var campaign: String
    public var key: String
    /// A `SendOrigin`, or one that a newer daemon has.
    public var origin: String
    public var version: Int
    /// The name of the surface that delivers it; nil where its version named none.
    public var surface: String?
    public var nominal: LocalDateTime?
    public var due: Instant
    public var state: SendState
    public var reason: String?
    public var attempts: Int
    /// From 1; nil unless queued.
    public var queuePosition: Int?
    public var nextAttemptAt: Instant?
    public var claimedAt: Instant
    public var startedAt: Instant?
    public var endedAt: Instant?
    public var progress: SendProgress
    public var count: Int?
    public var nominalLast: LocalDateTime?

    /// Whether it is a trigger whose time has not come.
    public var isToCome: Bool { state == .waiting && attempts == 0 }

    /// - Parameter queuePosition: from 1; nil unless queued.
    public init(_ send: Send, campaign: Slug, queuePosition: Int?) {
        self.campaign = campaign.text
        key = send.key.text
        origin = send.origin.rawValue
        version = send.version
        surface = send.surface?.text
        nominal = send.nominal
        due = send.due
        state = send.state
        reason = send.reason
        attempts = send.attempts
        self.queuePosition = queuePosition
        nextAttemptAt = send.nextAttemptAt
        claimedAt = send.claimedAt
        startedAt = send.startedAt
        endedAt = send.endedAt
        progress = send.progress
        count = send.count
        nominalLast = send.nominalLast
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        campaign = try fields.required("campaign", fields.text)
        key = try fields.required("key", fields.text)
        origin = try fields.required("origin", fields.text)
        version = try fields.required("version", fields.number)
        surface = try fields.text("surface")
        nominal = try fields.localTime("nominal")
        due = try fields.required("due", fields.instant)
        state = try fields.requiredWord("state", SendState.self)
        reason = try fields.text("reason")
        attempts = try fields.required("attempts", fields.number)
        queuePosition = try fields.number("queue_position")
        nextAttemptAt = try fields.instant("next_attempt_at")
        claimedAt = try fields.required("claimed_at", fields.instant)
        startedAt = try fields.instant("started_at")
        endedAt = try fields.instant("ended_at")
        progress = SendProgress(
            done: try fields.number("progress").map(Int64.init), total: try fields.number("total").map(Int64.init),
            failed: try fields.number("failed").map(Int64.init))
        count = try fields.number("count")
        nominalLast = try fields.localTime("nominal_last")
    }

    public var json: JSONObject {
        [
            "campaign": .string(campaign), "key": .string(key), "origin": .string(origin),
            "version": JSONValue(version), "surface": JSONValue(surface),
            "nominal": JSONValue(nominal), "due": JSONValue(due),
            "state": .string(state.rawValue), "reason": JSONValue(reason), "attempts": JSONValue(attempts),
            "queue_position": JSONValue(queuePosition), "next_attempt_at": JSONValue(nextAttemptAt),
            "claimed_at": JSONValue(claimedAt), "started_at": JSONValue(startedAt), "ended_at": JSONValue(endedAt),
            "progress": JSONValue(progress.done), "total": JSONValue(progress.total),
            "failed": JSONValue(progress.failed), "count": JSONValue(count), "nominal_last": JSONValue(nominalLast),
        ]
    }
}
