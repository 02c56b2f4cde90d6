import Glibc
import Testing

@testable import campaign_send

/// A Postfix in a folder of its own, which takes mail for example.org, but for the addresses `refused` and `later`, and
/// delivers it to one Maildir: Tests/Support/start-postfix.
final class PostfixServer {
    static let programs = SenderRig.project + "/.build/postfix/usr"
    static var canRun: Bool { getuid() == 0 && access(programs + "/sbin/postconf", X_OK) == 0 }

    let port: Int
    private let rig: SenderRig
    private let path: String
    private let deliveries: FolderWatch
    private var seen: Set<String> = []

    init(_ rig: SenderRig) throws {
        self.rig = rig
        path = rig.path + "/postfix"
        deliveries = try FolderWatch()
        // Held only until it is known to be free.
        port = try MuteListener(listens: false).port
        chmod(rig.path, 0o755)
        rig.makeFolder(path)
        rig.write(Self.settings, to: "postfix/settings")
        try run([
            SenderRig.project + "/Tests/Support/start-postfix", Self.programs, path, "\(port)", path + "/settings",
        ])
        try deliveries.add(path + "/Maildir/new", IN_CREATE | IN_MOVED_TO)
    }

    deinit {
        if let text = rig.text("postfix/queue/pid/master.pid"), let id = pid_t(text.filter(\.isNumber)) {
            kill(id, SIGTERM)
        }
    }

    private func run(_ words: [String]) throws {
        let program = try rig.connect(words, stderr: path + "/stderr")
        try #require(rig.wait(for: program) == 0, "\(words): \(rig.text("postfix/stderr") ?? "")")
    }

    /// Makes `sendmail` a program of the rig that hands mail to this server.
    func makeSendmail() {
        rig.write(
            "#!/bin/sh\nMAIL_CONFIG='\(path)/etc' exec \(Self.programs)/sbin/sendmail \"$@\"\n", to: "sendmail",
            mode: 0o755)
    }

    /// The messages that were delivered since the last call, as they lie in the Maildir; waits for so many.
    func messages(_ count: Int) throws -> [String] {
        let folder = "postfix/Maildir/new"
        var names: [String] = []
        while true {
            names = rig.names(folder).filter { !seen.contains($0) }
            if names.count >= count { break }
            let happened = Poll.wait([(deliveries.descriptor, POLLIN)], timeout: .seconds(60))
            try #require(happened[0] != 0, "Postfix delivers nothing: \(rig.text("postfix/log") ?? "")")
            _ = deliveries.events()
        }
        seen.formUnion(names)
        return names.compactMap { rig.text(folder + "/" + $0) }
    }

    private static let settings = """
        smtpd_recipient_restrictions =
          check_recipient_access inline:{{refused@example.org = 550 5.1.1 no such user}}
          check_recipient_access inline:{{later@example.org = 450 4.2.0 come again}}
        smtpd_sender_restrictions =
          check_sender_access inline:{{banned@example.org = 553 5.1.8 not from here}}

        """
}
