/// Follows the text of a header's value to know where a column stands: `<https://example.org/?who={{email}}>` is a URI
/// with a piece in it, `<{{link}}>` a whole one, all else is text.
struct URIPlace {
    private enum State {
        case text
        /// After `<`, before anything else.
        case opened
        /// What may be a scheme yet. RFC 3986, section 3.1
        case scheme
        case uri
    }

    private var state = State.text

    mutating func pass(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            switch (state, byte) {
            case (_, UInt8(ascii: "<")): state = .opened
            case (_, UInt8(ascii: ">")): state = .text
            case (.scheme, UInt8(ascii: ":")): state = .uri
            case (.opened, _): state = byte.isLetter ? .scheme : .text
            case (.scheme, _): state = Self.isScheme(byte) ? .scheme : .text
            case (.text, _), (.uri, _): break
            }
        }
    }

    /// How a column here is to be escaped; `isRaw` for one in three braces.
    mutating func escaping(isRaw: Bool) -> Escaping {
        switch state {
        case .opened:
            state = .uri
            return .uri
        case .uri: return isRaw ? .uri : .percent
        case .scheme, .text:
            state = .text
            return .none
        }
    }

    private static func isScheme(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}
