import CampaignModel
import GRDB
import Recurrence

/// What decisions rest on, apart from campaigns themselves: read on the writer's connection.
extension Store {
    /// The ids alone, which can be read where a campaign itself can't.
    func storedDueIDs(at now: Instant, limit: Int) throws(StoreError) -> [CampaignID] {
        try deciding { reader in
            try reader.db.rows(
                "SELECT id FROM campaigns WHERE wake_at <= ? ORDER BY wake_at LIMIT ?",
                [.instant(now), .integer(limit)]
            ) { row in
                try StoreError.naming("due campaign") { try row.value("id") { CampaignID($0) } }
            }
        }
    }

    func storedEarliestWake() throws(StoreError) -> Instant? {
        try deciding { reader in
            try StoreError.naming("campaign that wakes first") {
                try reader.db.row("SELECT min(wake_at) AS wake_at FROM campaigns WHERE wake_at IS NOT NULL", []) {
                    try $0.optionalInstant("wake_at")
                } ?? nil
            }
        }
    }

    /// All sends that are not final, by due instant and key.
    func storedOpenSends() throws(StoreError) -> [Send] {
        let sends = try deciding { reader in
            try reader.db.rows(Self.openSendsQuery, [], SendRow.read)
        }
        return sends.sorted { ($0.due, $0.key) < ($1.due, $1.key) }
    }

    /// The index that only open sends are in is small; their order is made afterwards.
    static let openSendsQuery = SendRow.selection + " WHERE sends.ended_at IS NULL"

    func storedSend(_ key: OccurrenceKey) throws(StoreError) -> Send? {
        guard let parts = SendRow.parts(key) else { return nil }
        return try deciding { reader in
            try reader.db.row(
                SendRow.selection + " WHERE campaigns.id = ? AND sends.occurrence = ?",
                [.text(parts.campaign.text), .text(parts.occurrence)], SendRow.read)
        }
    }

    /// One version of a campaign, a replaced or dropped one too.
    func storedVersion(_ number: Int, of campaign: CampaignID) throws(StoreError) -> Version? {
        try deciding { reader in
            try StoreError.naming("campaign \(campaign)") {
                let found = try reader.db.row("SELECT number FROM campaigns WHERE id = ?", [.text(campaign.text)]) {
                    try $0.integer("number")
                }
                return try found.flatMap { try VersionRow.fetch(number, of: $0, reader.db) }
            }
        }
    }

    func storedCampaignCount() throws(StoreError) -> Int {
        try ledgerRow { try $0.count("campaign_count") }
    }

    func storedDeliveredSequence() throws(StoreError) -> Int64 {
        try ledgerRow { Int64(try $0.count("delivered_sequence")) }
    }

    func storedNewestWrite() throws(StoreError) -> Instant? {
        try ledgerRow { try $0.optionalInstant("newest_write") }
    }

    func storedAlertTelling() throws(StoreError) -> AlertTelling {
        try ledgerRow { row in
            let notice = try row.optionalInteger("notice_sequence").map {
                AlertTelling.Notice(
                    through: $0, madeAt: try row.instant("notice_made_at"), attempt: try row.count("notice_attempt"),
                    notBefore: try row.instant("notice_not_before"))
            }
            return AlertTelling(told: try row.optionalInteger("told_sequence"), notice: notice)
        }
    }

    func storedRaisedAlerts(after sequence: Int64, limit: Int) throws(StoreError) -> [RecordedEvent] {
        try deciding { reader in
            try reader.db.rows(Self.raisedAlertsQuery, [.integer(sequence), .integer(limit)], EventRow.read)
        }
    }

    func storedNewestRaisedAlert() throws(StoreError) -> Int64 {
        try deciding { reader in
            try Int64.fetchOne(reader.db, sql: "SELECT max(sequence) FROM events WHERE kind = 'alert-raised'") ?? 0
        }
    }

    static let raisedAlertsQuery =
        EventRow.selection + " WHERE kind = 'alert-raised' AND sequence > ? ORDER BY sequence LIMIT ?"

    func storedDaemonAlerts() throws(StoreError) -> [Alert] {
        try deciding { reader in
            try StoreError.naming("alert of the daemon") { try AlertRow.fetch(of: nil, reader.db) }
        }
    }

    /// The zone data that campaigns in force are planned by.
    func storedZoneEditions() throws(StoreError) -> [ZoneEdition] {
        try deciding { reader in try ZoneEditionRow.numbersInUse(reader.db).map(reader.edition) }
    }

    func storedCampaigns(plannedBy edition: ZoneEdition, limit: Int) throws(StoreError) -> [CampaignID] {
        try deciding { reader in
            guard let number = try ZoneEditionRow.number(of: edition, reader.db) else { return [] }
            return try reader.db.rows(
                "SELECT id FROM campaigns WHERE zone_edition = ? ORDER BY number LIMIT ?",
                [.integer(number), .integer(limit)]
            ) { row in
                try StoreError.naming("campaign planned by \(edition.zone.name)") {
                    try row.value("id") { CampaignID($0) }
                }
            }
        }
    }

    func storedCampaigns(using message: Slug) throws(StoreError) -> [CampaignID] {
        try deciding { reader in
            try reader.db.rows(
                "SELECT id FROM campaigns WHERE message_in_force = ? ORDER BY number", [.text(message.text)]
            ) { row in
                try StoreError.naming("campaign that uses \(message)") {
                    try row.value("id") { CampaignID($0) }
                }
            }
        }
    }

    /// Named one by one: a column that a damaged schema lacks is then SQLite's error.
    private static let ledgerQuery = """
        SELECT machine_id, newest_write, delivered_sequence, told_sequence, notice_sequence, notice_made_at, \
        notice_attempt, notice_not_before, forgot_at, campaign_count, accepted_clock, pruned_at \
        FROM ledger WHERE one = 1
        """

    /// The one row of the table `ledger`, which is about the ledger as a whole.
    func ledgerRow<Value>(_ read: (StoredRow) throws -> Value) throws(StoreError) -> Value {
        try deciding { reader in
            try StoreError.naming("ledger") {
                guard let value = try reader.db.row(Self.ledgerQuery, [], read) else { throw ColumnError("is missing") }
                return value
            }
        }
    }
}
