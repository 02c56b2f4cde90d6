import CampaignModel

/// Spaces messages so that no more of them than allowed go in any span of the rate's length: the generic cell rate
/// algorithm, ITU-T I.371, with all times in nanoseconds of a clock that never goes back.
struct MailPace {
    /// From one message to the next.
    let interval: Int64
    /// How much earlier than its time one may go, so that a wait that ends late costs nothing.
    let tolerance: Int64

    private static let mostTolerance: Int64 = 50_000_000

    init(_ rate: MailRate) {
        let window = rate.window.components.seconds * 1_000_000_000
        // What goes early would be too many in a span that ends there: so many fewer are the rule.
        let even = window / Int64(rate.count)
        let early = even == 0 ? 0 : Self.mostTolerance / even
        interval = (window + Int64(rate.count) - early - 1) / max(1, Int64(rate.count) - early)
        tolerance = early * interval
    }

    /// - Parameters:
    ///   - next: when the next message is due, which the last one has set.
    ///   - now: the present time.
    /// - Returns: how long to wait; where that is 0 the message goes now, and `next` is moved on.
    func wait(_ next: inout Int64, at now: Int64) -> Int64 {
        // Of another boot, or never set.
        if next > now + interval * 2 + tolerance { next = now }
        let due = max(next, now)
        let wait = due - tolerance - now
        guard wait <= 0 else { return wait }
        next = due + interval
        return 0
    }
}
