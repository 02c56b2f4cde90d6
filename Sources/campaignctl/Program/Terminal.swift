import Glibc
import Recurrence

/// What stands around the program: the other ends of its streams, its environment, the clock.
enum Terminal {
    /// Whether a person can be asked: the question goes to standard error, the answer comes from standard input.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Colours only on a terminal that has them, and not where `NO_COLOR` is set (https://no-color.org).
    static var hasColours: Bool { canRedraw && variable("NO_COLOR") == nil }

    /// Whether what was written can be written over.
    static var canRedraw: Bool { isOutputTerminal && variable("TERM") != "dumb" }

    /// Whether a person sees the output; asked once, before a ``Pager`` stands in between.
    static let isOutputTerminal = isatty(STDOUT_FILENO) == 1

    /// Whether the output is a file, which takes what it gets at once; whoever reads a pipe may leave it for minutes.
    static var isOutputFile: Bool {
        var status = stat()
        return fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// How wide lines may be that a person sees; nil where nobody does, or the terminal does not tell.
    static let outputColumns: Int? = isOutputTerminal ? size.flatMap { $0.columns > 0 ? $0.columns : nil } : nil

    /// How large the terminal is (ioctl_tty(2)); nil where it does not tell.
    static var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Asks a question that is answered with yes or no; anything but yes is no.
    static func confirms(_ question: String) -> Bool {
        Output.prompt("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    /// The zones of the system, or of `$TZDIR`.
    static let zones = SystemZones(directory: variable("TZDIR"))

    /// The present second.
    static var now: Instant { Instant(secondsSinceEpoch: Int64(time(nil))) }

    /// The present day where the person is, by the machine's own zone; it marks a day, and no schedule rests on it.
    static var today: LocalDate {
        var seconds = time(nil)
        var local = tm()
        localtime_r(&seconds, &local)
        let day = LocalDate(year: Int(local.tm_year) + 1_900, month: Int(local.tm_mon) + 1, day: Int(local.tm_mday))
        return day ?? Zone.utc.local(at: now).date
    }

    /// The environment's variable; nil where it is not set or empty.
    static func variable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
