import JSONTokens

extension JSONValue {
    /// The value as one line of JSON in UTF-8: no white space, keys sorted, no NUL and no line end in it.
    public var serialized: [UInt8] {
        var writer = JSONWriter(escapesDelete: true)
        write(to: &writer)
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.word("null")
        case .bool(let flag): writer.word(flag ? "true" : "false")
        case .int(let number): writer.word(String(number))
        // Swift prints the shortest digits that read back as the same number.
        case .double(let number): writer.word(number.isFinite ? number.description : "null")
        case .string(let text): writer.string(text)
        case .array(let elements):
            writer.list(elements, from: "[", to: "]") { writer, element in element.write(to: &writer) }
        case .object(let members):
            writer.list(members, from: "{", to: "}") { writer, member in
                writer.string(member.key)
                writer.mark(":")
                member.value.write(to: &writer)
            }
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as one line of JSON. See `serialized`.
    public var description: String {
        String(decoding: serialized, as: UTF8.self)
    }
}
