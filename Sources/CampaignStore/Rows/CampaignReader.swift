import CampaignModel
import GRDB
import Recurrence

/// Reads campaigns whole, from all the tables that hold a part of one, within one transaction.
final class CampaignReader {
    let db: Database
    private let editions: ZoneEditionMemo
    /// Every campaign that was read, for those who want to remember it.
    private(set) var found: [StoredCampaign] = []

    private var messages: [Slug: MessageState] = [:]

    init(_ db: Database, _ editions: ZoneEditionMemo = ZoneEditionMemo()) {
        self.db = db
        self.editions = editions
    }

    func campaign(named name: Slug) throws -> StoredCampaign? {
        try one("WHERE name = ?", .text(name.text)).map(\.stored)
    }

    func campaign(_ id: CampaignID) throws -> StoredCampaign? {
        try one("WHERE id = ?", .text(id.text)).map(\.stored)
    }

    func campaign(number: Int64) throws -> StoredCampaign? {
        try one("WHERE number = ?", .integer(number)).map(\.stored)
    }

    /// Those of the campaigns with these numbers that are there, by their numbers.
    func campaigns(numbers: [Int64]) throws -> [Int64: StoredCampaign] {
        let list = DatabaseValue.list(numbers)
        let parts = try GatheredParts(of: list, db)
        var campaigns: [Int64: StoredCampaign] = [:]
        try db.forEachRow("\(CampaignRow.selection) WHERE number IN \(GatheredParts.listed)", [list]) { row in
            let stored = try stored(row, parts.parts(of:))
            campaigns[stored.number] = stored
        }
        return campaigns
    }

    func state(named name: Slug) throws -> CampaignState? {
        try one("WHERE name = ?", .text(name.text)).map(state)
    }

    func state(_ id: CampaignID) throws -> CampaignState? {
        try one("WHERE id = ?", .text(id.text)).map(state)
    }

    /// Up to `limit` campaigns that wake at or before `now`, the earliest first.
    func due(at now: Instant, limit: Int) throws -> [CampaignState] {
        try db.rows(Self.dueQuery, [.instant(now), .integer(limit)]) { try state(read($0)) }
    }

    static let dueQuery = CampaignRow.selection + " WHERE wake_at <= ? ORDER BY wake_at LIMIT ?"

    func edition(_ number: Int64) throws -> ZoneEdition {
        try editions.edition(number, db)
    }

    /// The campaign's sends that are not final, by due instant and key.
    func openSends(of campaign: Int64) throws -> [Send] {
        try db.rows(Self.openSendsQuery, [.integer(campaign)], SendRow.read)
    }

    static let openSendsQuery = SendRow.selection
        + " WHERE sends.campaign = ? AND sends.ended_at IS NULL ORDER BY sends.due, sends.occurrence"

    private struct Found {
        let stored: StoredCampaign
        let newestScheduled: Int64?
    }

    private func one(_ condition: String, _ value: DatabaseValue) throws -> Found? {
        try db.row("\(CampaignRow.selection) \(condition)", [value], read)
    }

    private func read(_ row: StoredRow) throws -> Found {
        let stored = try stored(row, parts(of:))
        found.append(stored)
        return try naming(row) { Found(stored: stored, newestScheduled: try row.optionalInteger("newest_scheduled")) }
    }

    private func stored(_ row: StoredRow, _ parts: (Int64) throws -> CampaignParts) throws -> StoredCampaign {
        try naming(row) {
            let number = try row.integer("number")
            return StoredCampaign(
                number: number, campaign: try CampaignRow.read(row, try parts(number)),
                wakeAt: try row.optionalInstant("wake_at"), nextDue: try row.optionalInstant("next_due"),
                zoneEdition: try row.optionalInteger("zone_edition"))
        }
    }

    private func naming<Value>(_ row: StoredRow, _ read: () throws -> Value) throws -> Value {
        try StoreError.naming("campaign \((try? row.text("name")) ?? "without a name")", read)
    }

    /// What lies in other tables, a campaign at a time.
    private func parts(of number: Int64) throws -> CampaignParts {
        CampaignParts(
            version: { [db] version in
                guard let version else { return nil }
                guard let found = try VersionRow.fetch(version, of: number, db) else {
                    throw ColumnError("has no version \(version)")
                }
                return found
            },
            tags: try tags(of: number), alerts: try AlertRow.fetch(of: number, db))
    }

    private func state(_ found: Found) throws -> CampaignState {
        let campaign = found.stored.campaign
        var messages: [Slug: MessageState] = [:]
        for case let name? in [campaign.live?.content.message, campaign.draft?.content.message] {
            messages[name] = try message(name)
        }
        let open = try openSends(of: found.stored.number)
        var state = CampaignState(
            campaign: campaign, openSends: open, newestScheduled: try found.newestScheduled.flatMap(send),
            messages: messages)
        state.sendVersions = try replacedContents(
            of: found.stored.number, named: open, live: campaign.live?.number)
        state.plannedBy = try found.stored.zoneEdition.map { try edition($0) }
        return state
    }

    /// Campaigns that are due together mostly name the same few.
    private func message(_ name: Slug) throws -> MessageState {
        if let known = messages[name] { return known }
        let state = try MessageRow.state(name, db)
        messages[name] = state
        return state
    }

    /// The contents that open sends began with and keep, where another version is live by now.
    private func replacedContents(
        of campaign: Int64, named sends: [Send], live: Int?
    ) throws -> [Int: CampaignContent] {
        var contents: [Int: CampaignContent] = [:]
        for number in Set(sends.map(\.version)) where number != live {
            contents[number] = try StoreError.naming("version \(number) of campaign \(campaign)") {
                try VersionRow.fetch(number, of: campaign, db)?.content
            }
        }
        return contents
    }

    private func send(number: Int64) throws -> Send? {
        try db.row(SendRow.selection + " WHERE sends.number = ?", [.integer(number)], SendRow.read)
    }

    private func tags(of campaign: Int64) throws -> [Slug] {
        try db.rows("SELECT tag FROM campaign_tags WHERE campaign = ? ORDER BY position", [.integer(campaign)]) {
            try $0.slug("tag")
        }
    }
}
