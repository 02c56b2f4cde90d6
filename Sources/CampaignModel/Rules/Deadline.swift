import Recurrence

/// How long a send may take: until its surface's timeout is over, which ends it, and until the next occurrence of its
/// campaign falls due, which then waits or is skipped. Whichever is first.
struct Deadline: Hashable {
    enum Cause: Hashable {
        case timeout(Surface)
        case next(Instant)
    }

    let cause: Cause
    /// Seconds from its begin.
    let seconds: Int64

    /// - Parameters:
    ///   - start: when it begins, or its attempt began; without it no next occurrence is any nearer.
    ///   - next: the next occurrence, where it may not begin beside this one.
    /// - Returns: nil where it may take as long as it likes.
    init?(from start: Instant?, surface: Surface?, next: Instant?) {
        let timeout = surface.map { Deadline(.timeout($0), $0.timeout.secondsRoundedUp) }
        var following: Deadline?
        if let start, let next { following = Deadline(.next(next), max(0, next - start)) }
        guard let first = [timeout, following].compactMap({ $0 }).min(by: { $0.seconds < $1.seconds }) else {
            return nil
        }
        self = first
    }

    private init(_ cause: Cause, _ seconds: Int64) {
        self.cause = cause
        self.seconds = seconds
    }

    /// The alert of a send that takes longer.
    ///
    /// - Parameters:
    ///   - what: the send with its verb.
    ///   - words: says when an instant is.
    func alert(_ what: String, at now: Instant, words: (Instant) -> String) -> Alert {
        switch cause {
        case .timeout(let surface):
            Alert(
                .endsTooLate,
                "\(what) longer than the timeout of surface \(surface.name), \(surface.timeout.text), which ends it; "
                    + "give the surface a higher rate, more connections or a longer timeout, or send to a smaller list",
                field: "surface", since: now)
        case .next(let instant):
            Alert(
                .endsTooLate,
                "\(what) longer than the time to the next occurrence, \(words(instant)); give the surface a "
                    + "higher rate or more connections, send to a smaller list, or let it occur less often",
                field: "schedule", since: now)
        }
    }
}

extension CampaignContent {
    /// Whether an occurrence does not begin beside the one before it.
    var waitsForEarlier: Bool { kind == .recurring && overlap != .allow }
}
