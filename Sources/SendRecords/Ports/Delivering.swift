public import CampaignModel
public import SendProtocol
public import SystemdKit

/// What carries sends out: it knows surfaces and their drivers, and nothing of how records are kept.
public protocol Delivering {
    /// What runs for a request.
    associatedtype Work
    /// What watches for a reason to end it.
    associatedtype Stop: StopWatching

    /// What is to run; it starts nothing.
    ///
    /// - Throws: ``SendRefusal``, which is for ever.
    func work(for request: SendRequest) throws(SendRefusal) -> Work

    /// Begins to watch for a reason to end the attempt, before it has a record. From here on no signal ends the
    /// process.
    func watch(_ attempt: Attempt, in folder: KeyFolder) throws(SystemError) -> Stop

    /// Delivers, and returns when nothing of it runs any more. It is asked once, after `accepted` was told, and ends
    /// soon after `stop` has a reason, with that reason's outcome.
    func deliver(_ work: Work, _ request: SendRequest, as accepted: AcceptedAttempt, until stop: Stop) -> Delivery
}

/// How a delivery ended, and how far it came.
public struct Delivery: Hashable, Sendable {
    /// How it ended.
    public let outcome: AttemptOutcome
    /// The last that was known of it.
    public let progress: SendProgress

    /// A delivery that ended so, having come so far.
    public init(_ outcome: AttemptOutcome, _ progress: SendProgress = SendProgress()) {
        self.outcome = outcome
        self.progress = progress
    }
}

/// Watches for a reason to end a send before it is done: a signal, or a wish in the key's folder.
public protocol StopWatching {
    /// Looks at what has come since, without waiting.
    ///
    /// - Returns: the outcome that the first reason to end means; nil where there never was one.
    func askedEnd() -> AttemptOutcome?
}

/// A send that can't be carried out now or later.
public struct SendRefusal: Error, Hashable, Sendable {
    /// A sentence that names what stands against it.
    public let reason: String

    /// A refusal for this reason.
    public init(reason: String) {
        self.reason = reason
    }
}
