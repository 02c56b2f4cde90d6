import CampaignModel
import Glibc
import SendRecords
import SystemdKit

/// Secrets as systemd hands them over: files in a folder that only this unit's user can read. `LoadCredential=` of
/// systemd.exec(5)
enum Credentials {
    /// systemd itself takes 1 MiB for all of them; what goes into a header or is a password is much shorter.
    static let maximumBytes = 64 * 1_024

    /// The content of a credential, less one line break at its end.
    ///
    /// - Throws: what is wrong, with its name and never a part of it.
    static func text(of name: String) throws(ConfigurationDirectory.Refusal) -> String {
        var bytes = try contents(of: name)
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else { throw refusal(name, "is empty") }
        guard let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: \.isUnsafeToDisplay)
        else { throw refusal(name, "holds a control character or bytes that are no text; it is to be one line") }
        return text
    }

    private static func contents(of name: String) throws(ConfigurationDirectory.Refusal) -> [UInt8] {
        let advice = "add LoadCredential=\(name):/path/of/its/file by a drop-in (systemctl edit campaign-send@.service)"
        guard let folder = getenv("CREDENTIALS_DIRECTORY").map({ String(cString: $0) }), !folder.isEmpty else {
            throw refusal(name, "is missing, as all are: $CREDENTIALS_DIRECTORY is not set; \(advice)")
        }
        do throws(SystemError) {
            if let bytes = try SystemDisk().read(folder + "/" + name, limit: maximumBytes) { return bytes }
        } catch {
            if error.code == EFBIG { throw refusal(name, "has more than \(maximumBytes) bytes") }
            throw refusal(name, "can't be read: \(error)")
        }
        throw refusal(name, "is missing; \(advice)")
    }

    private static func refusal(_ name: String, _ reason: String) -> ConfigurationDirectory.Refusal {
        ConfigurationDirectory.Refusal(description: "credential \(name) \(reason)")
    }
}
