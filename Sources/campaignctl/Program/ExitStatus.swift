import ArgumentParser

/// How the program ends.
enum ExitStatus: Int32 {
    case done = 0
    /// By the daemon, or by a file that can't be taken.
    case refused = 1
    case usage = 2
    case notFound = 3
    /// The daemon can't be reached, or went away.
    case unreachable = 4
    case accessDenied = 5

    var exitCode: ExitCode { ExitCode(rawValue) }
}
