public import Recurrence

/// Something that a person should look at.
public struct Alert: Hashable, Sendable, Codable {
    public let code: AlertCode
    /// What it is about and what to do, in one sentence.
    public let text: String
    /// The field of the campaign that it is about, if one is.
    public let field: String?
    /// That of its code, except where a cause that blocks elsewhere blocks nothing here.
    public let severity: AlertSeverity
    /// When it was raised first.
    public let since: Instant
    /// How often what it reports has happened since then, from 1; its text tells the newest.
    public let count: Int

    public init(
        _ code: AlertCode, _ text: String, field: String? = nil, severity: AlertSeverity? = nil, since: Instant,
        count: Int = 1
    ) {
        self.code = code
        self.text = text
        self.field = field
        self.severity = severity ?? code.severity
        self.since = since
        self.count = count
    }
}

extension AlertCode {
    /// The history's line for the time when an alert with this code begins.
    public func raised(_ text: String) -> String { "\(rawValue): \(text)" }
    /// The history's line for the time when it ends.
    public var cleared: String { "\(rawValue) is over" }
}

/// How grave an alert is.
public enum AlertSeverity: String, Hashable, Sendable, Codable {
    /// Blocks activation, or a send failed.
    case error
    case warning
}

/// What an alert is about. The raw value is the code that people and scripts see.
public enum AlertCode: String, CaseIterable, Hashable, Sendable, Codable {
    case messageMissing = "message-missing"
    case messageNotPublished = "message-not-published"
    case surfaceMissing = "surface-missing"
    case surfaceWrongChannel = "surface-wrong-channel"
    case audienceMissing = "audience-missing"
    case startInPast = "start-in-past"
    case endInPast = "end-in-past"
    case neverOccurs = "never-occurs"
    case audienceEmpty = "audience-empty"
    case endsTooLate = "ends-too-late"
    case titleMissing = "title-missing"
    case noEnd = "no-end"
    case sendFailed = "send-failed"
    case sendInterrupted = "send-interrupted"
    case occurrenceMissed = "occurrence-missed"
    case sendSlow = "send-slow"
    case overlapSkipped = "overlap-skipped"
    case zoneDataChanged = "zone-data-changed"
    case outlivedCompletion = "outlived-completion"
    case scheduleStuck = "schedule-stuck"
    case clockSuspect = "clock-suspect"
    case ledgerForeign = "ledger-foreign"
    case launcherDown = "launcher-down"
    case diskLow = "disk-low"

    /// What an alert of this code is unless its place says otherwise.
    public var severity: AlertSeverity {
        switch self {
        case .audienceEmpty, .endsTooLate, .titleMissing, .noEnd, .sendSlow, .overlapSkipped, .zoneDataChanged,
            .outlivedCompletion:
            .warning
        case .messageMissing, .messageNotPublished, .surfaceMissing, .surfaceWrongChannel, .audienceMissing,
            .startInPast, .endInPast, .neverOccurs, .sendFailed, .sendInterrupted, .occurrenceMissed, .scheduleStuck,
            .clockSuspect, .ledgerForeign, .launcherDown, .diskLow:
            .error
        }
    }

    /// Reports something that is over, so that a person's acknowledgement alone ends it.
    public var isUntilAcknowledged: Bool {
        switch self {
        case .sendFailed, .sendInterrupted, .occurrenceMissed, .overlapSkipped, .zoneDataChanged, .outlivedCompletion:
            true
        case .messageMissing, .messageNotPublished, .surfaceMissing, .surfaceWrongChannel, .audienceMissing,
            .startInPast, .endInPast, .neverOccurs, .audienceEmpty, .endsTooLate, .titleMissing, .noEnd, .sendSlow,
            .scheduleStuck, .clockSuspect, .ledgerForeign, .launcherDown, .diskLow:
            false
        }
    }

    /// Found by running the checks, and gone when the checks no longer find it; ``endsTooLate`` is found by the pace of
    /// what is being sent, too.
    public var isFoundByChecks: Bool {
        switch self {
        case .messageMissing, .messageNotPublished, .surfaceMissing, .surfaceWrongChannel, .audienceMissing,
            .startInPast, .endInPast, .neverOccurs, .audienceEmpty, .endsTooLate, .titleMissing, .noEnd:
            true
        case .sendFailed, .sendInterrupted, .occurrenceMissed, .sendSlow, .overlapSkipped, .zoneDataChanged,
            .outlivedCompletion, .scheduleStuck, .clockSuspect, .ledgerForeign, .launcherDown, .diskLow:
            false
        }
    }
}
