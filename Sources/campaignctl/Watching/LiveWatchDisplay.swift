import ControlAPI
import Recurrence
import VarlinkKit

/// Shows what is open on a terminal, drawn again after each look; what has ended stays above it as a line.
final class LiveWatchDisplay: WatchDisplay {
    private let screen: LiveScreen
    private let style: Style
    private let times: Times
    /// Whether the whole daemon is watched, also while nothing is open.
    let showsOverview: Bool
    private var overview: WatchOverview?

    init(screen: LiveScreen, style: Style, times: Times, showsOverview: Bool) {
        self.screen = screen
        self.style = style
        self.times = times
        self.showsOverview = showsOverview
    }

    func note(_ overview: WatchOverview) { self.overview = overview }

    func show(_ news: WatchedSends.News, open: [WatchedSend], at now: Instant) throws {
        let (columns, rows) = screen.size
        let page = WatchPage(sends: open, now: now, style: style)
        var above: [String] = []
        if let overview {
            above = WatchOverviewPage(overview: overview, times: times, style: style).lines(columns: columns)
            // On a low terminal the sends come first.
            if above.count > rows / 2 { above = Array(above.prefix(1)) }
        }
        let ended = news.ended.map { WatchWords.ended($0.view, style) } + news.lost.map { WatchWords.lost($0.view) }
        try screen.draw(above: ended, above + page.lines(columns: columns, rows: rows - 1 - above.count))
    }

    func say(_ text: String) {
        screen.leave()
        Output.message(text)
    }
}
