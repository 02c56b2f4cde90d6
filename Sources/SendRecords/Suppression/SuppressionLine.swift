internal import CampaignModel
internal import Recurrence
internal import SendProtocol

/// One line of the list of those who want no mail:
///
///     + SECONDS ADDRESS REASON    added; the reason may be empty
///     - SECONDS ADDRESS           removed
///
/// Fields are parted by a tab, which stands in none of them. SECONDS count since 1970.
enum SuppressionLine: Hashable {
    case added(address: String, at: Instant, reason: String?)
    case removed(address: String, at: Instant)

    /// The longest line, its texts in UTF-8 and the rest.
    static let maximumBytes = RecipientResult.addressBytes + RecipientResult.reasonBytes + 64

    private static let tab = UInt8(ascii: "\t")

    var address: String {
        switch self {
        case .added(let address, _, _), .removed(let address, _): address
        }
    }

    /// With its line feed.
    var bytes: [UInt8] {
        let fields =
            switch self {
            case .added(let address, let at, let reason):
                ["+", "\(at.secondsSinceEpoch)", address, Self.shown(reason ?? "")]
            case .removed(let address, let at): ["-", "\(at.secondsSinceEpoch)", address]
            }
        return Array(fields.joined(separator: "\t").utf8) + [UInt8(ascii: "\n")]
    }

    /// - Parameter line: without its line feed.
    /// - Returns: nil for what no sender has written.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.count < Self.maximumBytes, line.count > 2, line[line.startIndex + 1] == Self.tab else { return nil }
        let secondsStart = line.startIndex + 2
        guard let secondsEnd = line[secondsStart...].firstIndex(of: Self.tab),
            let seconds = Int64(String(decoding: line[secondsStart..<secondsEnd], as: UTF8.self))
        else { return nil }
        let at = Instant(secondsSinceEpoch: seconds)
        let rest = line[(secondsEnd + 1)...]
        let addressEnd = rest.firstIndex(of: Self.tab) ?? rest.endIndex
        guard addressEnd > rest.startIndex,
            let address = String(validating: rest[..<addressEnd], as: UTF8.self)
        else { return nil }
        switch line[line.startIndex] {
        case UInt8(ascii: "+"):
            guard addressEnd < rest.endIndex,
                let reason = String(validating: rest[(addressEnd + 1)...], as: UTF8.self), !reason.contains("\t")
            else { return nil }
            self = .added(address: address, at: at, reason: reason.isEmpty ? nil : reason)
        case UInt8(ascii: "-"):
            guard addressEnd == rest.endIndex else { return nil }
            self = .removed(address: address, at: at)
        default: return nil
        }
    }

    /// Without tabs and line feeds, which would begin another field or line.
    private static func shown(_ text: String) -> String {
        text.cutForDisplay(ofBytes: text.utf8.count, limit: RecipientResult.reasonBytes)
    }
}
