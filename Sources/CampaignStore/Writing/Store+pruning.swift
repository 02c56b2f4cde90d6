import CampaignModel
import GRDB
import Recurrence

/// Removes what was kept for long enough.
extension Store {
    func storedNewestPruning() throws(StoreError) -> Instant? {
        try ledgerRow { try $0.optionalInstant("pruned_at") }
    }

    func pruneStored(_ pruning: Pruning) throws(StoreError) -> Pruning.Removed {
        try writing { writer in
            let history = try Self.pruneHistory(pruning, writer.db)
            let sends = try Self.pruneSends(pruning, writer.db)
            return Pruning.Removed(
                events: history.count, isHistoryDone: history.isDone, sends: sends.count, sendsThrough: sends.through)
        }
    }

    func writePruned(_ events: [Event], at now: Instant) throws(StoreError) {
        try writing { writer in
            try writer.db.run("UPDATE ledger SET pruned_at = ?", [.instant(now)])
            try writer.append(events)
            try writer.noteWrite(at: now)
        }
    }

    // MARK: History

    /// The history goes from its beginning on, without a hole, up to the first line that is young enough or not
    /// delivered yet. A line of the future is one that a wrong clock wrote long ago.
    private static func pruneHistory(_ pruning: Pruning, _ db: Database) throws -> (count: Int, isDone: Bool) {
        let values: [DatabaseValue] = [
            .integer(pruning.limit), .instant(pruning.historyBefore), .instant(pruning.now),
        ]
        let found = try db.row(oldestEventsQuery, values) { row in
            (newest: try row.optionalInteger("newest"), kept: try row.optionalInteger("kept"))
        }
        guard let found, let newest = found.newest else { return (0, true) }
        let last = found.kept.map { $0 - 1 } ?? newest
        try db.run("UPDATE ledger SET pruned_sequence = max(pruned_sequence, ?)", [.integer(last)])
        try db.run("DELETE FROM events WHERE sequence <= ?", [.integer(last)])
        let count = db.changesCount
        return (count, last < newest || count < pruning.limit)
    }

    static let oldestEventsQuery = """
        SELECT max(sequence) AS newest, min(
            iif(at BETWEEN ?2 AND ?3 OR sequence > (SELECT delivered_sequence FROM ledger), sequence, NULL)
        ) AS kept
        FROM (SELECT sequence, at FROM events ORDER BY sequence LIMIT ?1)
        """

    // MARK: Sends

    /// Sends lie in the order of their claims. A key goes only where nothing could claim it again: its campaign has
    /// ended, or it is the schedule's and decided; `pruned_until` keeps that so, whatever is said of the clock. The
    /// newest send of all stays, so that its number is not used again.
    private static func pruneSends(_ pruning: Pruning, _ db: Database) throws -> (count: Int, through: Int64?) {
        var through: Int64?
        var isYoung = false
        var doomed: [Int64] = []
        var campaigns: [Int64: Int64] = [:]
        try db.forEachRow(oldestSendsQuery, [.integer(pruning.sendsThrough), .integer(pruning.limit)]) { row in
            through = try row.integer("number")
            isYoung = try row.instant("claimed_at") >= pruning.sendsBefore
            guard try row.optionalInstant("ended_at").map({ $0 < pruning.sendsBefore }) ?? false,
                try row.flag("is_settled")
            else { return }
            doomed.append(try row.integer("number"))
            let campaign = try row.integer("campaign")
            campaigns[campaign] = max(campaigns[campaign] ?? .min, try row.integer("due"))
        }
        for (campaign, due) in campaigns {
            try db.run(
                "UPDATE campaigns SET pruned_until = max(coalesce(pruned_until, ?2), ?2) WHERE number = ?1",
                [.integer(campaign), .integer(due)])
        }
        try db.run("DELETE FROM sends WHERE number IN \(GatheredParts.listed)", [.list(doomed)])
        return (doomed.count, isYoung ? nil : through)
    }

    static let oldestSendsQuery = """
        SELECT sends.number, campaign, due, claimed_at, sends.ended_at,
            sends.number < (SELECT max(number) FROM sends) AND (
                campaigns.ended_at IS NOT NULL
                OR (origin = 'schedule' AND due <= decided_until AND newest_scheduled IS NOT sends.number)
            ) AS is_settled
        FROM sends JOIN campaigns ON campaigns.number = campaign
        WHERE sends.number > ? ORDER BY sends.number LIMIT ?
        """
}
