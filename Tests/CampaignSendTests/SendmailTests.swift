import CampaignModel
import Glibc
import Testing

@testable import campaign_send

/// Messages through a program that takes them as sendmail does.
@Suite struct SendmailTests {
    /// Makes a sendmail of a script, in which `$RIG` is the rig's folder.
    private func transport(
        _ rig: SenderRig, _ script: String, limit: Duration = SendmailTransport.defaultLimit
    ) -> SendmailTransport {
        rig.write("#!/bin/sh\nRIG='\(rig.path)'\n\(script)\n", to: "sendmail", mode: 0o755)
        return SendmailTransport(
            rig.path + "/sendmail", folder: rig.path, limit: limit)
    }

    private static func named(_ outcome: MailOutcome?, _ rig: SenderRig) -> MailOutcome? {
        func clean(_ text: String) -> String { text.replacing(rig.path + "/sendmail", with: "SENDMAIL") }
        return switch outcome {
        case .accepted(let text): .accepted(clean(text))
        case .refused(let text): .refused(clean(text))
        case .temporary(let text): .temporary(clean(text))
        case .unknown(let text): .unknown(clean(text))
        case .notSent(let fault): .notSent(MailFault(reason: clean(fault.reason), isLasting: fault.isLasting))
        case .withdrawn, nil: outcome
        }
    }

    private static func fault(_ reason: String, isLasting: Bool) -> MailOutcome {
        .notSent(MailFault(reason: reason, isLasting: isLasting))
    }

    @Test("it gets sender, recipient and the message with LF at line ends, to its last byte")
    func delivers() throws {
        let rig = try SenderRig()
        let transport = transport(
            rig, "printf '%s\\n' \"$#\" \"$@\" > \"$RIG/words\"; cat > \"$RIG/message.$5\"; echo chatter")
        let lines = ["", ".", "..", "a\u{0}b", "é", String(repeating: "x", count: 998), "."]
        let text = Array(lines.joined(separator: "\r\n").utf8)
        let large = Array(repeatElement(UInt8(ascii: "y"), count: 8_000_000)) + text
        let mails = [
            MailRun.mail(1, to: "-oQ/tmp@example.org", bytes: text), MailRun.mail(2, to: "2@example.org", bytes: large),
            MailRun.mail(3, to: "3@example.org", bytes: []),
        ]
        let outcomes = try MailRun(transport, mails).runToEnd()
        for mail in mails { #expect(Self.named(outcomes[mail.id], rig) == .accepted("taken by SENDMAIL")) }
        let expected = Array(lines.joined(separator: "\n").utf8)
        #expect(rig.read("message.3@example.org") == [])
        #expect(rig.read("message.2@example.org") == Array(large.dropLast(text.count)) + expected)
        #expect(rig.text("words") == "5\n-i\n-f\nbounces@example.org\n--\n3@example.org\n")
    }

    @Test("an address beyond ASCII is refused, and the program not started: none says that it can send it")
    func beyondASCII() throws {
        let rig = try SenderRig()
        let transport = transport(rig, "touch \"$RIG/started\"")
        let outcome = try MailRun(transport, [MailRun.mail(1, to: "ann@bücher.example", needsUTF8: true)]).runToEnd()[1]
        #expect(
            outcome == .refused(
                "it has an address beyond ASCII, which no program of sendmail's kind says it can send; "
                    + "write the domain as xn--, or name a relay in its place"))
        #expect(rig.text("started") == nil)
    }

    /// The script, and what it means.
    static let ends: [(String, MailOutcome)] = [
        ("exit 0", .accepted("taken by SENDMAIL")),
        ("echo taken >&2; exit 0", .accepted("taken by SENDMAIL")),
        ("echo a warning >&2; echo no such user >&2; echo >&2; exit 67",
         .refused("SENDMAIL ended with 67 (EX_NOUSER): no such user")),
        ("exit 65", .refused("SENDMAIL ended with 65 (EX_DATAERR)")),
        ("exit 68", .temporary("SENDMAIL ended with 68 (EX_NOHOST)")),
        ("exit 69", .temporary("SENDMAIL ended with 69 (EX_UNAVAILABLE)")),
        ("printf 'later' >&2; exit 75", .temporary("SENDMAIL ended with 75 (EX_TEMPFAIL): later")),
        ("exit 71", fault("SENDMAIL ended with 71 (EX_OSERR)", isLasting: false)),
        ("exit 74", fault("SENDMAIL ended with 74 (EX_IOERR)", isLasting: false)),
        ("exit 76", fault("SENDMAIL ended with 76 (EX_PROTOCOL)", isLasting: false)),
        ("exit 64", fault("SENDMAIL ended with 64 (EX_USAGE)", isLasting: true)),
        ("exit 70", fault("SENDMAIL ended with 70 (EX_SOFTWARE)", isLasting: true)),
        ("exit 72", fault("SENDMAIL ended with 72 (EX_OSFILE)", isLasting: true)),
        ("exit 73", fault("SENDMAIL ended with 73 (EX_CANTCREAT)", isLasting: true)),
        ("exit 77", fault("SENDMAIL ended with 77 (EX_NOPERM)", isLasting: true)),
        ("exit 78", fault("SENDMAIL ended with 78 (EX_CONFIG)", isLasting: true)),
        ("exit 1", fault("SENDMAIL ended with 1", isLasting: true)),
        ("kill -SEGV $$", .unknown("SENDMAIL was killed by SIGSEGV")),
        ("echo half >&2; kill -KILL $$", .unknown("SENDMAIL was killed by SIGKILL: half")),
        ("printf '\\033[31mno' >&2; exit 67", .refused("SENDMAIL ended with 67 (EX_NOUSER): \\u{1B}[31mno")),
        // More than a pipe holds, on both.
        ("head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; exit 0", .accepted("taken by SENDMAIL")),
    ]

    @Test("an exit status means what sysexits says", arguments: ends)
    func end(script: String, expected: MailOutcome) throws {
        let rig = try SenderRig()
        let outcome = try MailRun(transport(rig, script), MailRun.mails(1)).runToEnd()[1]
        #expect(Self.named(outcome, rig) == expected)
    }

    @Test("a program that is missing, or is none, is a fault until somebody mends it")
    func missing() throws {
        let rig = try SenderRig()
        let transport = SendmailTransport(rig.path + "/sendmail", folder: rig.path)
        let outcome = try MailRun(transport, MailRun.mails(1)).runToEnd()[1]
        #expect(Self.named(outcome, rig)
            == Self.fault("SENDMAIL did not start: No such file or directory", isLasting: true))
        rig.write("no script\n", to: "sendmail", mode: 0o755)
        let second = try MailRun(transport, MailRun.mails(1)).runToEnd()[1]
        #expect(Self.named(second, rig)
            == Self.fault("SENDMAIL did not start: Exec format error (a script needs #! in its first line)",
                isLasting: true))
    }

    @Test("one that does not end in time is ended, and what it did is unknown")
    func slow() throws {
        let rig = try SenderRig()
        let started = try Fifo(rig.path + "/started")
        let transport = transport(
            rig, "exec 9> \"$RIG/started\"; mkfifo \"$RIG/never\"; read x < \"$RIG/never\"", limit: .milliseconds(300))
        let outcome = try MailRun(transport, MailRun.mails(1)).runToEnd()[1]
        #expect(Self.named(outcome, rig) == .unknown("SENDMAIL was ended after 300ms"))
        try started.end()
    }

    @Test("a stop lets the one under way come to its end; what is abandoned is unknown")
    func stops() throws {
        let rig = try SenderRig()
        let started = try Fifo(rig.path + "/started")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        let script = "echo started > \"$RIG/started\"; read x < \"$RIG/gate\""
        let transport = transport(rig, script)
        let run = MailRun(transport, MailRun.mails(1))
        try run.turn([(started.descriptor, POLLIN)])
        #expect(try started.line() == "started")
        #expect(transport.room == 0 && transport.underWay == 1)
        transport.stop()
        gate.release()
        try run.runToEnd()
        #expect(Self.named(run.outcomes[1], rig) == .accepted("taken by SENDMAIL"))
        #expect(transport.room == 0)
        let second = self.transport(rig, script)
        let other = MailRun(second, MailRun.mails(1))
        let again = try Fifo(rig.path + "/started-again")
        rig.write("#!/bin/sh\nexec 9> '\(rig.path)/started-again'; echo started >&9; read x < '\(rig.path)/gate'\n",
                  to: "sendmail", mode: 0o755)
        try other.turn([(again.descriptor, POLLIN)])
        #expect(try again.line() == "started")
        other.note(second.abandon())
        #expect(Self.named(other.outcomes[1], rig) == .unknown("SENDMAIL was killed by SIGKILL"))
        try again.end()
    }

    @Test("what it leaves running is left alone, and holds nothing up")
    func background() throws {
        let rig = try SenderRig()
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        let done = try Fifo(rig.path + "/done")
        let transport = transport(
            rig, "(read x < \"$RIG/gate\"; echo delivered > \"$RIG/done\") & exit 0")
        let outcome = try MailRun(transport, MailRun.mails(1)).runToEnd()[1]
        #expect(Self.named(outcome, rig) == .accepted("taken by SENDMAIL"))
        gate.release()
        #expect(try done.line() == "delivered")
    }
}
