import Glibc

/// A program that a test has written and is about to run.
public enum ScriptFile {
    /// F_SETLEASE, F_RDLCK and F_UNLCK of fcntl.h, the first of which the Glibc module hides behind a feature macro.
    private static let (setLease, readLease, noLease): (CInt, CInt, CInt) = (1_024, 0, 2)
    /// Far more turns than it takes to get from fork to exec.
    private static let patience = 10_000_000

    /// Returns once nobody holds the file open for writing: a program that another test is just starting has a copy of
    /// its writer's descriptor until its exec, and a file that is being written can't be run (ETXTBSY of execve(2)). A
    /// read lease tells, since it is given only where there is no writer (fcntl(2)).
    public static func settle(_ path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        precondition(file >= 0, "\(path): \(String(cString: strerror(errno)))")
        defer { close(file) }
        for _ in 0..<patience {
            if fcntl(file, setLease, readLease) == 0 {
                _ = fcntl(file, setLease, noLease)
                return
            }
            precondition(errno == EAGAIN, "\(path): no lease: \(String(cString: strerror(errno)))")
            sched_yield()
        }
        preconditionFailure("\(path) stays open for writing")
    }
}
