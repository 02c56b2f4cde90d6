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

/// Appends values to a buffer of bytes.
struct JSONPrinter {
    private(set) var bytes: [UInt8] = []

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
        append("[")
        var isFirst = true
        for element in elements {
            if !isFirst { append(",") }
            isFirst = false
            print(element)
        }
        append("]")
    }

    private mutating func print(_ members: JSONObject) {
        append("{")
        var isFirst = true
        for (key, member) in members {
            if !isFirst { append(",") }
            isFirst = false
            print(key)
            append(":")
            print(member)
        }
        append("}")
    }

    private mutating func print(_ text: String) {
        append("\"")
        var text = text
        text.withUTF8 { utf8 in
            // What needs no escape is taken in runs: most strings are one.
            var start = 0
            for index in utf8.indices {
                let byte = utf8[index]
                guard byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                    continue
                }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
                appendEscape(of: byte)
                start = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        append("\"")
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
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 15)])
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
