/// Reads recipients out of a stream of bytes, however it is cut into pieces, and holds one of them at a time.
///
/// The list is JSON lines where its first byte that is no blank is `{`, else CSV; an empty one is CSV with nobody in
/// it. A byte order mark is passed over.
///
///     var reader = RecipientReader()
///     while let piece = next() {
///         guard try reader.read(piece, take) else { return }   // `take` has enough
///     }
///     try reader.finish(take)
package struct RecipientReader {
    /// The longest recipient, and the longest header line. A value of more than a few KiB is a missing quote.
    static let recordBytes = 1_024 * 1_024
    /// Columns of one recipient; lists have a dozen.
    package static let columns = 1_000

    private enum Format {
        case csv, jsonLines
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    package init() {}

    /// Nil while there were but blanks.
    private var format: Format?
    private var csv = CSVReader()
    private var jsonLines = JSONLinesReader()
    /// What came before the format was known.
    private var start: [UInt8] = []
    private var isPastMark = false

    /// Takes the next bytes of the list.
    ///
    /// - Parameter take: gets each recipient, and says whether it wants more.
    /// - Returns: false once `take` wants no more; then nothing is to be called again.
    /// - Throws: ``RecipientFault`` for the first line that is wrong; then, too.
    package mutating func read(
        _ bytes: ArraySlice<UInt8>, _ take: (RecipientRecord) -> Bool
    ) throws(RecipientFault) -> Bool {
        if format != nil { return try pass(bytes, take) }
        start += bytes
        guard let decided = try decide() else { return true }
        format = decided
        let first = start
        start = []
        return try pass(first[...], take)
    }

    /// The end of the list: its last line may lack a line end.
    package mutating func finish(_ take: (RecipientRecord) -> Bool) throws(RecipientFault) {
        // Blanks are no recipients; half a byte order mark is no text.
        if format == nil, try !csv.read(start[...], take) { return }
        switch format {
        case .jsonLines: try jsonLines.finish(take)
        case .csv, nil: try csv.finish(take)
        }
    }

    private mutating func pass(
        _ bytes: ArraySlice<UInt8>, _ take: (RecipientRecord) -> Bool
    ) throws(RecipientFault) -> Bool {
        switch format {
        case .jsonLines: try jsonLines.read(bytes, take)
        case .csv, nil: try csv.read(bytes, take)
        }
    }

    /// - Returns: nil where more must be seen first.
    private mutating func decide() throws(RecipientFault) -> Format? {
        if !isPastMark {
            if start.count < Self.byteOrderMark.count, Self.byteOrderMark.starts(with: start) { return nil }
            if start.starts(with: Self.byteOrderMark) { start.removeFirst(Self.byteOrderMark.count) }
            isPastMark = true
        }
        if let first = start.first(where: { !$0.isBlank && $0 != UInt8(ascii: "\n") }) {
            return first == UInt8(ascii: "{") ? .jsonLines : .csv
        }
        guard start.count <= Self.recordBytes else {
            throw RecipientFault(1, "and those after it are blank for more than \(Self.recordBytes) bytes")
        }
        return nil
    }
}

extension UInt8 {
    /// A space, a tab or a carriage return: what a blank line may hold.
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}
