import CProcess
import Glibc

/// The few steps between fork and exec that posix_spawn(3) can't do, in this same program: `campaign-send run-program
/// PARENT FOLDER PROGRAM [ARGUMENT…]` asks for its death with its parent's, makes a session of its own, and becomes
/// the program, or reads a list itself (``ListFile``).
enum ProgramTrampoline {
    static let verb = "run-program"

    /// The record's lock, which stays open in the surface. Above what shells and scripts use for themselves.
    static let lockDescriptor: CInt = 100
    /// Gets an errno where the exec fails, and ends without a byte where it succeeds.
    static let statusDescriptor: CInt = 101

    /// - Parameter arguments: what follows the verb.
    static func run(_ arguments: [String]) -> Never {
        guard arguments.count >= 3, let parent = pid_t(arguments[0]) else {
            Sender.complain("\(verb) is for campaign-send itself")
            exit(Sender.Exit.usage)
        }
        _ = fcntl(statusDescriptor, F_SETFD, FD_CLOEXEC)
        guard cprocess_set_parent_death_signal(SIGKILL) == 0 else { fail(errno) }
        // A parent that died before the line above sends no signal any more.
        guard getppid() == parent else { fail(ESRCH) }
        guard setsid() >= 0, chdir(arguments[1]) == 0 else { fail(errno) }
        if arguments[2] == ListFile.verb, arguments.count == 4 {
            close(statusDescriptor)
            ListFile.copy(arguments[3])
        }
        var words: [UnsafeMutablePointer<CChar>?] = arguments[2...].map { strdup($0) }
        words.append(nil)
        execv(arguments[2], words)
        fail(errno)
    }

    private static func fail(_ code: CInt) -> Never {
        var code = code
        _ = write(statusDescriptor, &code, MemoryLayout<CInt>.size)
        _exit(Sender.Exit.trouble)
    }
}
