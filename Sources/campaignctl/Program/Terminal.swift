import Glibc
import Recurrence

/// What stands around the program: the other ends of its streams, its environment, the clock.
enum Terminal {
    /// Whether a person can be asked: the question goes to standard error, the answer comes from standard input.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Colours only on a terminal that has them, and not where `NO_COLOR` is set (https://no-color.org).
    static var hasColours: Bool {
        isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR") == nil && variable("TERM") != "dumb"
    }

    /// Whether what was written can be written over.
    static var canRedraw: Bool { isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb" }

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

    /// The environment's variable; nil where it is not set or empty.
    static func variable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
