public import CampaignModel

/// What campaign-send answers; see ``SenderRequest`` for which answers follow which request.
public enum SenderAnswer: Hashable, Sendable {
    /// The record is made and synced: the attempt is the sender's from here on, whatever happens to the peer.
    case accepted
    /// All that is known of the progress now.
    case progress(SendProgress)
    /// The end of the attempt; nothing follows.
    case outcome(AttemptOutcome, SendProgress)
    /// What is known of one attempt. To a `send`: nothing was started because of it.
    case status(Attempt, AttemptStatus)
    /// What is known of all attempts of a key, by number; empty where none ever began.
    case attempts(OccurrenceKey, [AttemptReport])
    /// The owners that were to be forgotten and of which some record is still there.
    case kept([Slug])
    /// How many recipients the audience has.
    case count(AudienceCount)
    /// The first recipients of the audience, cut as ``AudienceSample/cutForAnswer`` does.
    case sample(AudienceSample)
    /// What became of the next recipients of a key, 1 to ``ProtocolLimits/resultsPerAnswer``.
    case recipients([RecipientResult])
    /// All results are told. False where no attempt of the key kept any.
    case recipientsEnd(isKept: Bool)
    /// What came of a `suppress` or `unsuppress`.
    case suppression(SuppressionOutcome)
    /// Next ones that want no mail, 1 to ``ProtocolLimits/resultsPerAnswer``.
    case suppressed([Suppression])
    /// All that want no mail are told.
    case suppressedEnd
    /// What is known of the message that was made; its bytes follow as `piece`, or why there is none.
    case composed(Composition)
    /// The next bytes of it, 1 to ``ProtocolLimits/pieceBytes``: the frame's body.
    case piece([UInt8])
    /// Nothing began; ask again later.
    case busy(reason: String)
    /// The request can't be taken, or not from this peer, and no record could be made; asking again helps nothing.
    case refused(reason: String)
}

/// One attempt of a key by its number, and what is known of it.
public struct AttemptReport: Hashable, Sendable {
    public let number: Int
    public let status: AttemptStatus

    public init(number: Int, status: AttemptStatus) {
        self.number = number
        self.status = status
    }
}

/// An answer that can't be read.
public struct MalformedAnswer: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: String

    public var description: String { "bad answer: \(reason)" }
}

extension SenderAnswer {
    /// The answer as a message.
    ///
    /// - Throws: ``FrameError`` where it is larger than the protocol allows, which bounded texts and samples never are.
    public func frame() throws(FrameError) -> Frame {
        guard case .piece(let bytes) = self else { return try Frame(head: WireJSON.encode(AnswerHead(self))) }
        return try Frame(head: WireJSON.encode(AnswerHead(self)), body: bytes)
    }

    /// Reads a message back.
    ///
    /// - Throws: ``MalformedAnswer``.
    public init(_ frame: Frame) throws(MalformedAnswer) {
        let head: AnswerHead
        do {
            head = try WireJSON.decode(AnswerHead.self, from: frame.head)
        } catch {
            throw MalformedAnswer(reason: error.reason)
        }
        if case .piece = head.answer {
            guard (1...ProtocolLimits.pieceBytes).contains(frame.body.count) else {
                throw MalformedAnswer(reason: "a piece of \(frame.body.count) bytes")
            }
            self = .piece(frame.body)
            return
        }
        guard frame.body.isEmpty else { throw MalformedAnswer(reason: "\(head.answer.rawValue) has a body") }
        guard let answer = head.value else {
            throw MalformedAnswer(reason: "\(head.answer.rawValue) lacks one of its values")
        }
        self = answer
    }
}

/// The head of any answer.
private struct AnswerHead: Codable {
    enum Kind: String, Codable {
        case accepted, progress, outcome, status, attempts, kept, count, sample, recipients, composed, piece
        case suppression, suppressed, busy, refused
        case recipientsEnd = "recipients-end"
        case suppressedEnd = "suppressed-end"
    }

    struct Report: Codable {
        let number: Int
        let status: AttemptStatus
    }

    let answer: Kind
    var progress: SendProgress?
    var attempt: Attempt?
    var status: AttemptStatus?
    var key: OccurrenceKey?
    var attempts: [Report]?
    var owners: [Slug]?
    var audience: AudienceHead?
    var recipients: [ResultHead]?
    var kept: Bool?
    var suppression: SuppressionOutcomeHead?
    var suppressed: [SuppressionHead]?
    var composition: CompositionHead?
    var reason: String?

    init(_ value: SenderAnswer) {
        switch value {
        case .accepted:
            answer = .accepted
        case .progress(let progress):
            answer = .progress
            self.progress = progress
        case .outcome(let outcome, let progress):
            answer = .outcome
            status = .ended(outcome, progress)
        case .status(let attempt, let status):
            answer = .status
            self.attempt = attempt
            self.status = status
        case .attempts(let key, let reports):
            answer = .attempts
            self.key = key
            attempts = reports.map { Report(number: $0.number, status: $0.status) }
        case .kept(let owners):
            answer = .kept
            self.owners = owners
        case .count(let count):
            answer = .count
            audience = AudienceHead(count)
        case .sample(let sample):
            answer = .sample
            audience = AudienceHead(sample)
        case .recipients(let results):
            answer = .recipients
            recipients = results.map(ResultHead.init)
        case .recipientsEnd(let isKept):
            answer = .recipientsEnd
            kept = isKept
        case .suppression(let outcome):
            answer = .suppression
            suppression = SuppressionOutcomeHead(outcome)
        case .suppressed(let entries):
            answer = .suppressed
            suppressed = entries.map(SuppressionHead.init)
        case .suppressedEnd: answer = .suppressedEnd
        case .composed(let composition):
            answer = .composed
            self.composition = CompositionHead(composition)
        case .piece: answer = .piece
        case .busy(let reason):
            answer = .busy
            self.reason = reason
        case .refused(let reason):
            answer = .refused
            self.reason = reason
        }
    }

    private static func isPossible(_ number: Int) -> Bool { (1...ProtocolLimits.maximumAttempts).contains(number) }

    /// Nil where a value that the kind needs is missing or impossible: the engine counts on from these numbers.
    var value: SenderAnswer? {
        switch answer {
        case .accepted: return .accepted
        case .progress: return progress.map(SenderAnswer.progress)
        case .outcome:
            guard case .ended(let outcome, let progress)? = status else { return nil }
            return .outcome(outcome, progress)
        case .status:
            guard let attempt, let status, Self.isPossible(attempt.number) else { return nil }
            return .status(attempt, status)
        case .attempts:
            guard let key, let attempts, attempts.allSatisfy({ Self.isPossible($0.number) }) else { return nil }
            return .attempts(key, attempts.map { AttemptReport(number: $0.number, status: $0.status) })
        case .kept: return owners.map(SenderAnswer.kept)
        case .count: return audience?.count.map(SenderAnswer.count)
        case .sample: return audience?.sample.map(SenderAnswer.sample)
        case .recipients: return results.map(SenderAnswer.recipients)
        case .recipientsEnd: return kept.map(SenderAnswer.recipientsEnd)
        case .suppression: return suppression?.outcome.map(SenderAnswer.suppression)
        case .suppressed: return keptSuppressions.map(SenderAnswer.suppressed)
        case .suppressedEnd: return .suppressedEnd
        case .composed: return composition?.composition.map(SenderAnswer.composed)
        // Its bytes are no part of the head.
        case .piece: return nil
        case .busy: return reason.map(SenderAnswer.busy)
        case .refused: return reason.map(SenderAnswer.refused)
        }
    }

    /// Nil where there are none, too many, or an impossible one.
    private var results: [RecipientResult]? {
        guard let recipients, (1...ProtocolLimits.resultsPerAnswer).contains(recipients.count) else { return nil }
        let results = recipients.compactMap(\.result)
        return results.count == recipients.count ? results : nil
    }

    /// The same of those that want no mail.
    private var keptSuppressions: [Suppression]? {
        guard let suppressed, (1...ProtocolLimits.resultsPerAnswer).contains(suppressed.count) else { return nil }
        let kept = suppressed.compactMap(\.kept)
        return kept.count == suppressed.count ? kept : nil
    }
}
