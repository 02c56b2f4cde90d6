import CSystemd
import Glibc

/// Who this machine is, and which of its boots this is.
public enum Machine {
    /// Whether systemd is the system's manager: sd_booted(3).
    public static var isBootedWithSystemd: Bool { csystemd_booted() > 0 }

    /// The id in /etc/machine-id, 32 lowercase hexadecimal digits; nil where the machine has none: the file is
    /// missing, empty, all 0, or says `uninitialized`. machine-id(5)
    ///
    /// The first answer is kept by libsystemd for the life of the calling thread.
    ///
    /// - Throws: `SystemError` where the file can't be read or holds something else.
    public static func id() throws(SystemError) -> String? {
        var id = sd_id128_t()
        let result = csystemd_get_machine(&id)
        // ENOMEDIUM: empty or all 0; ENOPKG: newer libsystemd's word for uninitialized.
        if [-ENOENT, -ENOMEDIUM, -ENOPKG].contains(result) { return nil }
        guard result >= 0 else {
            throw SystemError(call: "sd_id128_get_machine", object: "/etc/machine-id", code: result)
        }
        return text(of: id)
    }

    /// The id of this boot, 32 lowercase hexadecimal digits, from /proc/sys/kernel/random/boot_id.
    ///
    /// - Throws: `SystemError` where it can't be read.
    public static func bootID() throws(SystemError) -> String {
        var id = sd_id128_t()
        let result = csystemd_get_boot(&id)
        guard result >= 0 else {
            throw SystemError(
                call: "sd_id128_get_boot", object: "/proc/sys/kernel/random/boot_id", code: result)
        }
        return text(of: id)
    }

    private static func text(of id: sd_id128_t) -> String {
        withUnsafeBytes(of: id) { bytes in
            bytes.reduce(into: "") { text, byte in
                text += (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
            }
        }
    }
}
