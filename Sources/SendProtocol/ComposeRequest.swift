public import CampaignModel

/// A message that is to be made as one recipient of an audience would get it, and sent to nobody.
public struct ComposeRequest: Hashable, Sendable {
    /// The campaign's, which stands for the subject of a message without one.
    public let title: String?
    public let surface: Slug
    public let audience: Slug
    /// One recipient of the audience, as its list has them.
    public let recipient: ProofAddress
    public let message: SentMessage

    public init(title: String?, surface: Slug, audience: Slug, recipient: ProofAddress, message: SentMessage) {
        self.title = title
        self.surface = surface
        self.audience = audience
        self.recipient = recipient
        self.message = message
    }
}

/// The head of a `compose` request; the message's bytes follow as they do in a `send`.
struct ComposeHead: Codable {
    let title: String?
    let surface: Slug
    let audience: Slug
    let recipient: ProofAddress
    let message: MessageHead

    init(_ request: ComposeRequest) {
        title = request.title
        surface = request.surface
        audience = request.audience
        recipient = request.recipient
        message = MessageHead(request.message)
    }

    /// - Throws: ``MalformedRequest`` naming the first thing that can't be taken.
    func request(body: [UInt8]) throws(MalformedRequest) -> ComposeRequest {
        guard message.revision >= 1 else { throw MalformedRequest("message.revision starts at 1") }
        return ComposeRequest(
            title: title, surface: surface, audience: audience, recipient: recipient,
            message: SentMessage(
                name: message.name, revision: message.revision, content: try message.content(body, of: nil)))
    }
}

/// What an answer to `compose` says of the message:
///
///     {"columns":["email","name"],"found":1,"result":"composed","size":2048,"unknown":["nmae"]}
///     {"reason":"…","result":"failed"}
struct CompositionHead: Codable {
    private enum Result: String, Codable {
        case composed, failed
    }

    private enum CodingKeys: String, CodingKey {
        case result, size, found, columns, unknown, reason
        case listFault = "list_fault"
    }

    private let result: Result
    private var size: Int?
    private var found: Int?
    private var columns: [String]?
    private var unknown: [String]?
    private var listFault: String?
    private var reason: String?

    init(_ composition: Composition) {
        switch composition {
        case .composed(let message):
            result = .composed
            size = message.size
            found = message.found
            columns = message.columns
            unknown = message.unknownTags
            listFault = message.listFault
        case .failed(let text):
            result = .failed
            reason = text
        }
    }

    /// Nil where it is none: a value is missing or impossible.
    var composition: Composition? {
        switch result {
        case .failed: return reason.map(Composition.failed)
        case .composed:
            guard let size, let found, let columns, let unknown, found >= 0,
                (1...ProtocolLimits.composedBytes).contains(size),
                columns.count <= ComposedMessage.columnLimit, unknown.count <= ComposedMessage.columnLimit
            else { return nil }
            return .composed(
                ComposedMessage(
                    size: size, found: found, columns: columns, unknownTags: unknown, listFault: listFault))
        }
    }
}

extension ComposedMessage {
    /// The first of `names` as an answer has them: safe to show, and cut.
    public static func cutForAnswer(_ names: some Sequence<String>) -> [String] {
        names.prefix(columnLimit).map {
            $0.cutForDisplay(ofBytes: $0.utf8.count, limit: ProtocolLimits.sampledTextBytes)
        }
    }
}
