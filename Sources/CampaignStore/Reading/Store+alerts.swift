public import CampaignModel
import GRDB
public import Recurrence

/// An alert in a list of all campaigns' alerts.
public struct AlertListing: Hashable, Sendable {
    public let campaign: Slug
    public let alert: Alert
}

/// What alerts are counted by.
public struct AlertKind: Hashable, Sendable {
    public let code: AlertCode
    public let severity: AlertSeverity

    public init(code: AlertCode, severity: AlertSeverity) {
        self.code = code
        self.severity = severity
    }
}

/// A place in the list of all alerts, the daemon's own first, then by campaign: the next page begins after it. Its text
/// may go to clients and come back.
public struct AlertCursor: Hashable, Sendable, LosslessStringConvertible {
    /// Nil for one of the daemon's own.
    public let campaign: Slug?
    public let code: AlertCode

    public init(campaign: Slug?, code: AlertCode) {
        self.campaign = campaign
        self.code = code
    }

    /// Reads what ``description`` wrote; nil for any other text.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let code = AlertCode(rawValue: parts[1]) else { return nil }
        let campaign = Slug(parts[0])
        guard campaign != nil || parts[0].isEmpty else { return nil }
        self.init(campaign: campaign, code: code)
    }

    public var description: String { "\(campaign?.text ?? "")/\(code.rawValue)" }
}

extension Store {
    /// A page of the campaigns' alerts, by name, and of each in the order in which they were raised.
    ///
    /// - Parameters:
    ///   - name: of this campaign alone; nil for all.
    ///   - cursor: ``Page/next`` of the page before; nil, and one of the daemon's own, for the first one.
    ///   - limit: brought into 1...``PageSize/maximum``.
    public func alerts(
        of name: Slug? = nil, after cursor: AlertCursor? = nil, limit: Int = PageSize.maximum
    ) throws(StoreError) -> Page<AlertListing, AlertCursor> {
        let limit = PageSize.bounded(limit)
        let place = cursor?.campaign.map { ($0.text, cursor?.code.rawValue ?? "") } ?? ("", "")
        return try reading { db in
            let found = try db.rows(
                """
                SELECT name, code, severity, text, field, since, count FROM alerts
                JOIN campaigns ON campaigns.number = alerts.campaign
                WHERE (name, alerts.number) > (?1, coalesce((
                    SELECT own.number FROM alerts own JOIN campaigns ON campaigns.number = own.campaign
                    WHERE name = ?1 AND own.code = ?2), 0))
                    AND name = coalesce(?3, name)
                ORDER BY name, alerts.number LIMIT ?4
                """, [.text(place.0), .text(place.1), .text(name?.text), .integer(limit + 1)]
            ) { row in
                let name = { (try? row.text("name")) ?? "without a name" }
                return try StoreError.naming("alert of campaign \(name())") {
                    AlertListing(campaign: try row.slug("name"), alert: try AlertRow.read(row))
                }
            }
            return Page(found, limit: limit) { AlertCursor(campaign: $0.campaign, code: $0.alert.code) }
        }
    }

    /// How many alerts there are, the daemon's own among them; a kind that is not there has none.
    public func alertCounts() throws(StoreError) -> [AlertKind: Int] {
        try reading { db in
            var counts: [AlertKind: Int] = [:]
            try db.forEachRow(
                "SELECT code, severity, count(*) AS count FROM alerts GROUP BY code, severity", []
            ) { row in
                try StoreError.naming("count of alerts") {
                    let kind = AlertKind(
                        code: try row.value("code", AlertCode.init(rawValue:)),
                        severity: try row.value("severity", AlertSeverity.init(rawValue:)))
                    counts[kind] = try row.count("count")
                }
            }
            return counts
        }
    }

    /// When the next occurrence of any campaign is due; nil where none is planned.
    public func nextDue() throws(StoreError) -> Instant? {
        try reading { db in
            try Int64.fetchOne(db, sql: Self.nextDueQuery)
                .map { Instant(secondsSinceEpoch: $0) }
        }
    }
}
