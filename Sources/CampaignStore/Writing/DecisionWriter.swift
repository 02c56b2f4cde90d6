import CampaignModel
import GRDB
import Recurrence

/// Writes decisions within one transaction, and of each only what differs from what the file holds.
final class DecisionWriter {
    let db: Database
    private let remembered: (CampaignID) -> StoredCampaign?
    private let editions: ZoneEditionMemo
    /// What this transaction made of each campaign it touched; nil for a deleted one.
    private(set) var changed: [CampaignID: StoredCampaign?] = [:]
    private var updates: [[Int]: String] = [:]
    /// Whether it wrote to campaigns that it did not read.
    var changedUnseen = false

    init(_ db: Database, _ editions: ZoneEditionMemo, remembered: @escaping (CampaignID) -> StoredCampaign?) {
        self.db = db
        self.editions = editions
        self.remembered = remembered
    }

    /// - Throws: ``StoreError/keyTaken(_:)``, ``StoreError/nameTaken(_:)``.
    func write(_ decision: Decision) throws {
        let campaign = decision.campaign
        let violations = campaign.violations
        precondition(violations.isEmpty, "campaign \(campaign.name) \(violations.joined(separator: ", and "))")
        let number = try writeCampaign(decision)
        for send in decision.updates { try SendRow.update(send, of: number, db) }
        try claim(decision.claims, of: number)
        for event in decision.events { try append(event, about: campaign.id, numbered: number) }
        if decision.isDeleted { try delete(campaign.id, numbered: number) }
    }

    /// Appends events that belong to no decision.
    func append(_ events: [Event]) throws {
        for event in events { try append(event, about: nil, numbered: 0) }
    }

    /// Keeps the newest instant at which the ledger was written; a clock that was set back does not move it.
    func noteWrite(at now: Instant) throws {
        try db.run(
            "UPDATE ledger SET newest_write = ?1 WHERE newest_write IS NULL OR newest_write < ?1", [.instant(now)])
    }

    /// Has each campaign in force wake at `now`.
    func wakeAll(at now: Instant) throws {
        let inForce = Status.allCases.filter(\.isInForce).map(\.rawValue)
        try db.run(
            """
            UPDATE campaigns SET wake_at = ? WHERE status IN (\(inForce.map { _ in "?" }.joined(separator: ", ")))
            """, [.instant(now)] + inForce.map { .text($0) })
        changedUnseen = true
    }

    // MARK: Campaigns

    private func writeCampaign(_ decision: Decision) throws -> Int64 {
        let old = try stored(decision.campaign.id)
        var new = StoredCampaign(
            number: old?.number ?? 0, campaign: decision.campaign, wakeAt: decision.wakeAt, nextDue: decision.nextDue,
            zoneEdition: try decision.plannedBy.map { try editions.number(of: $0, present: old?.zoneEdition, db) })
        if let old {
            try update(old, to: new)
        } else {
            new.number = try insert(new)
        }
        changed[decision.campaign.id] = new
        return new.number
    }

    private func stored(_ id: CampaignID) throws -> StoredCampaign? {
        if let own = changed[id] { return own }
        return try remembered(id) ?? CampaignReader(db).campaign(id)
    }

    private func insert(_ new: StoredCampaign) throws -> Int64 {
        let campaign = new.campaign
        var values = CampaignRow.values(new)
        values.append(.text(CampaignRow.searchText(campaign)))
        do {
            try db.run(CampaignRow.insertion, values)
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            guard error.message?.contains("campaigns.name") == true else { throw error }
            throw StoreError.nameTaken(campaign.name)
        }
        let number = db.lastInsertedRowID
        for case let version? in [campaign.live, campaign.draft] { try VersionRow.write(version, of: number, db) }
        try writeTags(campaign.tags, of: number)
        if !campaign.alerts.isEmpty { try AlertRow.replace(campaign.alerts, of: number, db) }
        return number
    }

    private func update(_ old: StoredCampaign, to new: StoredCampaign) throws {
        let campaign = new.campaign
        let before = CampaignRow.values(old)
        let after = CampaignRow.values(new)
        var differing = after.indices.filter { before[$0] != after[$0] }
        var values = differing.map { after[$0] }
        if !CampaignRow.isFoundAlike(old.campaign, campaign) {
            differing.append(after.count)
            values.append(.text(CampaignRow.searchText(campaign)))
        }
        if !differing.isEmpty { try db.run(updating(differing), values + [.integer(old.number)]) }
        let held = [old.campaign.live, old.campaign.draft]
        for case let version? in [campaign.live, campaign.draft] where !held.contains(version) {
            try VersionRow.write(version, of: old.number, db)
        }
        if old.campaign.tags != campaign.tags {
            try db.run("DELETE FROM campaign_tags WHERE campaign = ?", [.integer(old.number)])
            try writeTags(campaign.tags, of: old.number)
        }
        if old.campaign.alerts != campaign.alerts { try AlertRow.replace(campaign.alerts, of: old.number, db) }
    }

    /// The statement that sets these columns; campaigns that are due together mostly change in the same ones.
    private func updating(_ columns: [Int]) -> String {
        if let known = updates[columns] { return known }
        let assignments = columns.map { "\(CampaignRow.columns[$0]) = ?" }.joined(separator: ", ")
        let update = "UPDATE campaigns SET \(assignments) WHERE number = ?"
        updates[columns] = update
        return update
    }

    private func writeTags(_ tags: [Slug], of campaign: Int64) throws {
        for (position, tag) in tags.enumerated() {
            try db.run(
                "INSERT INTO campaign_tags (campaign, tag, position) VALUES (?, ?, ?)",
                [.integer(campaign), .text(tag.text), .integer(position)])
        }
    }

    /// Its versions, sends, tags and alerts go along (ON DELETE CASCADE); its id stays, never to be used again.
    private func delete(_ id: CampaignID, numbered number: Int64) throws {
        try db.run("DELETE FROM campaigns WHERE number = ?", [.integer(number)])
        changed[id] = .some(nil)
    }

    // MARK: Sends and events

    private func claim(_ claims: [Send], of campaign: Int64) throws {
        var newest: (number: Int64, due: Instant)?
        for send in claims {
            let number = try SendRow.insert(send, of: campaign, db)
            guard send.origin == .schedule else { continue }
            if let known = newest, known.due > send.due { continue }
            newest = (number, send.due)
        }
        guard let newest else { return }
        try db.run(
            """
            UPDATE campaigns SET newest_scheduled = ?1 WHERE number = ?2 AND (
                newest_scheduled IS NULL OR (SELECT due FROM sends WHERE sends.number = newest_scheduled) <= ?3)
            """, [.integer(newest.number), .integer(campaign), .instant(newest.due)])
    }

    private func append(_ event: Event, about campaign: CampaignID?, numbered number: Int64) throws {
        guard let id = event.campaign?.id else { return try EventRow.append(event, of: nil, db) }
        try EventRow.append(event, of: id == campaign ? number : numberEver(of: id), db)
    }

    /// The number of a campaign that is or was.
    private func numberEver(of id: CampaignID) throws -> Int64? {
        try db.row(
            """
            SELECT number FROM campaigns WHERE id = ?1 UNION ALL SELECT number FROM retired_campaigns WHERE id = ?1
            """, [.text(id.text)]
        ) { try $0.integer("number") }
    }
}
