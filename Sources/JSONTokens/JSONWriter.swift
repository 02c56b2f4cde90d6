/// Writes JSON (RFC 8259) as one line: no white space, no NUL and no line end in it.
///
/// The buffer is its own: to ask an array, at each mark and each text, whether it has room and is nobody else's took
/// more than half of the time.
public struct JSONWriter: ~Copyable {
    @usableFromInline var buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: JSONWriter.firstCapacity)
    @usableFromInline var count = 0
    private let escapesDelete: Bool

    /// Most texts are no longer.
    private static let firstCapacity = 2_048

    /// - Parameter escapesDelete: whether U+007F is escaped as the other control characters are; JSON allows it to
    ///   stand for itself.
    public init(escapesDelete: Bool = false) {
        self.escapesDelete = escapesDelete
    }

    deinit {
        buffer.deallocate()
    }

    /// What was written.
    public var bytes: [UInt8] {
        Array(UnsafeBufferPointer(rebasing: buffer[..<count]))
    }

    /// These, with commas between them, in brackets.
    @inlinable
    public mutating func list<Elements: Sequence>(
        _ elements: Elements, from open: Unicode.Scalar, to end: Unicode.Scalar,
        _ write: (inout JSONWriter, Elements.Element) -> Void
    ) {
        mark(open)
        var isFirst = true
        for element in elements {
            if !isFirst { mark(",") }
            isFirst = false
            write(&self, element)
        }
        mark(end)
    }

    /// An ASCII character.
    @inlinable @inline(__always)
    public mutating func mark(_ character: Unicode.Scalar) {
        makeRoom(for: 1)
        buffer[count] = UInt8(ascii: character)
        count += 1
    }

    /// A number or literal name.
    public mutating func word(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// A text, with its quotes and the escapes that it needs: section 7.
    public mutating func string(_ text: String) {
        mark("\"")
        var text = text
        text.withUTF8 { utf8 in
            // What needs no escape is taken in runs: most strings are one.
            var start = 0
            for index in utf8.indices {
                let byte = utf8[index]
                guard
                    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                        || byte == 0x7F && escapesDelete
                else { continue }
                append(UnsafeBufferPointer(rebasing: utf8[start..<index]))
                escape(byte)
                start = index + 1
            }
            append(UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        mark("\"")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): word("\\\"")
        case UInt8(ascii: "\\"): word("\\\\")
        case 0x08: word("\\b")
        case 0x09: word("\\t")
        case 0x0A: word("\\n")
        case 0x0C: word("\\f")
        case 0x0D: word("\\r")
        default:
            word(byte < 0x10 ? "\\u000" : "\\u00")
            word(String(byte, radix: 16))
        }
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        makeRoom(for: bytes.count)
        _ = UnsafeMutableBufferPointer(rebasing: buffer[count...]).update(fromContentsOf: bytes)
        count += bytes.count
    }

    @inlinable
    mutating func makeRoom(for more: Int) {
        if buffer.count - count < more { grow(by: more) }
    }

    /// Twice as large at least, so that a long text is moved a few times only.
    @inline(never)
    @usableFromInline
    mutating func grow(by more: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(2 * buffer.count, count + more))
        _ = larger.update(fromContentsOf: buffer[..<count])
        buffer.deallocate()
        buffer = larger
    }
}
