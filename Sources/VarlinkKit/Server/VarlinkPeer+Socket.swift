import Glibc

extension VarlinkPeer {
    /// The kernel's struct ucred (unix(7)); Glibc's module leaves it out.
    private struct Credentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// SO_PEERGROUPS (unix(7)); Glibc's module leaves it out. The number is the same on all architectures of ours.
    private static let socketPeerGroups: Int32 = 59

    /// The most groups that the kernel gives one process (NGROUPS_MAX, credentials(7)).
    private static let maximumGroups = 65_536

    /// Reads who is at the other end of a connected Unix socket.
    ///
    /// - Returns: nil where the kernel does not tell, for instance because the socket is not a Unix socket.
    static func read(from descriptor: Int32) -> VarlinkPeer? {
        var credentials = Credentials()
        var size = socklen_t(MemoryLayout<Credentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        guard let groups = readGroups(from: descriptor) else { return nil }
        return VarlinkPeer(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid, groups: groups)
    }

    private static func readGroups(from descriptor: Int32) -> [UInt32]? {
        // Most processes have few groups; where there are more, the kernel says how many bytes it needs. They cannot
        // change any more, so the second round is the last.
        var capacity = 64
        for _ in 0..<2 {
            var size = socklen_t(capacity * MemoryLayout<UInt32>.size)
            var failure: Int32 = 0
            let groups = [UInt32](unsafeUninitializedCapacity: capacity) { buffer, count in
                let result = getsockopt(descriptor, SOL_SOCKET, socketPeerGroups, buffer.baseAddress, &size)
                failure = result == 0 ? 0 : errno
                count = result == 0 ? Int(size) / MemoryLayout<UInt32>.size : 0
            }
            if failure == 0 { return groups }
            capacity = Int(size) / MemoryLayout<UInt32>.size
            guard failure == ERANGE, capacity <= maximumGroups else { return nil }
        }
        return nil
    }
}
