import CampaignModel
import ControlAPI
import VarlinkKit

/// Brings an order of any length to the daemon, in parts that its calls hold.
struct SuppressionUpload {
    private let kind: SuppressionOrder.Kind
    private let entries: [NumberedSuppression]
    private let reason: String?
    private let choices: SuppressionChoices

    /// The daemon takes 900 KiB, and counts as much for each entry.
    private static let partBytes = 800 * 1_024
    /// What an entry has around its texts.
    private static let entryBytes = 64

    init(
        _ kind: SuppressionOrder.Kind, _ entries: [NumberedSuppression], reason: String?, _ choices: SuppressionChoices
    ) {
        self.kind = kind
        self.entries = entries
        self.reason = reason
        self.choices = choices
    }

    func run(in session: Session) async throws {
        guard !entries.isEmpty else {
            throw Failure.invalidField(FieldError("addresses", nil, "are missing; there is none to \(verb)"))
        }
        let client = try await session.connect()
        let parts = parts()
        // Of one part the daemon takes all or nothing; of several the first must not be there when the last is wrong.
        if parts.count > 1, !choices.skipInvalid, !choices.dryRun {
            try refuse(try await send(parts, by: client, isDryRun: true), session)
        }
        let outcome = try await send(parts, by: client, isDryRun: choices.dryRun)
        if !choices.skipInvalid { try refuse(outcome, session) }
        if session.isJSON { return try Output.line(json(outcome)) }
        tell(outcome)
        try Output.line(sentence(outcome))
    }

    private var verb: String { kind == .add ? "add" : "remove" }

    private func parts() -> [ArraySlice<NumberedSuppression>] {
        var parts: [ArraySlice<NumberedSuppression>] = []
        var start = 0
        var bytes = 0
        for (index, entry) in entries.enumerated() {
            let size = Self.entryBytes + Self.bytes(entry.suppression.address)
                + Self.bytes(entry.suppression.reason ?? reason ?? "")
            if index > start, bytes + size > Self.partBytes || index - start == Suppression.orderLimit {
                parts.append(entries[start..<index])
                (start, bytes) = (index, 0)
            }
            bytes += size
        }
        return parts + [entries[start...]]
    }

    /// As JSON has it.
    private static func bytes(_ text: String) -> Int {
        text.utf8.reduce(0) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5C ? 2 : 1) }
    }

    /// - Returns: with the indices of all entries, not of their parts.
    private func send(
        _ parts: [ArraySlice<NumberedSuppression>], by client: ControlClient, isDryRun: Bool
    ) async throws -> SuppressionOutcome {
        var sum = SuppressionOutcome(changed: 0, unchanged: 0)
        for part in parts {
            let order = SuppressionOrder(
                kind, part.map(\.suppression), skipsInvalid: choices.skipInvalid || parts.count > 1, isDryRun: isDryRun)
            let outcome = try await client.suppress(order, reason: reason).view
            sum.changed += outcome.changed
            sum.unchanged += outcome.unchanged
            sum.invalidCount += outcome.invalidCount
            let room = SuppressionOutcome.toldLimit - sum.invalid.count
            sum.invalid += outcome.invalid.prefix(room).map {
                SuppressionOutcome.InvalidAddress(index: part.startIndex + $0.index, reason: $0.reason)
            }
        }
        return sum
    }

    // MARK: What is told

    private func refuse(_ outcome: SuppressionOutcome, _ session: Session) throws {
        guard outcome.invalidCount > 0 else { return }
        if !session.isJSON { tell(outcome) }
        let count = outcome.invalidCount
        throw Failure(
            .refused,
            text: "\(count == 1 ? "1 is no address" : "\(count) are no addresses"); nothing was changed. "
                + "--skip-invalid passes over them",
            parameters: [
                "error": "InvalidAddresses", "invalid": invalid(outcome), "invalid_count": JSONValue(count),
            ])
    }

    private func tell(_ outcome: SuppressionOutcome) {
        for invalid in outcome.invalid where entries.indices.contains(invalid.index) {
            let entry = entries[invalid.index]
            let place = entry.line.map { "line \($0)" } ?? "\"\(FieldError.shown(entry.suppression.address))\""
            Output.message("campaignctl: \(place): \(invalid.reason.escapedForDisplay)")
        }
        let rest = outcome.invalidCount - outcome.invalid.count
        if rest > 0 { Output.message("campaignctl: and \(rest) more") }
    }

    private func invalid(_ outcome: SuppressionOutcome) -> JSONValue {
        .array(outcome.invalid.filter { entries.indices.contains($0.index) }.map { invalid -> JSONValue in
            let entry = entries[invalid.index]
            return .object([
                "address": .string(entry.suppression.address), "line": JSONValue(entry.line),
                "reason": .string(invalid.reason),
            ])
        })
    }

    private func json(_ outcome: SuppressionOutcome) -> JSONObject {
        [
            "changed": JSONValue(outcome.changed), "unchanged": JSONValue(outcome.unchanged),
            "invalid": invalid(outcome), "invalid_count": JSONValue(outcome.invalidCount),
        ]
    }

    private func sentence(_ outcome: SuppressionOutcome) -> String {
        let isAddition = kind == .add
        var parts = [PaceWords.count(Int64(outcome.changed)) + (isAddition ? " added" : " removed")]
        if outcome.unchanged > 0 {
            let were = outcome.unchanged == 1 ? "was" : "were"
            parts.append(
                "\(PaceWords.count(Int64(outcome.unchanged))) \(were) \(isAddition ? "there already" : "not there")")
        }
        if outcome.invalidCount > 0 { parts.append("\(PaceWords.count(Int64(outcome.invalidCount))) passed over") }
        return parts.joined(separator: ", ") + (choices.dryRun ? " (dry run: nothing was changed)" : "")
    }
}
