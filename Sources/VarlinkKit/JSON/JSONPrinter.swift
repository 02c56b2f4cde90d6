extension JSONValue {
    /// The value as one line of JSON in UTF-8: no white space, keys sorted, no NUL and no line end in it.
    public var serialized: [UInt8] {
        var printer = JSONPrinter()
        printer.print(self)
        return printer.bytes
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as one line of JSON. See `serialized`.
    public var description: String {
        String(decoding: serialized, as: UTF8.self)
    }
}

/// Appends values to a buffer of bytes. The buffer is its own: to ask an array, at each mark and each text, whether it
/// has room and is nobody else's took more than half of the time.
struct JSONPrinter: ~Copyable {
    private var buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: JSONPrinter.firstCapacity)
    private var count = 0

    /// Most answers are no longer.
    private static let firstCapacity = 2_048

    deinit {
        buffer.deallocate()
    }

    /// What was printed.
    var bytes: [UInt8] {
        Array(UnsafeBufferPointer(rebasing: buffer[..<count]))
    }

    mutating func print(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .int(let number): append(String(number))
        // Swift prints the shortest digits that read back as the same number.
        case .double(let number): append(number.isFinite ? number.description : String("null"))
        case .string(let text): print(text)
        case .array(let elements): print(elements)
        case .object(let members): print(members)
        }
    }

    private mutating func print(_ elements: [JSONValue]) {
        append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            print(element)
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func print(_ members: JSONObject) {
        append(UInt8(ascii: "{"))
        var isFirst = true
        for (key, member) in members {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            print(key)
            append(UInt8(ascii: ":"))
            print(member)
        }
        append(UInt8(ascii: "}"))
    }

    private mutating func print(_ text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            // What needs no escape is taken in runs: most strings are one.
            var start = 0
            for index in utf8.indices {
                let byte = utf8[index]
                guard byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                    continue
                }
                append(UnsafeBufferPointer(rebasing: utf8[start..<index]))
                appendEscape(of: byte)
                start = index + 1
            }
            append(UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        default:
            append("\\u00")
            append(Self.hexDigit(byte >> 4))
            append(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ number: UInt8) -> UInt8 {
        number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "a") + number - 10
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    private mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ byte: UInt8) {
        makeRoom(for: 1)
        buffer[count] = byte
        count += 1
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        makeRoom(for: bytes.count)
        _ = UnsafeMutableBufferPointer(rebasing: buffer[count...]).update(fromContentsOf: bytes)
        count += bytes.count
    }

    private mutating func makeRoom(for more: Int) {
        if buffer.count - count < more { grow(by: more) }
    }

    /// Twice as large at least, so that a long text is moved a few times only.
    @inline(never)
    private mutating func grow(by more: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(2 * buffer.count, count + more))
        _ = larger.update(fromContentsOf: buffer[..<count])
        buffer.deallocate()
        buffer = larger
    }
}
