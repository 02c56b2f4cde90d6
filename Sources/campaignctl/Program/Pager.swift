import Glibc

/// The person's own pager between standard output and the terminal, as systemctl(1) has it: `$PAGER`, else less(1)
/// where it is installed.
///
/// While it shows, Ctrl-C is the pager's; once it is gone, writing finds a closed pipe, and the program ends quietly.
struct Pager {
    private let process: ShellProcess
    /// The terminal, where what is said to the person goes once the pager is gone.
    private let standardError: Int32?

    /// Ends by itself where all fits on the screen, and then leaves it there; keeps colours and cuts long lines; Ctrl-C
    /// ends it.
    private static let lessOptions = "FRSXMK"
    private static let less = ["/usr/bin/less", "/bin/less", "/usr/local/bin/less"]

    /// Puts the pager in place.
    ///
    /// - Returns: nil where there is none, it is turned off (`$PAGER` is `cat` or empty), or can't be started.
    static func start() -> Pager? {
        guard Terminal.isOutputTerminal, let command else { return nil }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { for end in ends { close(end) } }
        setenv("LESS", lessOptions, 0)
        // Who may run this program by sudo(8) is not thereby to have a shell.
        if Terminal.variable("SUDO_UID") != nil { setenv("LESSSECURE", "1", 0) }
        guard let process = try? ShellProcess.start(["-c", command], input: ends[0]),
            dup2(ends[1], STDOUT_FILENO) >= 0
        else { return nil }
        var standardError: Int32?
        if isatty(STDERR_FILENO) == 1 {
            // On the screen that the pager draws, it would stand anywhere.
            standardError = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
            dup2(ends[1], STDERR_FILENO)
        }
        signal(SIGINT, SIG_IGN)
        return Pager(process: process, standardError: standardError)
    }

    /// Ends the output, and waits for as long as the person reads.
    func finish() {
        close(STDOUT_FILENO)
        if let standardError {
            dup2(standardError, STDERR_FILENO)
            close(standardError)
        }
        _ = try? process.wait()
        signal(SIGINT, SIG_DFL)
    }

    /// What a shell is to run.
    private static var command: String? {
        if let pager = getenv("PAGER") {
            let text = String(cString: pager)
            return ["", "cat"].contains(text) ? nil : text
        }
        return less.first { access($0, X_OK) == 0 }
    }
}
