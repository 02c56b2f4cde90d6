/// Reads JSON (RFC 8259) token by token, by the letter: in UTF-8, with nothing repaired.
///
/// What values become is its caller's to say, as are the bounds: how deep they may go, how many there may be.
///
///     let names = try JSONReader.read(bytes[...]) { text throws(JSONError) in
///         var names: [String] = []
///         guard try text.token() == .array, text.begins(to: "]") else { return names }
///         repeat {
///             text.skipSpace()
///             names.append(try text.string())
///         } while try text.goesOn(to: "]")
///         return names
///     }
public struct JSONReader {
    /// Those of an array that outlives the reader.
    public let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next byte is, from 0.
    public var position: Int
    /// How many objects and arrays have begun that have not ended. Their reader recurses: it must bound this.
    public private(set) var depth = 0

    public init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Reads the one value of a text; white space may stand around it.
    ///
    /// - Parameter value: reads it. The reader is good for nothing afterwards.
    /// - Throws: `JSONError` with the reason and the place, the closure's own included.
    public static func read<Value>(
        _ bytes: ArraySlice<UInt8>, _ value: (inout JSONReader) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            var reader = JSONReader(bytes)
            reader.skipSpace()
            let value = try value(&reader)
            reader.skipSpace()
            if reader.next != nil { throw reader.fault(.trailingBytes) }
            return value
        }
    }

    // MARK: Bytes

    /// The next byte; nil at the end.
    @inlinable public var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Steps over this ASCII character if it is next.
    @inlinable @inline(__always)
    public mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Steps over white space, section 2.
    @inlinable
    public mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// That the next byte, or the end, is not allowed where it is.
    public var unexpected: JSONError { fault(next.map { .unexpectedByte($0) } ?? .unexpectedEnd) }

    /// This fault at the next byte.
    public func fault(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }

    // MARK: Values

    /// What a value is, told by its first byte; of a literal name (section 3) it is all.
    public enum Token: Equatable {
        case object, array, string, number, flag(Bool), null
    }

    /// The kind of the value that begins at the next byte. A literal name is stepped over.
    @inlinable @inline(__always)
    public mutating func token() throws(JSONError) -> Token {
        guard let first = next else { throw unexpected }
        switch first {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        // Or no value at all, as `number` finds.
        default: return .number
        }
    }

    @usableFromInline
    mutating func word(_ word: StaticString, _ token: Token) throws(JSONError) -> Token {
        for index in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[index] else { throw unexpected }
            position += 1
        }
        return token
    }

    /// Steps over the bracket that begins an object or array.
    ///
    /// - Returns: false where the other bracket follows: that is stepped over, too.
    public mutating func begins(to end: Unicode.Scalar) -> Bool {
        position += 1
        skipSpace()
        if take(end) { return false }
        depth += 1
        return true
    }

    /// Steps over the comma after a member or element, or over the bracket that ends the object or array.
    ///
    /// - Returns: whether there is another one.
    @inlinable
    public mutating func goesOn(to end: Unicode.Scalar) throws(JSONError) -> Bool {
        skipSpace()
        if take(",") { return true }
        try close(end)
        return false
    }

    @usableFromInline
    mutating func close(_ end: Unicode.Scalar) throws(JSONError) {
        guard take(end) else { throw unexpected }
        depth -= 1
    }

    /// Steps over the colon after a member's name.
    @inlinable
    public mutating func colon() throws(JSONError) {
        skipSpace()
        guard take(":") else { throw unexpected }
    }

    /// Steps over a number, section 6.
    ///
    /// - Returns: its text, which is there as long as the bytes are, and whether it has neither fraction nor exponent.
    public mutating func number() throws(JSONError) -> (text: UnsafeBufferPointer<UInt8>, isWhole: Bool) {
        let start = position
        var isWhole = true
        _ = take("-")
        // No zero before other digits.
        if !take("0") { try digits() }
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        return (text(from: start), isWhole)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        if position == start { throw unexpected }
    }

    /// The bytes from there to the next one.
    func text(from start: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[start..<position])
    }
}
