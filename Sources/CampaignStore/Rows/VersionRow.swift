import CampaignModel
import Foundation
import GRDB
import Recurrence

/// A version's row in `versions`: its definition as JSON, in the keys of a campaign file.
enum VersionRow {
    /// Writes a version, new or changed; its number and campaign are its key.
    static func write(_ version: Version, of campaign: Int64, _ db: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let definition = String(decoding: try encoder.encode(version.content.definition), as: UTF8.self)
        try db.run(
            """
            INSERT INTO versions (campaign, number, definition, source_text, anchor_local, anchor_at, anchor_written)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (campaign, number) DO UPDATE SET
                definition = excluded.definition, source_text = excluded.source_text,
                anchor_local = excluded.anchor_local, anchor_at = excluded.anchor_at,
                anchor_written = excluded.anchor_written
            """,
            [
                .integer(campaign), .integer(version.number), .text(definition), .text(version.sourceText),
                .local(version.anchor?.local), .instant(version.anchor?.instant),
                version.anchor.map { .flag($0.isWritten) } ?? .null,
            ])
    }

    static func fetch(_ number: Int, of campaign: Int64, _ db: Database) throws -> Version? {
        try db.row(
            """
            SELECT number, definition, source_text, anchor_local, anchor_at, anchor_written
            FROM versions WHERE campaign = ? AND number = ?
            """, [.integer(campaign), .integer(number)], read)
    }

    /// The live version and the draft of each of the campaigns in a list, see ``GatheredParts``.
    static let gathering = """
        SELECT campaign, versions.number AS number, definition, source_text, anchor_local, anchor_at, anchor_written
        FROM campaigns JOIN versions ON campaign = campaigns.number AND versions.number IN (live, draft)
        WHERE campaigns.number IN \(GatheredParts.listed)
        """

    static func read(_ row: StoredRow) throws -> Version {
        let number = try row.count("number")
        let content: CampaignContent
        do {
            let text = try row.text("definition")
            let definition = try WrittenDefinition.read(text)
                ?? JSONDecoder().decode(CampaignDefinition.self, from: Data(text.utf8))
            content = try CampaignContent(definition)
        } catch let error as FieldError {
            throw ColumnError("has a version \(number) that is refused: \(error)")
        } catch is DecodingError {
            throw ColumnError("has a version \(number) whose definition is not one")
        }
        return Version(
            number: number, content: content, sourceText: try row.optionalText("source_text"), anchor: try anchor(row))
    }

    private static func anchor(_ row: StoredRow) throws -> Anchor? {
        guard let local = try row.optionalValue("anchor_local", { LocalDateTime($0) }) else { return nil }
        return Anchor(local: local, instant: try row.instant("anchor_at"), isWritten: try row.flag("anchor_written"))
    }
}
