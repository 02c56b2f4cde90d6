public import CampaignModel
public import Recurrence
public import VarlinkKit

/// How the daemon is.
public struct StatusView: Hashable, Sendable {
    public var version: String
    public var pid: Int32
    public var startedAt: Instant
    /// The daemon's clock.
    public var now: Instant
    public var lastTickAt: Instant?
    /// When the next occurrence of any campaign is due.
    public var nextDue: Instant?
    /// A status that is not there has none.
    public var campaigns: [Status: Int]
    /// How many of them are paused.
    public var paused: Int
    /// The open ones; a state that is not there has none.
    public var sends: [SendState: Int]
    /// The daemon's own.
    public var alerts: [AlertView]
    public var configuration: ConfigurationView

    /// The states that ``sends`` counts.
    public static let openStates = SendState.allCases.filter { !$0.isFinal }

    public init(
        version: String, pid: Int32, startedAt: Instant, now: Instant, lastTickAt: Instant?, nextDue: Instant?,
        campaigns: [Status: Int], paused: Int, sends: [SendState: Int], alerts: [AlertView],
        configuration: ConfigurationView
    ) {
        self.version = version
        self.pid = pid
        self.startedAt = startedAt
        self.now = now
        self.lastTickAt = lastTickAt
        self.nextDue = nextDue
        self.campaigns = campaigns.filter { $0.value != 0 }
        self.paused = paused
        self.sends = sends.filter { $0.value != 0 && !$0.key.isFinal }
        self.alerts = alerts
        self.configuration = configuration
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        let sends = JSONFields(try fields.required("sends", fields.object))
        var byState: [SendState: Int] = [:]
        for state in Self.openStates { byState[state] = try sends.number(state.rawValue) }
        self.init(
            version: try fields.required("version", fields.text),
            pid: Int32(clamping: try fields.required("pid", fields.number)),
            startedAt: try fields.required("started_at", fields.instant),
            now: try fields.required("now", fields.instant), lastTickAt: try fields.instant("last_tick_at"),
            nextDue: try fields.instant("next_due"), campaigns: try fields.view("campaigns", StatusCounts.read),
            paused: try fields.required("paused", fields.number), sends: byState,
            alerts: try fields.views("alerts", AlertView.init(json:)),
            configuration: try fields.view("configuration", ConfigurationView.init(json:)))
    }

    public var json: JSONObject {
        let sends = Self.openStates.map { ($0.rawValue, JSONValue(self.sends[$0] ?? 0)) }
        return [
            "version": .string(version), "pid": .int(Int64(pid)), "started_at": JSONValue(startedAt),
            "now": JSONValue(now), "last_tick_at": JSONValue(lastTickAt), "next_due": JSONValue(nextDue),
            "campaigns": .object(StatusCounts.json(campaigns)),
            "paused": JSONValue(paused), "sends": .object(JSONObject(sends)),
            "alerts": .array(alerts.map { .object($0.json) }), "configuration": .object(configuration.json),
        ]
    }
}
