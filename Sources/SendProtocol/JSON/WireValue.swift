/// A JSON value as it was read.
enum WireValue {
    /// In the order of the text. Of a name that comes twice the first one counts.
    case object([(name: String, value: WireValue)])
    case list([WireValue])
    case text(String)
    /// As it was written: what it may be is known when it is asked for.
    case number(String)
    case flag(Bool)
    case null
}

/// The key of a value in a list, in the paths of errors.
struct WireIndex: CodingKey {
    let intValue: Int?

    var stringValue: String { intValue.map { "Index \($0)" } ?? "" }

    init(_ index: Int) {
        intValue = index
    }

    init?(intValue: Int) {
        self.init(intValue)
    }

    init?(stringValue: String) { nil }
}
