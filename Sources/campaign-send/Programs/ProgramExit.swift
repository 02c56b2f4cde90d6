import CampaignModel

/// How a program's first process ended, and what that means for an attempt where it was a surface's.
enum ProgramExit: Hashable {
    case status(CInt)
    case signal(CInt)

    /// From waitpid(2).
    init(waitStatus: CInt) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .status((waitStatus >> 8) & 0xFF) : .signal(signal)
    }

    /// 0 is sent, EX_TEMPFAIL may be tried again, every other status failed for good. A killed one may have sent
    /// some, all or nothing.
    var outcome: AttemptOutcome {
        switch self {
        case .status(0): .sent
        case .status(75): .temporary(reason: "the surface \(text)", retryAfterSeconds: nil)
        case .status: .failed(reason: "the surface \(text)")
        case .signal: .interrupted(reason: "the surface \(text)")
        }
    }

    /// How it ended, to follow its name.
    var text: String {
        switch self {
        case .status(let code): "ended with \(Self.text(code))"
        case .signal(let number): "was killed by \(SignalName.of(number))"
        }
    }

    private static func text(_ code: CInt) -> String {
        names[code].map { "\(code) (\($0))" } ?? "\(code)"
    }

    /// sysexits(3).
    private static let names: [CInt: String] = [
        64: "EX_USAGE", 65: "EX_DATAERR", 66: "EX_NOINPUT", 67: "EX_NOUSER", 68: "EX_NOHOST", 69: "EX_UNAVAILABLE",
        70: "EX_SOFTWARE", 71: "EX_OSERR", 72: "EX_OSFILE", 73: "EX_CANTCREAT", 74: "EX_IOERR", 75: "EX_TEMPFAIL",
        76: "EX_PROTOCOL", 77: "EX_NOPERM", 78: "EX_CONFIG",
    ]
}
