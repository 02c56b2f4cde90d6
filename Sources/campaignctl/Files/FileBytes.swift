import CampaignModel
import Glibc
import VarlinkKit

/// Reads a whole file, up to a limit, and writes all that is to be written.
enum FileBytes {
    /// Why there are none.
    enum Problem: Error {
        case system(Int32)
        /// With its size where that is known.
        case tooLarge(bytes: Int?)
    }

    /// - Parameter path: `-` for standard input.
    static func read(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > limit { throw .tooLarge(bytes: Int(status.st_size)) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            bytes += piece[..<count]
            if bytes.count > limit { throw .tooLarge(bytes: nil) }
        }
    }

    /// - Returns: false where not all could be written; errno(3) says why.
    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }
}

extension Failure {
    /// A file that can't be read.
    init(_ problem: FileBytes.Problem, path: String, field: String, limit: Int) {
        let reason =
            switch problem {
            case .system(let code): "can't be read: \(String(cString: strerror(code)))"
            case .tooLarge(let bytes?): "has \(bytes) bytes; \(limit) at most are allowed"
            case .tooLarge(nil): "is too large; \(limit) bytes at most are allowed"
            }
        self = .invalidFile(path, field: field, value: path, reason: reason, text: "\(path): \(reason)")
    }

    /// - Parameter text: the whole sentence.
    static func invalidFile(_ path: String, field: String, value: String?, reason: String, text: String) -> Failure {
        var parameters = Failure.invalidField(FieldError(field, value, reason)).parameters
        parameters["file"] = .string(path)
        return Failure(.refused, text: text, parameters: parameters)
    }
}
