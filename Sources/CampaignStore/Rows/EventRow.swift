import CampaignModel
import GRDB
import Recurrence

/// A line of the history in `events`.
enum EventRow {
    static let selection = """
        SELECT sequence, at, kind, campaign_id, campaign_name, campaign_title, campaign_version, status_from, \
        status_to, occurrence_key, due, outcome, alert, actor_uid, actor, reason, text FROM events
        """

    /// Appends a line; `campaign` is the number of the campaign that it is about.
    static func append(_ event: Event, of campaign: Int64?, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO events (
                campaign, at, kind, campaign_id, campaign_name, campaign_title, campaign_version, status_from,
                status_to, occurrence_key, due, outcome, alert, actor_uid, actor, reason, text)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(campaign), .instant(event.at), .text(event.kind.rawValue), .text(event.campaign?.id.text),
                .text(event.campaign?.name.text), .text(event.campaign?.title), .integer(event.campaign?.version),
                .text(event.from?.rawValue), .text(event.to?.rawValue), .text(event.key?.text), .instant(event.due),
                .text(event.outcome?.rawValue), .text(event.alert?.rawValue), .integer(event.actor.uid.map(Int64.init)),
                .text(event.actor.name), .text(event.reason), .text(event.text),
            ])
    }

    static func read(_ row: StoredRow) throws -> RecordedEvent {
        let sequence = try row.integer("sequence")
        return try StoreError.naming("event \(sequence)") {
            RecordedEvent(sequence: sequence, event: try event(row))
        }
    }

    private static func event(_ row: StoredRow) throws -> Event {
        let campaign = try row.optionalValue("campaign_id") { CampaignID($0) }.map {
            EventCampaign(
                id: $0, name: try row.slug("campaign_name"), title: try row.optionalText("campaign_title"),
                version: try row.optionalCount("campaign_version"))
        }
        guard let actor = try row.optionalActor(uid: "actor_uid", name: "actor") else {
            throw ColumnError("actor", "is missing")
        }
        return Event(
            try row.value("kind", EventKind.init(rawValue:)), at: try row.instant("at"), campaign: campaign,
            from: try row.optionalValue("status_from", Status.init(rawValue:)),
            to: try row.optionalValue("status_to", Status.init(rawValue:)),
            key: try row.optionalValue("occurrence_key") { OccurrenceKey($0) }, due: try row.optionalInstant("due"),
            outcome: try row.optionalValue("outcome", SendState.init(rawValue:)),
            alert: try row.optionalValue("alert", AlertCode.init(rawValue:)), actor: actor,
            reason: try row.optionalText("reason"), text: try row.text("text"))
    }
}
