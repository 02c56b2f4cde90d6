import Glibc

/// Why a program did not start: the errno of its exec, or of a step before it.
struct ExecFailure: Hashable, CustomStringConvertible {
    let code: CInt

    enum Reading {
        case notYet
        /// The program runs, or has run.
        case succeeded
        case failed(ExecFailure)
    }

    /// Looks at ``ChildProgram/execStatus``, once it can be read.
    static func read(_ descriptor: CInt) -> Reading {
        var code: CInt = 0
        let count = Glibc.read(descriptor, &code, MemoryLayout<CInt>.size)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return .notYet }
        return count == MemoryLayout<CInt>.size ? .failed(ExecFailure(code: code)) : .succeeded
    }

    /// A program that is missing or can't be run is there no more at the next attempt; a system that is short of
    /// something may be better off then.
    var mayPass: Bool { [EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY, EIO].contains(code) }

    var description: String {
        String(cString: strerror(code)) + (code == ENOEXEC ? " (a script needs #! in its first line)" : "")
    }
}
