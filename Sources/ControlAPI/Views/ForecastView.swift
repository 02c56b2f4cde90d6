public import CampaignModel
public import Recurrence
public import VarlinkKit

/// How long a send takes before it has begun, as clients see it.
public struct ForecastView: Hashable, Sendable {
    public var recipients: Int
    /// The surface's, as its file has it: `10/s`; nil where it has none.
    public var rate: String?
    /// How long it takes; nil without a rate.
    public var seconds: Int64?
    /// Nil where nothing is planned.
    public var startsAt: Instant?
    public var endsAt: Instant?

    public init(_ forecast: Forecast) {
        recipients = forecast.recipients
        rate = forecast.rate?.description
        seconds = forecast.seconds
        startsAt = forecast.startsAt
        endsAt = forecast.endsAt
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        recipients = try fields.required("recipients", fields.number)
        rate = try fields.text("rate")
        seconds = try fields.number("seconds").map(Int64.init)
        startsAt = try fields.instant("starts_at")
        endsAt = try fields.instant("ends_at")
    }

    public var json: JSONObject {
        [
            "recipients": JSONValue(recipients), "rate": JSONValue(rate), "seconds": JSONValue(seconds),
            "starts_at": JSONValue(startsAt), "ends_at": JSONValue(endsAt),
        ]
    }
}
