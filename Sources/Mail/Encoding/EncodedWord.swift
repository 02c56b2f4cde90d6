/// Text beyond ASCII in a header: `=?utf-8?q?caf=C3=A9?=`. RFC 2047
enum EncodedWord {
    /// RFC 2047, section 2.
    static let maximumLength = 75
    /// What one must at least have room for, or it waits for the next line: two characters of four bytes.
    static let minimumLength = frameLength + 24

    enum Encoding {
        case quoted, base64

        /// Quoted, which people can read in part, unless it is half as long again.
        init(for text: ArraySlice<UInt8>) {
            let quotedLength = text.reduce(0) { $0 + EncodedWord.quotedLength($1) }
            self = quotedLength * 2 <= Base64.length(of: text.count) * 3 ? .quoted : .base64
        }
    }

    private static let quotedStart = Array("=?utf-8?q?".utf8)
    private static let base64Start = Array("=?utf-8?b?".utf8)
    private static let end = Array("?=".utf8)
    private static let frameLength = quotedStart.count + end.count

    /// Takes as many characters off the text as one encoded word has room for; none is ever cut in two.
    ///
    /// - Parameters:
    ///   - text: valid UTF-8, not empty.
    ///   - length: ``minimumLength`` to ``maximumLength`` octets.
    static func next(of text: inout ArraySlice<UInt8>, _ encoding: Encoding, length: Int) -> [UInt8] {
        let room = length - frameLength
        var end = text.startIndex
        var quoted = 0
        while end < text.endIndex {
            let next = end + characterLength(text[end])
            let characterQuoted = text[end..<next].reduce(0) { $0 + quotedLength($1) }
            switch encoding {
            case .quoted where quoted + characterQuoted <= room: quoted += characterQuoted
            case .base64 where Base64.length(of: next - text.startIndex) <= room: break
            default: return take(&text, upTo: end, encoding)
            }
            end = next
        }
        return take(&text, upTo: end, encoding)
    }

    private static func take(_ text: inout ArraySlice<UInt8>, upTo end: Int, _ encoding: Encoding) -> [UInt8] {
        let piece = text[..<end]
        text = text[end...]
        var word: [UInt8]
        switch encoding {
        case .base64:
            word = base64Start
            Base64.append(piece, to: &word)
        case .quoted:
            word = quotedStart
            for byte in piece {
                switch quotedLength(byte) {
                case 1: word.append(byte == 0x20 ? UInt8(ascii: "_") : byte)
                default: word += [UInt8(ascii: "="), byte.hexDigits.high, byte.hexDigits.low]
                }
            }
        }
        return word + Self.end
    }

    /// What RFC 2047, section 5 (3) allows in a display name, the narrowest place, stands for itself.
    private static func quotedLength(_ byte: UInt8) -> Int {
        switch byte {
        case 0x20, UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"): 1
        default: byte.isLetter || byte.isDigit ? 1 : 3
        }
    }

    private static func characterLength(_ first: UInt8) -> Int {
        switch first {
        case 0xF0...: 4
        case 0xE0...: 3
        case 0xC0...: 2
        default: 1
        }
    }
}
