internal import CampaignModel
internal import Recurrence
internal import SystemdKit

/// The file with what became of an attempt's recipients, as it is read: any part of its end may be missing or torn.
struct RecipientFile {
    let attempt: Int
    /// When it was last written.
    let modifiedAt: Instant
    private let file: any RecordFile

    /// What one whole reading found besides the results.
    struct Rest {
        /// The boot in which it was written; nil where not even that is there.
        var boot: String?
        /// What was begun and has no result, by row.
        var open: [Int: Begun] = [:]
        /// The highest row that was judged.
        var lastRow = 0
    }

    struct Begun {
        let address: String
        var isHanded = false
    }

    private static let version = 1
    private static let pieceBytes = 64 * 1_024
    /// A sender has a few hundred begun at once; more is damage.
    private static let openLimit = 100_000

    /// - Returns: nil where the attempt kept nothing.
    init?(_ attempt: Int, in folder: KeyFolder) throws(SystemError) {
        let path = folder.path(attempt, .recipients)
        guard let file = try folder.disk.open(path) else { return nil }
        self.attempt = attempt
        self.file = file
        modifiedAt = Instant(secondsSinceEpoch: folder.disk.modifiedAt(path) ?? 0)
    }

    /// The first line.
    static func header(boot: String) -> [UInt8] { Array("recipients \(version) \(boot)\n".utf8) }

    private static func boot(ofHeader line: [UInt8]) -> String? {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 3, words[0] == "recipients", words[1] == "\(version)" else { return nil }
        return String(words[2])
    }

    /// The boot in which it was written.
    func boot() throws(SystemError) -> String? {
        try file.rewind()
        let start = try file.read(atMost: RecipientLine.maximumBytes)
        guard let end = start.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return Self.boot(ofHeader: Array(start[..<end]))
    }

    /// Reads it from its beginning to its end, or to the first line that no sender has written.
    ///
    /// - Parameter take: gets each result.
    func read(_ take: (RecipientResult) -> Void) throws(SystemError) -> Rest {
        try file.rewind()
        var rest = Rest()
        var line: [UInt8] = []
        while true {
            let piece = try file.read(atMost: Self.pieceBytes)
            if piece.isEmpty { return rest }
            var start = piece.startIndex
            while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
                line += piece[start..<end]
                guard accept(line, &rest, take) else { return rest }
                line.removeAll(keepingCapacity: true)
                start = end + 1
            }
            line += piece[start...]
            // Room that was reserved and not used is zeros.
            guard line.count <= RecipientLine.maximumBytes, line.first != 0 else { return rest }
        }
    }

    private func accept(_ bytes: [UInt8], _ rest: inout Rest, _ take: (RecipientResult) -> Void) -> Bool {
        if rest.boot == nil {
            rest.boot = Self.boot(ofHeader: bytes)
            return rest.boot != nil
        }
        guard let line = RecipientLine(bytes[...]) else { return false }
        func tell(_ address: String, _ state: RecipientState, _ at: Instant, _ reason: String?) {
            take(RecipientResult(address: address, state: state, reason: reason, attempt: attempt, at: at))
        }
        switch line {
        case .begun(let row, let address):
            guard rest.open.count < Self.openLimit else { return false }
            rest.open[row] = Begun(address: address)
            rest.lastRow = max(rest.lastRow, row)
        case .handed(let row):
            rest.open[row]?.isHanded = true
        case .notSent(let row):
            rest.open[row] = nil
        case .result(let row, let state, let at, let reason):
            guard let begun = rest.open.removeValue(forKey: row) else { return false }
            tell(begun.address, state, at, reason)
        case .leftOut(let row, let state, let at, let address, let reason):
            rest.lastRow = max(rest.lastRow, row)
            // Who was begun may have said meanwhile that they want no mail.
            rest.open[row] = nil
            tell(address, state, at, reason)
        }
        return true
    }
}
