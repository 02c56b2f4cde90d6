internal import Glibc

/// Users and groups by name and number, as the system's databases have them (getpwuid_r(3), getgrnam_r(3)).
public enum SystemAccounts {
    /// A record longer than this is given up: a group with tens of thousands of members still fits.
    static let recordLimitBytes = 1 << 20

    /// The user's name; nil where there is none.
    public static func userName(_ uid: UInt32) -> String? {
        withBuffer { base, size in
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwuid_r(uid, &record, base, size, &found)
            let name: UnsafeMutablePointer<CChar>? = found?.pointee.pw_name
            return (code, name.map { String(cString: $0) })
        }
    }

    /// The group's number; nil where there is no such group.
    public static func groupID(named name: String) -> UInt32? {
        withBuffer { base, size in
            var record = group()
            var found: UnsafeMutablePointer<group>?
            let code = getgrnam_r(name, &record, base, size, &found)
            return (code, found.map { $0.pointee.gr_gid })
        }
    }

    /// Asks again with more room while the answer is ERANGE.
    private static func withBuffer<Value>(_ ask: (UnsafeMutablePointer<CChar>, Int) -> (Int32, Value?)) -> Value? {
        var size = 4_096
        while size <= recordLimitBytes {
            let (code, value) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
                buffer.baseAddress.map { ask($0, buffer.count) } ?? (ENOMEM, nil)
            }
            if code != ERANGE { return value }
            size *= 4
        }
        return nil
    }
}

extension AccessPolicy {
    /// The policy of groups by name; a name that no group has grants nobody.
    public init(daemonUID: UInt32, operatorGroups: [String], viewerGroups: [String]) {
        self.init(
            daemonUID: daemonUID, operatorGIDs: Set(operatorGroups.compactMap(SystemAccounts.groupID)),
            viewerGIDs: Set(viewerGroups.compactMap(SystemAccounts.groupID)))
    }
}
