import CampaignModel
import FoundationEssentials
import Glibc

/// A file that a person edits: in a folder of its own, which nobody else can open.
struct TemporaryCopy {
    let path: String
    private let folder: String

    /// - Parameters:
    ///   - name: the file's own name.
    ///   - text: what it holds.
    /// - Throws: ``Failure`` where it can't be written.
    init(named name: String, of text: String) throws(Failure) {
        let place = Terminal.variable("TMPDIR") ?? "/tmp"
        // mkdtemp(3) puts letters of its own in place of six X.
        var template = Array("\(place)/campaignctl-\(String(repeating: "X", count: 6))".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure(place) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = "\(folder)/\(name)"
        do {
            try write(text)
        } catch {
            remove()
            throw error
        }
    }

    /// Puts a text in the place of what the file holds.
    ///
    /// - Throws: ``Failure`` where it can't be written.
    func write(_ text: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        guard FileBytes.write(Array(text.utf8), to: descriptor) else { throw Self.failure(path) }
    }

    /// What the file holds; nil where it can't be read or is not UTF-8.
    var text: String? {
        guard let bytes = try? FileBytes.read(path, limit: CampaignFile.sizeLimit) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Whether the file is there; editors may put another one in its place.
    var exists: Bool { access(path, F_OK) == 0 }

    /// Removes the folder with all that the editor left in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func failure(_ path: String) -> Failure {
        let reason = "can't be written: \(String(cString: strerror(errno)))"
        return .invalidFile(path, field: "file", value: path, reason: reason, text: "\(path): \(reason)")
    }
}
