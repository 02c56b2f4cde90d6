public import CampaignModel
import GRDB
public import Recurrence

/// A campaign whose next occurrence is planned, and how the last one went.
public struct PlannedCampaign: Hashable, Sendable {
    /// The campaign as it stands.
    public let campaign: Campaign
    /// When its next occurrence is due; in the past where that one is not decided yet.
    public let nextDue: Instant
    /// When its triggers to come are due, in that order.
    public let triggers: [Instant]
    /// The send that was claimed last; nil where there was none.
    public let newestSend: Send?

    public init(campaign: Campaign, nextDue: Instant, triggers: [Instant] = [], newestSend: Send? = nil) {
        self.campaign = campaign
        self.nextDue = nextDue
        self.triggers = triggers
        self.newestSend = newestSend
    }
}

extension Store {
    /// The campaigns whose next occurrences are due soonest, by that instant and then the oldest first; paused ones are
    /// left out, since nothing of theirs is sent. What it costs depends on `limit` alone.
    ///
    /// - Parameters:
    ///   - names: only of these campaigns; none: of all.
    ///   - until: only those whose next occurrence is due then or earlier.
    ///   - limit: brought into 1...``PlannedOccurrence/limit``.
    public func planned(
        of names: [Slug] = [], until: Instant = .latest, limit: Int
    ) throws(StoreError) -> [PlannedCampaign] {
        let limit = min(max(limit, 1), PlannedOccurrence.limit)
        return try reading { db in
            let reader = CampaignReader(db)
            let values = [.instant(until)] + names.map(\.text.databaseValue) + [DatabaseValue.integer(limit)]
            return try db.rows(Self.plannedQuery(names: names.count), values) { row in
                try StoreError.naming("planned campaign") {
                    let number = try row.integer("number")
                    guard let stored = try reader.campaign(number: number) else {
                        throw ColumnError("is gone within a look")
                    }
                    return PlannedCampaign(
                        campaign: stored.campaign, nextDue: try row.instant("next_due"),
                        triggers: try Self.triggers(of: number, limit: limit, db),
                        newestSend: try Self.newestSend(of: number, db))
                }
            }
        }
    }

    private static let isPlanned = "next_due IS NOT NULL AND paused = 0"
    static func plannedQuery(names: Int) -> String {
        let named = names == 0 ? "" : " AND name IN (\(Array(repeating: "?", count: names).joined(separator: ", ")))"
        return "SELECT number, next_due FROM campaigns WHERE \(isPlanned) AND next_due <= ?\(named)"
            + " ORDER BY next_due, number LIMIT ?"
    }
    static let nextDueQuery = "SELECT min(next_due) FROM campaigns WHERE \(isPlanned)"
    static let newestSendQuery =
        SendRow.selection
        + " WHERE sends.campaign = ? AND NOT (state = 'waiting' AND attempts = 0) ORDER BY sends.number DESC LIMIT 1"

    /// When the campaign's triggers to come are due, in that order.
    public func triggers(of name: Slug, limit: Int) throws(StoreError) -> [Instant] {
        try reading { db in
            try Self.number(of: name, db).map { try Self.triggers(of: $0, limit: limit, db) } ?? []
        }
    }

    private static func triggers(of campaign: Int64, limit: Int, _ db: Database) throws -> [Instant] {
        try db.rows(triggersQuery, [.integer(campaign), .integer(limit)]) { try $0.instant("due") }
    }

    static let triggersQuery = """
        SELECT due FROM sends WHERE campaign = ? AND ended_at IS NULL AND state = 'waiting' AND attempts = 0 \
        ORDER BY due LIMIT ?
        """

    private static func newestSend(of campaign: Int64, _ db: Database) throws -> Send? {
        try db.row(newestSendQuery, [.integer(campaign)], SendRow.read)
    }
}
