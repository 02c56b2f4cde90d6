/// Why a text is not JSON, or more of it than the limits allow.
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

extension JSONValue {
    /// Reads one JSON text (RFC 8259), strictly: the whole input, in UTF-8, keys not repeated, white space around it
    /// allowed.
    ///
    /// - Throws: `JSONError` with the reason and the place.
    public init(
        parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) {
        self = try JSONParser.parse(Array(bytes), limits: limits)
    }

    /// Reads one JSON text. See `init(parsing:limits:)`.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }
}

/// A recursive descent over the bytes; its depth is bounded by `JSONLimits.depth`.
struct JSONParser {
    /// Those of an array that outlives the parser: `parse` holds it.
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    private var position = 0
    private var values = 0
    /// How many members the last object at each depth had: the objects of a list are alike, and a dictionary that has
    /// its size from the beginning is not rehashed while it grows. What is set aside too much is no more than the
    /// object before had.
    private var lastCounts: [Int]
    /// The list whose objects are kept as lines, see ``parse(_:limits:linesOf:)``.
    private let listed: JSONListPath?
    private var lines: [UInt8] = []
    /// Whether the object that is read is the one that the list is a member of.
    private var isAtList = false

    /// The value, but for the objects of one list of it, which are left out there and given as lines of JSON: each as
    /// its value is printed. Where it is written so already it is not read into a value at all.
    static func parse(
        _ bytes: [UInt8], limits: JSONLimits, linesOf list: JSONListPath
    ) throws(JSONError) -> (value: JSONValue, lines: [UInt8]) {
        try parse(bytes, limits: limits, listed: list)
    }

    static func parse(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) -> JSONValue {
        try parse(bytes, limits: limits, listed: nil).value
    }

    private static func parse(
        _ bytes: [UInt8], limits: JSONLimits, listed: JSONListPath?
    ) throws(JSONError) -> (value: JSONValue, lines: [UInt8]) {
        let result = bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONError) in
                var parser = JSONParser(bytes: bytes, limits: limits, listed: listed)
                let value = try parser.value(depth: 0)
                parser.skipSpace()
                if parser.position < bytes.count { throw parser.error(.trailingBytes) }
                return (value, parser.lines)
            }
        }
        return try result.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, listed: JSONListPath?) {
        self.bytes = bytes
        self.limits = limits
        self.listed = listed
        lastCounts = Array(repeating: 0, count: limits.depth + 1)
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipSpace()
        values += 1
        if values > limits.values { throw error(.tooManyValues(limit: limits.values)) }
        guard position < bytes.count else { throw error(.unexpectedEnd) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        if depth > limits.depth { throw error(.tooDeep(limit: limits.depth)) }
        position += 1
        var members: [(String, JSONValue)] = []
        // All keys so far, once one of them did not come in order: one that comes twice is found by that.
        var keys: Set<String>?
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        members.reserveCapacity(lastCounts[depth])
        while true {
            skipSpace()
            let start = position
            guard peek() == UInt8(ascii: "\"") else { throw unexpected() }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected() }
            let member = try member(key, depth: depth)
            if keys == nil, let last = members.last, last.0 >= key { keys = Set(members.map(\.0)) }
            // RFC 8259 section 4 leaves repeated keys open; two readers that differ in them are an attack.
            if keys?.insert(key).inserted == false { throw JSONError(reason: .duplicateKey(key), offset: start) }
            members.append((key, member))
            skipSpace()
            if take(UInt8(ascii: "}")) {
                lastCounts[depth] = members.count
                return .object(JSONObject(unordered: members))
            }
            guard take(UInt8(ascii: ",")) else { throw unexpected() }
        }
    }

    /// The value of a member of an object at this depth.
    private mutating func member(_ key: String, depth: Int) throws(JSONError) -> JSONValue {
        guard let listed, depth <= 2 else { return try value(depth: depth) }
        if depth == 1, key == listed.object {
            isAtList = true
            defer { isAtList = false }
            return try value(depth: depth)
        }
        guard depth == 2, isAtList, key == listed.list else { return try value(depth: depth) }
        skipSpace()
        guard peek() == UInt8(ascii: "[") else { return try value(depth: depth) }
        values += 1
        if values > limits.values { throw error(.tooManyValues(limit: limits.values)) }
        return try array(depth: depth + 1, takesLines: true)
    }

    /// Takes an object as a line if it is written so, and as a value else.
    private mutating func line(depth: Int) throws(JSONError) -> JSONValue? {
        skipSpace()
        let start = position
        let inside = limits.depth - depth
        if let text = CanonicalJSON.object(at: start, in: bytes, depth: inside), values + text.values <= limits.values {
            lines.append(contentsOf: bytes[start..<text.end])
            values += text.values
            position = text.end
        } else {
            let value = try value(depth: depth)
            guard case .object = value else { return value }
            lines.append(contentsOf: value.serialized)
        }
        lines.append(UInt8(ascii: "\n"))
        return nil
    }

    private mutating func array(depth: Int, takesLines: Bool = false) throws(JSONError) -> JSONValue {
        if depth > limits.depth { throw error(.tooDeep(limit: limits.depth)) }
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            if let element = try takesLines ? line(depth: depth) : value(depth: depth) { elements.append(element) }
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw unexpected() }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[index]) else { throw unexpected() }
        }
        return value
    }
}

// MARK: - Strings

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        // Most strings hold no escape, and are taken whole.
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try decoded(UnsafeBufferPointer(rebasing: bytes[start..<position]), at: start)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0..<0x20:
                throw error(.controlCharacterInString)
            default:
                position += 1
            }
        }
        throw error(.unexpectedEnd)
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try text.withUnsafeBufferPointer { text throws(JSONError) in try decoded(text, at: start) }
            case UInt8(ascii: "\\"):
                try appendEscape(to: &text)
            case 0..<0x20:
                throw error(.controlCharacterInString)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error(.unexpectedEnd)
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard let letter = peek() else { throw error(.unexpectedEnd) }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try unicodeEscape(from: start)
            text.append(contentsOf: String(Character(scalar)).utf8)
        default:
            throw JSONError(reason: .invalidEscape, offset: start)
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair.
    private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(first)), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw JSONError(reason: .loneSurrogate, offset: start)
        }
        let second = try fourHexDigits()
        guard UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw JSONError(reason: .loneSurrogate, offset: start) }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek() else { throw error(.unexpectedEnd) }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw error(.invalidEscape) }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func decoded(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String {
        guard let text = String(utf8: text) else {
            throw JSONError(reason: .invalidUTF8, offset: offset)
        }
        return text
    }
}

// MARK: - Numbers and bytes

extension JSONParser {
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        // RFC 8259 section 6: no leading zero.
        if !take(UInt8(ascii: "0")) { try digits() }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
        if isWhole {
            if let value = Self.whole(text.dropFirst(isNegative ? 1 : 0), isNegative) { return .int(value) }
        } else if let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite {
            return .double(value)
        }
        throw JSONError(reason: .numberOutOfRange, offset: start)
    }

    /// The number of these decimal digits; nil where it does not fit.
    private static func whole(_ digits: some Sequence<UInt8>, _ isNegative: Bool) -> Int64? {
        // Counted downwards, since there is one more number below zero than above.
        var value: Int64 = 0
        for digit in digits {
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (difference, isBeyond) = product.subtractingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            if overflows || isBeyond { return nil }
            value = difference
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        if position == start { throw unexpected() }
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private func unexpected() -> JSONError {
        error(peek().map { .unexpectedByte($0) } ?? .unexpectedEnd)
    }

    private func error(_ reason: JSONError.Reason) -> JSONError {
        JSONError(reason: reason, offset: position)
    }
}
