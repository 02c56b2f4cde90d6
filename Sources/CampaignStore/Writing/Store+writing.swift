import CampaignModel
import GRDB
import Recurrence

extension Store {
    /// Writes all decisions in one transaction.
    func write(_ decisions: [Decision], at now: Instant) throws(StoreError) {
        guard !decisions.isEmpty else { return }
        try writing { writer in
            for decision in decisions { try writer.write(decision) }
            try writer.noteWrite(at: now)
        }
    }

    func write(_ events: [Event], at now: Instant) throws(StoreError) {
        guard !events.isEmpty else { return }
        try writing { writer in
            try writer.append(events)
            try writer.noteWrite(at: now)
        }
    }

    /// Keeps how far a send has come; one that is final by now keeps what it has.
    func write(_ progress: SendProgress, of key: OccurrenceKey) throws(StoreError) {
        guard let parts = SendRow.parts(key) else { return }
        try writing { writer in
            try writer.db.run(
                """
                UPDATE sends SET progress = ?, total = ?, failed = ?, note = ?
                WHERE campaign = (SELECT number FROM campaigns WHERE id = ?) AND occurrence = ? AND ended_at IS NULL
                """,
                [
                    .integer(progress.done), .integer(progress.total), .integer(progress.failed), .text(progress.note),
                    .text(parts.campaign.text), .text(parts.occurrence),
                ])
        }
    }

    func write(
        _ content: MessageContent, as name: Slug, by actor: EventActor, at now: Instant
    ) throws(StoreError) -> Int {
        try writing { writer in
            let revision = try MessageRow.put(content, as: name, at: now, writer.db)
            let event = Event(
                .messagePut, at: now, campaign: nil, actor: actor, text: "message \(name): revision \(revision) put")
            try writer.append([event])
            try writer.noteWrite(at: now)
            return revision
        }
    }

    /// Publishes the newest revision; one that is published already is left as it is, without an event.
    func writePublication(of name: Slug, by actor: EventActor, at now: Instant) throws(StoreError) -> Int? {
        try writing { writer in
            guard let publication = try MessageRow.publish(name, at: now, writer.db) else { return nil }
            guard publication.isNew else { return publication.revision }
            let event = Event(
                .messagePublished, at: now, campaign: nil, actor: actor,
                text: "message \(name): revision \(publication.revision) published")
            try writer.append([event])
            try writer.noteWrite(at: now)
            return publication.revision
        }
    }

    /// Moves the journal's cursor, never backwards.
    func writeDelivered(through sequence: Int64) throws(StoreError) {
        try writing { writer in
            try writer.db.run(
                "UPDATE ledger SET delivered_sequence = ?1 WHERE delivered_sequence < ?1", [.integer(sequence)])
        }
    }

    /// Has each campaign in force wake at `now`, unless the rules are those of the last call.
    func writeWake(under rules: String, at now: Instant) throws(StoreError) {
        try writing { writer in
            let known = try String.fetchOne(writer.db, sql: "SELECT fingerprint FROM rules")
            guard known != rules else { return }
            try writer.wakeAll(at: now)
            try writer.db.run(
                "INSERT OR REPLACE INTO rules (one, fingerprint) VALUES (1, ?)", [.text(rules)])
        }
    }

    func write(_ telling: AlertTelling, events: [Event], at now: Instant) throws(StoreError) {
        try writing { writer in
            try writer.db.run(
                """
                UPDATE ledger SET told_sequence = ?, notice_sequence = ?, notice_made_at = ?, notice_attempt = ?,
                    notice_not_before = ?
                """,
                [
                    .integer(telling.told), .integer(telling.notice?.through), .instant(telling.notice?.madeAt),
                    .integer(telling.notice?.attempt), .instant(telling.notice?.notBefore),
                ])
            try writer.append(events)
            try writer.noteWrite(at: now)
        }
    }

    func writeDaemonAlerts(_ alerts: [Alert], events: [Event], at now: Instant) throws(StoreError) {
        try writing { writer in
            if try AlertRow.fetch(of: nil, writer.db) != alerts { try AlertRow.replace(alerts, of: nil, writer.db) }
            try writer.append(events)
            try writer.noteWrite(at: now)
        }
    }
}
