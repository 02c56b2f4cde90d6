import Glibc
import SystemdKit

/// Stands in for campaignd under its unit: adopts the control socket and answers questions about its sandbox.
struct StandInDaemon {
    let service: ServiceEnvironment

    func run() throws {
        guard let control = try service.listener(named: "control") else { throw Refusal.noControlSocket }
        let journal = Journal.standard(identifier: "campaignd")
        try journal.write(JournalEntry("Stand-in ready", fields: [JournalField("CAMPAIGN", "stand-in")]))
        try service.notifier.ready(status: "control adopted")
        while true {
            let connection = UnixStream(descriptor: accept(control.descriptor, nil, nil))
            guard let line = connection.readLine() else { continue }
            connection.write(answer(to: line))
            close(connection.descriptor)
        }
    }

    enum Refusal: Error { case noControlSocket }

    private func answer(to line: String) -> String {
        let words = line.split(separator: " ").map(String.init)
        switch words.first {
        case "sockets":
            return service.sockets.map { "\($0.name)/\($0.kind)/\($0.descriptor)" }.joined(separator: " ")
        case "environment":
            return getenv("NOTIFY_SOCKET") == nil && getenv("LISTEN_FDS") == nil && getenv("WATCHDOG_USEC") == nil
                ? "clean" : "inherited"
        case "watchdog":
            return "\(service.watchdogInterval ?? .zero)"
        case "inet":
            return socket(AF_INET, 1 /* SOCK_STREAM */, 0) >= 0 ? "open" : "errno \(errno)"
        case "write":
            return canWrite(words[1])
        case "identity":
            return "\(getuid()) \(getenv("STATE_DIRECTORY").map { String(cString: $0) } ?? "")"
        case "ids":
            return "\((try? Machine.id()) ?? "none") \((try? Machine.bootID()) ?? "none")"
        case "hang":
            // The client reads the end of the connection when the manager has ended this process.
            while true { pause() }
        case "send":
            return send(words.dropFirst().joined(separator: " "))
        default:
            return "unknown"
        }
    }

    private func canWrite(_ directory: String) -> String {
        let path = directory + "/probe"
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
        guard descriptor >= 0 else { return "errno \(errno)" }
        close(descriptor)
        unlink(path)
        return "written"
    }

    /// Hands a line to the sender and answers its first line. The connection stays open while the daemon lives.
    private func send(_ line: String) -> String {
        switch UnixStream.connect(to: "/run/campaignd/send.sock") {
        case .success(let stream):
            stream.write(line)
            return stream.readLine() ?? "end of file"
        case .failure(let failure):
            return "errno \(failure.code)"
        }
    }
}
