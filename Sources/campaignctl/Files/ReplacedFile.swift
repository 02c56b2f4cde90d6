import CampaignModel
import Glibc

/// Writes a file that others read at any time: they see the old one or the new one, whole.
enum ReplacedFile {
    /// For everybody to read.
    private static let mode: mode_t = 0o644

    /// - Throws: ``Failure`` where it can't be written; what was there stays.
    static func write(_ text: String, to path: String) throws(Failure) {
        // Beside it, since a name can only be taken over within a file system; hidden, since whoever reads a whole
        // folder leaves hidden files out.
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        // mkstemp(3) puts letters of its own in place of six X.
        var template = Array("\(folder).\(name).\(String(repeating: "X", count: 6))".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure(path) }
        let temporary = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { close(descriptor) }
        guard fill(descriptor, with: text), fchmod(descriptor, mode) == 0, rename(temporary, path) == 0 else {
            let failure = Self.failure(path)
            unlink(temporary)
            throw failure
        }
    }

    private static func fill(_ descriptor: CInt, with text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }

    private static func failure(_ path: String) -> Failure {
        let reason = "can't be written: \(String(cString: strerror(errno)))"
        return .invalidFile(path, field: "output", value: path, reason: reason, text: "\(path): \(reason)")
    }
}
