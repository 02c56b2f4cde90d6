public import CampaignModel
public import Recurrence
public import VarlinkKit

/// One of the next occurrences of all campaigns as clients see it.
public struct PlannedView: Hashable, Sendable {
    /// The campaign's name.
    public var campaign: String
    /// Unique for ever.
    public var campaignID: String
    public var title: String?
    public var audience: String?
    public var status: Status
    /// When it is due, with the local times and the zone of its schedule.
    public var occurrence: OccurrenceView
    /// From the daemon's present to then; 0 where it is due and not decided yet.
    public var inSeconds: Int64
    /// How the campaign's last claimed send stands; nil where there was none.
    public var lastState: SendState?
    public var lastDue: Instant?

    /// - Parameter newestSend: the send of the campaign that was claimed last.
    public init(_ planned: PlannedOccurrence, of campaign: Campaign, newestSend: Send?, now: Instant) {
        self.campaign = campaign.name.text
        campaignID = campaign.id.text
        title = campaign.current?.content.title
        audience = campaign.current?.content.audience?.text
        status = campaign.status
        occurrence = OccurrenceView(planned.occurrence, timezone: planned.zoneName)
        inSeconds = max(0, planned.occurrence.instant - now)
        lastState = newestSend?.state
        lastDue = newestSend?.due
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        campaign = try fields.required("campaign", fields.text)
        campaignID = try fields.required("campaign_id", fields.text)
        title = try fields.text("title")
        audience = try fields.text("audience")
        status = try fields.requiredWord("status", Status.self)
        var own = json
        own["instant"] = json["due"]
        occurrence = try OccurrenceView(json: own)
        inSeconds = Int64(try fields.required("in_seconds", fields.number))
        lastState = try fields.word("last_state", SendState.self)
        lastDue = try fields.instant("last_due")
    }

    public var json: JSONObject {
        [
            "campaign": .string(campaign), "campaign_id": .string(campaignID), "title": JSONValue(title),
            "audience": JSONValue(audience), "status": .string(status.rawValue),
            "nominal": JSONValue(occurrence.nominal), "local": JSONValue(occurrence.local),
            "timezone": .string(occurrence.timezone), "due": JSONValue(occurrence.instant),
            "in_seconds": .int(inSeconds), "mark": JSONValue(occurrence.mark),
            "last_state": JSONValue(lastState?.rawValue), "last_due": JSONValue(lastDue),
        ]
    }
}
