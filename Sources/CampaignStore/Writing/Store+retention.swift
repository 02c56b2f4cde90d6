import CampaignModel
import GRDB
import Recurrence

/// Which campaigns' records the sender may still have.
extension Store {
    func storedNewestForgetting() throws(StoreError) -> Instant? {
        try ledgerRow { try $0.optionalInstant("forgot_at") }
    }

    func storedCampaignsToForget(endedBefore instant: Instant, limit: Int) throws(StoreError) -> [CampaignID] {
        try deciding { reader in
            try reader.db.rows(Self.campaignsToForgetQuery, [.instant(instant), .integer(limit)]) { row in
                try StoreError.naming("campaign that ended") { try row.value("id") { CampaignID($0) } }
            }
        }
    }

    static let campaignsToForgetQuery = """
        SELECT id FROM campaigns WHERE ended_at < ? AND ended_at IS NOT NULL AND forgotten = 0 ORDER BY ended_at LIMIT ?
        """

    func writeForgetting(of campaigns: [CampaignID], at now: Instant) throws(StoreError) {
        try writing { writer in
            for id in campaigns {
                try writer.db.run("UPDATE campaigns SET forgotten = 1 WHERE id = ?", [.text(id.text)])
            }
            try writer.db.run("UPDATE ledger SET forgot_at = ?", [.instant(now)])
        }
    }
}
