import JSONTokens

extension WireValue {
    /// The protocol's values go seven deep; the reader recurses.
    private static let depthLimit = 128

    /// A text that is one JSON value.
    ///
    /// - Returns: nil where the text is no JSON, or a value lies in more than 127 others.
    init?(reading bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes[...], Self.value) else { return nil }
        self = value
    }

    private static func value(_ text: inout JSONReader) throws(JSONError) -> WireValue {
        text.skipSpace()
        guard text.depth < depthLimit else { throw text.fault(.tooDeep(limit: depthLimit)) }
        switch try text.token() {
        case .object: return .object(try members(&text))
        case .array: return .list(try elements(&text))
        case .string: return .text(try text.string())
        case .number: return .number(String(decoding: try text.number().text, as: UTF8.self))
        case .flag(let flag): return .flag(flag)
        case .null: return .null
        }
    }

    private static func members(_ text: inout JSONReader) throws(JSONError) -> [(name: String, value: WireValue)] {
        var members: [(name: String, value: WireValue)] = []
        guard text.begins(to: "}") else { return members }
        repeat {
            text.skipSpace()
            let name = try text.string()
            try text.colon()
            members.append((name, try value(&text)))
        } while try text.goesOn(to: "}")
        return members
    }

    private static func elements(_ text: inout JSONReader) throws(JSONError) -> [WireValue] {
        var values: [WireValue] = []
        guard text.begins(to: "]") else { return values }
        repeat { values.append(try value(&text)) } while try text.goesOn(to: "]")
        return values
    }
}
