/// Who is at the other end of a connection, as the kernel knew it when the peer connected.
public struct VarlinkPeer: Sendable, Equatable {
    /// The process that connected. It may have ended, and its number may belong to another: not for decisions.
    public var pid: Int32
    /// Its effective user.
    public var uid: UInt32
    /// Its effective group.
    public var gid: UInt32
    /// Its supplementary groups.
    public var groups: [UInt32]

    public init(pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32] = []) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.groups = groups
    }

    /// Whether the peer is in that group, be it as its own group or as a supplementary one.
    public func isMember(of group: UInt32) -> Bool {
        gid == group || groups.contains(group)
    }
}
