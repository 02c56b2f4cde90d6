import Glibc
import NIOCore
import NIOPosix
import SystemdKit

/// Starts campaign-send as a child in a session of its own, on a socket pair (`--launcher child`, for development). The
/// child outlives the daemon.
struct ChildDialer: SenderDialer {
    let executable: String
    let stateDirectory: String
    let configurationDirectory: String

    /// The descriptor on which the child finds the connection, as systemd passes one.
    private static let childDescriptor: CInt = 3
    /// POSIX_SPAWN_SETSID of spawn.h, which the Glibc module hides behind a feature macro.
    private static let setsid: CInt = 0x80

    func dial(on group: any EventLoopGroup) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        var pair: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw SpawnError(call: "socketpair", code: errno)
        }
        defer { close(pair[1]) }
        do {
            try spawn(connection: pair[1])
        } catch {
            close(pair[0])
            throw error
        }
        return try await ClientBootstrap(group: group).withConnectedSocket(pair[0], channelInitializer: Self.wrap)
    }

    private func spawn(connection: CInt) throws(SpawnError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        // Standard output is for what a surface prints: it joins the daemon's messages.
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        // On Linux dup2 of a descriptor onto itself clears close-on-exec here (posix_spawn(3)).
        posix_spawn_file_actions_adddup2(&actions, connection, Self.childDescriptor)
        for descriptor in Self.openDescriptors where descriptor > Self.childDescriptor {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        // The daemon ignores SIGCHLD so that no child stays a zombie; the sender has to wait for its own.
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | Self.setsid))

        let arguments = Self.terminated([executable, "--connection", "\(Self.childDescriptor)"])
        let environment = Self.terminated(self.environment)
        defer { for pointer in arguments + environment { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
        guard code == 0 else { throw SpawnError(call: "posix_spawn of \(executable)", code: code) }
    }
}

extension ChildDialer {
    /// Those that a child would inherit are among them: NIO's epoll descriptors stay open on exec. One that is closed
    /// by the time of the spawn is no error there, and what is opened meanwhile is closed on exec.
    private static var openDescriptors: [CInt] {
        let names = try? RegularFile.names(in: "/proc/self/fd")
        return (names ?? []).compactMap { CInt($0) }
    }

    /// The daemon's own variables, with the sender's directories where a unit of its own would have them from systemd.
    private var environment: [String] {
        var variables = ProcessVariables().all
        variables["STATE_DIRECTORY"] = stateDirectory
        variables["CONFIGURATION_DIRECTORY"] = configurationDirectory
        return variables.map { "\($0)=\($1)" }
    }

    private static func terminated(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        words.map { strdup($0) } + [nil]
    }
}

/// campaign-send could not be started.
struct SpawnError: Error, CustomStringConvertible {
    let call: String
    let code: CInt

    var description: String { "\(call): \(String(cString: strerror(code)))" }
}
