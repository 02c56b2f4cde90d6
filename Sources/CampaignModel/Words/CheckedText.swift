/// A text that is checked once, when it is made, and coded as a plain string.
public protocol CheckedText: Codable {
    init?(_ text: String)
    var text: String { get }
    /// What a refused text is not, for the error of a decoder: `a name`.
    static var whatItIs: String { get }
}

extension CheckedText {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not \(Self.whatItIs)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
