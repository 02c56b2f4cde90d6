import Recurrence

/// Shows what a watch finds.
protocol WatchDisplay: AnyObject {
    /// Called after each look, also where it found nothing new.
    ///
    /// - Parameter open: all that are open, in their order.
    /// - Throws: `Output.Closed`, also where there is nothing to show, `Output.Failed`.
    func show(_ news: WatchedSends.News, open: [WatchedSend], at now: Instant) throws
    /// Whether it wants to know of the whole daemon.
    var showsOverview: Bool { get }
    /// Takes in what the next ``show(_:open:at:)`` has beside the sends.
    func note(_ overview: WatchOverview)
    /// Says something to the person that is no data.
    func say(_ text: String)
}

extension WatchDisplay {
    var showsOverview: Bool { false }
    func note(_ overview: WatchOverview) {}
}
