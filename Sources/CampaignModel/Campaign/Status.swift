/// Where a campaign stands in its life (the words of the product that this follows).
public enum Status: String, CaseIterable, Hashable, Sendable, Codable {
    /// Being written; nothing happens by itself.
    case draft
    /// Activated, with its start in the future.
    case scheduled
    /// Its start is reached and its checks are run, again at each tick until they pass.
    case activating
    /// Sends what falls due.
    case active
    /// Ended by a person, for good.
    case stopped
    /// Ended by its own schedule.
    case completed
    /// Put away; it remembers the status it had.
    case archived

    /// The statuses in which a schedule is in force, so that time alone may change the campaign.
    public var isInForce: Bool {
        switch self {
        case .scheduled, .activating, .active: true
        case .draft, .stopped, .completed, .archived: false
        }
    }

    /// Whether something of the campaign may be being sent.
    var mayHaveSends: Bool {
        switch self {
        case .draft, .scheduled, .activating: false
        case .active, .stopped, .completed, .archived: true
        }
    }

    /// What `list` shows unless asked for more.
    public var isListedByDefault: Bool {
        switch self {
        case .draft, .scheduled, .activating, .active: true
        case .stopped, .completed, .archived: false
        }
    }
}
