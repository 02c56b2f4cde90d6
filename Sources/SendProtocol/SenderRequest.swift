public import CampaignModel
public import Recurrence

/// What is asked of campaign-send: one request on each connection.
///
/// - `send`: `accepted`, then `progress` as it comes, then `outcome`. Where nothing starts: `status` of the attempt
///   that stands in the way, `outcome` alone where it will never run, or `busy`.
/// - `query`: one `attempts` for each key, in the order asked.
/// - `follow`: `progress` as it comes, then `outcome`; `status` with `none` where there is no record.
/// - `cancel`: `attempts` of the key as they are now; those that run will end as `cancelled`, or as they end anyway.
/// - `revoke`: `status` of the attempt: `revoked`, or what was there before.
/// - `forget`: `kept`, the owners of which some record is still there.
/// - `count`: `count` of the audience, or why there is none.
/// - `sample`: `sample`, the first recipients of the audience, or why there are none.
/// - `recipients`: `recipients` as often as it takes, each address once with its last result, then `recipients-end`.
/// - `suppress`, `unsuppress`: `suppression`, once it is on disk.
/// - `suppressed`: `suppressed` as often as it takes, then `suppressed-end`; `suppression` where one asked for is no
///   address.
/// - `compose`: `composed`, then `piece` until all of its bytes are told.
///
/// Any of them may be answered with `refused`, or with an end of file and nothing else, which tells nothing.
public enum SenderRequest: Hashable, Sendable {
    case send(SendRequest)
    /// 1 to ``ProtocolLimits/queriedKeys`` keys.
    case query([OccurrenceKey])
    case follow(Attempt)
    case cancel(OccurrenceKey, reason: String)
    case revoke(Attempt, reason: String)
    /// Removes the records of these owners' keys (``OccurrenceKey/owner``) that ended long enough ago, 1 to
    /// ``ProtocolLimits/forgottenOwners`` owners; and of every key what became of its recipients before that instant,
    /// nil for nothing of it.
    case forget([Slug], resultsBefore: Instant?)
    /// How many recipients an audience has. It is read to its end for that.
    case count(Slug)
    /// The first recipients of an audience; `limit` is one of ``AudienceSample/allowedLimits``.
    case sample(Slug, limit: Int)
    /// What became of the recipients of a key, of those in one of these states alone; nil: of all.
    case recipients(OccurrenceKey, states: Set<RecipientState>?)
    /// Adds addresses to those that want no mail, or takes them out; the verb is the order's kind.
    case suppress(SuppressionOrder)
    /// Which of these addresses want no mail, ``Suppression/orderLimit`` at most; empty: all that do.
    case suppressed([String])
    /// A message as one recipient would get it.
    case compose(ComposeRequest)
}

/// A request that can't be read. Where its attempt can, the sender makes a record of it and the outcome `failed`.
public struct MalformedRequest: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: String
    /// Set where it is a `send` of a known attempt.
    public let attempt: Attempt?

    init(_ reason: String, _ attempt: Attempt? = nil) {
        self.reason = reason
        self.attempt = attempt
    }

    public var description: String { "bad request: \(reason)" }
}

extension SenderRequest {
    /// The request as a message.
    ///
    /// - Throws: ``FrameError`` where it is larger than the protocol allows.
    public func frame() throws(FrameError) -> Frame {
        switch self {
        case .send(let request):
            let body = request.message.content.pieces.flatMap(\.bytes)
            return try Frame(head: WireJSON.encode(RequestHead(verb: .send, send: SendHead(request))), body: body)
        case .query(let keys):
            return try Frame(head: WireJSON.encode(RequestHead(verb: .query, keys: keys)))
        case .follow(let attempt):
            return try Frame(head: WireJSON.encode(RequestHead(verb: .follow, attempt: attempt)))
        case .cancel(let key, let reason):
            return try Frame(head: WireJSON.encode(RequestHead(verb: .cancel, key: key, reason: reason)))
        case .revoke(let attempt, let reason):
            return try Frame(head: WireJSON.encode(RequestHead(verb: .revoke, attempt: attempt, reason: reason)))
        case .forget(let owners, let resultsBefore):
            let head = RequestHead(verb: .forget, owners: owners, resultsBefore: resultsBefore)
            return try Frame(head: WireJSON.encode(head))
        case .count(let audience):
            return try Frame(head: WireJSON.encode(RequestHead(verb: .count, audience: audience)))
        case .sample(let audience, let limit):
            return try Frame(head: WireJSON.encode(RequestHead(verb: .sample, audience: audience, limit: limit)))
        case .recipients(let key, let states):
            let words = states?.map(\.rawValue).sorted()
            return try Frame(head: WireJSON.encode(RequestHead(verb: .recipients, key: key, states: words)))
        case .suppress(let order):
            var head = RequestHead(verb: order.kind == .add ? .suppress : .unsuppress)
            switch order.kind {
            case .add: head.entries = order.entries.map(SuppressionHead.init)
            case .remove: head.addresses = order.entries.map(\.address)
            }
            head.skipInvalid = order.skipsInvalid ? true : nil
            head.dryRun = order.isDryRun ? true : nil
            return try Frame(head: WireJSON.encode(head))
        case .suppressed(let addresses):
            return try Frame(
                head: WireJSON.encode(
                    RequestHead(verb: .suppressed, addresses: addresses.isEmpty ? nil : addresses)))
        case .compose(let request):
            let head = RequestHead(verb: .compose, compose: ComposeHead(request))
            return try Frame(head: WireJSON.encode(head), body: request.message.content.pieces.flatMap(\.bytes))
        }
    }

    /// Reads a message back.
    ///
    /// - Throws: ``MalformedRequest``.
    public init(_ frame: Frame) throws(MalformedRequest) {
        let head: RequestHead
        do {
            head = try WireJSON.decode(RequestHead.self, from: frame.head)
        } catch {
            throw MalformedRequest(error.reason, Self.attempt(in: frame))
        }
        switch head.verb {
        case .send:
            guard let send = head.send else { throw MalformedRequest("send is missing") }
            self = .send(try send.request(body: frame.body))
        case .query:
            guard let keys = head.keys, (1...ProtocolLimits.queriedKeys).contains(keys.count) else {
                throw MalformedRequest("keys must be 1 to \(ProtocolLimits.queriedKeys)")
            }
            self = .query(keys)
        case .follow:
            self = .follow(try head.numberedAttempt())
        case .cancel:
            guard let key = head.key else { throw MalformedRequest("key is missing") }
            self = .cancel(key, reason: head.boundedReason)
        case .revoke:
            self = .revoke(try head.numberedAttempt(), reason: head.boundedReason)
        case .forget:
            guard let owners = head.owners, (1...ProtocolLimits.forgottenOwners).contains(owners.count) else {
                throw MalformedRequest("owners must be 1 to \(ProtocolLimits.forgottenOwners)")
            }
            self = .forget(owners, resultsBefore: head.resultsBefore)
        case .count:
            self = .count(try head.namedAudience())
        case .sample:
            self = .sample(try head.namedAudience(), limit: try head.allowedLimit())
        case .recipients:
            guard let key = head.key else { throw MalformedRequest("key is missing") }
            self = .recipients(key, states: try head.knownStates())
        case .suppress, .unsuppress: self = .suppress(try head.suppressionOrder())
        case .suppressed:
            if let addresses = head.addresses { try head.hold("addresses", addresses.count) }
            self = .suppressed(head.addresses ?? [])
        case .compose:
            guard let compose = head.compose else { throw MalformedRequest("compose is missing") }
            self = .compose(try compose.request(body: frame.body))
        }
    }

    /// Finds the attempt in a `send` whose other parts can't be read.
    private static func attempt(in frame: Frame) -> Attempt? {
        guard let head = try? WireJSON.decode(AttemptHead.self, from: frame.head) else { return nil }
        return head.send.attempt
    }
}

/// The head of any request.
private struct RequestHead: Codable {
    enum Verb: String, Codable {
        case send, query, follow, cancel, revoke, forget, count, sample, recipients, compose
        case suppress, unsuppress, suppressed
    }

    let verb: Verb
    var send: SendHead?
    var compose: ComposeHead?
    var keys: [OccurrenceKey]?
    var key: OccurrenceKey?
    var attempt: Attempt?
    var reason: String?
    var owners: [Slug]?
    var resultsBefore: Instant?
    var audience: Slug?
    var limit: Int?
    var states: [String]?
    var entries: [SuppressionHead]?
    var addresses: [String]?
    var skipInvalid: Bool?
    var dryRun: Bool?

    enum CodingKeys: String, CodingKey {
        case verb, send, compose, keys, key, attempt, reason, owners, audience, limit, states, entries
        case addresses
        case resultsBefore = "results_before"
        case skipInvalid = "skip_invalid"
        case dryRun = "dry_run"
    }

    func numberedAttempt() throws(MalformedRequest) -> Attempt {
        let numbers = 1...ProtocolLimits.maximumAttempts
        guard let attempt, numbers.contains(attempt.number) else {
            throw MalformedRequest("attempt is missing, or its number is not 1 to \(numbers.upperBound)")
        }
        return attempt
    }

    var boundedReason: String { (reason ?? "").cutForDisplay }

    func namedAudience() throws(MalformedRequest) -> Slug {
        guard let audience else { throw MalformedRequest("audience is missing") }
        return audience
    }

    func knownStates() throws(MalformedRequest) -> Set<RecipientState>? {
        guard let states else { return nil }
        let all = RecipientState.allCases
        let known = states.compactMap(RecipientState.init(rawValue:))
        guard (1...all.count).contains(states.count), known.count == states.count else {
            throw MalformedRequest("states must be some of \(all.map(\.rawValue).joined(separator: ", "))")
        }
        return Set(known)
    }

    func suppressionOrder() throws(MalformedRequest) -> SuppressionOrder {
        let isRemoval = verb == .unsuppress
        let entries = isRemoval ? addresses?.map { Suppression(address: $0) } : entries?.map(\.suppression)
        let name = isRemoval ? "addresses" : "entries"
        guard let entries else { throw MalformedRequest("\(name) are missing") }
        try hold(name, entries.count)
        return SuppressionOrder(
            isRemoval ? .remove : .add, entries, skipsInvalid: skipInvalid ?? false, isDryRun: dryRun ?? false)
    }

    func hold(_ name: String, _ count: Int) throws(MalformedRequest) {
        guard (1...Suppression.orderLimit).contains(count) else {
            throw MalformedRequest("\(name) must be 1 to \(Suppression.orderLimit)")
        }
    }

    func allowedLimit() throws(MalformedRequest) -> Int {
        let limits = AudienceSample.allowedLimits
        guard let limit else { throw MalformedRequest("limit is missing") }
        guard limits.contains(limit) else {
            throw MalformedRequest("limit is \(limit); allowed are \(limits.lowerBound) to \(limits.upperBound)")
        }
        return limit
    }
}

private struct AttemptHead: Decodable {
    struct Send: Decodable {
        let attempt: Attempt
    }

    let send: Send
}
