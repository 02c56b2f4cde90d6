import Glibc

/// Takes messages to where mail goes on from, several at once, without threads: all happens in the calls, and waiting
/// in ``turn(_:until:)`` alone.
///
///     while !work.isDone {
///         while transport.room > 0, let mail = work.next(now) { transport.begin(mail) }
///         for result in transport.turn(stopDescriptors, until: work.nextDue) { work.note(result) }
///         if stop.look() != nil { transport.stop() }
///     }
///     transport.finish()
///
/// Each message that was begun gets one result.
protocol MailTransport: AnyObject {
    /// How many messages may be begun now; 0 after ``stop()``, and now and then for a turn or two though nothing is
    /// under way: a connection takes its leave.
    var room: Int { get }
    /// How many were begun and have no result yet.
    var underWay: Int { get }

    /// Takes a message; there must be ``room``.
    func begin(_ mail: OutgoingMail)

    /// Does what can be done; where nothing came to its end and there is no more ``room`` than before, waits and does
    /// so once more.
    ///
    /// - Parameters:
    ///   - interests: descriptors of others, any event of which ends the waiting.
    ///   - deadline: ends the waiting. The transport's own limits do so too.
    /// - Returns: what came to its end, often nothing.
    func turn(
        _ interests: [(descriptor: CInt, events: Int32)], until deadline: ContinuousClock.Instant
    ) -> [MailResult]

    /// No message goes out any more but those of which a part may be out. The others come to their end as
    /// ``MailOutcome/withdrawn`` at the next turn.
    func stop()

    /// Ends all at once: what may have been taken is ``MailOutcome/unknown(_:)``.
    ///
    /// - Returns: the results of all that were under way.
    func abandon() -> [MailResult]

    /// Takes leave of the other side, within seconds. Nothing may be under way.
    func finish()
}
