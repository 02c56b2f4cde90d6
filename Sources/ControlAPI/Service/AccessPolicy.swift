public import VarlinkKit

/// What a peer may do.
public enum Role: String, Comparable, Hashable, Sendable {
    /// Reads.
    case viewer
    /// Reads and changes.
    case `operator`

    public static func < (left: Role, right: Role) -> Bool { left == .viewer && right == .operator }
}

/// Who may do what, by the uid and groups that the kernel reports of a peer (unix(7): SO_PEERCRED, SO_PEERGROUPS).
public struct AccessPolicy: Hashable, Sendable {
    /// The daemon's own user, an operator as root is.
    public var daemonUID: UInt32
    /// The groups of operators and of viewers, by number. A group that does not exist has none, and grants nobody.
    public var operatorGIDs: Set<UInt32>
    public var viewerGIDs: Set<UInt32>

    public init(daemonUID: UInt32, operatorGIDs: Set<UInt32> = [], viewerGIDs: Set<UInt32> = []) {
        self.daemonUID = daemonUID
        self.operatorGIDs = operatorGIDs
        self.viewerGIDs = viewerGIDs
    }

    /// The most that the peer may do; nil for nothing.
    public func role(of peer: VarlinkPeer) -> Role? {
        if peer.uid == 0 || peer.uid == daemonUID { return .operator }
        if operatorGIDs.contains(where: peer.isMember(of:)) { return .operator }
        if viewerGIDs.contains(where: peer.isMember(of:)) { return .viewer }
        return nil
    }
}
