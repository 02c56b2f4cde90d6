package import CampaignModel

/// One recipient as its list holds it; its values are made into texts only when they are asked for.
package struct RecipientRecord {
    /// Where it begins, from 1.
    package let line: Int
    /// The columns' names, in the list's order.
    package let names: [String]
    /// What the values are pieces of, valid UTF-8.
    package let bytes: [UInt8]
    /// One value for each name: its place in `bytes`.
    package let values: [Range<Int>]
    /// Whether the values are JSON; else they are texts.
    package let isJSON: Bool

    package init(line: Int = 1, names: [String], bytes: [UInt8], values: [Range<Int>], isJSON: Bool) {
        self.line = line
        self.names = names
        self.bytes = bytes
        self.values = values
        self.isJSON = isJSON
    }

    /// The value of a column: a text as it is, any other JSON value as its JSON.
    ///
    /// - Parameter index: from 0, one of `names`.
    package func value(_ index: Int) -> String {
        let value = bytes[values[index]]
        guard isJSON, value.first == UInt8(ascii: "\"") else { return String(decoding: value, as: UTF8.self) }
        return JSONText.unescaped(value)
    }

    package var recipient: Recipient {
        Recipient(columns: names.indices.map { Recipient.Column(name: names[$0], value: value($0)) })
    }
}
