import CampaignModel
import Testing

@testable import campaign_send

/// What becomes of a message where a relay refuses, closes, or says nothing, over real connections to a server that
/// does so.
@Suite struct SMTPRefusalTests {
    typealias Action = SMTPPeer.Action

    private static func fault(_ reason: String, isLasting: Bool = false) -> MailOutcome {
        .notSent(MailFault(reason: reason, isLasting: isLasting))
    }

    private static func unknown(_ reason: String) -> MailOutcome {
        .unknown("the whole message was written, and no reply came: \(reason)")
    }

    private static let taken = "250 2.0.0 taken as "
    private static let sender = "the relay answered the sender bounces@example.org with "

    @Test("a refusal at each step is that message's alone; the connection goes on", arguments: [false, true])
    func series(hasPipelines: Bool) throws {
        let rig = try SenderRig()
        // A server that was given all commands at once answers all of them, also after a refusal.
        let dataRefusals: [[Action]] = [[.reply("554 5.7.1 policy")], [.reply("451 4.7.1 later")]]
        let plan: SMTPPeer.Plan = [
            .rcpt: [[], [.reply("550 5.1.1 no such user")], [.reply("450-4.2.0 full\r\n450 4.2.0 try later")]],
            .data: (hasPipelines ? [[], [], []] : [[]]) + dataRefusals,
            .end: [[], [.reply("554 5.7.1 spam")], [.reply("452 4.3.1 disk full")]],
            .mail: [[], [], [], [], [], [], [],
                    [.reply("452 4.3.1 slow down")], [.reply("553 5.7.1 not your address")],
                    [.reply("552 5.3.4 too large")]],
        ]
        let peer = try SMTPPeer(rig, .init(plans: [plan], features: hasPipelines ? ["PIPELINING"] : []))
        let run = MailRun(try SMTPTransport(rig.server(peer.port)), MailRun.mails(11))
        let outcomes = try run.runToEnd()
        #expect(outcomes[1] == .accepted(Self.taken + "1"))
        #expect(outcomes[2] == .refused("550 5.1.1 no such user"))
        #expect(outcomes[3] == .temporary("450 4.2.0 full try later"))
        #expect(outcomes[4] == .refused("554 5.7.1 policy"))
        #expect(outcomes[5] == .temporary("451 4.7.1 later"))
        #expect(outcomes[6] == .refused("554 5.7.1 spam"))
        #expect(outcomes[7] == .temporary("452 4.3.1 disk full"))
        #expect(outcomes[8] == Self.fault(Self.sender + "452 4.3.1 slow down"))
        #expect(outcomes[9] == Self.fault(Self.sender + "553 5.7.1 not your address", isLasting: true))
        #expect(outcomes[10] == .refused("552 5.3.4 too large"))
        #expect(outcomes[11] == .accepted(Self.taken + "4"))
        run.transport.finish()
        let events = try peer.eventsSoFar()
        #expect(events.count { $0.event == "connected" } == 1)
        #expect(events.filter { $0.event == "message" }.map(\.recipients)
            == [1, 6, 7, 11].map { ["\($0)@example.org"] })
        #expect(events.count { $0.event == "reset" } == 4)
        #expect(events.contains { $0.event == "quit" })
    }

    /// The plan of a connection, and the outcome. `RELAY` in a reason is host and port.
    static let single: [(SMTPPeer.Plan, MailOutcome)] = [
        // Before the message.
        ([.greeting: [[.reply("554 5.7.1 no mail from you")]]],
         fault("the relay RELAY refused with its greeting: 554 5.7.1 no mail from you", isLasting: true)),
        ([.greeting: [[.reply("421 4.3.2 too many connections")]]],
         fault("the relay RELAY refused with its greeting: 421 4.3.2 too many connections")),
        ([.ehlo: [[.reply("550 who?")], [.reply("550 who?")]]],
         fault("the relay RELAY refused while the connection was made: 550 who?", isLasting: true)),
        ([.ehlo: [[.reply("500 no EHLO here")], []]], .accepted(taken + "1")),
        ([.mail: [[.close]]], fault("the relay closed the connection")),
        ([.mail: [[.reply("421 4.3.2 going down"), .close]]], fault(sender + "421 4.3.2 going down")),
        ([.mail: [[.write("hello\r\n")]]], fault("the relay wrote what is no reply of SMTP")),
        ([.rcpt: [[.close]]], fault("the relay closed the connection")),
        ([.rcpt: [[.reply("421 4.7.0 too many recipients"), .close]]], .temporary("421 4.7.0 too many recipients")),
        ([.data: [[.close]]], fault("the relay closed the connection")),
        ([.data: [[.reply("250 not what was asked")]]],
         fault("the relay answered 250 not what was asked, which does not fit")),
        // After it.
        ([.end: [[.close]]], unknown("the relay closed the connection")),
        ([.end: [[.reset]]], unknown("the relay closed the connection")),
        ([.end: [[.write("250 2.0.0 ta"), .close]]],
         unknown("the relay closed the connection")),
        ([.end: [[.write("hello\r\n")]]],
         unknown("the relay wrote what is no reply of SMTP")),
        ([.end: [[.write("250-more\r\n", times: 101)]]],
         unknown("the relay wrote a reply of more than 100 lines")),
        ([.end: [[.reply("421 4.3.2 going down"), .close]]], .temporary("421 4.3.2 going down")),
        ([.end: [[.usual, .close]]], .accepted(taken + "1")),
        ([.end: [[
            .write("2"), .write("50-2.0.0 one\r\n250-2."), .write("0.0 two\r\n250"), .write(" 2.0.0 three\r\n"),
        ]]],
         .accepted("250 2.0.0 one two three")),
        ([.end: [[.write("550 5.7.1 \u{1B}[2J", times: 1), .write("x", times: 200_000), .write("\r\n")]]],
         .refused("550 5.7.1 \\u{1B}[2J" + String(repeating: "x", count: 458) + "… (1028 bytes in all)")),
    ]

    @Test("a connection that is refused, cut or strange tells exactly what became of the message", arguments: single)
    func one(plan: SMTPPeer.Plan, expected: MailOutcome) throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [plan]))
        let outcome = try MailRun(SMTPTransport(rig.server(peer.port)), MailRun.mails(1)).runToEnd()[1]
        #expect(outcome?.named("127.0.0.1:\(peer.port)") == expected)
    }

    @Test("a relay that closes while the message is written has not got it", arguments: [Action.close, .reset])
    func cutWithin(end: Action) throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [[.content: [[end]]]]))
        let mails = MailRun.mails(1, bytes: MailRun.large)
        let outcome = try MailRun(SMTPTransport(rig.server(peer.port)), mails).runToEnd()[1]
        #expect(outcome == Self.fault("the relay closed the connection"))
        #expect(try peer.eventsSoFar().allSatisfy { $0.event != "message" })
    }

    @Test("a relay that answers while the message is written is understood", arguments: [
        ("552 5.3.4 too much", MailOutcome.refused("552 5.3.4 too much")),
        ("451 4.3.0 no", .temporary("451 4.3.0 no")),
        ("250 already", fault("the relay answered 250 already, which does not fit")),
    ])
    func early(reply: String, expected: MailOutcome) throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [[.content: [[.reply(reply), .hang]]]]))
        let mails = MailRun.mails(1, bytes: MailRun.large)
        let outcome = try MailRun(SMTPTransport(rig.server(peer.port)), mails).runToEnd()[1]
        #expect(outcome == expected)
    }

    private static let short = SMTPLimits(
        command: .milliseconds(200), data: .milliseconds(201), piece: .milliseconds(202), end: .milliseconds(203))

    /// Where the relay says nothing any more.
    static let silent: [(SMTPPeer.Plan, MailOutcome)] = [
        ([.mail: [[.hang]]], fault("the relay said nothing for 200ms")),
        ([.rcpt: [[.hang]]], fault("the relay said nothing for 200ms")),
        ([.rcpt: [[.write("250-a\r\n", times: 50), .hang]]], fault("the relay said nothing for 200ms")),
        ([.data: [[.hang]]], fault("the relay said nothing for 201ms")),
        ([.content: [[.hang]]], fault("the relay said nothing for 202ms")),
        ([.end: [[.hang]]],
         unknown("the relay said nothing for 203ms")),
    ]

    @Test("a relay that says nothing is waited for as long as its step may take", arguments: silent)
    func silence(plan: SMTPPeer.Plan, expected: MailOutcome) throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [plan]))
        // One that the sockets don't hold, where it is to get stuck.
        let bytes = plan[.content] == nil ? MailRun.body : MailRun.large
        let transport = try SMTPTransport(rig.server(peer.port), limits: Self.short)
        let run = MailRun(transport, MailRun.mails(2, bytes: bytes))
        try run.run { run.outcomes[1] != nil }
        #expect(run.outcomes[1] == expected)
        #expect(run.transport.underWay == 0)
    }

    // MARK: No connection

    @Test("nobody there, nobody who answers, and no such name are faults that pass")
    func noConnection() throws {
        let rig = try SenderRig()
        let closed = try MuteListener(listens: false)
        let mute = try MuteListener()
        for (port, settings, reason) in [
            (closed.port, "", "the relay 127.0.0.1:\(closed.port) can't be used: Failed to connect to 127.0.0.1 port"),
            (mute.port, "  connect_timeout: 300ms\n", "the relay 127.0.0.1:\(mute.port) can't be used: "),
            (25, "  host: nowhere.invalid\n  tls: none\n",
             "the relay nowhere.invalid:25 can't be used: Could not resolve host: nowhere.invalid"),
        ] {
            let run = MailRun(try SMTPTransport(rig.server(port, settings)), MailRun.mails(2))
            for (_, outcome) in try run.runToEnd() {
                guard case .notSent(let fault) = outcome else { Issue.record("\(outcome)"); continue }
                #expect(fault.reason.hasPrefix(reason) && !fault.isLasting, "\(fault)")
            }
            #expect(run.outcomes.count == 2)
        }
        #expect(mute.wasReached)
    }
}

extension MailOutcome {
    /// The same with `RELAY` in the place of the relay's name.
    func named(_ relay: String) -> MailOutcome {
        guard case .notSent(let fault) = self else { return self }
        return .notSent(MailFault(reason: fault.reason.replacing(relay, with: "RELAY"), isLasting: fault.isLasting))
    }
}
