import Glibc
import ScriptFile
import Testing

/// A folder of a test's own below the system's temporary one; it goes with its owner.
final class Folder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/campaignd-tests.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(path) }

    func makeFolder(_ name: String) {
        mkdir(path + "/" + name, 0o755)
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o644) {
        write(bytes: Array(text.utf8), to: name, mode: mode)
    }

    func write(bytes: [UInt8], to name: String, mode: mode_t = 0o644) {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(file >= 0, "\(name): \(String(cString: strerror(errno)))")
        precondition(Glibc.write(file, bytes, bytes.count) == bytes.count)
        fchmod(file, mode)
        close(file)
        if mode & 0o100 != 0 { ScriptFile.settle(path + "/" + name) }
    }

    /// Nil where there is none.
    func text(_ name: String) -> String? {
        let file = open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(file, &piece, piece.count), count > 0 { bytes += piece[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func remove(_ path: String) {
        guard let stream = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let child = path + "/" + name
            if unlink(child) != 0 { remove(child) }
        }
        closedir(stream)
        rmdir(path)
    }
}
