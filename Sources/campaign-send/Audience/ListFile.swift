import CampaignModel
import Glibc

/// The recipients' file, read by a process of its own: `campaign-send read-list PATH` writes it to its standard
/// output. A file system that hangs then holds up that process alone, and a list is one stream, whether it comes from a
/// file or from a program.
enum ListFile {
    static let verb = "read-list"

    /// This very program, also where another one has taken its place on disk since.
    static func program(_ path: String) -> (file: String, words: [String]) {
        ("/proc/self/exe", ["campaign-send", verb, path])
    }

    private static let pieceBytes = 64 * 1_024
    /// Exit statuses below are numbers of errno(3), which end at 133.
    private static let noPlainFile: CInt = 200

    static func copy(_ path: String) -> Never {
        // O_NONBLOCK: the opening of a FIFO waits for nobody, and that it is one is told.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else { _exit(errno) }
        var status = stat()
        guard fstat(file, &status) == 0 else { _exit(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { _exit(noPlainFile) }
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = read(file, &piece, piece.count)
            if count == 0 { _exit(0) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { _exit(errno) }
            var rest = piece[..<count]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                // A reader that has enough ends us with SIGPIPE.
                guard written > 0 else { _exit(errno) }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// What went wrong, and what to do; nil where nothing did.
    static func fault(_ exit: ProgramExit, path: String, audience: Slug) -> String? {
        switch exit {
        case .status(0): nil
        case .status(noPlainFile): "\(path) is no plain file, and a list of recipients must be one"
        case .status(ENOENT), .status(ENOTDIR):
            "there is no \(path); put the list there, or correct its path in audiences.d/\(audience).yaml"
        case .status(EACCES), .status(EPERM):
            "\(path) can't be read: user \(getuid()) needs the right to read it and to reach its folder"
        case .status(let code): "\(path) can't be read: \(String(cString: strerror(code)))"
        case .signal(let number): "\(path) was not read to its end: the reading was killed by \(SignalName.of(number))"
        }
    }
}
