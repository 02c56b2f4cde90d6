internal import CampaignModel
internal import Recurrence
internal import SendProtocol

/// One line of the file in which an attempt keeps what becomes of its recipients, who are named by their row in the
/// list once they are known:
///
///     b ROW ADDRESS                     begun: about to go out, synced before anything of it does; the address as it
///                                       goes out, since it is known again by that
///     h ROW                             handed: from here on it may be on its way
///     a|r|t|u ROW SECONDS REASON        accepted, refused, temporary, unknown
///     n ROW                             not sent after all
///     i|d ROW SECONDS ADDRESS REASON    the line is left out: invalid, repeated (a duplicate)
///     s ROW SECONDS ADDRESS REASON      suppressed: the address wants no mail; it may have been begun
///
/// Fields are parted by a tab, which stands in none of them. SECONDS count since 1970.
enum RecipientLine: Hashable {
    case begun(row: Int, address: String)
    case handed(row: Int)
    case result(row: Int, RecipientState, at: Instant, reason: String?)
    case notSent(row: Int)
    case leftOut(row: Int, RecipientState, at: Instant, address: String, reason: String?)

    /// The longest line, its texts in UTF-8 and the rest.
    static let maximumBytes = RecipientResult.addressBytes + RecipientResult.reasonBytes + 64

    private static let letters: [RecipientState: Character] = [
        .accepted: "a", .refused: "r", .temporary: "t", .unknown: "u", .invalid: "i", .repeated: "d", .suppressed: "s",
    ]
    private static let states = Dictionary(uniqueKeysWithValues: letters.map { ($1, $0) })

    /// With its line feed.
    var bytes: [UInt8] {
        var fields: [String]
        switch self {
        case .begun(let row, let address): fields = ["b", "\(row)", address]
        case .handed(let row): fields = ["h", "\(row)"]
        case .notSent(let row): fields = ["n", "\(row)"]
        case .result(let row, let state, let at, let reason):
            fields = [Self.letter(state), "\(row)", "\(at.secondsSinceEpoch)"]
            if let reason { fields.append(Self.shown(reason, RecipientResult.reasonBytes)) }
        case .leftOut(let row, let state, let at, let address, let reason):
            fields = [
                Self.letter(state), "\(row)", "\(at.secondsSinceEpoch)",
                Self.shown(address, RecipientResult.addressBytes),
            ]
            if let reason { fields.append(Self.shown(reason, RecipientResult.reasonBytes)) }
        }
        return Array(fields.joined(separator: "\t").utf8) + [UInt8(ascii: "\n")]
    }

    /// - Parameter line: without its line feed.
    /// - Returns: nil for what no sender has written.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.count < Self.maximumBytes, let text = String(validating: line, as: UTF8.self) else { return nil }
        let fields = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 2, let letter = fields[0].first, fields[0].count == 1, let row = Int(fields[1]), row > 0
        else { return nil }
        switch (letter, fields.count) {
        case ("b", 3): self = .begun(row: row, address: fields[2])
        case ("h", 2): self = .handed(row: row)
        case ("n", 2): self = .notSent(row: row)
        default:
            guard let state = Self.states[letter], fields.count >= 3, let seconds = Int64(fields[2]) else { return nil }
            let at = Instant(secondsSinceEpoch: seconds)
            let rest = fields[3...]
            if state.isLeftOut {
                guard (1...2).contains(rest.count) else { return nil }
                self = .leftOut(row: row, state, at: at, address: rest[3], reason: rest.count == 2 ? rest[4] : nil)
            } else {
                guard rest.count <= 1 else { return nil }
                self = .result(row: row, state, at: at, reason: rest.first)
            }
        }
    }

    private static func letter(_ state: RecipientState) -> String { letters[state].map(String.init) ?? "?" }

    /// Without tabs and line feeds, which would begin another field or line.
    private static func shown(_ text: String, _ limit: Int) -> String {
        text.cutForDisplay(ofBytes: text.utf8.count, limit: limit)
    }
}
