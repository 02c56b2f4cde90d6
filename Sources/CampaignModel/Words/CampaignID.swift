/// The identity of a campaign: random, never used again, also after its name is free.
///
/// 16 to 40 characters of a-z and 0-9. It stands first in every ``OccurrenceKey``.
public struct CampaignID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public static let allowedLength = 16...40

    public init?(_ text: String) {
        guard Self.allowedLength.contains(text.utf8.count), Slug(text) != nil, !text.utf8.contains(UInt8(ascii: "-"))
        else { return nil }
        self.text = text
    }

    /// An id of 26 characters from 130 random bits.
    public init(from generator: inout some RandomNumberGenerator) {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        text = String((0..<26).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
    }

    public var description: String { text }
}

extension CampaignID: CheckedText {
    public static let whatItIs = "a campaign id"
}
