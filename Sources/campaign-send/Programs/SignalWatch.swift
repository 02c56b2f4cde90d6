import CProcess
import Glibc
import SystemdKit

/// The signals that ask this process to end, and SIGCHLD, which tells that a child has ended: signalfd(2). They are
/// held back from its making on.
final class SignalWatch {
    private let file: Descriptor
    private var asked: CInt?

    var descriptor: CInt { file.raw }

    init() throws(SystemError) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGCHLD] { sigaddset(&set, signal) }
        sigprocmask(SIG_BLOCK, &set, nil)
        let raw = signalfd(-1, &set, CInt(SFD_CLOEXEC) | CInt(SFD_NONBLOCK))
        guard raw >= 0 else { throw SystemError(call: "signalfd", object: "a signal set", code: errno) }
        file = Descriptor(raw)
    }

    /// Takes in what has come since, without waiting.
    ///
    /// - Returns: the first signal ever that asked to end; nil where none did.
    func look() -> CInt? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while read(file.raw, &info, size) == size {
            if info.ssi_signo != UInt32(SIGCHLD), asked == nil { asked = CInt(info.ssi_signo) }
        }
        return asked
    }
}
