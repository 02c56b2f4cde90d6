/// Quoted-printable with lines of 76 characters at most. RFC 2045, section 6.7
///
/// No line begins with a dot or with `From `: a relay that doubles the one, or a mailbox file that changes the other,
/// finds nothing to do.
struct QuotedPrintable {
    private static let lineLength = 76
    private static let mboxMark = Array("From ".utf8)

    private(set) var encoded: [UInt8]
    /// The line that has not ended yet, as it is.
    private var line: [UInt8] = []
    private var isAfterReturn = false

    init(into encoded: [UInt8] = []) {
        self.encoded = encoded
    }

    /// Takes text; each line end in it, CR LF, LF or CR, becomes CR LF.
    mutating func append(_ text: ArraySlice<UInt8>) {
        var rest = text
        while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            let isSecondHalf = isAfterReturn && end == rest.startIndex && rest[end] == 0x0A
            line.append(contentsOf: rest[..<end])
            isAfterReturn = rest[end] == 0x0D
            if !isSecondHalf { endLine() }
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty { isAfterReturn = false }
        line.append(contentsOf: rest)
    }

    /// Takes lines that are encoded already. Only at the beginning of a line.
    mutating func append(encodedLines: [UInt8]) {
        isAfterReturn = false
        encoded.append(contentsOf: encodedLines)
    }

    /// Ends the last line, and gives what is encoded.
    mutating func finish() -> [UInt8] {
        if !line.isEmpty { endLine() }
        return encoded
    }

    var count: Int { encoded.count + line.count }

    private mutating func endLine() {
        var column = 0
        for index in line.indices {
            let byte = line[index]
            let isLast = index == line.count - 1
            var isPlain = Self.isPlain(byte) || (byte.isBlankOnLine && !isLast)
            // A soft line end takes the last column.
            if column + (isPlain ? 1 : 3) > Self.lineLength - (isLast ? 0 : 1) {
                encoded += Self.softLineEnd
                column = 0
            }
            if column == 0, byte == UInt8(ascii: ".") || line[index...].starts(with: Self.mboxMark) { isPlain = false }
            if isPlain {
                encoded.append(byte)
                column += 1
            } else {
                encoded.append(UInt8(ascii: "="))
                encoded.append(byte.hexDigits.high)
                encoded.append(byte.hexDigits.low)
                column += 3
            }
        }
        encoded.append(0x0D)
        encoded.append(0x0A)
        line.removeAll(keepingCapacity: true)
    }

    private static let softLineEnd = Array("=\r\n".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") }
}

extension UInt8 {
    fileprivate var isBlankOnLine: Bool { self == 0x20 || self == 0x09 }
}
