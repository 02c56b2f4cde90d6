import CampaignModel

/// What is under way between the engine and the sender, beside what the ledger knows. All of it is made anew at a start
/// from the open sends.
struct HandOverBook {
    /// Attempts on whose connection the sender is listened to, by key.
    private var talks: [OccurrenceKey: Set<Int>] = [:]
    /// Keys that the sender has to be asked about, and when, by the steady clock.
    private var doubts: [OccurrenceKey: Duration] = [:]
    /// How often in a row contact about a key brought nothing, and why the last time.
    private var troubles: [OccurrenceKey: Trouble] = [:]
    /// Attempts that must never begin, until the sender has confirmed it.
    private(set) var revocations: [OccurrenceKey: Revocation] = [:]
    /// Running sends that a person wants ended, until the sender has confirmed that it knows.
    private(set) var cancellations: [OccurrenceKey: Cancellation] = [:]
    /// Whether a question to the sender is under way; there is one at a time.
    var isAsking = false
    /// Whether the sender answers at all.
    var sender = RetryPace()
    /// Attempts that the sender has begun, as the ledger does not know yet, by key.
    private var unrecorded: [OccurrenceKey: Attempt] = [:]

    struct Trouble {
        var count = 0
        /// Why the sender began nothing; nil where it did and the contact was lost.
        var refusal: String?
    }

    struct Revocation {
        let attempt: Attempt
        let reason: String
        /// Why the attempt can't be handed over at all: it has then failed, and was not called off.
        let failure: String?
        var task: Task<Void, Never>?
    }

    struct Cancellation {
        let reason: String
        var isUnderWay = false
    }

    /// Something waits for the sender's answer.
    var isWaiting: Bool { isAsking || !doubts.isEmpty || !revocations.isEmpty || !cancellations.isEmpty }

    /// An attempt is listened to.
    var isListening: Bool { !talks.isEmpty }

    /// The sender does not answer, and something waits that will notice when it does. Nothing else is handed over
    /// meanwhile.
    var senderIsDown: Bool { sender.retryAt != nil && isWaiting }

    /// Why the sender, though it answers, takes some send again and again not; nil where there is none such.
    var refusal: String? { troubles.values.first { $0.count > 1 && $0.refusal != nil }?.refusal }

    /// Forgets a send that has ended.
    mutating func forget(_ key: OccurrenceKey) {
        unrecorded[key] = nil
        doubts[key] = nil
        troubles[key] = nil
        revocations[key] = nil
        cancellations[key] = nil
    }

    // MARK: Listening

    /// False where that attempt is listened to already.
    mutating func beginTalk(about attempt: Attempt) -> Bool {
        doubts[attempt.key] = nil
        return talks[attempt.key, default: []].insert(attempt.number).inserted
    }

    mutating func endTalk(about attempt: Attempt) {
        talks[attempt.key]?.remove(attempt.number)
        if talks[attempt.key]?.isEmpty == true { talks[attempt.key] = nil }
    }

    func isTalking(about key: OccurrenceKey) -> Bool { talks[key] != nil }

    mutating func noteUnrecorded(_ attempt: Attempt) { unrecorded[attempt.key] = attempt }

    mutating func takeUnrecorded() -> [Attempt] {
        defer { unrecorded = [:] }
        return unrecorded.values.sorted { $0.key < $1.key }
    }

    // MARK: Doubts

    /// The sender has to be asked about this key, as soon as its troubles let it.
    mutating func doubt(_ key: OccurrenceKey, at steady: Duration) {
        let wait = RetryPace.wait(afterFailures: troubles[key]?.count ?? 0)
        doubts[key] = steady + wait
    }

    mutating func noteTrouble(with key: OccurrenceKey) { troubles[key, default: Trouble()].count += 1 }

    mutating func noteRefusal(of key: OccurrenceKey, _ reason: String) {
        troubles[key, default: Trouble()].refusal = reason
    }

    mutating func noteProgress(of key: OccurrenceKey) { troubles[key] = nil }

    /// The questions whose time has come, at most `limit`; they count as asked. Of a sender that did not answer all
    /// are due: one of them has to find out that it does again.
    mutating func takeQuestions(at steady: Duration, limit: Int) -> [OccurrenceKey] {
        let due = doubts.filter { sender.retryAt != nil || $0.value <= steady }.keys.sorted().prefix(limit)
        for key in due { doubts[key] = nil }
        return Array(due)
    }

    // MARK: Revocations and cancellations

    mutating func revoke(_ attempt: Attempt, reason: String, failure: String? = nil) {
        guard revocations[attempt.key]?.attempt != attempt else { return }
        revocations[attempt.key] = Revocation(attempt: attempt, reason: reason, failure: failure)
    }

    mutating func setRevocationTask(_ task: Task<Void, Never>?, of key: OccurrenceKey) {
        revocations[key]?.task = task
    }

    mutating func endRevocation(of key: OccurrenceKey) { revocations[key] = nil }

    mutating func cancel(_ key: OccurrenceKey, reason: String) {
        if cancellations[key] == nil { cancellations[key] = Cancellation(reason: reason) }
    }

    mutating func setCancellation(_ key: OccurrenceKey, isUnderWay: Bool) {
        cancellations[key]?.isUnderWay = isUnderWay
    }

    mutating func endCancellation(of key: OccurrenceKey) { cancellations[key] = nil }

    var idleRevocations: [OccurrenceKey] { revocations.filter { $0.value.task == nil }.keys.sorted() }
    var idleCancellations: [OccurrenceKey] { cancellations.filter { !$0.value.isUnderWay }.keys.sorted() }

    /// When the sender has to be turned to next, by the steady clock; nil where nothing waits but for answers.
    var nextTry: Duration? {
        let nextQuestion = isAsking ? nil : doubts.values.min()
        guard let retryAt = sender.retryAt else { return nextQuestion }
        let isIdle = nextQuestion != nil || !idleRevocations.isEmpty || !idleCancellations.isEmpty
        return isIdle ? retryAt : nil
    }
}
