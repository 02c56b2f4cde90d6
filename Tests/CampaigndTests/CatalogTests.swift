import CampaignModel
import Foundation
import ProgramRun
import SystemdKit
import Testing

@testable import campaignd

/// The texts that `journalctl -x` shows beside the entries of the history.
@Suite struct CatalogTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "systemd/campaignd.catalog")

    /// The fields that an entry may have (docs/operations.md).
    private static let fields: Set<String> = [
        "MESSAGE_ID", "CAMPAIGN", "CAMPAIGN_TITLE", "CAMPAIGN_STATUS", "CAMPAIGN_STATUS_FROM", "CAMPAIGN_VERSION",
        "OCCURRENCE_KEY", "OCCURRENCE_TIME", "SEND_OUTCOME", "ALERT_CODE", "EVENT_SEQ", "ACTOR_UID", "PRIORITY",
    ]

    private struct Entry {
        let id: String
        /// The lines `Name: value` before the first empty line.
        let heads: [String: String]
        let text: String

        init(_ source: Substring) {
            let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
            let end = lines.firstIndex(of: "") ?? lines.endIndex
            id = String(lines[0])
            heads = lines[1..<end].reduce(into: [:]) { heads, line in
                guard let colon = line.firstRange(of: ": ") else { return }
                heads[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
            }
            text = lines[end...].joined(separator: "\n")
        }
    }

    /// What stands between one `-- ID` and the next.
    private static func entries() throws -> [Entry] {
        let source = "\n" + (try String(contentsOf: file, encoding: .utf8))
        return source.split(separator: "\n-- ").dropFirst().map(Entry.init)
    }

    @Test("each kind of event has one entry, and there is none of anything else")
    func complete() throws {
        let found = try Self.entries().map(\.id)
        #expect(found.sorted() == EventKind.allCases.map(\.messageID.description).sorted())
    }

    @Test("each entry has a subject, says whose it is, and explains")
    func whole() throws {
        for entry in try Self.entries() {
            #expect(entry.heads["Subject"]?.isEmpty == false, "\(entry.id)")
            #expect(entry.heads["Defined-By"] == "campaignd", "\(entry.id)")
            #expect(entry.heads["Support"]?.isEmpty == false, "\(entry.id)")
            #expect(entry.text.contains { $0.isLetter }, "\(entry.id)")
        }
    }

    @Test("what an entry puts in is a field of our entries")
    func substitutions() throws {
        for entry in try Self.entries() {
            let shown = ([entry.text] + entry.heads.values).joined(separator: "\n")
            for match in shown.matches(of: /@([^@\n]*)@/) {
                #expect(Self.fields.contains(String(match.output.1)), "\(entry.id): \(match.output.0)")
            }
            #expect(!shown.replacing(/@[A-Z_]+@/, with: "").contains("@"), "\(entry.id): a name that is not closed")
        }
    }

    @Test("journalctl builds its database from the file and shows every entry")
    func accepted() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "catalog-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for folder in ["usr/lib/systemd/catalog", "var/lib/systemd/catalog"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: folder), withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            at: Self.file, to: root.appending(path: "usr/lib/systemd/catalog/campaignd.catalog"))
        let built = try await Self.journalctl("--root=\(root.path)", "--update-catalog")
        // It warns of lines that it does not understand, and goes on.
        #expect(built.status == 0 && (built.standardOutput + built.standardError).isEmpty, "\(built)")
        let listed = try await Self.journalctl("--root=\(root.path)", "--list-catalog")
        let lines = listed.standardOutput.split(separator: "\n")
        #expect(listed.status == 0 && lines.count == EventKind.allCases.count, "\(listed)")
        for entry in try Self.entries() {
            let subject = try #require(entry.heads["Subject"])
            #expect(lines.contains("\(entry.id) campaignd: \(subject)"), "\(subject)")
        }
    }

    private static func journalctl(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run("/usr/bin/journalctl", arguments + ["--no-pager"])
    }
}
