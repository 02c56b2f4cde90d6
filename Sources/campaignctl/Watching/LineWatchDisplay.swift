import ControlAPI
import Recurrence
import VarlinkKit

/// Shows each change on a line of its own: for a file, a pipe or a program.
final class LineWatchDisplay: WatchDisplay {
    private let isJSON: Bool

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    func show(_ news: WatchedSends.News, open: [WatchedSend], at now: Instant) throws {
        for send in news.changed + news.ended {
            if isJSON {
                try Output.line(send.json(at: now))
            } else {
                try Output.line(WatchWords.line(send, at: now))
            }
        }
        for send in news.lost { say(WatchWords.lost(send.view)) }
        if news.changed.isEmpty, news.ended.isEmpty { try Output.checkReader() }
    }

    func say(_ text: String) {
        Output.message(text)
    }
}
