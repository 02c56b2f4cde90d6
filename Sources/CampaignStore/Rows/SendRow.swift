import CampaignModel
import GRDB
import Recurrence

/// A send's row in `sends`. Its key is kept as the campaign's number and the part after the campaign's id.
enum SendRow {
    /// What is fixed with the key for ever.
    private static let fixedColumns = ["campaign", "occurrence", "origin", "nominal", "due"]
    /// What goes on changing until the send is final; of a trigger to come also what a claim fixes.
    private static let movingColumns = [
        "version", "claimed_at", "message", "message_revision", "surface",
        "state", "reason", "attempts", "handed_at", "accepted", "ready_at", "follows_earlier", "next_attempt_at",
        "started_at", "ended_at", "progress", "total", "failed", "note", "count", "nominal_last", "data",
        "verdict_state", "verdict_reason", "verdict_uid", "verdict_actor",
    ]
    private static let insertion = """
        INSERT INTO sends (\((fixedColumns + movingColumns).joined(separator: ", "))) \
        VALUES (\((fixedColumns + movingColumns).map { _ in "?" }.joined(separator: ", ")))
        """
    private static let update = """
        UPDATE sends SET \(movingColumns.map { "\($0) = ?" }.joined(separator: ", ")) \
        WHERE campaign = ? AND occurrence = ?
        """
    /// Every column, with the campaign's id and name; conditions follow.
    static let selection = """
        SELECT sends.number, campaigns.id, campaigns.name, \
        \((fixedColumns + movingColumns).map { "sends.\($0)" }.joined(separator: ", ")) \
        FROM sends JOIN campaigns ON campaigns.number = sends.campaign
        """

    /// The part of a key after its campaign's id and `/`; nil where it is a key of another campaign.
    static func occurrence(_ key: OccurrenceKey, of campaign: CampaignID) -> String? {
        let prefix = (campaign.text + "/").utf8
        let (bytes, count) = (key.text.utf8, prefix.count)
        guard bytes.starts(with: prefix), bytes.count > count else { return nil }
        return String(bytes.dropFirst(count))
    }

    /// The two parts of a key; nil for a text that can't be a key of any campaign.
    static func parts(_ key: OccurrenceKey) -> (campaign: CampaignID, occurrence: String)? {
        guard let slash = key.text.firstIndex(of: "/"), let id = CampaignID(String(key.text[..<slash])),
            let occurrence = occurrence(key, of: id)
        else { return nil }
        return (id, occurrence)
    }

    /// Inserts a claim and answers its number.
    ///
    /// - Throws: ``StoreError/keyTaken(_:)``.
    static func insert(_ send: Send, of campaign: Int64, _ db: Database) throws -> Int64 {
        let fixed: [DatabaseValue] = [
            .integer(campaign), .text(checkedOccurrence(send)), .text(send.origin.rawValue), .local(send.nominal),
            .instant(send.due),
        ]
        do {
            try db.run(insertion, fixed + moving(send))
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            throw StoreError.keyTaken(send.key)
        }
        return db.lastInsertedRowID
    }

    /// - Throws: ``StoreError/unsound(row:reason:)`` where the ledger does not hold that send.
    static func update(_ send: Send, of campaign: Int64, _ db: Database) throws {
        try db.run(update, moving(send) + [.integer(campaign), .text(checkedOccurrence(send))])
        guard db.changesCount == 1 else {
            throw StoreError.unsound(row: "send \(send.key)", reason: "is to be updated and is not there")
        }
    }

    /// The ledger's rules for a send, held before it is written: only a bug can break them.
    private static func checkedOccurrence(_ send: Send) -> String {
        let violations = send.violations
        precondition(violations.isEmpty, "send \(send.key) \(violations.joined(separator: ", and "))")
        guard let occurrence = occurrence(send.key, of: send.campaign) else {
            preconditionFailure("send \(send.key) does not begin with its campaign's id \(send.campaign)/")
        }
        return occurrence
    }

    private static func moving(_ send: Send) -> [DatabaseValue] {
        [
            .integer(send.version), .instant(send.claimedAt), .text(send.message?.name.text),
            .integer(send.message?.revision), .text(send.surface?.text),
            .text(send.state.rawValue), .text(send.reason), .integer(send.attempts), .instant(send.handedAt),
            .flag(send.wasAccepted), .instant(send.readyAt), .flag(send.followsEarlier),
            .instant(send.nextAttemptAt), .instant(send.startedAt), .instant(send.endedAt),
            .integer(send.progress.done), .integer(send.progress.total), .integer(send.progress.failed),
            .text(send.progress.note), .integer(send.count), .local(send.nominalLast), .text(send.data),
            .text(send.verdict?.state.rawValue), .text(send.verdict?.reason),
            .integer(send.verdict?.actor?.uid.map(Int64.init)), .text(send.verdict?.actor?.name),
        ]
    }

    static func read(_ row: StoredRow) throws -> Send {
        let name = { (try? row.text("id") + "/" + row.text("occurrence")) ?? "without a key" }
        return try StoreError.naming("send \(name())") { try read(row, key: name()) }
    }

    private static func read(_ row: StoredRow, key text: String) throws -> Send {
        guard let key = OccurrenceKey(text) else { throw ColumnError("has a key that is not one") }
        // A key is to be told from others of its campaign by what follows its id.
        guard try !row.text("occurrence").isEmpty else { throw ColumnError("occurrence", "is empty") }
        let message = try row.optionalValue("message") { Slug($0) }.map {
            MessageReference(name: $0, revision: try row.count("message_revision"))
        }
        var send = Send(
            key: key, campaign: try row.value("id") { CampaignID($0) }, version: try row.count("version"),
            origin: try row.value("origin", SendOrigin.init(rawValue:)),
            nominal: try row.optionalValue("nominal") { LocalDateTime($0) }, due: try row.instant("due"),
            claimedAt: try row.instant("claimed_at"), message: message,
            surface: try row.optionalValue("surface") { Slug($0) },
            state: try row.value("state", SendState.init(rawValue:)))
        send.reason = try row.optionalText("reason")
        send.attempts = try row.count("attempts")
        send.handedAt = try row.optionalInstant("handed_at")
        send.wasAccepted = try row.flag("accepted")
        send.readyAt = try row.instant("ready_at")
        send.followsEarlier = try row.flag("follows_earlier")
        send.nextAttemptAt = try row.optionalInstant("next_attempt_at")
        send.startedAt = try row.optionalInstant("started_at")
        send.endedAt = try row.optionalInstant("ended_at")
        send.progress = SendProgress(
            done: try row.optionalInteger("progress"), total: try row.optionalInteger("total"),
            failed: try row.optionalInteger("failed"), note: try row.optionalText("note"))
        send.count = try row.optionalCount("count")
        send.nominalLast = try row.optionalValue("nominal_last") { LocalDateTime($0) }
        send.data = try row.optionalText("data")
        send.verdict = try row.optionalValue("verdict_state", SendState.init(rawValue:)).map {
            Verdict(
                state: $0, reason: try row.text("verdict_reason"),
                actor: try row.optionalActor(uid: "verdict_uid", name: "verdict_actor"))
        }
        if let violation = send.violations.first { throw ColumnError(violation) }
        return send
    }
}
