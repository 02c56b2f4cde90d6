public import VarlinkKit

/// What the checks of a campaign find, as clients see it.
public struct CheckView: Hashable, Sendable {
    public var alerts: [AlertView]
    /// How long the next send takes; nil where its audience was not counted.
    public var forecast: ForecastView?

    public init(alerts: [AlertView], forecast: ForecastView? = nil) {
        self.alerts = alerts
        self.forecast = forecast
    }

    public var json: JSONObject {
        [
            "alerts": .array(alerts.map { .object($0.json) }),
            "forecast": forecast.map { .object($0.json) } ?? .null,
        ]
    }
}
