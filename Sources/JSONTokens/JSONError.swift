/// Why a text is not JSON, or is JSON that its reader does not take: where it leaves a choice, or is more than a limit
/// allows (RFC 8259 sections 4, 6 and 9).
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Sendable, Equatable {
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case trailingBytes
        case invalidUTF8
        case controlCharacterInString
        case invalidEscape
        case loneSurrogate
        case numberOutOfRange
        case duplicateKey(String)
        case tooDeep(limit: Int)
        case tooManyValues(limit: Int)
    }

    public var reason: Reason
    /// Where in the text, in bytes from 0.
    public var offset: Int

    public init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String {
        let what =
            switch reason {
            case .unexpectedEnd: "the text ends too early"
            case .unexpectedByte(let byte): "byte 0x\(String(byte, radix: 16)) is not allowed here"
            case .trailingBytes: "something follows the value"
            case .invalidUTF8: "a string is not valid UTF-8"
            case .controlCharacterInString: "a string holds a control character that is not escaped"
            case .invalidEscape: "a string holds an unknown escape"
            case .loneSurrogate: "a string holds half of a surrogate pair"
            case .numberOutOfRange: "a number does not fit; whole numbers are -2^63 to 2^63-1"
            case .duplicateKey(let key): "the key \"\(key.shown)\" comes twice"
            case .tooDeep(let limit): "nested more than \(limit) deep"
            case .tooManyValues(let limit): "more than \(limit) values"
            }
        return "byte \(offset): \(what)"
    }
}
