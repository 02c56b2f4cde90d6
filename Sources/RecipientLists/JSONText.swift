import JSONTokens

/// JSON that is told from other text and taken apart, but never made into values: what passes here goes on as it is.
package enum JSONText {
    /// Deeper than any data that a person thinks of; the check recurses.
    private static let depthLimit = 64

    /// Whether a text is one JSON value, by the letter of RFC 8259. Foundation's decoder lets a comma before `]` pass
    /// and reads numbers only when they are asked for.
    package static func isValid(_ text: String) -> Bool {
        (try? JSONReader.read(Array(text.utf8)[...], skipValue)) != nil
    }

    /// The members of a text that is one JSON object, as places in it: the names with their quotes, and the values.
    ///
    /// - Returns: nil where it is none.
    static func members(of bytes: [UInt8]) -> [(name: Range<Int>, value: Range<Int>)]? {
        try? JSONReader.read(bytes[...]) { text throws(JSONError) in
            var members: [(name: Range<Int>, value: Range<Int>)] = []
            guard try text.token() == .object else { throw text.unexpected }
            guard text.begins(to: "}") else { return members }
            repeat {
                let name = try skipName(&text)
                text.skipSpace()
                let start = text.position
                try skipValue(&text)
                members.append((name, start..<text.position))
            } while try text.goesOn(to: "}")
            return members
        }
    }

    /// The text that a JSON string stands for. Half of a surrogate pair, which stands for nothing, becomes U+FFFD.
    ///
    /// - Parameter string: valid, with its quotes.
    static func unescaped(_ string: ArraySlice<UInt8>) -> String {
        let text = try? JSONReader.read(string) { text throws(JSONError) in try text.string(half: "\u{FFFD}") }
        return text ?? String(decoding: string, as: UTF8.self)
    }

    private static func skipValue(_ text: inout JSONReader) throws(JSONError) {
        text.skipSpace()
        guard text.depth < depthLimit else { throw text.fault(.tooDeep(limit: depthLimit)) }
        switch try text.token() {
        case .object:
            guard text.begins(to: "}") else { return }
            repeat {
                _ = try skipName(&text)
                try skipValue(&text)
            } while try text.goesOn(to: "}")
        case .array:
            guard text.begins(to: "]") else { return }
            repeat { try skipValue(&text) } while try text.goesOn(to: "]")
        case .string: try text.skipString()
        case .number: _ = try text.number()
        case .flag, .null: return
        }
    }

    /// Steps over a member's name and the colon after it.
    private static func skipName(_ text: inout JSONReader) throws(JSONError) -> Range<Int> {
        text.skipSpace()
        let start = text.position
        try text.skipString()
        let name = start..<text.position
        try text.colon()
        return name
    }
}
