import CampaignModel
import Foundation
import GRDB
import Recurrence

/// Messages, their revisions and attachments. Texts are kept as bytes, so that any text comes back as it was.
enum MessageRow {
    /// Adds a draft revision, of a new message where there is none of that name, and answers its number.
    static func put(_ content: MessageContent, as name: Slug, at now: Instant, _ db: Database) throws -> Int {
        try db.run(
            """
            INSERT INTO messages (name, newest) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET newest = newest + 1
            """, [.text(name.text)])
        guard let message = try head(name, db) else {
            throw StoreError.unsound(row: "message \(name)", reason: "is not there after it was written")
        }
        let headers = try JSONEncoder().encode(content.headers)
        try db.run(
            """
            INSERT INTO message_revisions (message, revision, put_at, subject, text, html, headers, file_name, file)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(message.number), .integer(message.newest), .instant(now), .bytes(of: content.subject),
                .bytes(of: content.text), .bytes(of: content.html), headers.databaseValue,
                .bytes(of: content.file.name), .bytes(content.file.bytes),
            ])
        for (position, attachment) in content.attachments.enumerated() {
            try db.run(
                "INSERT INTO message_attachments (message, revision, position, name, bytes) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(message.number), .integer(message.newest), .integer(position),
                    .bytes(of: attachment.name), .bytes(attachment.bytes),
                ])
        }
        return message.newest
    }

    /// Publishes the newest revision. Nil where there is no such message.
    static func publish(_ name: Slug, at now: Instant, _ db: Database) throws -> (revision: Int, isNew: Bool)? {
        guard let message = try head(name, db) else { return nil }
        guard message.published != message.newest else { return (message.newest, false) }
        try db.run(
            "UPDATE message_revisions SET published_at = ? WHERE message = ? AND revision = ?",
            [.instant(now), .integer(message.number), .integer(message.newest)])
        try db.run("UPDATE messages SET published = newest WHERE number = ?", [.integer(message.number)])
        return (message.newest, true)
    }

    static func state(_ name: Slug, _ db: Database) throws -> MessageState {
        guard let message = try head(name, db) else { return .missing }
        return message.published.map { .published(revision: $0) } ?? .notPublished
    }

    /// One revision with all its parts.
    static func fetch(_ name: Slug, revision: Int, _ db: Database) throws -> Message? {
        guard let head = try head(name, db) else { return nil }
        let key: [DatabaseValue] = [.integer(head.number), .integer(revision)]
        return try StoreError.naming("message \(name) revision \(revision)") {
            try db.row(
                """
                SELECT published_at, subject, text, html, headers, file_name, file FROM message_revisions
                WHERE message = ? AND revision = ?
                """, key
            ) { try read($0, name, revision: revision, try attachments(key, db)) }
        }
    }

    private static func attachments(_ key: [DatabaseValue], _ db: Database) throws -> [MessageFile] {
        try db.rows(
            "SELECT name, bytes FROM message_attachments WHERE message = ? AND revision = ? ORDER BY position", key
        ) { try file($0, name: "name", bytes: "bytes") }
    }

    private static func read(
        _ row: StoredRow, _ name: Slug, revision: Int, _ attachments: [MessageFile]
    ) throws -> Message {
        let headers = Data(try row.bytes("headers"))
        guard let decoded = try? JSONDecoder().decode([MessageHeader].self, from: headers) else {
            throw ColumnError("headers", "is not a list of headers")
        }
        let content = MessageContent(
            subject: try row.optionalTextOfBytes("subject"), text: try row.optionalTextOfBytes("text"),
            html: try row.optionalTextOfBytes("html"), headers: decoded, attachments: attachments,
            file: try file(row, name: "file_name", bytes: "file"))
        let isPublished = try row.optionalInstant("published_at") != nil
        return Message(name: name, revision: revision, isPublished: isPublished, content: content)
    }

    private struct Head {
        let number: Int64
        let newest: Int
        let published: Int?
    }

    private static func head(_ name: Slug, _ db: Database) throws -> Head? {
        try StoreError.naming("message \(name)") {
            try db.row("SELECT number, newest, published FROM messages WHERE name = ?", [.text(name.text)]) { row in
                Head(
                    number: try row.integer("number"), newest: try row.count("newest"),
                    published: try row.optionalCount("published"))
            }
        }
    }

    private static func file(_ row: StoredRow, name: String, bytes: String) throws -> MessageFile {
        guard let text = try row.optionalTextOfBytes(name) else { throw ColumnError(name, "is missing") }
        return MessageFile(name: text, bytes: try row.bytes(bytes))
    }
}
