import CampaignModel
import GRDB
import Recurrence

/// An alert's row in `alerts`; those without a campaign are the daemon's.
enum AlertRow {
    /// The alerts of a campaign, or of the daemon (nil), in the order in which they were given.
    static func fetch(of campaign: Int64?, _ db: Database) throws -> [Alert] {
        try db.rows(
            "SELECT code, severity, text, field, since, count FROM alerts WHERE campaign IS ? ORDER BY number",
            [.integer(campaign)], read)
    }

    /// The alerts of the campaigns in a list, see ``GatheredParts``, in the order in which they were given.
    static let gathering = """
        SELECT campaign, code, severity, text, field, since, count FROM alerts
        WHERE campaign IN \(GatheredParts.listed) ORDER BY campaign, number
        """

    static func read(_ row: StoredRow) throws -> Alert {
        Alert(
            try row.value("code", AlertCode.init(rawValue:)), try row.text("text"),
            field: try row.optionalText("field"),
            severity: try row.value("severity", AlertSeverity.init(rawValue:)), since: try row.instant("since"),
            count: try row.count("count"))
    }

    /// Puts these in place of all that are there.
    static func replace(_ alerts: [Alert], of campaign: Int64?, _ db: Database) throws {
        try db.run("DELETE FROM alerts WHERE campaign IS ?", [.integer(campaign)])
        for alert in alerts {
            try db.run(
                "INSERT INTO alerts (campaign, code, severity, text, field, since, count) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .integer(campaign), .text(alert.code.rawValue), .text(alert.severity.rawValue), .text(alert.text),
                    .text(alert.field), .instant(alert.since), .integer(alert.count),
                ])
        }
    }
}
