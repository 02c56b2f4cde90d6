import Glibc
import SystemdKit

/// Stands in for campaign-send under its unit: one connection, one request.
struct StandInSender {
    let service: ServiceEnvironment

    func run() throws {
        guard let passed = try service.connection() else { throw Refusal.noConnection }
        let connection = UnixStream(descriptor: passed.descriptor)
        let state = getenv("STATE_DIRECTORY").map { String(cString: $0) } ?? "."
        switch connection.readLine() {
        case "where":
            let input = isatty(STDIN_FILENO) == 1 ? "terminal" : "no terminal"
            connection.write("descriptor \(passed.descriptor) uid \(getuid()) state \(state) \(input)")
        case "inet":
            connection.write(socket(AF_INET, 1 /* SOCK_STREAM */, 0) >= 0 ? "open" : "errno \(errno)")
        case "hold":
            try hold(connection, gate: state + "/gate")
        case "orphan":
            leaveChild(connection)
        default:
            connection.write("unknown")
        }
    }

    enum Refusal: Error { case noConnection }

    /// Runs until somebody writes into the gate, whether or not the peer is still there.
    private func hold(_ connection: UnixStream, gate: String) throws {
        signal(SIGPIPE, SIG_IGN)
        mkfifo(gate, 0o600)
        connection.write("accepted")
        let word = UnixStream(descriptor: open(gate, O_RDONLY)).readLine() ?? ""
        unlink(gate)
        try Journal.standard(identifier: "campaign-send").write(
            JournalEntry("Stand-in send ended", fields: [JournalField("SEND_OUTCOME", word)]))
        connection.write("done")
    }

    /// Ends with a child still there. The child holds the connection, so the peer reads its end when the child ends.
    private func leaveChild(_ connection: UnixStream) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, connection.descriptor, STDOUT_FILENO)
        var child: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = ["tail", "-f", "/dev/null"].map { (word: String) in strdup(word) }
        words.append(nil)
        let result = posix_spawn(&child, "/usr/bin/tail", &actions, nil, &words, nil)
        connection.write(result == 0 ? "left child" : "errno \(result)")
    }
}
