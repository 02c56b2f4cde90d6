import CampaignModel
import Glibc
import SeededRandom
import Testing

@testable import campaign_send

/// Messages over real connections to a server that takes them: how many at once, over how many connections, until when.
@Suite struct SMTPTransportTests {
    private static func accepted(_ number: Int) -> MailOutcome { .accepted("250 2.0.0 taken as \(number)") }

    // MARK: Connections

    @Test("after so many messages a connection ends with QUIT, and the next one goes on")
    func messagesPerConnection() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig)
        let run = MailRun(
            try SMTPTransport(rig.server(peer.port, "  messages_per_connection: 2\n")), MailRun.mails(5))
        #expect(try run.runToEnd() == Dictionary(uniqueKeysWithValues: (1...5).map { ($0, Self.accepted($0)) }))
        run.transport.finish()
        let events = try peer.eventsSoFar()
        #expect(events.filter { $0.event == "message" }.map(\.connection) == [1, 1, 2, 2, 3])
        #expect(events.filter { $0.event == "quit" }.map(\.connection) == [1, 2, 3])
    }

    @Test("a farewell that was answered before the turn makes room at once, not at the end of a wait")
    func farewellAnswered() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig)
        let transport = try SMTPTransport(rig.server(peer.port, "  messages_per_connection: 1\n"))
        try MailRun(transport, MailRun.mails(1)).runToEnd()
        #expect(transport.room == 0)
        // QUIT goes out; what comes of it is there before anybody looks.
        #expect(transport.turn([], until: .now).isEmpty)
        try peer.event("closed")
        let deadline = ContinuousClock.now + .seconds(60)
        if transport.room == 0 { #expect(transport.turn([], until: deadline).isEmpty) }
        #expect(transport.room == 1)
        #expect(ContinuousClock.now < deadline)
    }

    @Test("a relay that goes away between messages costs none of them", arguments: [
        // It closes after the reply; it says so; it says so at the next command; it closes at the next command.
        [.end: [[], [.usual, .close]]], [.end: [[], [.usual, .reply("421 4.4.2 enough"), .close]]],
        [.mail: [[], [], [.reply("421 4.7.0 enough"), .close]]], [.mail: [[], [], [.close]]],
        [.mail: [[], [], [.reset]]],
    ] as [SMTPPeer.Plan])
    func closes(plan: SMTPPeer.Plan) throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [plan, plan]))
        let run = MailRun(try SMTPTransport(rig.server(peer.port)), MailRun.mails(5))
        #expect(try run.runToEnd() == Dictionary(uniqueKeysWithValues: (1...5).map { ($0, Self.accepted($0)) }))
        let events = try peer.eventsSoFar()
        #expect(events.filter { $0.event == "message" }.map(\.connection) == [1, 1, 2, 2, 3])
    }

    @Test("a message is given to another connection once, not again and again")
    func closesAlways() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [[.mail: [[], [.close]]], [.mail: [[.close]]]]))
        let run = MailRun(try SMTPTransport(rig.server(peer.port)), MailRun.mails(3))
        #expect(try run.runToEnd() == [
            1: Self.accepted(1),
            2: .notSent(MailFault(reason: "the relay closed the connection", isLasting: false)),
            3: Self.accepted(2),
        ])
    }

    @Test("as many messages are under way at once as there may be connections")
    func atOnce() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: Array(repeating: [.end: [[.wait, .usual]]], count: 3)))
        let transport = try SMTPTransport(rig.server(peer.port, "  connections: 3\n"))
        let run = MailRun(transport, MailRun.mails(7))
        for _ in 1...3 { try peer.event("message", during: run) }
        #expect(transport.room == 0 && transport.underWay == 3)
        #expect(run.outcomes.isEmpty)
        for _ in 1...3 { peer.release() }
        #expect(try run.runToEnd() == Dictionary(uniqueKeysWithValues: (1...7).map { ($0, run.outcomes[$0]!) }))
        #expect(Set(run.outcomes.values) == Set((1...7).map(Self.accepted)))
        let connections = try peer.eventsSoFar().filter { $0.event == "connected" }
        #expect(connections.isEmpty)
    }

    @Test("no program that is started meanwhile gets the connection")
    func closedOnExec() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig)
        let transport = try SMTPTransport(rig.server(peer.port))
        try MailRun(transport, MailRun.mails(1)).runToEnd()
        let flags = (3..<1_024).filter { Self.remotePort($0) == peer.port }.map { fcntl($0, F_GETFD) }
        #expect(flags == [FD_CLOEXEC])
        transport.finish()
    }

    /// Nil for what is no connection by IPv4.
    private static func remotePort(_ descriptor: CInt) -> Int? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        guard code == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    @Test("a slow reply on one connection holds up none on the others")
    func slow() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [[.end: [[.wait, .usual]]]]))
        let run = MailRun(try SMTPTransport(rig.server(peer.port, "  connections: 2\n")), [MailRun.mail(1)])
        try peer.event("message", during: run)
        let others = MailRun(run.transport, (2...20).map { MailRun.mail($0) })
        try others.run { others.outcomes.count == 19 }
        #expect(others.outcomes[1] == nil)
        peer.release()
        try run.runToEnd()
        #expect(run.outcomes == [1: Self.accepted(1)])
    }

    // MARK: Ends

    @Test("a stop lets a message come to its end that may be out, and no other")
    func stop() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(
            rig, .init(plans: [[.end: [[.wait, .usual]]], [.rcpt: [[.tell("asked"), .hang]]], [.greeting: [[.hang]]]]))
        let transport = try SMTPTransport(rig.server(peer.port, "  connections: 3\n"))
        let first = MailRun(transport, [MailRun.mail(1)])
        try peer.event("message", during: first)
        let others = MailRun(transport, [MailRun.mail(2), MailRun.mail(3)])
        var isAsked = false, isThird = false
        while !isAsked || !isThird {
            let next = try peer.event(during: others)
            isAsked = isAsked || next.event == "told"
            isThird = isThird || (next.event == "connected" && next.connection == 3)
        }
        transport.stop()
        #expect(transport.room == 0)
        try others.turn()
        #expect(others.outcomes == [2: .withdrawn, 3: .withdrawn])
        peer.release()
        #expect(try first.runToEnd() == [1: Self.accepted(1)])
        transport.finish()
        #expect(try peer.eventsSoFar().contains { $0.event == "quit" && $0.connection == 1 })
    }

    @Test("what is abandoned is unknown where the whole message may be out, else it was not sent")
    func abandon() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [[.end: [[.hang]]], [.content: [[.tell("reading"), .hang]]]]))
        let transport = try SMTPTransport(rig.server(peer.port, "  connections: 2\n"))
        let run = MailRun(transport, [MailRun.mail(1)])
        try peer.event("message", during: run)
        let other = MailRun(transport, [MailRun.mail(2, bytes: MailRun.large)])
        try peer.event("told", during: other)
        run.note(transport.abandon())
        #expect(run.outcomes == [
            1: .unknown("the whole message was written, and no reply came: the sender was stopped"),
            2: .withdrawn,
        ])
        #expect(transport.underWay == 0 && transport.room == 0)
    }

    @Test("a turn waits for others' descriptors as well, and until its deadline at most")
    func wakes() throws {
        let rig = try SenderRig()
        let transport = try SMTPTransport(rig.server(25))
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        let start = ContinuousClock.now
        #expect(transport.turn([], until: start + .milliseconds(30)).isEmpty)
        #expect(ContinuousClock.now >= start + .milliseconds(30))
        gate.release()
        #expect(transport.turn([(gate.descriptor, 1)], until: start + .seconds(60)).isEmpty)
        #expect(ContinuousClock.now < start + .seconds(30))
    }

    // MARK: What goes over

    @Test("addresses beyond ASCII go where the relay takes them, and are refused where not", arguments: [false, true])
    func international(isOffered: Bool) throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(takesUTF8: isOffered))
        let mails = [MailRun.mail(1, to: "jürgen@bücher.example", needsUTF8: true), MailRun.mail(2)]
        let outcomes = try MailRun(SMTPTransport(rig.server(peer.port)), mails).runToEnd()
        let messages = try peer.eventsSoFar().filter { $0.event == "message" }
        if isOffered {
            #expect(outcomes == [1: Self.accepted(1), 2: Self.accepted(2)])
            #expect(messages.map(\.recipients) == [["jürgen@bücher.example"], ["2@example.org"]])
            #expect(messages[0].options?.sorted() == ["BODY=8BITMIME", "SIZE=27", "SMTPUTF8"])
            #expect(messages[1].options == ["SIZE=27"])
        } else {
            #expect(outcomes == [
                1: .refused("the relay takes no address or header beyond ASCII (it offers no SMTPUTF8)"),
                2: Self.accepted(1),
            ])
        }
    }

    @Test("the relay is greeted by the name that the file gives")
    func hello() throws {
        for (settings, name) in [("  helo: mail.example.org\n", "mail.example.org"), ("  helo: '[::1]'\n", "[::1]")] {
            let rig = try SenderRig()
            let peer = try SMTPPeer(rig)
            try MailRun(SMTPTransport(rig.server(peer.port, settings)), MailRun.mails(1)).runToEnd()
            #expect(try peer.event("message").hello == name)
        }
    }

    @Test("messages arrive byte for byte, dots at line starts and at the edges of every buffer included",
          arguments: [false, true])
    func bytes(isEncrypted: Bool) throws {
        let rig = try SenderRig()
        var settings = SMTPPeer.Settings(features: ["PIPELINING"], folder: "mail")
        var lines = ""
        if isEncrypted {
            settings.certificate = try rig.certificate(for: "IP:127.0.0.1")
            lines = "  tls: starttls\n  ca_file: \(rig.path)/certificate.pem\n"
        }
        let peer = try SMTPPeer(rig, settings)
        var random = SeededGenerator(seed: 25)
        let mails = (1...40).map { number in
            let length = number <= 8 ? number - 1 : Int.random(in: 1...300_000, using: &random)
            return MailRun.mail(number, bytes: Self.dottedLines(length, using: &random))
        }
        try #require(mails.map(\.bytes.count).max()! > 200_000)
        let outcomes = try MailRun(SMTPTransport(rig.server(peer.port, lines)), mails).runToEnd()
        for mail in mails {
            #expect(outcomes[mail.id] == Self.accepted(mail.id))
            #expect(rig.read("mail/\(mail.id).eml") == mail.bytes)
        }
    }

    /// Lines, most of them with dots at their starts, of some bytes in all and a line end.
    private static func dottedLines(_ length: Int, using random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < length {
            let dots = Int.random(in: 0...3, using: &random)
            bytes += Array(repeating: UInt8(ascii: "."), count: dots)
            let width = random.next() % 4 == 0 ? 900 : 3
            bytes += Array(repeating: UInt8(ascii: "x"), count: Int.random(in: 0...width, using: &random))
            bytes += Array("\r\n".utf8)
        }
        return bytes
    }
}
