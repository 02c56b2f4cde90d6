import Recurrence

/// Shows what a watch finds.
protocol WatchDisplay: AnyObject {
    /// Called after each look, also where it found nothing new.
    ///
    /// - Parameter open: all that are open, in their order.
    /// - Throws: `Output.Closed`, also where there is nothing to show, `Output.Failed`.
    func show(_ news: WatchedSends.News, open: [WatchedSend], at now: Instant) throws
    /// Says something to the person that is no data.
    func say(_ text: String)
}
