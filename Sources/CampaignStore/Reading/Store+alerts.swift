public import CampaignModel
import GRDB
public import Recurrence

extension Store {
    /// A page of the campaigns that have an alert, by name; `name` is ``Page/next`` of the page before.
    public func campaignsWithAlerts(
        after name: Slug? = nil, limit: Int = PageSize.maximum
    ) throws(StoreError) -> Page<Campaign, Slug> {
        let limit = PageSize.bounded(limit)
        return try reading { db in
            let reader = CampaignReader(db)
            let rows = try db.rows(
                """
                SELECT number FROM campaigns
                WHERE number IN (SELECT campaign FROM alerts WHERE campaign IS NOT NULL) AND name > ?
                ORDER BY name LIMIT ?
                """, [.text(name?.text ?? ""), .integer(limit + 1)])
            let campaigns = try rows.compactMap { row in
                try reader.campaign(number: StoredRow(row).integer("number"))?.campaign
            }
            return Page(campaigns, limit: limit, cursor: \.name)
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
