/// A send that is no occurrence: it goes to one address, or to nobody, is marked as a test, and changes nothing of any
/// campaign. A proof shows what a campaign would send; the test of a surface shows that the surface works.
public struct SendTest: Hashable, Sendable {
    /// The same id of the same thing to the same address is the same test, for ever: a second one starts nothing and
    /// answers what became of the first.
    public let id: RequestID
    public let kind: Kind

    public enum Kind: Hashable, Sendable {
        /// A campaign's version with a message's revision to one's own address.
        case proof(of: CampaignID, version: Int, MessageReference, to: ProofAddress)
        /// A surface with a message of ours; to an address where one is given.
        case surface(Slug, to: ProofAddress?)
    }

    public init(id: RequestID, _ kind: Kind) {
        self.id = id
        self.kind = kind
    }

    public var address: ProofAddress? {
        switch kind {
        case .proof(_, _, _, let address): address
        case .surface(_, let address): address
        }
    }

    /// The key of its record at the sender, which no occurrence can have: a campaign's keys begin with its id. An id
    /// that is used again for something else is another test: nobody is told of what was not sent.
    public var key: OccurrenceKey {
        let text =
            switch kind {
            case .proof(let campaign, let version, let message, let address):
                "proof/\(campaign)/\(id)/"
                    + Self.digest("\(version) \(message.name) \(message.revision) \(address)")
            case .surface(let name, let address): "test/\(name)/\(id)/\(Self.digest(address?.text ?? ""))"
            }
        guard let key = OccurrenceKey(text) else {
            preconditionFailure("an id and a name are short enough for a key: \(text)")
        }
        return key
    }

    /// 16 hexadecimal digits that tell texts apart: FNV-1a of 64 bits. A key can't hold an address, which may be long
    /// and is nobody's business. http://www.isthe.com/chongo/tech/comp/fnv/
    private static func digest(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// What the test of a surface says.
    public static func content(for surface: Slug) -> MessageContent {
        let text = "This is a test of surface \(surface) by campaignd. There is nothing to do.\n"
        return MessageContent(
            subject: "Test of surface \(surface)", text: text, html: nil,
            file: MessageFile(name: "test.txt", bytes: Array(text.utf8)))
    }
}

/// What is known of a test when its asker is answered.
public struct SendTestResult: Hashable, Sendable {
    public let key: OccurrenceKey
    public let surface: Slug
    /// Of the message that was sent.
    public let message: MessageReference
    /// Nil while it goes on.
    public let outcome: AttemptOutcome?
    public let progress: SendProgress

    public init(
        key: OccurrenceKey, surface: Slug, message: MessageReference, outcome: AttemptOutcome?, progress: SendProgress
    ) {
        self.key = key
        self.surface = surface
        self.message = message
        self.outcome = outcome
        self.progress = progress
    }
}

/// One recipient as its channel writes them: an e-mail address, a telephone number, a device's token. 1 to 320
/// characters, none of which is unsafe to display, without white space at the ends; whether it is one, the surface
/// knows.
public struct ProofAddress: Hashable, Sendable, CheckedText, CustomStringConvertible {
    public let text: String
    public static let whatItIs = "an address"

    /// As long as an e-mail address may be: 64 before the @ and 255 after it. RFC 5321, section 4.5.3.1
    /// In bytes it is four times as much: a character may have any number of marks on it.
    public static let maximumLength = 320

    public init?(_ text: String) {
        guard (1...Self.maximumLength).contains(text.count), text.utf8.count <= Self.maximumLength * 4,
            !text.unicodeScalars.contains(where: \.isUnsafeToDisplay),
            text.first?.isWhitespace == false, text.last?.isWhitespace == false
        else { return nil }
        self.text = text
    }

    /// - Throws: ``FieldError`` naming `field` for any other text.
    public init(_ text: String, field: String) throws(FieldError) {
        guard let address = ProofAddress(text) else {
            throw FieldError(
                field, text,
                "is no address; use 1 to \(Self.maximumLength) characters, no control characters, no space at the ends")
        }
        self = address
    }

    public var description: String { text }
}
