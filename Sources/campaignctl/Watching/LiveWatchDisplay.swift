import ControlAPI
import Recurrence
import VarlinkKit

/// Shows what is open on a terminal, drawn again after each look; what has ended stays above it as a line.
final class LiveWatchDisplay: WatchDisplay {
    private let screen: LiveScreen
    private let style: Style
    /// Whether it goes on while nothing is open.
    private let waits: Bool

    init(screen: LiveScreen, style: Style, waits: Bool) {
        self.screen = screen
        self.style = style
        self.waits = waits
    }

    func show(_ news: WatchedSends.News, open: [WatchedSend], at now: Instant) throws {
        let (columns, rows) = screen.size
        let page = WatchPage(sends: open, now: now, style: style)
        let idle = open.isEmpty && waits ? ["Nothing is being sent.".cut(to: max(1, columns - 1))] : []
        let ended = news.ended.map { WatchWords.ended($0.view, style) } + news.lost.map { WatchWords.lost($0.view) }
        try screen.draw(above: ended, idle + page.lines(columns: columns, rows: rows - 1))
    }

    func say(_ text: String) {
        screen.leave()
        Output.message(text)
    }
}
