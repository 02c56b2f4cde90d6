import CampaignModel
import Glibc
import SendProtocol
import SurfaceFiles
import Testing

@testable import campaign_send

/// Whole sends by the driver mail: the real campaign-send, a list, and a real server.
@Suite struct MailSendTests {
    private struct Sent {
        let outcome: AttemptOutcome?
        let progress: SendProgress
        /// Whom messages were taken for, in their order.
        let messages: [String]
    }

    private static func list(_ names: [String]) -> String {
        "name,Email\n" + names.map { "\($0),\($0)@example.org\n" }.joined()
    }

    private static func names(_ count: Int) -> [String] { (1...count).map { "n\($0)" } }

    /// A surface that goes to the peer, and the list of the audience.
    ///
    /// - Parameter plans: of its connections, one after the other.
    private func rig(_ plans: SMTPPeer.Plan..., list: String) throws -> (SenderRig, SMTPPeer) {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: plans))
        rig.surfaceFile(
            "channel: email\nretries: 2\nmail:\n  from: news@example.org\n  host: 127.0.0.1\n"
                + "  port: \(peer.port)\n")
        rig.write(list, to: "list.csv")
        return (rig, peer)
    }

    private func send(_ rig: SenderRig, _ peer: SMTPPeer, _ number: Int = 1, pause: String = "1ms") throws -> Sent {
        let answers = try rig.answers(rig.request(number), options: ["--mail-pause", pause])
        let messages = try peer.eventsSoFar().filter { $0.event == "message" }.flatMap { $0.recipients ?? [] }
        guard case .outcome(let outcome, let progress)? = answers.last else {
            Issue.record("\(answers)")
            return Sent(outcome: nil, progress: SendProgress(), messages: messages)
        }
        return Sent(outcome: outcome, progress: progress, messages: messages)
    }

    @Test("who is put off is tried again by the send itself, and nobody else is")
    func putOff() throws {
        let later = SMTPPeer.Action.reply("451 4.2.1 <n2@example.org>: later")
        let (rig, peer) = try rig(
            [.rcpt: [[], [later]]], [.rcpt: [[later]]], list: Self.list(Self.names(3)))
        let sent = try send(rig, peer)
        #expect(sent.outcome == .sent)
        #expect(sent.progress == SendProgress(done: 3, total: 3, failed: 0, note: "3 taken"))
        #expect(sent.messages == ["n1@example.org", "n3@example.org", "n2@example.org"])
    }

    @Test("who is put off each time is told as that, and the send is sent all the same")
    func putOffForGood() throws {
        let later = [SMTPPeer.Action.reply("451 4.2.1 later")]
        let (rig, peer) = try rig(
            [.rcpt: [later]], [.rcpt: [later]], [.rcpt: [later]], list: Self.list(Self.names(2)))
        let sent = try send(rig, peer)
        #expect(sent.outcome == .sent)
        #expect(sent.progress == SendProgress(done: 1, total: 2, failed: 0, note: "1 taken, 1 put off"))
        #expect(sent.messages == ["n2@example.org"])
    }

    @Test("invalid and repeated addresses are left out, and counted")
    func leftOut() throws {
        let list = "email\na@example.org\nnobody\nA@Example.ORG\n\"\"\"a>b\"\"@example.org\"\n"
        let (rig, peer) = try rig([:], list: list)
        let sent = try send(rig, peer)
        #expect(sent.outcome == .sent && sent.messages == ["a@example.org"])
        #expect(sent.progress == SendProgress(done: 4, total: 4, failed: 0, note: "1 taken, 3 left out"))
    }

    @Test("a list without the column, a list that is not there, and a reference can't be sent to", arguments: [
        ("name\nann\n", "file: RIG/list.csv\n", "the audience has no column email, which mail goes by"),
        ("email\n\"a\n", "file: RIG/list.csv\n", "RIG/list.csv: line 2: a quote is open to the end of the list"),
        ("email\n", "reference: all\n",
         "audience subscribers is a reference, which mail can't read; give it a file or a command"),
        ("email\n", "file: RIG/none.csv\n",
         "there is no RIG/none.csv; put the list there, or correct its path in audiences.d/subscribers.yaml"),
    ])
    func lists(list: String, audience: String, reason: String) throws {
        let (rig, peer) = try rig([:], list: list)
        rig.write(audience.replacing("RIG", with: rig.path), to: "config/audiences.d/subscribers.yaml")
        let sent = try send(rig, peer)
        guard case .failed(let told)? = sent.outcome else {
            Issue.record("\(sent)")
            return
        }
        #expect(told.replacing(rig.path, with: "RIG") == reason || reason.contains("a quote is open"))
        #expect(told.contains("line 2") || !reason.contains("line 2"), "\(told)")
        #expect(sent.messages == [])
    }

    @Test("a relay that refuses the first twenty refuses the sender: nobody is refused, and a retry goes on")
    func refusesUs() throws {
        let no = [SMTPPeer.Action.reply("554 5.7.1 <someone@example.org>: Relay access denied")]
        let (rig, peer) = try rig([.rcpt: Array(repeating: no, count: 20)], list: Self.list(Self.names(25)))
        let sent = try send(rig, peer)
        #expect(
            sent.outcome == .failed(
                reason: "the relay refused the first 20 recipients: 554 5.7.1 … Relay access denied"))
        #expect(sent.messages == [])
        let again = try send(rig, peer, 2)
        #expect(again.outcome == .sent && again.progress.done == 25 && again.progress.failed == 0)
        #expect(Set(again.messages).count == 25)
    }

    @Test("addresses that nobody has are refused one by one, however many there are")
    func refusesThem() throws {
        let no = [SMTPPeer.Action.reply("550 5.1.1 nobody")]
        let (rig, peer) = try rig([.rcpt: Array(repeating: no, count: 25)], list: Self.list(Self.names(26)))
        let sent = try send(rig, peer)
        #expect(sent.outcome == .sent && sent.progress.failed == 25 && sent.messages == ["n26@example.org"])
    }

    @Test("a fault of the relay's ends the attempt, which the next one goes on with")
    func fault() throws {
        let (rig, peer) = try rig([.mail: [[], [], [.reply("451 4.3.0 not now")]]], list: Self.list(Self.names(5)))
        let sent = try send(rig, peer)
        guard case .temporary? = sent.outcome else {
            Issue.record("\(sent)")
            return
        }
        #expect(sent.messages == ["n1@example.org", "n2@example.org"])
        let again = try send(rig, peer, 2)
        #expect(again.outcome == .sent && again.progress.done == 5)
        #expect(again.messages == ["n3@example.org", "n4@example.org", "n5@example.org"])
    }

    @Test("a cancel lets the message on its way come to its end, and the numbers are told")
    func cancelled() throws {
        let (rig, peer) = try rig([.end: [[], [.tell("here"), .wait, .usual]]], list: Self.list(Self.names(5)))
        let sender = try rig.start(rig.request())
        _ = try peer.event("told")
        _ = try rig.answers(.cancel(rig.key, reason: "enough"))
        peer.release()
        let end = try sender.outcome()
        #expect(end?.0 == .cancelled(reason: "enough"))
        #expect(end?.1.done == 2 && end?.1.total == 5)
        #expect(rig.wait(for: sender) == 0)
    }

    @Test("a proof goes to its address alone, with empty columns; a test without one reaches nobody")
    func proofs() throws {
        let (rig, peer) = try rig([:], list: Self.list(["ann"]))
        guard case .send(let request) = rig.request() else { return }
        func test(_ key: String, _ address: ProofAddress?) throws -> [[String]?] {
            let answers = try rig.answers(.send(SendRequest(
                attempt: Attempt(key: OccurrenceKey(key)!, number: 1), campaign: request.campaign,
                surface: request.surface, audience: nil, address: address, message: request.message, due: request.due,
                origin: .test)))
            guard case .outcome(.sent, _)? = answers.last else {
                Issue.record("\(answers)")
                return []
            }
            return try peer.eventsSoFar().filter { $0.event == "message" }.map(\.recipients)
        }
        #expect(try test("proof/1", nil) == [])
        #expect(try test("proof/2", ProofAddress("me@example.org")) == [["me@example.org"]])
    }
}

/// Messages at a pace.
@Suite struct MailPaceTests {
    @Test("no span of the rate's length has more than it allows, however late the turns come", arguments: [
        "10/s", "1/s", "7/m", "1000/s", "600/h",
    ])
    func spans(text: String) throws {
        let rate = try #require(MailRate(text))
        let pace = MailPace(rate)
        let window = rate.window.components.seconds * 1_000_000_000
        var (next, now) = (Int64(0), Int64(1_000_000_000_000))
        let start = now
        var times: [Int64] = []
        var chance = SystemRandomNumberGenerator()
        while times.count < 3_000, now < start + 20 * window {
            let wait = pace.wait(&next, at: now)
            if wait == 0 { times.append(now) }
            // Turns that come up to 3 ms late, and a long one now and then.
            now += wait + Int64.random(in: 0...3_000_000, using: &chance)
            if times.count % 100 == 99 { now += window / 2 }
        }
        for (index, time) in times.enumerated() where index >= rate.count {
            #expect(time - times[index - rate.count] >= window, "\(index)")
        }
        #expect(times.count > rate.count)
    }

    @Test("it keeps up with its rate")
    func rate() throws {
        let pace = MailPace(try #require(MailRate("1000/s")))
        var (next, now, count) = (Int64(0), Int64(0), 0)
        while now < 10_000_000_000 {
            let wait = pace.wait(&next, at: now)
            count += wait == 0 ? 1 : 0
            now += max(wait, 100_000)
        }
        #expect((9_000...10_000).contains(count), "\(count)")
    }

    @Test("what another boot has left holds nobody up")
    func boots() throws {
        let pace = MailPace(try #require(MailRate("1/h")))
        var next: Int64 = 1 << 60
        #expect(pace.wait(&next, at: 5) == 0)
        #expect(pace.wait(&next, at: 6) > 3_500_000_000_000)
    }
}
