import ControlAPI
import Glibc
import Synchronization

/// Who may do what, as the configuration in force says; read at each call, replaced by a reload.
final class CurrentAccess: Sendable {
    private let current: Mutex<AccessPolicy>

    init(_ access: DaemonConfiguration.Access) {
        current = Mutex(Self.policy(access))
    }

    var policy: AccessPolicy { current.withLock { $0 } }

    func set(_ access: DaemonConfiguration.Access) {
        let policy = Self.policy(access)
        current.withLock { $0 = policy }
    }

    private static func policy(_ access: DaemonConfiguration.Access) -> AccessPolicy {
        AccessPolicy(daemonUID: getuid(), operatorGroups: access.operators, viewerGroups: access.viewers)
    }
}
