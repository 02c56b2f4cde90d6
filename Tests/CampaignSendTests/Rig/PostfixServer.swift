import Glibc
import Testing

@testable import campaign_send

/// A Postfix in a folder of its own, which takes mail for example.org, but for the addresses `refused` and `later`, and
/// delivers it to one Maildir. Its programs are those that Tests/Support/unpack-postfix laid down; master(8) is root's.
final class PostfixServer {
    static let programs = SenderRig.project + "/.build/postfix/usr"
    static var canRun: Bool { getuid() == 0 && access(programs + "/sbin/postconf", X_OK) == 0 }

    let port: Int
    private let rig: SenderRig
    private let path: String
    private let deliveries: FolderWatch
    private var seen: Set<String> = []

    /// Users that every Debian has and that own nothing of ours.
    private static let owner = (name: "mail", id: 8)
    private static let group = "news"

    init(_ rig: SenderRig) throws {
        self.rig = rig
        path = rig.path + "/postfix"
        // Held only until it is known to be free.
        port = try MuteListener(listens: false).port
        chmod(rig.path, 0o755)
        for folder in ["", "/etc", "/queue", "/data", "/Maildir", "/Maildir/new", "/Maildir/cur", "/Maildir/tmp"] {
            rig.makeFolder(path + folder)
        }
        for folder in ["/data", "/Maildir", "/Maildir/new", "/Maildir/cur", "/Maildir/tmp"] {
            chown(path + folder, uid_t(Self.owner.id), gid_t(Self.owner.id))
        }
        deliveries = try FolderWatch()
        try deliveries.add(path + "/Maildir/new", IN_CREATE | IN_MOVED_TO)
        rig.write(main, to: "postfix/etc/main.cf")
        rig.write(master, to: "postfix/etc/master.cf")
        makeQueue()
        try run([Self.programs + "/lib/postfix/sbin/master", "-c", path + "/etc", "-w"])
    }

    deinit {
        if let text = rig.text("postfix/queue/pid/master.pid"), let id = pid_t(text.filter(\.isNumber)) {
            kill(id, SIGTERM)
        }
    }

    /// The queue's folders with the rights that the server wants to see, which its installation would make.
    private func makeQueue() {
        guard let group = getgrnam(Self.group)?.pointee.gr_gid else { preconditionFailure("no group \(Self.group)") }
        rig.makeFolder(path + "/queue/pid")
        for (folders, owned, mode) in [
            ("active bounce corrupt defer deferred flush hold incoming private saved trace", gid_t.max, 0o700),
            ("public", group, 0o710), ("maildrop", group, 0o730),
        ] as [(String, gid_t, mode_t)] {
            for folder in folders.split(separator: " ").map({ path + "/queue/" + $0 }) {
                rig.makeFolder(folder)
                chown(folder, uid_t(Self.owner.id), owned)
                chmod(folder, mode)
            }
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

    private var main: String {
        """
        compatibility_level = 3.6
        queue_directory = \(path)/queue
        data_directory = \(path)/data
        command_directory = \(Self.programs)/sbin
        daemon_directory = \(Self.programs)/lib/postfix/sbin
        shlib_directory = \(Self.programs)/lib/postfix
        meta_directory = \(path)/etc
        sendmail_path = \(Self.programs)/sbin/sendmail
        mail_owner = \(Self.owner.name)
        setgid_group = \(Self.group)
        maillog_file = \(path)/log
        maillog_file_prefixes = \(path)
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        myhostname = relay.test
        mydestination =
        virtual_mailbox_domains = example.org
        virtual_mailbox_base = \(path)
        virtual_mailbox_maps = static:Maildir/
        virtual_uid_maps = static:\(Self.owner.id)
        virtual_gid_maps = static:\(Self.owner.id)
        virtual_minimum_uid = \(Self.owner.id)
        default_transport = error:no mail leaves this machine
        message_size_limit = 1000000
        smtpd_relay_restrictions = reject_unauth_destination
        smtpd_recipient_restrictions =
          check_recipient_access inline:{{refused@example.org = 550 5.1.1 no such user}}
          check_recipient_access inline:{{later@example.org = 450 4.2.0 come again}}
        smtpd_sender_restrictions =
          check_sender_access inline:{{banned@example.org = 553 5.1.8 not from here}}
        smtpd_error_sleep_time = 0

        """
    }

    private var master: String {
        """
        127.0.0.1:\(port) inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        error unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd

        """
    }
}
