/// Base64. RFC 4648, section 4
///
/// Foundation's would do, but copies twice, and a body in another script is encoded for each recipient.
enum Base64 {
    /// RFC 2045, section 6.8.
    private static let lineLength = 76

    /// In lines of 76 characters, each with its end.
    static func appendLines(of bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveCapacity(text.count + lineCount(of: bytes.count) * (lineLength + 2))
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let end = min(start + lineLength / 4 * 3, bytes.count)
                append(bytes[start..<end], to: &text)
                text.append(0x0D)
                text.append(0x0A)
                start = end
            }
        }
    }

    /// On one line.
    static func append(_ bytes: some RandomAccessCollection<UInt8>, to text: inout [UInt8]) {
        var (group, count) = (0 as UInt32, 0)
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                append(group, digits: 4, to: &text)
                (group, count) = (0, 0)
            }
        }
        if count == 1 { append(group << 16, digits: 2, to: &text) }
        if count == 2 { append(group << 8, digits: 3, to: &text) }
    }

    /// The first digits of 24 bits, and signs of equality in place of the others.
    private static func append(_ group: UInt32, digits: Int, to text: inout [UInt8]) {
        text.append(digit(group >> 18))
        text.append(digit(group >> 12))
        text.append(digits > 2 ? digit(group >> 6) : UInt8(ascii: "="))
        text.append(digits > 3 ? digit(group) : UInt8(ascii: "="))
    }

    private static func digit(_ bits: UInt32) -> UInt8 {
        switch UInt8(truncatingIfNeeded: bits & 63) {
        case let bits where bits < 26: bits + UInt8(ascii: "A")
        case let bits where bits < 52: bits - 26 + UInt8(ascii: "a")
        case let bits where bits < 62: bits - 52 + UInt8(ascii: "0")
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    /// How long that is.
    static func length(of count: Int) -> Int { (count + 2) / 3 * 4 }

    private static func lineCount(of count: Int) -> Int { (length(of: count) + lineLength - 1) / lineLength }
}
