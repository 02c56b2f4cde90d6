import CampaignModel
import Glibc
import SendProtocol
import Testing

/// Requests of webhooks that take long, that never begin, and that are ended from here.
@Suite struct WebhookEndingTests {
    static let begun = WebhookPeer.Step.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun")

    @Test("an answer may take its time, and its daemon may go meanwhile")
    func slow() throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .wait, .answer(200)], [.read, .wait, .answer(200)]])
        rig.webhook(peer.port)
        let sender = try rig.start(rig.request())
        _ = try peer.request()
        #expect(try rig.status() == .running(SendProgress()))
        sender.hangUp()
        peer.release()
        #expect(rig.wait(for: sender) == 0)
        #expect(try rig.status() == .ended(.sent, SendProgress()))
    }

    @Test("a server that never answers leaves the outcome unknown, or to be tried again where that is harmless",
          arguments: [false, true])
    func timeout(isIdempotent: Bool) throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .watch]])
        rig.webhook(peer.port, settings: "  idempotent: \(isIdempotent)\n", beside: "timeout: 3s\n")
        let reason = "no whole answer, and the request may have been read: "
            + "the webhook did not end within its timeout of 3s"
        #expect(
            try rig.outcome() == (isIdempotent
                ? .temporary(reason: reason, retryAfterSeconds: nil) : .interrupted(reason: reason)))
        _ = try peer.request()
        #expect(try peer.line() == "closed")
    }

    /// Lines of the mapping `webhook`, lines beside it, and what libcurl or we say.
    static let timeouts: [(String, String, String)] = [
        ("  connect_timeout: 100ms\n", "", "SSL connection timeout"),
        ("", "timeout: 100ms\n", "the webhook did not end within its timeout of 100ms"),
    ]

    @Test("what ends before the request is written is tried again: nothing was sent", arguments: timeouts)
    func unwritten(settings: String, beside: String, reason: String) throws {
        let rig = try SenderRig()
        let mute = try MuteListener()
        rig.webhook(mute.port, scheme: "https", settings: settings, beside: beside)
        #expect(
            try rig.outcome()
                == .temporary(reason: "nothing of the request was written: " + reason, retryAfterSeconds: nil))
    }

    @Test("a refused connection and an unknown host are tried again")
    func unreached() throws {
        let rig = try SenderRig()
        let refusing = try MuteListener(listens: false)
        rig.webhook(refusing.port)
        let start = "nothing of the request was written: "
        guard case .temporary(let reason, nil) = try rig.outcome(1) else { Issue.record("refused"); return }
        #expect(reason.hasPrefix(start + "Failed to connect to 127.0.0.1 port \(refusing.port)"))
        rig.surfaceFile("channel: email\nwebhook:\n  url: http://none.invalid/\n  connect_timeout: 1s\n")
        guard case .temporary(let other, nil) = try rig.outcome(2) else { Issue.record("unknown"); return }
        #expect(other.hasPrefix(start))
    }

    @Test("without a library to ask with, the send is tried again, and the package is named")
    func noLibrary() throws {
        let rig = try SenderRig()
        rig.write("no library\n", to: "libcurl.so.4")
        rig.webhook(1)
        guard case .temporary(let reason, nil) = try rig.outcome(environment: ["LD_LIBRARY_PATH=\(rig.path)"]) else {
            Issue.record("not temporary")
            return
        }
        let start = "nothing of the request was written: libcurl can't be used (package libcurl4): "
        #expect(reason.hasPrefix(start + "\(rig.path)/libcurl.so.4: "))
    }

    @Test("cancel and TERM end a request in the middle of its answer", arguments: [true, false])
    func ended(isCancel: Bool) throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, Self.begun, .tell("written"), .watch]])
        rig.webhook(peer.port, settings: "  idempotent: true\n")
        let sender = try rig.start(rig.request())
        _ = try peer.request()
        #expect(try peer.line() == "written")
        let outcome: AttemptOutcome
        if isCancel {
            try rig.answers(.cancel(rig.key, reason: "wrong list"))
            outcome = .cancelled(reason: "wrong list")
        } else {
            kill(sender.process, SIGTERM)
            outcome = .interrupted(reason: "the sender was stopped by SIGTERM")
        }
        #expect(try sender.outcome()?.0 == outcome)
        #expect(try peer.line() == "closed")
        #expect(rig.wait(for: sender) == 0)
        #expect(try rig.status() == .ended(outcome, SendProgress()))
    }

    @Test("cancel and TERM end a request that was not yet written as what they are", arguments: [true, false])
    func endedEarly(isCancel: Bool) throws {
        let rig = try SenderRig()
        let mute = try MuteListener()
        rig.webhook(mute.port, scheme: "https")
        let sender = try rig.start(rig.request())
        try mute.waitUntilReached()
        if isCancel {
            try rig.answers(.cancel(rig.key, reason: "wrong list"))
            #expect(try sender.outcome()?.0 == .cancelled(reason: "wrong list"))
        } else {
            kill(sender.process, SIGTERM)
            #expect(try sender.outcome()?.0 == .interrupted(reason: "the sender was stopped by SIGTERM"))
        }
    }

    static let unknown = AttemptStatus.ended(
        .interrupted(reason: "the sender ended before it knew the outcome"), SendProgress())

    @Test("a sender killed at any point is told truly, and asks nothing twice", arguments: [
        ("accepted-told", unknown), ("surface-started", unknown), ("outcome-written", .ended(.sent, SendProgress())),
    ])
    func killed(point: String, status: AttemptStatus) throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .answer(200)]])
        rig.webhook(peer.port)
        let sender = try rig.start(rig.request(), environment: ["CAMPAIGND_FAULT=kill@\(point)"])
        _ = try sender.answersToEnd()
        #expect(rig.wait(for: sender) == 128 + SIGKILL)
        #expect(try rig.status() == status)
        #expect(try rig.answers(rig.request()) == [.status(Attempt(key: rig.key, number: 1), status)])
        switch point {
        case "accepted-told": break
        case "surface-started": #expect(try peer.line() == "no request but 0 bytes")
        default: _ = try peer.request()
        }
    }

    @Test("a killed sender's request is unknown as soon as it is dead")
    func killedUnderWay() throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .watch]])
        rig.webhook(peer.port)
        let sender = try rig.start(rig.request())
        _ = try peer.request()
        let follower = try rig.start(.follow(Attempt(key: rig.key, number: 1)))
        #expect(try follower.answer() == .progress(SendProgress()))
        kill(sender.process, SIGKILL)
        guard case .interrupted? = try follower.outcome()?.0 else { Issue.record("not interrupted"); return }
        #expect(try rig.status() == Self.unknown)
    }
}
