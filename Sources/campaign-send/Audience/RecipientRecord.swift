import CampaignModel

/// One recipient as its list holds it; its values are made into texts only when they are asked for.
struct RecipientRecord {
    /// The columns' names, in the list's order.
    let names: [String]
    /// What the values are pieces of, valid UTF-8.
    let bytes: [UInt8]
    /// One value for each name: its place in `bytes`.
    let values: [Range<Int>]
    /// Whether the values are JSON; else they are texts.
    let isJSON: Bool

    /// The value of a column: a text as it is, any other JSON value as its JSON.
    ///
    /// - Parameter index: from 0, one of `names`.
    func value(_ index: Int) -> String {
        let value = bytes[values[index]]
        guard isJSON, value.first == UInt8(ascii: "\"") else { return String(decoding: value, as: UTF8.self) }
        return JSONText.unescaped(value)
    }

    var recipient: Recipient {
        Recipient(columns: names.indices.map { Recipient.Column(name: names[$0], value: value($0)) })
    }
}
