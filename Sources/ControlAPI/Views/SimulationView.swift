public import Recurrence
public import VarlinkKit

/// What would happen, as clients see it.
public struct SimulationView: Hashable, Sendable {
    /// How far it came.
    public var until: Instant
    /// Whether it came as far as was asked for.
    public var isComplete: Bool
    /// The oldest first; numbered on from the ledger's own.
    public var events: [EventView]
    public var clashes: [ClashView]
    /// Those that stand in the end.
    public var alerts: [AlertView]

    public init(
        until: Instant, isComplete: Bool, events: [EventView], clashes: [ClashView], alerts: [AlertView]
    ) {
        self.until = until
        self.isComplete = isComplete
        self.events = events
        self.clashes = clashes
        self.alerts = alerts
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        until = try fields.required("until", fields.instant)
        isComplete = try fields.required("complete", fields.flag)
        events = try fields.views("events", EventView.init(json:))
        clashes = try fields.views("clashes", ClashView.init(json:))
        alerts = try fields.views("alerts", AlertView.init(json:))
    }

    public var json: JSONObject {
        [
            "until": JSONValue(until), "complete": .bool(isComplete),
            "events": .array(events.map { .object($0.json) }), "clashes": .array(clashes.map { .object($0.json) }),
            "alerts": .array(alerts.map { .object($0.json) }),
        ]
    }
}

/// An occurrence whose audience other campaigns reach soon before or after it.
public struct ClashView: Hashable, Sendable {
    public var campaign: String
    public var audience: String
    public var due: Instant
    /// The other campaigns' names.
    public var with: [String]

    public init(campaign: String, audience: String, due: Instant, with: [String]) {
        self.campaign = campaign
        self.audience = audience
        self.due = due
        self.with = with
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        campaign = try fields.required("campaign", fields.text)
        audience = try fields.required("audience", fields.text)
        due = try fields.required("due", fields.instant)
        with = try fields.texts("with") ?? []
    }

    public var json: JSONObject {
        [
            "campaign": .string(campaign), "audience": .string(audience), "due": JSONValue(due),
            "with": .array(with.map(JSONValue.string)),
        ]
    }
}
