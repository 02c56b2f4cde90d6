import Glibc

/// A file that gets its name when it is whole, and not before: who reads it sees the old one or the new one.
///
/// It is written beside its name, since that can only be taken over within a file system; hidden, since whoever reads a
/// whole folder leaves hidden files out.
struct NewFile {
    private let path: String
    private let folder: String
    private let unfinished: String
    private let replaces: Bool
    private let descriptor: CInt
    private var isNamed = false

    /// - Parameters:
    ///   - mode: as in chmod(2), whatever the umask is.
    ///   - replaces: whether a file of that name is replaced.
    /// - Throws: ``Failure`` where it can't be made, or is there and may not be replaced.
    init(_ path: String, mode: mode_t, replaces: Bool) throws(Failure) {
        self.path = path
        self.replaces = replaces
        let slash = path.lastIndex(of: "/")
        folder = slash.map { String(path[...$0]) } ?? "./"
        unfinished = "\(folder).\(slash.map { String(path[path.index(after: $0)...]) } ?? path).\(getpid())"
        if !replaces, access(path, F_OK) == 0 { throw Self.failure(path, "is there already; --force replaces it") }
        descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        guard fchmod(descriptor, mode) == 0 else {
            let code = errno
            discard()
            throw Self.failure(path, code)
        }
    }

    func append(_ bytes: [UInt8]) throws(Failure) {
        guard FileBytes.write(bytes, to: descriptor) else { throw Self.failure(path, errno) }
    }

    /// Gives the file its name; on return it is on disk.
    mutating func finish() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw Self.failure(path, errno) }
        // link(2) never replaces what has come there meanwhile.
        let isDone = replaces ? rename(unfinished, path) == 0 : link(unfinished, path) == 0
        guard isDone else { throw Self.failure(path, errno) }
        if replaces { isNamed = true }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    /// Lets go of it, and of what has no name yet.
    func discard() {
        if !isNamed { unlink(unfinished) }
        close(descriptor)
    }

    private static func failure(_ path: String, _ code: CInt) -> Failure {
        failure(path, "can't be written: \(String(cString: strerror(code)))")
    }

    private static func failure(_ path: String, _ reason: String) -> Failure {
        .invalidFile(path, field: "file", value: path, reason: reason, text: "\(path): \(reason)")
    }
}
