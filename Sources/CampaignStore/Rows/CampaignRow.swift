import CampaignModel
import Foundation
import GRDB
import Recurrence

/// A campaign's row in `campaigns`, column by column, so that an update writes only what changed: SQLite rewrites
/// the entry of an index as soon as one of its columns is named in an update, changed or not.
enum CampaignRow {
    static let columns = [
        "id", "name", "status", "kind", "channel", "message_in_force", "live", "draft", "next_version", "revision",
        "paused", "created_at", "activated_at", "ended_at", "archived_from", "decided_until", "wake_at",
        "next_due", "zone_edition", "fence_uid", "fence_actor", "fence_reason", "search",
    ]
    static let insertion = """
        INSERT INTO campaigns (\(columns.joined(separator: ", "))) \
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """
    static let selection = "SELECT number, newest_scheduled, \(columns.joined(separator: ", ")) FROM campaigns"

    /// The values of ``columns``; `search` apart, which ``searchText(_:)`` makes where it is needed.
    static func values(_ stored: StoredCampaign) -> [DatabaseValue] {
        let campaign = stored.campaign
        return [
            .text(campaign.id.text), .text(campaign.name.text), .text(campaign.status.rawValue),
            .text(campaign.kind.rawValue), .text(campaign.current?.content.channel?.text),
            .text(campaign.status.isInForce ? campaign.live?.content.message?.text : nil),
            .integer(campaign.live?.number), .integer(campaign.draft?.number), .integer(campaign.nextVersionNumber),
            .integer(campaign.revision), .flag(campaign.paused), .instant(campaign.createdAt),
            .instant(campaign.activatedAt), .instant(campaign.endedAt),
            .text(campaign.archivedFrom?.rawValue), .instant(campaign.decidedUntil), .instant(stored.wakeAt),
            .instant(stored.nextDue), .integer(stored.zoneEdition),
            .integer(campaign.stopFence?.actor.uid.map(Int64.init)), .text(campaign.stopFence?.actor.name),
            .text(campaign.stopFence?.reason),
        ]
    }

    /// What `--search` looks through: name, title and tags, a line each, as ``folded(_:)`` makes them.
    static func searchText(_ campaign: Campaign) -> String {
        let lines = [campaign.name.text, campaign.current?.content.title ?? ""] + campaign.tags.map(\.text)
        return folded(lines.joined(separator: "\n"))
    }

    /// Text in which large and small letters are the same, and so are composed and decomposed ones.
    static func folded(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.lowercased() : text.lowercased().precomposedStringWithCanonicalMapping
    }

    /// Whether ``searchText(_:)`` of both is the same without making it.
    static func isFoundAlike(_ left: Campaign, _ right: Campaign) -> Bool {
        left.tags == right.tags && left.current?.content.title == right.current?.content.title
    }

    /// Reads the row itself; `parts` brings what lies in other tables.
    static func read(_ row: StoredRow, _ parts: CampaignParts) throws -> Campaign {
        let id = try row.value("id") { CampaignID($0) }
        let live = try parts.version(try row.optionalCount("live"))
        let draft = try parts.version(try row.optionalCount("draft"))
        guard let some = draft ?? live else { throw ColumnError("has neither a live version nor a draft") }
        var campaign = Campaign(
            id: id, name: try row.slug("name"), tags: parts.tags, draft: some, createdAt: try row.instant("created_at"))
        campaign.status = try row.value("status", Status.init(rawValue:))
        campaign.live = live
        campaign.draft = draft
        campaign.nextVersionNumber = try row.count("next_version")
        campaign.revision = try row.count("revision")
        campaign.paused = try row.flag("paused")
        campaign.activatedAt = try row.optionalInstant("activated_at")
        campaign.endedAt = try row.optionalInstant("ended_at")
        campaign.archivedFrom = try row.optionalValue("archived_from", Status.init(rawValue:))
        campaign.decidedUntil = try row.optionalInstant("decided_until")
        campaign.stopFence = try row.optionalActor(uid: "fence_uid", name: "fence_actor").map {
            StopFence(actor: $0, reason: try row.optionalText("fence_reason"))
        }
        campaign.alerts = parts.alerts
        if let violation = campaign.violations.first { throw ColumnError(violation) }
        return campaign
    }
}

/// What belongs to a campaign and lies in other tables.
struct CampaignParts {
    let version: (Int?) throws -> Version?
    let tags: [Slug]
    let alerts: [Alert]
}
