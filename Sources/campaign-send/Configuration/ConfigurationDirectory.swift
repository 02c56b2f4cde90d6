import CampaignModel
import Glibc
import SendRecords
import StrictYAML
import SurfaceFiles
import SystemdKit

/// The administrator's files: surfaces.d and audiences.d. Each is read anew for each request, and only where nobody but
/// its owner can have written it.
struct ConfigurationDirectory {
    let path: String
    /// Under the child launcher files of the own user are taken too; under systemd only root's: the sender's user
    /// must not be able to choose what it runs.
    let takesOwnFiles: Bool

    /// Why a file can't be used, in a sentence that names it.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    func surface(_ name: Slug) throws(Refusal) -> SurfaceFile {
        try read("surfaces.d", name, what: "surface") { try SurfaceFile(name: name, $0) }
    }

    func audience(_ name: Slug) throws(Refusal) -> AudienceFile {
        try read("audiences.d", name, what: "audience") { try AudienceFile($0) }
    }

    private func read<Value>(
        _ folder: String, _ name: Slug, what: String, _ body: (YAMLNode) throws -> Value
    ) throws(Refusal) -> Value {
        // A slug holds no `/` and no `.`: it can't lead out of the folder.
        let folderPath = path + "/" + folder
        let filePath = folderPath + "/" + name.text + ".yaml"
        do {
            try checkFolder(folderPath)
            guard let bytes = try contents(of: filePath) else {
                throw Refusal(description: "\(what) \(name) is not known: there is no \(filePath)")
            }
            return try body(YAMLDocument.read(bytes: bytes, file: filePath))
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(description: "\(error)")
        }
    }

    /// Who may write the folder may put any file in it.
    private func checkFolder(_ folderPath: String) throws {
        guard let folder = try open(folderPath, O_DIRECTORY) else { return }
        try checkOwner(folder, folderPath, kind: S_IFDIR)
    }

    private func contents(of filePath: String) throws -> [UInt8]? {
        // O_NONBLOCK: a FIFO of that name must not hold the sender up.
        guard let file = try open(filePath, O_NOCTTY | O_NONBLOCK) else { return nil }
        try checkOwner(file, filePath, kind: S_IFREG)
        return try file.read(limit: YAMLDocument.sizeLimit)
    }

    /// Opens for reading; nil where there is none.
    private func open(_ path: String, _ flags: CInt) throws(SystemError) -> SystemFile? {
        let raw = Glibc.open(path, O_RDONLY | O_CLOEXEC | flags)
        if raw >= 0 { return SystemFile(owning: raw, path: path) }
        if errno == ENOENT { return nil }
        throw SystemError(call: "open", object: path, code: errno)
    }

    /// Looks at the open file, not at its name: what is checked is what is read.
    private func checkOwner(_ file: SystemFile, _ filePath: String, kind: mode_t) throws {
        var status = stat()
        guard fstat(file.raw, &status) == 0 else {
            throw SystemError(call: "fstat", object: filePath, code: errno)
        }
        guard status.st_mode & S_IFMT == kind else {
            throw Refusal(description: "\(filePath) is refused: it is no plain file")
        }
        guard status.st_uid == 0 || (takesOwnFiles && status.st_uid == getuid()) else {
            let allowed = takesOwnFiles ? "root or user \(getuid())" : "root"
            throw Refusal(
                description: "\(filePath) is refused: its owner is user \(status.st_uid) and must be \(allowed)")
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            let mode = String(status.st_mode & 0o7777, radix: 8)
            let rule = "only its owner may write it (chmod go-w)"
            throw Refusal(description: "\(filePath) is refused: its mode is \(mode), and \(rule)")
        }
    }
}
