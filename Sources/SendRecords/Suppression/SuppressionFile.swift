internal import SystemdKit

/// The list's file, open, and how far it was read: up to the end of a whole line. A line without its end is on its way,
/// or was torn; the next change cuts it off.
struct SuppressionFile {
    private let file: any RecordFile
    private let path: String
    /// In bytes: here the next line begins.
    private(set) var end = 0
    private(set) var lines = 0

    private static let pieceBytes = 64 * 1_024
    static let header = Array("suppressed 1\n".utf8)

    init(_ file: any RecordFile, path: String) {
        self.file = file
        self.path = path
    }

    /// Reads on to the last whole line, or to `limit` bytes from the beginning.
    mutating func read(
        to limit: Int = .max, _ take: (SuppressionLine) throws(SuppressionFault) -> Void
    ) throws(SuppressionFault) {
        try SuppressionFault.asking { () throws(SystemError) in try file.seek(to: end) }
        var rest: [UInt8] = []
        while end < limit {
            let piece = try SuppressionFault.asking { () throws(SystemError) in try file.read(atMost: Self.pieceBytes) }
            if piece.isEmpty { return }
            var start = piece.startIndex
            while end < limit, let stop = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if rest.isEmpty {
                    try accept(piece[start..<stop], take)
                } else {
                    rest += piece[start..<stop]
                    try accept(rest[...], take)
                    rest.removeAll(keepingCapacity: true)
                }
                start = stop + 1
            }
            if end >= limit { return }
            rest += piece[start...]
            // Blocks that a power cut kept from being written are zeros.
            guard rest.count < SuppressionLine.maximumBytes || rest.contains(0) else {
                throw .damaged(path: path, line: lines + 1)
            }
        }
    }

    private mutating func accept(
        _ bytes: ArraySlice<UInt8>, _ take: (SuppressionLine) throws(SuppressionFault) -> Void
    ) throws(SuppressionFault) {
        lines += 1
        end += bytes.count + 1
        if lines == 1 {
            guard bytes.elementsEqual(Self.header.dropLast()) else { throw .damaged(path: path, line: 1) }
            return
        }
        if let line = SuppressionLine(bytes) { return try take(line) }
        // Of what was not synced a power cut may leave blocks that were never written. Nobody was told that it is done.
        guard bytes.contains(0) else { throw .damaged(path: path, line: lines) }
    }
}
