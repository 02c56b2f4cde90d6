public import CampaignModel
public import Recurrence

/// Hands sends to the sender and asks it about them. Sends live outside the daemon and outlive it.
///
/// Questions (`query`, `revoke`, `cancel`) throw where no answer comes within a few seconds: a stop waits for that.
public protocol SendLauncher: Sendable {
    /// Hands one attempt over and reports what the sender says, until it has ended or the connection has.
    ///
    /// Reports come one after the other; the next is not read before `report` returns.
    func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async
    /// Reports on an attempt that runs already.
    func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async
    /// What the sender knows of all attempts of each key; a key without a record is absent.
    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]]
    /// Sees to it that the attempt never begins; a record that exists wins and is the answer.
    func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord
    /// Asks a running send of the key to end.
    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError)
    /// Hands a test over and waits for its end, for so long as a person would. Where the same test was handed over
    /// before, nothing is started and what became of that one is the answer.
    func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer
    /// Asks the sender to remove the records of these owners' keys that ended long enough ago, and of every key what
    /// became of its recipients before that instant.
    ///
    /// - Returns: the owners of which some record is still there.
    func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug]
    /// How many recipients an audience has; throws where no answer comes within ten seconds.
    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount
    /// The first recipients of an audience; throws where no answer comes within ten seconds.
    ///
    /// - Parameter limit: one of ``AudienceSample/allowedLimits``.
    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample
}

/// What the sender needs to know of one attempt.
public struct HandOver: Sendable {
    public let attempt: Attempt
    public let campaign: Slug
    public let title: String?
    public let version: Int
    public let channel: Slug
    public let surface: Slug
    /// Nil for a test, and for a notice of alerts that has no recipients of its own.
    public let audience: Slug?
    /// The one recipient of a test.
    public let address: ProofAddress?
    public let message: Message
    public let origin: SendOrigin
    public let due: Instant
    public let nominal: LocalDateTime?
    public let timezone: String?
    public let data: String?

    public init(
        attempt: Attempt, campaign: Slug, title: String?, version: Int, channel: Slug, surface: Slug, audience: Slug?,
        address: ProofAddress? = nil, message: Message, origin: SendOrigin, due: Instant, nominal: LocalDateTime? = nil,
        timezone: String? = nil, data: String? = nil
    ) {
        self.attempt = attempt
        self.campaign = campaign
        self.title = title
        self.version = version
        self.channel = channel
        self.surface = surface
        self.audience = audience
        self.address = address
        self.message = message
        self.origin = origin
        self.due = due
        self.nominal = nominal
        self.timezone = timezone
        self.data = data
    }
}

/// What became of a test.
public struct TestAnswer: Hashable, Sendable {
    /// Nil: it goes on.
    public let outcome: AttemptOutcome?
    public let progress: SendProgress
    /// It was handed over before, and nothing was started now.
    public let isRepeated: Bool

    public init(outcome: AttemptOutcome?, progress: SendProgress, isRepeated: Bool) {
        self.outcome = outcome
        self.progress = progress
        self.isRepeated = isRepeated
    }
}

/// An attempt and what the sender knows of it.
public struct AttemptRecord: Hashable, Sendable {
    public let attempt: Attempt
    public let status: AttemptStatus

    public init(attempt: Attempt, status: AttemptStatus) {
        self.attempt = attempt
        self.status = status
    }
}

/// One thing that a connection told about an attempt.
public enum SendReport: Hashable, Sendable {
    /// The accepted record is on disk; the surface starts now.
    case accepted
    case progress(SendProgress)
    case ended(AttemptOutcome, SendProgress)
    /// A record of the key was there already; nothing was started.
    case already(AttemptRecord)
    /// Nothing began and nothing will of itself: no connection, an end of file before the answer, or `busy`.
    case notBegun(reason: String)
    /// The connection ended after `accepted`; the send goes on.
    case lost(reason: String)
}

/// The sender can't be reached or did not answer in time.
public struct LauncherError: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}
